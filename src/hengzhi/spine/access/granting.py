"""Giving and withdrawing roles, and defining an institution's own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from hengzhi.core import HengzhiError, Text, UnknownKey
from hengzhi.spine.access.grants import Actor, permissions_in
from hengzhi.spine.access.models import Assignment, Role
from hengzhi.spine.access.permissions import KEYS
from hengzhi.spine.access.roles import ADMINISTRATORS, FIRST, NEVER_WITH_SYSTEM, ROLES, SHIPPED, SYSTEM
from hengzhi.spine.access.services import require, visible
from hengzhi.spine.audit.services import record
from hengzhi.spine.scopes.services import current_tree


class RolesApart(HengzhiError):
    """The three administrators are three people, and none of them reads what another guards."""

    code = "roles_apart"


class GrantRefused(HengzhiError):
    """A role can't be given so: to oneself, twice, without the end it needs, or ending before it starts."""

    code = "grant_refused"


def all_roles() -> tuple[Role, ...]:
    """The shipped roles in their order, then the institution's own; a shipped one is made when it is first asked for."""
    known = {role.key: role for role in Role.objects.order_by("key")}
    shipped = [known[entry.key] if entry.key in known else _shipped(entry.key) for entry in ROLES]
    return (*shipped, *(role for role in known.values() if role.key not in SHIPPED))


def grant_role(*, person: Any, role: str, unit: str = "", start: date, end: date | None = None, by: Actor) -> Assignment:
    """Give ``person`` a role on a unit and all below it ("" = the whole institution) from ``start`` until before ``end``.

    Raises:
        Forbidden, OutOfScope: ``by`` may not give roles there.
        UnknownKey: there is no such role or unit.
        GrantRefused: to oneself, twice, or with dates that don't fit.
        RolesApart: the person holds a role that must lie in other hands.
    """
    require(by, "people.role.grant", f"unit={unit}" if unit else "")
    if person.pk == by.pk:
        raise GrantRefused(reason="self", role=role)
    found = find_role(role)
    if unit and unit not in current_tree().names():
        raise UnknownKey("unit", unit)
    _check(person, found, unit, start, end)
    return _grant(person, found, unit, start, end, by=by)


def withdraw_role(*, assignment: str, on: date, by: Actor) -> Assignment:
    """End an assignment from ``on`` on; nobody need hold it that day any more.

    Raises:
        UnknownKey: there is none that ``by`` may withdraw.
        GrantRefused: it is one's own.
    """
    require(by, "people.role.grant", None)
    with transaction.atomic():
        mine = visible(Assignment.objects.select_for_update(of=("self",)), by, "people.role.grant")
        held = mine.select_related("person", "role").filter(uid=assignment).first()
        if held is None:
            raise UnknownKey("assignment", assignment)
        if held.person_id == by.pk:
            raise GrantRefused(reason="self", role=held.role.key)
        before = held.end
        held.end = max(on, held.start) if before is None else min(before, max(on, held.start))
        held.save(update_fields=["end"])
        record(by=by.get_username(), verb="withdraw_role", kind="assignment", of=held.uid, before={"end": before}, after=_said(held))
    return held


def define_role(*, key: str, names: Text, permissions: Iterable[str], by: Actor, second_factor: bool = False) -> Role:
    """Make or change a role of the institution's own.

    Raises:
        Forbidden: ``by`` may not.
        UnknownKey: a permission that is none.
        RolesApart: it would join running the system with what the system's administrator must not see.
        GrantRefused: a shipped role can't be changed.
    """
    require(by, "people.role.define")
    wanted = sorted(set(permissions))
    unknown = [name for name in wanted if name not in KEYS]
    if unknown:
        raise UnknownKey("permission", unknown[0])
    if key in SHIPPED:
        raise GrantRefused(reason="shipped", role=key)
    if SYSTEM in wanted and NEVER_WITH_SYSTEM & set(wanted):
        raise RolesApart(role=key, other=sorted(NEVER_WITH_SYSTEM & set(wanted))[0])
    with transaction.atomic():
        values = {"name_zh": names.zh, "name_en": names.en, "permissions": wanted, "second_factor": second_factor}
        role, _made = Role.objects.update_or_create(key=key, defaults=values)
        record(by=by.get_username(), verb="define_role", kind="role", of=key, after=values)
    return role


def ask_second_factor(*, role: str, wanted: bool, by: Actor) -> Role:
    """Say whether those who hold a role must sign in with a second factor."""
    require(by, "security.rule.change")
    with transaction.atomic():
        found = find_role(role)
        before = found.second_factor
        found.second_factor = wanted
        found.save(update_fields=["second_factor"])
        change = {"before": {"second_factor": before}, "after": {"second_factor": wanted}}
        record(by=by.get_username(), verb="change_role", kind="role", of=role, **change)
    return found


def give_first_roles(*, person: Any, on: date) -> None:
    """Let the first person of a house run it; from the console, where there is nobody yet who could."""
    for key in FIRST:
        found = find_role(key)
        if not Assignment.objects.filter(person=person, role=found, unit="", end=None).exists():
            _grant(person, found, "", on, None, by=None)


def find_role(key: str) -> Role:
    """The role with a key.

    Raises:
        UnknownKey: there is none.
    """
    found = Role.objects.filter(key=key).first()
    if found is None and key not in SHIPPED:
        raise UnknownKey("role", key)
    return found or _shipped(key)


def _check(person: Any, role: Role, unit: str, start: date, end: date | None) -> None:
    if end is not None and end <= start:
        raise GrantRefused(reason="dates", role=role.key)
    if end is None and role.time_boxed:
        raise GrantRefused(reason="open", role=role.key)
    overlapping = Assignment.objects.filter(Q(person=person) & (Q(end__isnull=True) | Q(end__gt=start)))
    if end is not None:
        overlapping = overlapping.filter(start__lt=end)
    if overlapping.filter(role=role, unit=unit).exists():
        raise GrantRefused(reason="twice", role=role.key)
    others = [a.role for a in overlapping.select_related("role").exclude(role=role)]
    for other in others:
        if {role.key, other.key} <= ADMINISTRATORS or _collide(role, other) or _collide(other, role):
            raise RolesApart(role=role.key, other=other.key)


def _collide(one: Role, other: Role) -> bool:
    """Whether one runs the system and the other guards the audit log."""
    return SYSTEM in permissions_in(one) and bool({"audit.entry.view", "audit.chain.verify"} & permissions_in(other))


def _grant(person: Any, role: Role, unit: str, start: date, end: date | None, *, by: Actor | None) -> Assignment:
    with transaction.atomic():
        made = Assignment.objects.create(person=person, role=role, unit=unit, start=start, end=end, granted_by_id=by.pk if by else None)
        name = by.get_username() if by else "console"
        record(by=name, verb="grant_role", kind="assignment", of=made.uid, after=_said(made))
    return made


def _said(held: Assignment) -> dict[str, Any]:
    return {"person": held.person.get_username(), "role": held.role.key, "unit": held.unit, "start": held.start, "end": held.end}


def _shipped(key: str) -> Role:
    entry = SHIPPED[key]
    values = {"name_zh": entry.names.zh, "name_en": entry.names.en, "time_boxed": entry.time_boxed, "shipped": True}
    return Role.objects.get_or_create(key=key, defaults=values)[0]
