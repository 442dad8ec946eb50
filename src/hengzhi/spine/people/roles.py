"""Roles as the pages of people give and take them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hengzhi.core import Text, UnknownKey
from hengzhi.spine.access.granting import grant_role, withdraw_role
from hengzhi.spine.access.grants import Actor, permissions_in
from hengzhi.spine.access.models import Assignment, Role
from hengzhi.spine.access.permissions import PERMISSIONS, Permission
from hengzhi.spine.access.roles import ROLES
from hengzhi.spine.access.services import reach, require
from hengzhi.spine.people.directory import find_person


@dataclass(frozen=True, slots=True)
class RoleSeen:
    """A role with what it allows."""

    key: str
    names: Text
    permissions: frozenset[str]
    time_boxed: bool
    second_factor: bool
    shipped: bool


@dataclass(frozen=True, slots=True)
class RolesPage:
    """All roles by all permissions."""

    roles: tuple[RoleSeen, ...]
    permissions: tuple[Permission, ...]
    may_change: bool


def role_choices() -> tuple[RoleSeen, ...]:
    """The roles there are; reading them writes nothing."""
    known = {role.key: role for role in Role.objects.order_by("key")}
    shipped = [
        RoleSeen(e.key, e.names, e.permissions, e.time_boxed, bool(e.key in known and known[e.key].second_factor), True) for e in ROLES
    ]
    keys = {e.key for e in ROLES}
    own = [
        RoleSeen(r.key, Text(r.name_zh, r.name_en), permissions_in(r), r.time_boxed, r.second_factor, False)
        for r in known.values()
        if r.key not in keys
    ]
    return (*shipped, *own)


def roles_page(*, by: Actor) -> RolesPage:
    """Every role with what it allows.

    Raises:
        Forbidden: ``by`` sees no people.
    """
    require(by, "people.person.view", None)
    return RolesPage(role_choices(), PERMISSIONS, reach(by, "security.rule.change").whole)


def give(*, uid: str, role: str, unit: str, start: date, end: date | None, by: Actor) -> Assignment:
    """Give the person a role.

    Raises:
        Forbidden, UnknownKey, GrantRefused, RolesApart: as ``grant_role`` says.
    """
    someone = find_person(uid=uid, by=by, permission="people.person.view")
    return grant_role(person=someone, role=role, unit=unit, start=start, end=end, by=by)


def take(*, uid: str, assignment: str, on: date, by: Actor) -> None:
    """Withdraw a role of the person.

    Raises:
        Forbidden, UnknownKey, GrantRefused: as ``withdraw_role`` says.
    """
    someone = find_person(uid=uid, by=by, permission="people.person.view")
    if not Assignment.objects.filter(uid=assignment, person=someone).exists():
        raise UnknownKey("assignment", assignment)
    withdraw_role(assignment=assignment, on=on, by=by)
