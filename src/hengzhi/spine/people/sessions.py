"""The sessions of a person: which there are, and ending them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from hengzhi.core import UnknownKey
from hengzhi.spine.access.grants import Actor
from hengzhi.spine.access.services import require, visible
from hengzhi.spine.audit.services import record
from hengzhi.spine.people.models import Person, SignedIn


@dataclass(frozen=True, slots=True)
class SessionSeen:
    """One session as its owner sees it."""

    uid: str
    device: str
    address: str
    at: datetime
    this: bool


def note_session(*, person: Actor, session_key: str, device: str, address: str) -> None:
    """Remember where a session came from, once it has begun."""
    known = {"person_id": person.pk, "device": device[:200], "address": address[:45]}
    SignedIn.objects.update_or_create(session_key=session_key, defaults=known)


def sessions_of(person: Actor, *, this: str = "") -> tuple[SessionSeen, ...]:
    """The sessions that are alive, the latest first."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    rows = SignedIn.objects.filter(person_id=person.pk, session_key__in=alive).order_by("-at")[:50]
    return tuple(SessionSeen(row.uid, row.device, row.address, row.at, row.session_key == this) for row in rows)


def end_own_session(*, uid: str, by: Actor) -> None:
    """End one of one's own sessions.

    Raises:
        UnknownKey: the person has none with this uid.
    """
    found = SignedIn.objects.filter(uid=uid, person_id=by.pk).first()
    if found is None:
        raise UnknownKey("session", uid)
    with transaction.atomic():
        _end([found.session_key])
        record(by=by.get_username(), verb="end_session", kind="session", of=uid)


def end_sessions_of(*, person: str, by: Actor) -> int:
    """End all sessions of somebody; returns how many there were.

    Raises:
        Forbidden, UnknownKey: ``by`` may not, or sees no such person.
    """
    require(by, "people.session.end", None)
    found = visible(Person.objects.filter(uid=person), by, "people.session.end").first()
    if found is None:
        raise UnknownKey("person", person)
    with transaction.atomic():
        ended = end_all_but(found)
        record(by=by.get_username(), verb="end_sessions", kind="person", of=found.uid, after={"ended": ended})
    return ended


def end_all_but(person: Actor, *, keep: str = "") -> int:
    """End the sessions of a person, but for one; call in the transaction of what made it needful."""
    keys = list(SignedIn.objects.filter(person_id=person.pk).exclude(session_key=keep).values_list("session_key", flat=True))
    _end(keys)
    return len(keys)


def _end(keys: list[str]) -> None:
    Session.objects.filter(session_key__in=keys).delete()
    SignedIn.objects.filter(session_key__in=keys).delete()
