"""Locks that hold until the transaction ends, on either database."""

from __future__ import annotations

import zlib

from django.db import connection


def exclusive(name: str) -> None:
    """Let one transaction at a time pass; call inside ``transaction.atomic``.

    SQLite needs nothing: with IMMEDIATE transactions there is one writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(name.encode())])
