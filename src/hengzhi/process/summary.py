"""What an event log is like: its size, how long cases take, where they wait and what is done again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hengzhi.lake.kernels.eventlog import EventLog, Ints

_DAY = 86_400 * 1_000_000
_HOUR = 3_600 * 1_000_000
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Edge:
    """One directly-follows step: how often it is taken and how long it takes."""

    source: str
    target: str
    n: int
    mean_hours: float
    median_hours: float
    total_days: float


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of one log; durations are first to last event of a case."""

    cases: int
    events: int
    activities: int
    variants: int
    top_variant_cases: int
    top_variant: tuple[str, ...]
    mean_days: float
    median_days: float
    first_at: int
    last_at: int
    tied_events: int
    tied_share: float
    waits: tuple[Edge, ...]
    rework: tuple[tuple[str, int], ...]

    def rounded(self) -> dict[str, object]:
        """The figures as shown: days and hours with the decimals that the facts are published with."""
        return {
            "cases": self.cases,
            "events": self.events,
            "activities": self.activities,
            "variants": self.variants,
            "top_variant_cases": self.top_variant_cases,
            "top_variant": list(self.top_variant),
            "mean_days": round(self.mean_days, 6),
            "median_days": round(self.median_days, 6),
            "first_at": str(np.datetime64(self.first_at, "us")) + "Z",
            "last_at": str(np.datetime64(self.last_at, "us")) + "Z",
            "tied_events": self.tied_events,
            "tied_share": round(self.tied_share, 6),
            "waits": [
                {
                    "source": e.source,
                    "target": e.target,
                    "n": e.n,
                    "mean_hours": round(e.mean_hours, 4),
                    "median_hours": round(e.median_hours, 4),
                    "total_days": round(e.total_days, 2),
                }
                for e in self.waits
            ],
            "rework": [{"activity": name, "cases": cases} for name, cases in self.rework],
        }


def summarise(log: EventLog, *, top: int = 10) -> Summary:
    """The summary of a log that has at least one event.

    Ties in time stand in the order of the file; an activity is its name without the life cycle.
    """
    inside = log.inside()
    duration = log.at[log.ends - 1] - log.at[log.starts]
    counts, exemplar = _variants(log)
    best = int(np.argmax(counts))
    first = log.starts[exemplar[best]]
    last = log.ends[exemplar[best]]
    tied = inside & (np.r_[False, log.at[1:] == log.at[:-1]])
    tied |= np.r_[tied[1:], False]
    return Summary(
        cases=len(log.starts),
        events=len(log.case),
        activities=len(log.activities),
        variants=len(counts),
        top_variant_cases=int(counts[best]),
        top_variant=tuple(log.activities[a] for a in log.activity[first:last]),
        mean_days=_mean(duration) / _DAY,
        median_days=float(np.median(duration)) / _DAY,
        first_at=int(log.at.min()),
        last_at=int(log.at.max()),
        tied_events=int(tied.sum()),
        tied_share=float(tied.mean()),
        waits=_waits(log, inside, top),
        rework=_rework(log, top),
    )


def _mean(values: Ints) -> float:
    """The mean of microseconds by exact integer sum."""
    return sum(int(part.sum()) for part in np.array_split(values, max(1, len(values) // 65_536))) / len(values)


def _variants(log: EventLog) -> tuple[Ints, Ints]:
    """Cases per variant, and one case of each: variants are told apart by two independent 64-bit hashes and their length."""
    position = (np.arange(len(log.case)) - np.repeat(log.starts, log.ends - log.starts)).astype(np.uint64)
    keys = []
    for salt in (1, 2):
        mixed = _scramble(log.activity.astype(np.uint64) + np.uint64(salt << 40)) ^ _scramble(position * _MIX + np.uint64(salt))
        keys.append(np.add.reduceat(_scramble(mixed), log.starts))
    table = np.stack([keys[0], keys[1], (log.ends - log.starts).astype(np.uint64)], axis=1)
    order = np.lexsort(table.T)
    new = np.r_[True, (table[order][1:] != table[order][:-1]).any(axis=1)]
    starts = np.flatnonzero(new)
    return np.diff(np.r_[starts, len(order)]).astype(np.int64), order[starts].astype(np.int64)


def _scramble(x: np.typing.NDArray[np.uint64]) -> np.typing.NDArray[np.uint64]:
    """The finaliser of splitmix64 (Steele, Lea and Flood 2014): every bit of x decides every bit of the result."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def _waits(log: EventLog, inside: np.typing.NDArray[np.bool_], top: int) -> tuple[Edge, ...]:
    """The steps on which most time passes in all, largest first."""
    rows = np.flatnonzero(inside)
    if not len(rows):
        return ()
    edge = log.activity[rows - 1] * len(log.activities) + log.activity[rows]
    wait = log.at[rows] - log.at[rows - 1]
    order = np.lexsort((wait, edge))
    edge, wait = edge[order], wait[order]
    starts = np.flatnonzero(np.r_[True, edge[1:] != edge[:-1]])
    ends = np.r_[starts[1:], len(edge)]
    totals = np.add.reduceat(wait, starts)
    best = sorted(range(len(starts)), key=lambda at: (-int(totals[at]), int(edge[starts[at]])))[:top]
    return tuple(_edge(log, int(edge[starts[at]]), wait[starts[at] : ends[at]]) for at in best)


def _edge(log: EventLog, code: int, wait: Ints) -> Edge:
    source, target = divmod(code, len(log.activities))
    return Edge(
        source=log.activities[source],
        target=log.activities[target],
        n=len(wait),
        mean_hours=_mean(wait) / _HOUR,
        median_hours=float(np.median(wait)) / _HOUR,
        total_days=_mean(wait) * len(wait) / _DAY,
    )


def _rework(log: EventLog, top: int) -> tuple[tuple[str, int], ...]:
    """Activities by the number of cases in which they occur more than once."""
    pair = np.sort(log.case * len(log.activities) + log.activity)
    repeated = np.unique(pair[1:][pair[1:] == pair[:-1]])
    cases = np.bincount(repeated % len(log.activities), minlength=len(log.activities))
    best = sorted(range(len(cases)), key=lambda a: (-int(cases[a]), log.activities[a]))[:top]
    return tuple((log.activities[a], int(cases[a])) for a in best if cases[a])
