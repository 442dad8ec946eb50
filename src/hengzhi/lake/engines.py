"""DuckDB, opened with the limits of a workspace; the only engine that touches files so far."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from hengzhi.lake.workspace import Workspace


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
        yield connection
    finally:
        connection.close()


def quoted(text: str) -> str:
    """``text`` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def named(column: str) -> str:
    """``column`` as an SQL name."""
    return '"' + column.replace('"', '""') + '"'
