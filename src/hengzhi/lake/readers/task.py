"""What one import works with, and what it tells once per file."""

from __future__ import annotations

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hengzhi.core import Problem
from hengzhi.lake.mapping.model import Mapping_, Rule
from hengzhi.lake.readers.block import Limits, Pseudonymiser
from hengzhi.lake.readers.instants import Zones
from hengzhi.lake.readers.judged import Judged
from hengzhi.lake.tables import Column, FactTable

Mask = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Tally:
    """What is told once per file: how often, and where first."""

    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    first: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, code: str, column: str, lines: npt.NDArray[np.int64]) -> None:
        """Count ``code`` in ``column`` on ``lines``."""
        if len(lines):
            self.counts[code, column] = self.counts.get((code, column), 0) + len(lines)
            self.first.setdefault((code, column), int(lines[0]))

    def warnings(self, source: str) -> tuple[Problem, ...]:
        """One warning for each code and column."""
        return tuple(
            Problem(source, self.first[code, column], column, code, args={"count": count}, severity="warning")
            for (code, column), count in self.counts.items()
        )


@dataclass(frozen=True, slots=True)
class Task:
    """What stays the same for all blocks of one import."""

    file: str
    mapping: Mapping_
    table: FactTable
    batch: int
    zones: Zones
    pseudonymiser: Pseudonymiser
    limits: Limits
    source: str  # the value of the column "source" where no rule gives one
    tally: Tally = field(default_factory=Tally)


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells one rule reads, before and after judgement."""

    column: Column
    rule: Rule | None
    given: pa.Array
    judged: Judged


def zones_of(mapping: Mapping_, institution: ZoneInfo) -> Zones:
    """The zones an import works with."""
    return Zones(ZoneInfo(mapping.zone) if mapping.zone else institution, institution, named=bool(mapping.zone))
