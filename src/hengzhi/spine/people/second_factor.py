"""The second factor of a person: set up, confirmed by a first code, asked for at sign-in, and recovery codes without the device."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from hengzhi.core import HengzhiError
from hengzhi.spine.access.grants import Actor, held_by
from hengzhi.spine.audit.services import record
from hengzhi.spine.people.models import RecoveryCode, SecondFactor
from hengzhi.spine.people.sealing import open_secret, seal_secret
from hengzhi.spine.people.totp import SEED_BYTES, matching_step

_CODES = 10
_TRIES, _CLOSED = 5, timedelta(minutes=15)
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0 O 1 I
_LENGTH = 16  # 80 bits: no need to hash slowly


class CodeRefused(HengzhiError):
    """A one-time code is wrong, too old, or was used."""

    code = "code_refused"


def has_second_factor(person: Actor) -> bool:
    """Whether the person signs in with a code."""
    return SecondFactor.objects.filter(person_id=person.pk, confirmed_at__isnull=False).exists()


def must_set_up(person: Actor) -> bool:
    """Whether a role of the person asks for a second factor that they don't have yet."""
    return any(a.role.second_factor for a in held_by(person, timezone.localdate())) and not has_second_factor(person)


def begin_second_factor(*, by: Actor) -> bytes:
    """A seed to be confirmed by a first code; asking again gives the same seed until then.

    Raises:
        CodeRefused: there is a confirmed one, which must be given up first.
    """
    known = SecondFactor.objects.filter(person_id=by.pk).first()
    if known is None:
        known = SecondFactor.objects.create(person_id=by.pk, sealed_seed=seal_secret(_key(), secrets.token_bytes(SEED_BYTES)))
    if known.confirmed_at is not None:
        raise CodeRefused(reason="confirmed")
    return open_secret(_key(), known.sealed_seed)


def confirm_second_factor(*, code: str, by: Actor) -> tuple[str, ...]:
    """Let the factor count from now on; returns the recovery codes, which are shown this once.

    Raises:
        CodeRefused: the code is wrong.
    """
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().filter(person_id=by.pk, confirmed_at=None).first()
        if factor is None or not _spend(factor, code):
            raise CodeRefused(reason="wrong")
        factor.confirmed_at = timezone.now()
        factor.save(update_fields=["confirmed_at"])
        codes = tuple(_fresh_code() for _ in range(_CODES))
        RecoveryCode.objects.filter(person_id=by.pk).delete()
        RecoveryCode.objects.bulk_create(RecoveryCode(person_id=by.pk, code_sha256=_digest(code)) for code in codes)
        record(by=by.get_username(), verb="set_second_factor", kind="person", of=by.get_username())
    return codes


def give_up_second_factor(*, by: Actor) -> None:
    """Sign in without a code again; the person's password was asked for before."""
    with transaction.atomic():
        SecondFactor.objects.filter(person_id=by.pk).delete()
        RecoveryCode.objects.filter(person_id=by.pk).delete()
        record(by=by.get_username(), verb="give_up_second_factor", kind="person", of=by.get_username())


def check_code(*, person: Actor, code: str) -> None:
    """Take a one-time code or a recovery code; each works once. Five wrong ones close the door for a quarter of an hour.

    Raises:
        CodeRefused: it is neither, or the door is closed.
    """
    factor = SecondFactor.objects.filter(person_id=person.pk, confirmed_at__isnull=False).first()
    if factor is None or (factor.blocked_until and factor.blocked_until > timezone.now()):
        raise CodeRefused(reason="blocked")
    mine = SecondFactor.objects.filter(pk=factor.pk)
    if _spend(factor, code) or _spend_recovery(person, code):
        mine.update(failures=0, blocked_until=None)
        return
    mine.update(failures=F("failures") + 1)
    # The count stands in the database: it outlives sessions and restarts.
    mine.filter(failures__gte=_TRIES).update(failures=0, blocked_until=timezone.now() + _CLOSED)
    record(by=person.get_username(), verb="second_factor_refused", kind="session", of="")
    raise CodeRefused(reason="wrong")


def codes_left(person: Actor) -> int:
    """How many recovery codes are unused."""
    return RecoveryCode.objects.filter(person_id=person.pk, used_at=None).count()


def _spend(factor: SecondFactor, code: str) -> bool:
    plain = _plain(code)
    step = matching_step(open_secret(_key(), factor.sealed_seed), plain, timezone.now().timestamp(), after=factor.last_step)
    if step is None:
        return False
    # The row says which code was last: of two that come at once one finds it changed.
    return bool(SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step).update(last_step=step))


def _spend_recovery(person: Actor, code: str) -> bool:
    with transaction.atomic():
        unused = RecoveryCode.objects.filter(person_id=person.pk, code_sha256=_digest(code), used_at=None)
        if not unused.update(used_at=timezone.now()):
            return False
        record(by=person.get_username(), verb="use_recovery_code", kind="person", of=person.get_username())
    return True


def _key() -> bytes:
    return hmac.new(settings.SECRET_KEY.encode(), b"second factor", hashlib.sha256).digest()


def _fresh_code() -> str:
    drawn = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return "-".join(_fours(drawn))


def _fours(text: str) -> Iterable[str]:
    return (text[at : at + 4] for at in range(0, len(text), 4))


def _plain(code: str) -> str:
    return "".join(c for c in code.upper() if c.isalnum())


def _digest(code: str) -> str:
    return hashlib.sha256(_plain(code).encode()).hexdigest()
