"""Failures of the machine, told like errors of the house: disks that are full or broken, databases that don't answer."""

from __future__ import annotations

from django.db import DatabaseError

from hengzhi.core import HengzhiError
from hengzhi.lake.engines import DiskFailed

MACHINE = (OSError, DatabaseError)

# What SQLite says when it is the disk that failed (sqlite3.c, sqlite3ErrStr).
_DISK = ("disk is full", "disk I/O error", "unable to open database file", "readonly database", "disk image is malformed")


class DatabaseUnavailable(HengzhiError):
    """The database can't be reached, is locked, or refused."""

    code = "database_unavailable"


def of_machine(error: OSError | DatabaseError, place: str) -> HengzhiError:
    """The error of the house that says what the machine refused; ``place`` is where the workspace lies."""
    if isinstance(error, OSError):
        return DiskFailed(reason=error.strerror or str(error), path=str(error.filename or place))
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if any(said in reason for said in _DISK):
        return DiskFailed(reason=reason, path=place)
    return DatabaseUnavailable(reason=reason)
