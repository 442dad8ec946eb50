"""Importing a file: claimed, read, judged, settled and committed, or as if it had never been tried."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from hengzhi.core import Problem
from hengzhi.lake.mapping import Mapping_
from hengzhi.lake.readers import read
from hengzhi.lake.store import Staging
from hengzhi.lake.tables import FactTable
from hengzhi.lake.workspace import Workspace
from hengzhi.spine.datasets import claims
from hengzhi.spine.datasets.models import Batch, BatchState
from hengzhi.spine.datasets.problems import ProblemsFile
from hengzhi.spine.datasets.receipts import Receipt
from hengzhi.spine.datasets.settling import Tally, duplicates, existing, fill, given_up_on_failure, settle_and_commit, unknown_units
from hengzhi.spine.datasets.vault import NoVault, Vault
from hengzhi.spine.datasets.versions import SEVERAL, current_version

Progress = Callable[[int, int], None]  # bytes read so far, bytes in all
_WAIT_SECONDS = 0.2


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
    with given_up_on_failure(batch), Staging(workspace, source.table, batch.pk) as staging:
        problems = ProblemsFile(workspace.root / "run" / f"problems-{batch.uid}.csv")
        with problems:
            tally = _stage(workspace, source, staging, problems, batch, progress)
        settle_and_commit(staging, batch, problems, tally)
    return Receipt.of(batch, problems=problems.first)


def _claim(source: Source, by: str, received_on: date, wait_seconds: float) -> tuple[Batch, bool]:
    content, until = source.content(), time.monotonic() + wait_seconds
    while True:
        try:
            return claims.claim(content, name=source.name, source=source.holds(), by=by, received_on=received_on)
        except claims.ImportRunning:
            if time.monotonic() > until:
                raise
            time.sleep(_WAIT_SECONDS)


def _stage(
    workspace: Workspace, source: Source, staging: Staging, problems: ProblemsFile, batch: Batch | None, progress: Progress | None
) -> Tally:
    tally, size, renewed = Tally(), source.path.stat().st_size, time.monotonic()
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


def _dry_run(workspace: Workspace, source: Source, progress: Progress | None, problems_path: Path | None) -> Receipt:
    with Staging(workspace, source.table, -int(time.time_ns() % 1_000_000_000)) as staging:
        problems = ProblemsFile(problems_path or staging.folder / "problems.csv")
        batch = Batch(table=source.table.key, name=source.name, source=source.holds())
        with problems:
            tally = _stage(workspace, source, staging, problems, None, progress)
        settled = staging.settle(existing(source.table, source.holds(), current_version()))
        for ref in (*settled.files, *settled.texts):
            (workspace.root / ref.path).unlink()
        fill(batch, settled, tally)
        problems.add_late(duplicates(source.name, settled))
        problems.add_late(unknown_units(batch, source.table))
        problems.finish(problems.path.parent)
        batch.warnings, batch.state = problems.warnings, BatchState.CLAIMED
    return replace(Receipt.of(batch, "dry_run", problems.first), batch="")
