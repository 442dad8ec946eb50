"""One-time codes of six digits that a telephone makes every thirty seconds."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import quote, urlencode

STEP_SECONDS = 30  # RFC 6238, 5.2
DIGITS = 6
SEED_BYTES = 20  # RFC 4226, 4 R6: at least 128 bits, 160 recommended
DRIFT = 1  # steps that a clock may be wrong, either way; RFC 6238, 5.2


def code_at(seed: bytes, seconds: float, *, digits: int = DIGITS) -> str:
    """The code of a seed at a time.

    Source: RFC 6238, 4.2, with HMAC-SHA-1; truncation as in RFC 4226, 5.3.

    >>> code_at(b"12345678901234567890", 59, digits=8)
    '94287082'
    """
    return code_of(seed, step_at(seconds), digits=digits)


def code_of(seed: bytes, step: int, *, digits: int = DIGITS) -> str:
    """The code of a seed in a step of time."""
    mac = hmac.new(seed, step.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = mac[-1] & 15
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step_at(seconds: float) -> int:
    """The step of time that a moment lies in."""
    return int(seconds) // STEP_SECONDS


def matching_step(seed: bytes, code: str, seconds: float, *, after: int) -> int | None:
    """The step whose code this is, later than the step ``after``, so that no code works twice; None where none is."""
    now = step_at(seconds)
    steps = [step for step in range(now - DRIFT, now + DRIFT + 1) if step > after]
    return next((step for step in steps if hmac.compare_digest(code_of(seed, step).encode(), code.encode())), None)


def address(seed: bytes, *, person: str, house: str) -> str:
    """The address that a telephone reads: otpauth://totp/…

    Source: the Key URI format of Google Authenticator.
    """
    secret = base64.b32encode(seed).decode()
    return f"otpauth://totp/{quote(house)}:{quote(person)}?{urlencode({'secret': secret, 'issuer': house})}"


def typed(seed: bytes) -> str:
    """The seed as a person types it: groups of four."""
    secret = base64.b32encode(seed).decode()
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
