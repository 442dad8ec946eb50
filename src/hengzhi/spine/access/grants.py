"""What a person may do on a day, and on which units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol

from django.db.models import Q, QuerySet
from django.utils import timezone

from hengzhi.spine.access.models import Assignment, Role
from hengzhi.spine.access.roles import ADMINISTRATORS, NEVER_WITH_SYSTEM, SHIPPED, SYSTEM
from hengzhi.spine.scopes.services import current_tree


class Actor(Protocol):
    """A person as access sees one."""

    pk: Any
    is_active: bool

    def get_username(self) -> str:
        """The name that the audit log knows the person by."""
        ...


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a permission holds: in the whole institution, or in some units with all below them."""

    whole: bool = False
    tops: tuple[str, ...] = ()  # the units it was given on
    units: frozenset[str] = field(default_factory=frozenset)  # those and all below them

    def covers(self, unit: str) -> bool:
        """Whether it holds on a unit; "" = the whole institution."""
        return self.whole or (bool(unit) and unit in self.units)


NOWHERE = Reach()
MEMO = "held_in_this_request"  # an attribute of the person that a request is made by; an entrance sets it


def permissions_of(person: Actor, on: date | None = None) -> dict[str, Reach]:
    """Every permission of a person on a day (today), with where it holds; a disabled person has none.

    A change holds from the next request on: nothing is remembered longer than one.
    """
    if not (person.is_active and person.pk):
        return {}
    day = on or timezone.localdate()
    held = held_by(person, day)
    below = _subtrees({a.unit for a in held if a.unit}, day)
    found: dict[str, Reach] = {}
    for assignment in held:
        for key in permissions_in(assignment.role):
            found[key] = _joined(found.get(key, NOWHERE), assignment.unit, below)
    if SYSTEM in found:
        return {key: reach for key, reach in found.items() if key not in NEVER_WITH_SYSTEM}
    return found


def permissions_in(role: Role) -> frozenset[str]:
    """The permissions of a role: of a shipped one as the code says."""
    entry = SHIPPED.get(role.key)
    return entry.permissions if entry else frozenset(role.permissions)


def held_by(person: Actor, day: date) -> tuple[Assignment, ...]:
    """The assignments of a person that hold on a day; within one request they are read once."""
    memo: dict[date, tuple[Assignment, ...]] | None = getattr(person, MEMO, None)
    if memo is not None and day in memo:
        return memo[day]
    held = tuple(held_on(day).filter(person_id=person.pk).select_related("role").order_by("id"))
    if memo is not None:
        memo[day] = held
    return held


def is_administrator(person: Actor) -> bool:
    """Whether the person holds one of the three administrators' roles today."""
    return any(a.role.key in ADMINISTRATORS for a in held_by(person, timezone.localdate()))


def held_on(day: date) -> QuerySet[Assignment]:
    """The assignments that hold on a day."""
    return Assignment.objects.filter(Q(start__lte=day) & (Q(end__isnull=True) | Q(end__gt=day)))


def _joined(reach: Reach, unit: str, below: dict[str, frozenset[str]]) -> Reach:
    if not unit:
        return replace(reach, whole=True)
    return Reach(reach.whole, tuple(dict.fromkeys((*reach.tops, unit))), reach.units | below[unit])


def _subtrees(tops: Iterable[str], on: date) -> dict[str, frozenset[str]]:
    """Each unit with all units below it; one that is closed stays below the unit it last belonged to."""
    wanted = set(tops)
    if not wanted:
        return {}
    parents = {s.code: s.parent for s in sorted(current_tree().spans, key=lambda s: s.start) if s.start <= on}
    found: dict[str, set[str]] = {top: {top} for top in wanted}
    for code in parents:
        for above in _upwards(code, parents):
            if above in wanted:
                found[above].add(code)
    return {top: frozenset(units) for top, units in found.items()}


def _upwards(code: str, parents: dict[str, str]) -> Iterable[str]:
    seen: set[str] = set()
    while code and code not in seen:
        seen.add(code)
        yield code
        code = parents.get(code, "")
