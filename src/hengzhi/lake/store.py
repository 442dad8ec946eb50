"""How a batch comes to rest: staged as it is read, settled by month, written whole or not at all."""

from __future__ import annotations

import itertools
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from hengzhi.lake.engines import duck, named, quoted
from hengzhi.lake.files import Facts, FileRef, file_sha256
from hengzhi.lake.tables import TEXT_SCHEMA, FactTable
from hengzhi.lake.workspace import Workspace

_ROW_GROUP = 250_000


@dataclass(slots=True)
class Staging:
    """The unfinished files of one batch, in a folder of their own that a retry empties."""

    workspace: Workspace
    table: FactTable
    batch: int
    rows: int = 0
    texts: int = 0
    _writers: dict[str, pq.ParquetWriter] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where the unfinished files are."""
        return self.workspace.tmp / f"batch-{self.batch}"

    def __enter__(self) -> Staging:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._close()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def add(self, facts: pa.RecordBatch, texts: pa.RecordBatch | None = None) -> None:
        """Append the accepted rows of one block, and their texts."""
        if facts.num_rows:
            self._writer("facts", self.table.schema()).write_batch(facts)
            self.rows += facts.num_rows
        if texts is not None and texts.num_rows:
            self._writer("text", TEXT_SCHEMA).write_batch(texts)
            self.texts += texts.num_rows

    def _writer(self, name: str, schema: pa.Schema) -> pq.ParquetWriter:
        if name not in self._writers:
            self._writers[name] = _parquet(self.folder / f"{name}.parquet", schema, compression="lz4")
        return self._writers[name]

    def _close(self) -> None:
        while self._writers:
            self._writers.popitem()[1].close()

    def settle(self, existing: Facts) -> Settled:
        """Number, deduplicate and sort the staged rows, and write one file per month.

        Args:
            existing: the visible facts that may hold the same unique rows (same source).

        Returns:
            The files, not yet committed; duplicates of ``existing`` lie in shadow files.
        """
        self._close()
        if not self.rows:
            return Settled((), 0, 0, ())
        with _unmade_on_failure() as made, duck(self.workspace) as connection:
            repeated = _number_and_dedupe(connection, self.folder / "facts.parquet", self.table)
            known = _mark_known(connection, existing, self.workspace.root)
            clean = _write_months(connection, self.workspace, self.table, made, shadow=False)
            shadows = _write_months(connection, self.workspace, self.table, made, shadow=True) if known else ()
            texts = _write_texts(connection, self.workspace, self.folder / "text.parquet", made) if self.texts else ()
            duplicates = "SELECT line, 'repeated' FROM repeated UNION ALL SELECT line, 'known' FROM staged WHERE known"
            lines = connection.execute(f"{duplicates} ORDER BY 1 LIMIT 10000")
            marks = tuple((int(line), str(why)) for line, why in lines.fetchall())
        return Settled((*clean, *shadows), repeated, known, marks, texts)


@dataclass(frozen=True, slots=True)
class Settled:
    """What a settled batch consists of; ``duplicate_lines`` names at most 10,000 of its duplicates."""

    files: tuple[FileRef, ...]
    repeated: int
    known: int
    duplicate_lines: tuple[tuple[int, str], ...]
    texts: tuple[FileRef, ...] = ()

    @property
    def rows(self) -> int:
        """Rows that count from now on."""
        return sum(f.rows for f in self.files if not f.shadow)

    @property
    def months(self) -> tuple[int, ...]:
        """Months whose figures change."""
        return tuple(sorted({f.month for f in self.files if not f.shadow}))


@contextmanager
def _unmade_on_failure() -> Iterator[list[Path]]:
    """A list of files to remove again when settling fails: a full disk is not to stay full of halves."""
    made: list[Path] = []
    finished = False
    try:
        yield made
        finished = True
    finally:
        if not finished:
            for path in made:
                path.unlink(missing_ok=True)


def _number_and_dedupe(connection: duckdb.DuckDBPyConnection, staged: Path, table: FactTable) -> int:
    source = f"SELECT * FROM read_parquet({quoted(str(staged))})"
    if table.sequence:
        column, per = table.sequence
        total, unnumbered = _row(connection, f"SELECT count(*), count(*) FILTER ({named(column)} < 0) FROM ({source})")
        if unnumbered:
            number = f"row_number() OVER (PARTITION BY {named(per)} ORDER BY line) - 1"
            source = f"SELECT * REPLACE ({number} AS {named(column)}) FROM ({source})"
        if unnumbered == total:  # numbered here: nothing can repeat
            connection.execute(f"CREATE VIEW staged_rows AS {source}; CREATE VIEW repeated AS SELECT 0::BIGINT AS line WHERE false")
            return 0
    keys = ", ".join(named(key) for key in table.unique)
    total, distinct = _row(connection, f"SELECT count(*), count(DISTINCT hash({keys})) FROM ({source})")
    if total == distinct:
        connection.execute(f"CREATE VIEW staged_rows AS {source}; CREATE VIEW repeated AS SELECT 0::BIGINT AS line WHERE false")
        return 0
    first = f"row_number() OVER (PARTITION BY {keys} ORDER BY line) = 1"
    connection.execute(f"CREATE TEMP TABLE repeated AS SELECT line FROM ({source}) QUALIFY NOT ({first})")
    connection.execute(f"CREATE VIEW staged_rows AS SELECT * FROM ({source}) WHERE line NOT IN (SELECT line FROM repeated)")
    return int(_row(connection, "SELECT count(*) FROM repeated")[0])


def _mark_known(connection: duckdb.DuckDBPyConnection, existing: Facts, root: Path) -> int:
    """Mark the staged rows that an earlier batch has; only months that can hold them are read."""
    table = existing.table
    if table.day in table.unique:
        months = connection.execute("SELECT DISTINCT month FROM staged_rows").fetchall()
        existing = existing.of_months(int(row[0]) for row in months)
    keys = ", ".join(named(key) for key in table.unique)
    match = " AND ".join(f"k.{named(key)} IS NOT DISTINCT FROM s.{named(key)}" for key in table.unique)
    known = 0
    if existing.read():
        connection.execute(f"CREATE TEMP TABLE staged_keys AS SELECT {keys} FROM staged_rows")
        earlier = f"SELECT {keys} FROM ({existing.sql(root)}) k WHERE EXISTS (SELECT 1 FROM staged_keys s WHERE {match})"
        connection.execute(f"CREATE TEMP TABLE known_keys AS SELECT DISTINCT {keys}, true AS hit FROM ({earlier})")
        known = int(_row(connection, "SELECT count(*) FROM known_keys")[0])
    if not known:
        connection.execute("CREATE VIEW staged AS SELECT *, false AS known FROM staged_rows")
        return 0
    connection.execute(
        f"CREATE VIEW staged AS SELECT s.*, coalesce(k.hit, false) AS known FROM staged_rows s LEFT JOIN known_keys k ON {match}"
    )
    return int(_row(connection, "SELECT count(*) FROM staged WHERE known")[0])


def _write_months(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, table: FactTable, made: list[Path], *, shadow: bool
) -> tuple[FileRef, ...]:
    columns = ", ".join(named(name) for name in table.schema().names)
    order = ", ".join(named(key) for key in ("month", *(table.sort or table.unique), "line"))
    rows = connection.execute(f"SELECT {columns} FROM staged WHERE known = {str(shadow).lower()} ORDER BY {order}")
    return tuple(_write_by_month(workspace, table.key, rows.to_arrow_reader(_ROW_GROUP), table.schema(), made, shadow=shadow))


def _write_texts(connection: duckdb.DuckDBPyConnection, workspace: Workspace, staged: Path, made: list[Path]) -> tuple[FileRef, ...]:
    rows = connection.execute(f"SELECT t.* FROM read_parquet({quoted(str(staged))}) t SEMI JOIN staged USING (line) ORDER BY month, line")
    return tuple(_write_by_month(workspace, "text", rows.to_arrow_reader(_ROW_GROUP), TEXT_SCHEMA, made, shadow=False))


def _write_by_month(
    workspace: Workspace, table: str, batches: Iterable[pa.RecordBatch], schema: pa.Schema, made: list[Path], *, shadow: bool
) -> Iterator[FileRef]:
    current: _Open | None = None
    for batch in batches:
        for month, part in _split(batch):
            if current is None or current.month != month:
                if current:
                    yield current.close()
                current = _Open(workspace, table, month, schema, shadow=shadow)
                made += (current.partial, current.path)
            current.write(part)
    if current:
        yield current.close()


def _split(batch: pa.RecordBatch) -> Iterator[tuple[int, pa.RecordBatch]]:
    months = batch.column("month").to_numpy(zero_copy_only=False)
    if not len(months):
        return
    cuts = [0, *((months[1:] != months[:-1]).nonzero()[0] + 1).tolist(), len(months)]
    for start, end in itertools.pairwise(cuts):
        yield int(months[start]), batch.slice(start, end - start)


class _Open:
    """A month's file while it is written: a .tmp until its bytes are on the disk."""

    def __init__(self, workspace: Workspace, table: str, month: int, schema: pa.Schema, *, shadow: bool) -> None:
        self.workspace, self.month, self.schema, self.shadow = workspace, month, schema, shadow
        self.path = workspace.lake / table / str(month) / f"{uuid.uuid4()}.parquet"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.partial = self.path.with_suffix(".tmp")
        self.writer = _parquet(self.partial, schema, compression="zstd", compression_level=1)
        self.rows = 0

    def write(self, batch: pa.RecordBatch) -> None:
        self.writer.write_batch(batch.cast(self.schema), row_group_size=_ROW_GROUP)
        self.rows += batch.num_rows

    def close(self) -> FileRef:
        self.writer.close()
        make_durable(self.partial, self.path)
        relative = self.path.relative_to(self.workspace.root).as_posix()
        return FileRef(relative, file_sha256(self.path), self.month, self.rows, shadow=self.shadow)


def _parquet(path: Path, schema: pa.Schema, **how: Any) -> pq.ParquetWriter:
    """A writer with dictionaries only where codes repeat, and no statistics: files are found by month in the database."""
    coded = [field.name for field in schema if pa.types.is_string(field.type)]
    return pq.ParquetWriter(path, schema, use_dictionary=coded, write_statistics=False, **how)


def make_durable(partial: Path, final: Path) -> None:
    """Bring a finished file under its name: bytes to the disk, rename, folder to the disk."""
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    partial.replace(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _row(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, ...]:
    row = connection.execute(sql).fetchone()
    return tuple(row) if row else ()
