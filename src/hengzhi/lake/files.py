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
    version: int = 0  # at which its batch was committed


@dataclass(frozen=True, slots=True)
class Facts:
    """The rows of one table at one data version.

    ``shadows_count``: an earlier batch was undone, so rows that it shared with later files count from their shadows,
    unless they count elsewhere: ``beside`` holds the files of other months that can tell.
    """

    table: FactTable
    files: tuple[FileRef, ...]
    shadows_count: bool = False
    beside: tuple[FileRef, ...] = ()

    def of_months(self, months: Iterable[int]) -> Facts:
        """The part that lies in ``months``."""
        wanted = set(months)
        inside = tuple(f for f in self.files if f.month in wanted)
        outside = (*self.beside, *(f for f in self.files if f.month not in wanted))
        return Facts(self.table, inside, self.shadows_count, outside if self.shadows_count else ())

    def read(self) -> tuple[FileRef, ...]:
        """The files whose rows may count."""
        return tuple(f for f in self.files if self.shadows_count or not f.shadow)

    def opened(self) -> tuple[FileRef, ...]:
        """All files that a reader opens."""
        return (*self.read(), *(self.beside if self._looks_beside() else ()))

    def _looks_beside(self) -> bool:
        return self.shadows_count and any(f.shadow for f in self.files)

    def fingerprint(self) -> str:
        """A hash of the bytes that are read: equal contents give equal figures."""
        parts = [self.table.key, *sorted(f"{f.month}:{f.sha256}" for f in self.files if not f.shadow)]
        if self._looks_beside():
            shadows, clean = self._shadows(), (f for f in self.beside if not f.shadow)
            parts += ["shadows", *(f"{f.month}:{f.sha256}:{f in self.files}" for f in shadows), "beside", *sorted(f.sha256 for f in clean)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def sql(self, root: Path) -> str:
        """A SELECT over the files, each unique row once: from the earliest batch that is not undone."""
        clean = [f for f in self.files if not f.shadow]
        if self._looks_beside():
            lit = self._lit_sql(root)
            return f"{_scan(clean, root)} UNION ALL BY NAME {lit}" if clean else lit
        if clean:
            return _scan(clean, root)
        columns = ", ".join(f"CAST(NULL AS {_sql_type(c.type)}) AS {named(c.key)}" for c in self.table.columns)
        return f"SELECT {columns}, 0::BIGINT AS batch, 0::BIGINT AS line, 0::BIGINT AS month WHERE false"

    def _lit_sql(self, root: Path) -> str:
        """The rows of shadows that no other file has, the earliest of several; a row in a file of its own always counts."""
        shadows = self._shadows()
        order = ", ".join(str(batch) for batch in dict.fromkeys(f.batch for f in shadows))
        keys = ", ".join(named(key) for key in self.table.unique)
        first = f"row_number() OVER (PARTITION BY {keys} ORDER BY list_position([{order}], batch), line) = 1"
        months = ", ".join(str(month) for month in sorted({f.month for f in self.files}))
        lit = f"SELECT s.* FROM ({_scan(shadows, root)} QUALIFY {first}) s WHERE s.month IN ({months})"
        clean = [f for f in (*self.files, *self.beside) if not f.shadow]
        if not clean:
            return lit
        match = " AND ".join(f"c.{named(key)} IS NOT DISTINCT FROM s.{named(key)}" for key in self.table.unique)
        return f"{lit} AND NOT EXISTS (SELECT 1 FROM ({_scan(clean, root)}) c WHERE {match})"

    def _shadows(self) -> list[FileRef]:
        return sorted((f for f in (*self.files, *self.beside) if f.shadow), key=lambda f: (f.version, f.month, f.path))


def _scan(files: Iterable[FileRef], root: Path) -> str:
    paths = ", ".join(quoted(str(root / f.path)) for f in sorted(files, key=lambda f: (f.month, f.path)))
    return f"SELECT * FROM read_parquet([{paths}], union_by_name = true)"


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
