"""Locks: until a transaction ends, on either database, or between the processes of one machine."""

from __future__ import annotations

import fcntl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection


def exclusive(name: str) -> None:
    """Let one transaction at a time pass; call inside ``transaction.atomic``.

    SQLite needs nothing: with IMMEDIATE transactions there is one writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(name.encode())])


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Let one process of this machine at a time pass; the lock of one that was killed is free."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
