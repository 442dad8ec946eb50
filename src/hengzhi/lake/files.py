"""Fact files as a reader sees them: the list that a data version pins, and the SQL that reads it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hengzhi.core import HengzhiError
from hengzhi.lake.engines import named, quoted
from hengzhi.lake.tables import FactTable
from hengzhi.lake.workspace import Workspace


class FactFileDamaged(HengzhiError):
    """A fact file is missing or its bytes are not those that were committed."""

    code = "fact_file_damaged"


@dataclass(frozen=True, slots=True)
class FileRef:
    """One immutable file: where it is (relative to the workspace), what it holds, and when it came."""

    path: str
    sha256: str
    month: int
    rows: int
    batch: int = 0
    shadow: bool = False
    received_on: date = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Facts:
    """The rows of one table at one data version.

    ``shadows_count``: an earlier batch was undone, so rows that it shared with later files count from their shadows.
    """

    table: FactTable
    files: tuple[FileRef, ...]
    shadows_count: bool = False

    def of_months(self, months: Iterable[int]) -> Facts:
        """The part that lies in ``months``."""
        wanted = set(months)
        return Facts(self.table, tuple(f for f in self.files if f.month in wanted), self.shadows_count)

    def read(self) -> tuple[FileRef, ...]:
        """The files that a reader opens."""
        return tuple(f for f in self.files if self.shadows_count or not f.shadow)

    def fingerprint(self) -> str:
        """A hash of the bytes that are read: equal contents give equal figures."""
        parts = [self.table.key, str(self.shadows_count), *sorted(f"{f.month}:{f.sha256}" for f in self.read())]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def sql(self, root: Path) -> str:
        """A SELECT over the files, each unique row once, the earliest batch first."""
        files = self.read()
        if not files:
            columns = ", ".join(f"CAST(NULL AS {_sql_type(c.type)}) AS {named(c.key)}" for c in self.table.columns)
            return f"SELECT {columns}, 0::BIGINT AS batch, 0::BIGINT AS line, 0::BIGINT AS month WHERE false"
        paths = ", ".join(quoted(str(root / f.path)) for f in sorted(files, key=lambda f: (f.month, f.path)))
        base = f"SELECT * FROM read_parquet([{paths}], union_by_name = true)"
        if not self.shadows_count or not any(f.shadow for f in self.files):
            return base
        keys = ", ".join(named(key) for key in self.table.unique)
        return f"{base} QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY batch, line) = 1"


def _sql_type(kind: str) -> str:
    return {"int": "BIGINT", "flag": "BOOLEAN", "day": "DATE", "instant": "TIMESTAMP", "text_ref": "BIGINT"}.get(kind, "VARCHAR")


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify(workspace: Workspace, files: Iterable[FileRef]) -> None:
    """Compare every file with the hash under which it was committed.

    Raises:
        FactFileDamaged: the first file that is missing or changed.
    """
    for ref in files:
        path = workspace.root / ref.path
        if not path.is_file():
            raise FactFileDamaged(path=ref.path, reason="missing")
        if file_sha256(path) != ref.sha256:
            raise FactFileDamaged(path=ref.path, reason="changed")
