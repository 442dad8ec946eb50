"""People as a list and one by one: add, disable, enable, and what they hold."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from hengzhi.core import HengzhiError, Text, UnknownKey
from hengzhi.spine.access.grants import Actor, permissions_of
from hengzhi.spine.access.models import Assignment
from hengzhi.spine.access.services import require, visible
from hengzhi.spine.audit.services import record
from hengzhi.spine.people.models import FirstLogin, Person
from hengzhi.spine.people.sessions import SessionSeen, end_all_but, sessions_of
from hengzhi.spine.scopes.services import current_tree

_SEE, _MANAGE = "people.person.view", "people.person.manage"
_LIFETIME = timedelta(days=3)
_SIZE = 50


class PersonRefused(HengzhiError):
    """A person can't be added or changed so: the name is taken or no name, or it is oneself."""

    code = "person_refused"


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody holds, held or will hold."""

    uid: str
    role: Text
    key: str
    unit: str
    start: date
    end: date | None
    by: str


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """One person with their roles."""

    uid: str
    username: str
    name: str
    unit: str
    active: bool
    last_login: datetime | None
    held: tuple[Held, ...]
    second_factor: bool


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of people."""

    rows: tuple[PersonSeen, ...]
    total: int
    number: int
    size: int


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One person, their sessions, and what the reader may do with them."""

    person: PersonSeen
    sessions: tuple[SessionSeen, ...]
    may: frozenset[str]
    oneself: bool


def people(*, by: Actor, search: str = "", number: int = 1) -> PeoplePage:
    """The people that ``by`` sees, by name.

    Raises:
        Forbidden: they see none.
    """
    require(by, _SEE, None)
    seen = visible(Person.objects.all(), by, _SEE)
    if search:
        seen = seen.filter(username__icontains=search) | seen.filter(display_name__icontains=search)
    total = seen.count()
    at = min(max(number, 1), max(-(-total // _SIZE), 1))
    rows = seen.order_by("username").prefetch_related("assignments__role", "assignments__granted_by").select_related("second_factor")
    return PeoplePage(tuple(_seen(row) for row in rows[(at - 1) * _SIZE : at * _SIZE]), total, at, _SIZE)


def everybody() -> tuple[PersonSeen, ...]:
    """All people, for the console."""
    rows = Person.objects.order_by("username").prefetch_related("assignments__role", "assignments__granted_by")
    return tuple(_seen(row) for row in rows.select_related("second_factor"))


def person(*, uid: str, by: Actor) -> PersonPage:
    """One person.

    Raises:
        Forbidden, UnknownKey: ``by`` sees nobody, or not this one.
    """
    found = find_person(uid=uid, by=by, permission=_SEE)
    may = frozenset(key for key, reach in permissions_of(by).items() if reach.covers(found.unit))
    sessions = sessions_of(found) if "people.session.end" in may else ()
    return PersonPage(_seen(found), sessions, may, found.pk == by.pk)


def oneself(by: Actor) -> PersonSeen:
    """One's own entry; it takes no permission."""
    return _seen(Person.objects.get(pk=by.pk))


def find_person(*, uid: str, by: Actor, permission: str) -> Person:
    """The person, where ``by`` holds ``permission`` on them.

    Raises:
        Forbidden, UnknownKey: they hold it nowhere, or not there.
    """
    require(by, permission, None)
    found = visible(Person.objects.filter(uid=uid), by, permission).first()
    if found is None:
        raise UnknownKey("person", uid)
    return found


def add_person(*, username: str, name: str, unit: str = "", by: Actor) -> tuple[str, str]:
    """Add a person; returns their uid and the token of the one-time address by which they choose a password.

    Raises:
        Forbidden, OutOfScope: ``by`` may not add people there.
        PersonRefused: the name is taken, or is none.
        UnknownKey: there is no such unit.
    """
    require(by, _MANAGE, f"unit={unit}" if unit else "")
    if unit and unit not in current_tree().names():
        raise UnknownKey("unit", unit)
    with transaction.atomic():
        made = make_person(username=username, name=name, unit=unit, by=by.get_username())
        return made.uid, offer_address(made, by=by.get_username())


def make_person(*, username: str, name: str, unit: str, by: str) -> Person:
    """Write a person who cannot sign in yet; call in a transaction."""
    made = Person(username=username.strip(), display_name=name.strip(), unit=unit)
    made.set_unusable_password()
    try:
        made.clean_fields(exclude=["password"])
        with transaction.atomic():
            made.save()
    except (IntegrityError, ValidationError) as refused:
        raise PersonRefused(reason="name", username=username) from refused
    record(by=by, verb="add_person", kind="person", of=made.uid, after={"username": made.username, "unit": unit})
    return made


def new_address(*, uid: str, by: Actor) -> tuple[str, str]:
    """The name of a person who can't sign in, and the token of a new one-time address; whoever asks for it never sees a password.

    Raises:
        Forbidden, UnknownKey: ``by`` may not, or sees no such person.
        PersonRefused: it is oneself.
    """
    found = find_person(uid=uid, by=by, permission=_MANAGE)
    if found.pk == by.pk:
        raise PersonRefused(reason="oneself", username=found.username)
    with transaction.atomic():
        return found.username, offer_address(found, by=by.get_username())


def set_active(*, uid: str, active: bool, by: Actor) -> None:
    """Disable a person, whose sessions are dead from the next request on, or enable one.

    Raises:
        Forbidden, UnknownKey: ``by`` may not, or sees no such person.
        PersonRefused: nobody disables themselves.
    """
    found = find_person(uid=uid, by=by, permission=_MANAGE)
    if found.pk == by.pk:
        raise PersonRefused(reason="oneself", username=found.username)
    with transaction.atomic():
        Person.objects.filter(pk=found.pk).update(is_active=active)
        if not active:
            end_all_but(found)
            FirstLogin.objects.filter(person=found, used_at=None).update(used_at=timezone.now())
        verb = "enable_person" if active else "disable_person"
        record(by=by.get_username(), verb=verb, kind="person", of=found.uid, after={"active": active})


def change_password(*, person: Person, password: str, keep: str) -> None:
    """Give oneself a new password, the old one having been asked for; all other sessions end."""
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        end_all_but(person, keep=keep)
        record(by=person.username, verb="change_password", kind="person", of=person.uid)


def offer_address(found: Person, *, by: str) -> str:
    """The token of a one-time address for a person; earlier ones are spent. Call in a transaction."""
    token = secrets.token_urlsafe(32)
    FirstLogin.objects.filter(person=found, used_at=None).update(used_at=timezone.now())
    digest = hashlib.sha256(token.encode()).hexdigest()
    FirstLogin.objects.create(person=found, token_sha256=digest, expires_at=timezone.now() + _LIFETIME)
    record(by=by, verb="offer_address", kind="person", of=found.uid)
    return token


def _seen(found: Person) -> PersonSeen:
    factor = getattr(found, "second_factor", None)
    held = sorted(found.assignments.all(), key=lambda a: (a.end is not None, a.start, a.pk))
    return PersonSeen(
        uid=found.uid,
        username=found.username,
        name=found.display_name or found.username,
        unit=found.unit,
        active=found.is_active,
        last_login=found.last_login,
        held=tuple(_held(a) for a in held),
        second_factor=bool(factor and factor.confirmed_at),
    )


def _held(a: Assignment) -> Held:
    by = a.granted_by.get_username() if a.granted_by else "console"
    return Held(a.uid, Text(a.role.name_zh, a.role.name_en), a.role.key, a.unit, a.start, a.end, by)
