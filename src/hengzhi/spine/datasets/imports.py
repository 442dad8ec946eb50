"""Importing a file: claimed, read, judged, settled and committed, or as if it had never been tried."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from hengzhi.core import Problem
from hengzhi.lake.files import Facts
from hengzhi.lake.mapping import Mapping_
from hengzhi.lake.readers import Block, read
from hengzhi.lake.store import Settled, Staging
from hengzhi.lake.tables import FactTable
from hengzhi.lake.workspace import Workspace
from hengzhi.spine.datasets import claims
from hengzhi.spine.datasets.models import Batch, BatchState
from hengzhi.spine.datasets.problems import ProblemsFile
from hengzhi.spine.datasets.vault import NoVault, Vault
from hengzhi.spine.datasets.versions import SEVERAL, current_version, facts_at
from hengzhi.spine.scopes.models import OrgUnit

Progress = Callable[[int, int], None]  # bytes read so far, bytes in all
_WAIT_SECONDS = 0.2
_UNKNOWN_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a file."""

    batch: str
    table: str
    name: str
    state: str  # done | already_imported | dry_run
    rows_in_file: int
    accepted: int
    duplicates: int
    rejected: int
    warnings: int
    months: tuple[int, ...]
    version: int | None
    problems_file: str | None
    unknown_units: dict[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()  # the first few, for showing

    @classmethod
    def of(cls, batch: Batch, state: str = "done", problems: tuple[Problem, ...] = ()) -> Receipt:
        """The receipt of a committed batch; a second import of it accepts nothing."""
        again = state == "already_imported"
        return cls(
            batch=batch.uid,
            table=batch.table,
            name=batch.name,
            state=state,
            rows_in_file=batch.rows_in_file,
            accepted=0 if again else batch.rows,
            duplicates=batch.rows if again else batch.duplicates,
            rejected=batch.rejected,
            warnings=batch.warnings,
            months=tuple(batch.months),
            version=batch.version,
            problems_file=batch.problems_file or None,
            unknown_units=dict(batch.unknown_units),
            problems=problems,
        )


@dataclass(frozen=True, slots=True)
class Source:
    """The file of an import: where it lies, its name as the user knows it, its mapping and table."""

    path: Path
    name: str
    mapping: Mapping_
    table: FactTable

    def content(self) -> claims.Content:
        """What makes this import the same one again."""
        with self.path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return claims.Content(self.table.key, sha256, self.mapping.sha256)

    def holds(self) -> str:
        """The one source of all rows, or the sign that rows name their own."""
        rule = self.mapping.rule("source")
        return SEVERAL if rule is not None and rule.parts else self.mapping.source


def import_file(
    *,
    workspace: Workspace,
    source: Source,
    by: str,
    received_on: date,
    dry_run: bool = False,
    progress: Progress | None = None,
    wait_seconds: float = 600,
    problems_path: Path | None = None,
) -> Receipt:
    """Import one file into its table.

    A second import of the same content answers ``already_imported``; while another process is importing it,
    this one waits for the outcome.

    Args:
        problems_path: where a dry run leaves its problems, if anywhere.

    Raises:
        InvalidFile: nothing of the file can be read; nothing was stored.
        ImportRunning: the other import of the same content did not end within ``wait_seconds``.
        LeaseLost: another process took over.
    """
    if dry_run:
        return _dry_run(workspace, source, progress, problems_path)
    batch, ours = _claim(source, by, received_on, wait_seconds)
    if not ours:
        return Receipt.of(batch, "already_imported")
    with _given_up_on_failure(batch), Staging(workspace, source.table, batch.pk) as staging:
        problems = ProblemsFile(workspace.root / "run" / f"problems-{batch.uid}.csv")
        with problems:
            tally = _stage(workspace, source, staging, problems, batch, progress)
        _settle_and_commit(staging, source, batch, problems, tally)
    return Receipt.of(batch, problems=problems.first)


def import_rows(*, workspace: Workspace, table: FactTable, name: str, rows: pa.Table, by: str, received_on: date) -> Receipt:
    """Import rows that are facts already (of the demo institution, of a snapshot), by the same commit.

    Args:
        rows: the table's columns without provenance; persons already pseudonymous.
    """
    digest = hashlib.sha256(str(rows.schema).encode())
    for batch in rows.to_batches():
        digest.update(b"".join(bytes(buffer) for column in batch.columns for buffer in column.buffers() if buffer))
    content = claims.Content(table.key, digest.hexdigest(), "-")
    sources = pc.unique(rows.column("source")).to_pylist() if table.has("source") else []
    source = sources[0] if len(sources) == 1 else SEVERAL
    batch, ours = claims.claim(content, name=name, source=source, by=by, received_on=received_on)
    if not ours:
        return Receipt.of(batch, "already_imported")
    with _given_up_on_failure(batch), Staging(workspace, table, batch.pk) as staging:
        for part in _with_provenance(workspace, table, rows, batch.pk).to_batches(max_chunksize=250_000):
            staging.add(part)
        problems = ProblemsFile(workspace.root / "run" / f"problems-{batch.uid}.csv")
        with problems:
            tally = _Tally(rows=rows.num_rows)
        _settle_and_commit(staging, None, batch, problems, tally)
    return Receipt.of(batch)


@dataclass(slots=True)
class _Tally:
    rows: int = 0
    rejected: int = 0
    units: Counter[str] = field(default_factory=Counter)

    def add(self, block: Block, table: FactTable) -> None:
        self.rows += block.rows_read
        self.rejected += block.rejected
        unit = table.role("unit")
        if unit is not None and block.facts.num_rows:
            for item in pc.value_counts(block.facts.column(unit.key)).to_pylist():
                if item["values"] is not None:
                    self.units[item["values"]] += item["counts"]


def _claim(source: Source, by: str, received_on: date, wait_seconds: float) -> tuple[Batch, bool]:
    content, until = source.content(), time.monotonic() + wait_seconds
    while True:
        try:
            return claims.claim(content, name=source.name, source=source.holds(), by=by, received_on=received_on)
        except claims.ImportRunning:
            if time.monotonic() > until:
                raise
            time.sleep(_WAIT_SECONDS)


@contextmanager
def _given_up_on_failure(batch: Batch) -> Iterator[None]:
    finished = False
    try:
        yield
        finished = True
    finally:
        if not finished:
            claims.release(batch)


def _stage(
    workspace: Workspace, source: Source, staging: Staging, problems: ProblemsFile, batch: Batch | None, progress: Progress | None
) -> _Tally:
    tally, size, renewed = _Tally(), source.path.stat().st_size, time.monotonic()
    vault = Vault(workspace) if batch else NoVault()
    blocks = read(source.path, source.mapping, source.table, batch=staging.batch, zone=workspace.zone, pseudonymiser=vault)
    for block in blocks:
        staging.add(block.facts, block.texts)
        tally.add(block, source.table)
        problems.add(_named(source.name, block.problems))
        if batch and time.monotonic() - renewed > 10:
            claims.keep_alive(batch)
            renewed = time.monotonic()
        if progress:
            progress(min(block.bytes_read, size), size)
    return tally


def _named(name: str, problems: tuple[Problem, ...]) -> Iterator[Problem]:
    """Problems under the name by which the user knows the file, not that of an upload's copy."""
    return (p if p.source == name else replace(p, source=name) for p in problems)


def _settle_and_commit(staging: Staging, source: Source | None, batch: Batch, problems: ProblemsFile, tally: _Tally) -> None:
    while True:
        seen = current_version()
        settled = staging.settle(_existing(staging.table, batch.source, seen))
        _fill(batch, settled, tally)
        problems.add_late(_duplicates(batch.name, settled))
        problems.add_late(_unknown_units(batch, staging.table))
        batch.warnings, batch.problems_file = problems.warnings, problems.finish(staging.workspace.root)
        if claims.commit(batch, settled.files, settled.texts, seen_version=seen):
            return
        problems.forget_late()
        for ref in (*settled.files, *settled.texts):
            (staging.workspace.root / ref.path).unlink()


def _existing(table: FactTable, source: str, version: int) -> Facts:
    alone = "source" in table.unique and source != SEVERAL
    return facts_at(table, version, source=source if alone else None)


def _fill(batch: Batch, settled: Settled, tally: _Tally) -> None:
    known = set(OrgUnit.objects.values_list("code", flat=True))
    batch.rows_in_file, batch.rejected = tally.rows, tally.rejected
    batch.rows, batch.duplicates = settled.rows, settled.repeated + settled.known
    batch.months = list(settled.months)
    batch.unknown_units = {unit: count for unit, count in sorted(tally.units.items()) if unit not in known}


def _duplicates(name: str, settled: Settled) -> Iterator[Problem]:
    for line, why in settled.duplicate_lines:
        yield Problem(name, line, "", "duplicate_in_file" if why == "repeated" else "duplicate_of_earlier", severity="duplicate")


def _unknown_units(batch: Batch, table: FactTable) -> Iterator[Problem]:
    unit = table.role("unit")
    if unit is None:
        return
    most = sorted(batch.unknown_units.items(), key=lambda item: (-item[1], item[0]))
    for code, count in most[:_UNKNOWN_SHOWN]:
        yield Problem(batch.name, 0, unit.key, "unknown_unit", code, {"count": count}, severity="warning")
    if rest := most[_UNKNOWN_SHOWN:]:
        args = {"codes": len(rest), "count": sum(count for _, count in rest)}
        yield Problem(batch.name, 0, unit.key, "unknown_units", "", args, severity="warning")


def _dry_run(workspace: Workspace, source: Source, progress: Progress | None, problems_path: Path | None) -> Receipt:
    with Staging(workspace, source.table, -int(time.time_ns() % 1_000_000_000)) as staging:
        problems = ProblemsFile(problems_path or staging.folder / "problems.csv")
        batch = Batch(table=source.table.key, name=source.name, source=source.holds())
        with problems:
            tally = _stage(workspace, source, staging, problems, None, progress)
        settled = staging.settle(_existing(source.table, source.holds(), current_version()))
        for ref in (*settled.files, *settled.texts):
            (workspace.root / ref.path).unlink()
        _fill(batch, settled, tally)
        problems.add_late(_duplicates(source.name, settled))
        problems.add_late(_unknown_units(batch, source.table))
        problems.finish(problems.path.parent)
        batch.warnings, batch.state = problems.warnings, BatchState.CLAIMED
    return replace(Receipt.of(batch, "dry_run", problems.first), batch="")


def _with_provenance(workspace: Workspace, table: FactTable, rows: pa.Table, batch: int) -> pa.Table:
    day = table.column(table.day)
    when = rows.column(table.day)
    if day.type == "instant":
        local = pc.local_timestamp(pc.assume_timezone(when, "UTC").cast(pa.timestamp("us", str(workspace.zone))))
        year, month = pc.year(local), pc.month(local)
    else:
        year, month = pc.year(when), pc.month(when)
    whole = rows.append_column("batch", pa.array([batch] * rows.num_rows, pa.int64()))
    whole = whole.append_column("line", pa.array(range(1, rows.num_rows + 1), pa.int64()))
    whole = whole.append_column("month", pc.add(pc.multiply(year, 100), month))
    return whole.select(table.schema().names).cast(table.schema())


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    """The receipt under the names of the API."""
    names = (
        "batch",
        "table",
        "name",
        "state",
        "rows_in_file",
        "accepted",
        "duplicates",
        "rejected",
        "warnings",
        "version",
        "problems_file",
    )
    return {name: getattr(receipt, name) for name in names} | {"months": list(receipt.months), "unknown_units": receipt.unknown_units}
