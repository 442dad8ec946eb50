"""Identities of records: 26 characters, sortable by time, used in addresses and the API."""

from __future__ import annotations

import secrets
import time

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_uid() -> str:
    """A new ULID: 48 bits of milliseconds, 80 random bits, in Crockford's base 32.

    Source: the ULID specification.
    """
    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))
