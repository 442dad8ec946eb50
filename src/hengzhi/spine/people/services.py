"""People who sign in: the first one, and the one-time address that lets it in."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from hengzhi.core import HengzhiError
from hengzhi.spine.access.granting import give_first_roles
from hengzhi.spine.access.models import Assignment
from hengzhi.spine.audit.services import record
from hengzhi.spine.people.models import FirstLogin, Person

_LIFETIME = timedelta(hours=24)


class FirstLoginSpent(HengzhiError):
    """A one-time address was used, has run out or never was."""

    code = "first_login_spent"


def offer_first_login(*, username: str = "admin", display_name: str = "管理员") -> str | None:
    """A one-time token for the first person, or None once somebody has a password.

    Only the token's hash is kept; asking again makes a new one and spends the old.
    """
    if Person.objects.exclude(password="").filter(password__startswith="argon2").exists():  # noqa: S106
        return None
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        person, fresh = Person.objects.get_or_create(username=username, defaults={"display_name": display_name})
        if fresh:
            person.set_unusable_password()
            person.save()
        FirstLogin.objects.filter(person=person, used_at=None).update(used_at=timezone.now())
        FirstLogin.objects.create(person=person, token_sha256=_digest(token), expires_at=timezone.now() + _LIFETIME)
        record(by="console", verb="offer_first_login", kind="person", of=person.uid)
    return token


def first_person(token: str) -> Person:
    """The person a one-time token lets in; the token stays good until a password is set.

    Raises:
        FirstLoginSpent: used, run out or unknown.
    """
    offer = FirstLogin.objects.filter(
        token_sha256=_digest(token), used_at=None, expires_at__gt=timezone.now(), person__is_active=True
    ).first()
    if offer is None:
        raise FirstLoginSpent()
    return offer.person


def set_first_password(*, token: str, password: str) -> Person:
    """Spend the token and give the person its password.

    Raises:
        FirstLoginSpent: somebody was faster.
    """
    with transaction.atomic():
        person = first_person(token)
        if not FirstLogin.objects.filter(token_sha256=_digest(token), used_at=None).update(used_at=timezone.now()):
            raise FirstLoginSpent()
        person.set_password(password)
        person.save()
        if not Assignment.objects.exists():
            give_first_roles(person=person, on=timezone.localdate())
        record(by=person.username, verb="set_first_password", kind="person", of=person.uid)
    return person


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
