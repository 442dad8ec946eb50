"""An event log in memory: events sorted by case and time, coded once, read by adjacent rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hengzhi.lake.engines import duck, named, quoted
from hengzhi.lake.files import Facts
from hengzhi.lake.workspace import Workspace

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class EventLog:
    """Events in the order (source, case, at, seq); ``starts`` holds the first row of every case.

    Codes are positions in the matching list of names; -1 stands for null.
    """

    cases: tuple[str, ...]
    activities: tuple[str, ...]
    case: Ints  # per event
    activity: Ints
    at: Ints  # microseconds, UTC
    seq: Ints
    starts: Ints
    columns: pa.Table  # further columns in the same order

    @property
    def ends(self) -> Ints:
        """One past the last row of every case."""
        return np.append(self.starts[1:], len(self.case))

    def inside(self) -> Flags:
        """Whether an event follows another of its case."""
        follows = np.ones(len(self.case), bool)
        follows[self.starts] = False
        return follows

    def per_case(self, flags: Flags) -> Ints:
        """How many flagged events each case has."""
        return np.add.reduceat(flags.astype(np.int64), self.starts) if len(self.starts) else np.zeros(0, np.int64)


def load_events(workspace: Workspace, facts: Facts, *, source: str | None = None, columns: tuple[str, ...] = ()) -> EventLog:
    """The events of ``facts`` (of one source, if given), sorted and coded.

    Cases of different sources never merge, whatever their numbers.
    """
    wanted = ("source", "case", "activity", "at", "seq", *columns)
    where = f" WHERE source = {quoted(source)}" if source is not None else ""
    with duck(workspace) as connection:
        table = connection.execute(f"SELECT {', '.join(map(named, wanted))} FROM ({facts.sql(workspace.root)}){where}").to_arrow_table()
    case, cases = _coded_pair(table)
    activity, activities = coded(table.column("activity"))
    at = table.column("at").cast(pa.timestamp("us")).cast(pa.int64()).to_numpy()
    seq = table.column("seq").to_numpy()
    order = np.lexsort((seq, at, case))
    case = case[order]
    starts = np.flatnonzero(np.r_[True, case[1:] != case[:-1]]) if len(case) else np.zeros(0, np.int64)
    return EventLog(
        cases,
        activities,
        case,
        activity[order],
        at[order],
        seq[order],
        starts,
        table.select(["source", "case", *columns]).take(pa.array(order)),
    )


def coded(column: pa.ChunkedArray) -> tuple[Ints, tuple[str, ...]]:
    """Positions in the sorted list of distinct values; -1 for null."""
    values = pc.unique(column).drop_null().sort()
    codes = pc.index_in(column, value_set=values).fill_null(-1).to_numpy().astype(np.int64)
    return codes, tuple(values.to_pylist())


def _coded_pair(table: pa.Table) -> tuple[Ints, tuple[str, ...]]:
    case, cases = coded(table.column("case"))
    source, sources = coded(table.column("source"))
    if len(sources) <= 1:
        return case, cases
    pair = source * len(cases) + case
    distinct, codes = np.unique(pair, return_inverse=True)
    return codes.astype(np.int64), tuple(cases[int(at) % len(cases)] for at in distinct)
