"""DuckDB, opened with the limits of a workspace; the only engine that touches files so far."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from hengzhi.core import HengzhiError
from hengzhi.lake.workspace import Workspace


class DiskFailed(HengzhiError):
    """The machine refused to read or write: the disk is full, broken, read-only, or closed to this user."""

    code = "disk_failed"


class MemoryExhausted(HengzhiError):
    """The work does not fit into the memory that the workspace allows."""

    code = "memory_exhausted"


@contextmanager
def duck(workspace: Workspace) -> Iterator[duckdb.DuckDBPyConnection]:
    """A private in-memory connection: no network, no extensions, spilling into the workspace's tmp."""
    spill = workspace.tmp / "duckdb"
    spill.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": workspace.limits.threads,
            "memory_limit": workspace.limits.memory,
            "temp_directory": str(spill),
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    try:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = false")  # it would stand in the middle of an answer in JSON
        yield connection
    except duckdb.IOException as error:
        raise DiskFailed(reason=str(error).splitlines()[0], path=str(workspace.root)) from error
    except duckdb.OutOfMemoryException as error:
        raise MemoryExhausted(limit=workspace.limits.memory) from error
    finally:
        connection.close()


def quoted(text: str) -> str:
    """``text`` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def named(column: str) -> str:
    """``column`` as an SQL name."""
    return '"' + column.replace('"', '""') + '"'
