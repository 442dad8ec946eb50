"""Settling an import: what a file came to, told and committed in one step, or given up whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pyarrow.compute as pc

from hengzhi.core import Problem
from hengzhi.lake.files import Facts
from hengzhi.lake.readers import Block
from hengzhi.lake.store import Settled, Staging
from hengzhi.lake.tables import FactTable
from hengzhi.spine.datasets import claims
from hengzhi.spine.datasets.models import Batch
from hengzhi.spine.datasets.problems import ProblemsFile
from hengzhi.spine.datasets.versions import SEVERAL, current_version, facts_at
from hengzhi.spine.scopes.models import OrgUnit

_UNKNOWN_SHOWN = 10


@dataclass(slots=True)
class Tally:
    """What is counted while a file is read."""

    rows: int = 0
    rejected: int = 0
    units: Counter[str] = field(default_factory=Counter)

    def add(self, block: Block, table: FactTable) -> None:
        """Count one block."""
        self.rows += block.rows_read
        self.rejected += block.rejected
        unit = table.role("unit")
        if unit is not None and block.facts.num_rows:
            for item in pc.value_counts(block.facts.column(unit.key)).to_pylist():
                if item["values"] is not None:
                    self.units[item["values"]] += item["counts"]


@contextmanager
def given_up_on_failure(batch: Batch) -> Iterator[None]:
    """Give up the claim when the work inside fails, so that the next try need not wait."""
    finished = False
    try:
        yield
        finished = True
    finally:
        if not finished:
            claims.release(batch)


def settle_and_commit(staging: Staging, batch: Batch, problems: ProblemsFile, tally: Tally) -> None:
    """Write what was staged and make it count; again from the start where another batch was faster."""
    while True:
        seen = current_version()
        settled = staging.settle(existing(staging.table, batch.source, seen))
        fill(batch, settled, tally)
        problems.add_late(duplicates(batch.name, settled))
        problems.add_late(unknown_units(batch, staging.table))
        batch.warnings, batch.problems_file = problems.warnings, problems.finish(staging.workspace.root)
        if claims.commit(batch, settled.files, settled.texts, seen_version=seen):
            return
        problems.forget_late()
        for ref in (*settled.files, *settled.texts):
            (staging.workspace.root / ref.path).unlink()


def existing(table: FactTable, source: str, version: int) -> Facts:
    """The facts in which rows of ``source`` may lie already."""
    alone = "source" in table.unique and source != SEVERAL
    return facts_at(table, version, source=source if alone else None)


def fill(batch: Batch, settled: Settled, tally: Tally) -> None:
    """Write into the batch what it came to."""
    known = set(OrgUnit.objects.values_list("code", flat=True))
    batch.rows_in_file, batch.rejected = tally.rows, tally.rejected
    batch.rows, batch.duplicates = settled.rows, settled.repeated + settled.known
    batch.months = list(settled.months)
    batch.unknown_units = {unit: count for unit, count in sorted(tally.units.items()) if unit not in known}


def duplicates(name: str, settled: Settled) -> Iterator[Problem]:
    """A note for each row that counts elsewhere."""
    for line, why in settled.duplicate_lines:
        yield Problem(name, line, "", "duplicate_in_file" if why == "repeated" else "duplicate_of_earlier", severity="duplicate")


def unknown_units(batch: Batch, table: FactTable) -> Iterator[Problem]:
    """A warning for each unit code that the tree does not know, the most frequent first."""
    unit = table.role("unit")
    if unit is None:
        return
    most = sorted(batch.unknown_units.items(), key=lambda item: (-item[1], item[0]))
    for code, count in most[:_UNKNOWN_SHOWN]:
        yield Problem(batch.name, 0, unit.key, "unknown_unit", code, {"count": count}, severity="warning")
    if rest := most[_UNKNOWN_SHOWN:]:
        args = {"codes": len(rest), "count": sum(count for _, count in rest)}
        yield Problem(batch.name, 0, unit.key, "unknown_units", "", args, severity="warning")
