"""One row per case: how long it took, how often it changed hands, whether it came back."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hengzhi.lake.files import Facts
from hengzhi.lake.kernels.eventlog import EventLog, Flags, Ints, coded, load_events
from hengzhi.lake.workspace import Workspace

_FIRST = ("unit", "channel", "product", "service", "group")  # known at entry, so that no outcome decides them


def build_case(workspace: Workspace, facts: dict[str, Facts]) -> pa.Table:
    """The cases of all sources, each in the month of its last event (institution's zone).

    A case is closed when it has a final event; in a source without any final event every case counts as closed.
    A hand-over is a change of team between events (of staff where the source knows no teams); ping-pong is A-B-A;
    rework is a completed activity that occurs again.
    """
    log = load_events(workspace, facts["process_event"], columns=("staff", "team", "lifecycle", "final", "due_at", "month", *_FIRST))
    if not len(log.starts):
        return pa.table({})
    last = log.ends - 1
    entered, ended = log.at[log.starts], log.at[last]
    hands, known = _hands(log)
    closed = _closed(log)
    due = log.columns.column("due_at").cast(pa.int64()).fill_null(-1).to_numpy()
    promise = np.maximum.reduceat(due, log.starts)
    transfers, pingpong = _transfers(log, hands)
    table: dict[str, pa.Array | pa.ChunkedArray] = {
        "source": log.columns.column("source").take(pa.array(log.starts)),
        "case": log.columns.column("case").take(pa.array(log.starts)),
        "entered_at": pa.array(entered, pa.timestamp("us")),
        "ended_at": pa.array(ended, pa.timestamp("us")),
        "closed": pa.array(closed),
    }
    table |= {key: _first_known(log, key) for key in _FIRST}
    table |= {
        "events": pa.array(log.ends - log.starts),
        "handling_seconds": pa.array((ended - entered) // 1_000_000),
        "transfers": pa.array(transfers, mask=~known),
        "pingpong": pa.array(pingpong, mask=~known),
        "rework": pa.array(_rework(log)),
        "promised": pa.array(promise >= 0),
        "promise_kept": pa.array((promise >= 0) & (ended <= promise)),
        "month": log.columns.column("month").take(pa.array(last)),
    }
    return pa.table(table)


def _closed(log: EventLog) -> Flags:
    final = log.columns.column("final").fill_null(False).to_numpy()
    sources, _ = coded(log.columns.column("source"))
    of_case = sources[log.starts]
    ends = log.per_case(final) > 0
    tells = np.zeros(sources.max() + 1, bool)
    np.logical_or.at(tells, of_case, ends)
    return ends | ~tells[of_case]


def _hands(log: EventLog) -> tuple[Ints, Flags]:
    """Who holds each event (-1 unknown), and which cases know it at all."""
    team, _ = coded(log.columns.column("team"))
    staff, _ = coded(log.columns.column("staff"))
    by_team = log.per_case(team >= 0) > 0
    holder = np.where(np.repeat(by_team, log.ends - log.starts), team, staff)
    return holder, log.per_case(holder >= 0) > 0


def _transfers(log: EventLog, hands: Ints) -> tuple[Ints, Flags]:
    rows = np.flatnonzero(hands >= 0)
    case, held = log.case[rows], hands[rows]
    new = np.r_[True, (case[1:] != case[:-1]) | (held[1:] != held[:-1])] if len(rows) else np.zeros(0, bool)
    case, held = case[new], held[new]  # runs of one holder collapsed
    count = np.bincount(case, minlength=len(log.starts)) - 1
    back = np.zeros(len(log.starts), bool)
    returns = (case[2:] == case[:-2]) & (held[2:] == held[:-2])
    back[case[2:][returns]] = True
    return np.maximum(count, 0).astype(np.int64), back


def _rework(log: EventLog) -> Flags:
    lifecycle = pc.utf8_lower(log.columns.column("lifecycle").fill_null("complete"))
    done = pc.equal(lifecycle, "complete").to_numpy()
    rows = np.flatnonzero(done)
    pair = np.sort(log.case[rows] * max(len(log.activities), 1) + log.activity[rows])
    again = np.zeros(len(log.starts), bool)
    again[pair[1:][pair[1:] == pair[:-1]] // max(len(log.activities), 1)] = True
    return again


def _first_known(log: EventLog, key: str) -> pa.ChunkedArray:
    """The first value that is not null in each case."""
    codes, names = coded(log.columns.column(key))
    position = np.where(codes >= 0, np.arange(len(codes)), len(codes))
    first = np.minimum.reduceat(position, log.starts)
    missing = first >= log.ends
    chosen = np.where(missing, -1, codes[np.minimum(first, len(codes) - 1)])
    return pa.chunked_array([pa.array(names, pa.string()).take(pa.array(chosen, mask=chosen < 0))])
