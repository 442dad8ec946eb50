"""Cases of the demo bank as events of its services, month by month (P3, N1, N4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from hengzhi.demo.bank import Bank, Integers, choose
from hengzhi.demo.columns import OFFSET_MINUTES, Instants, Mask, blank, days_in, numbered, pick, rows_of, utc
from hengzhi.demo.institution import ACTIVITIES, GROUPS, TEAMS
from hengzhi.demo.routes import ACTIVITY_OF_SLOT, LAST, WORKDAY, clock, handling_days, steps, teams, waits
from hengzhi.demo.services import CARD, HANDLED, loop_shares, shares_of_cases
from hengzhi.demo.volume import keep_tiny
from hengzhi.process.facts import PROCESS_EVENT

_CASES = 210  # a branch and month
_CARD_SURGE = 0.63  # N1: so many more card applications in 2026-10
_SURGE_MONTH = 202610
_ACTIVITIES = [code for code, _ in ACTIVITIES]
_TEAMS = [code for code, _ in TEAMS]
_GROUPS = [code for code, _ in GROUPS]


@dataclass(frozen=True, slots=True)
class _Entries:
    """The cases that enter in one month: number, branch and service of each."""

    month: int
    number: Integers
    branch: Integers
    service: Integers

    def __len__(self) -> int:
        return len(self.number)


@dataclass(frozen=True, slots=True)
class _Course:
    """What happens to each case, slot by slot of its route: whether, when and at which desk."""

    happens: Mask
    local: Instants
    team: Integers


def events(bank: Bank, month: int) -> Iterator[tuple[int, pa.Table]]:
    """The events of all cases that enter in ``month``, one table for each month in which some of them happen."""
    usual = _usual(bank, month)
    yield from _by_month(bank, usual, bank.stream("case", month, "course"), keep_tiny(bank, usual.branch, 3))
    if bank.plants("N1") and month == _SURGE_MONTH:
        more = _surge(bank, month, first=len(usual))
        yield from _by_month(bank, more, bank.stream("N1", "course"), np.ones(len(more), dtype=bool))


def _usual(bank: Bank, month: int) -> _Entries:
    means = np.outer(bank.is_open(month), _CASES * shares_of_cases(bank))
    return _enter(month, bank.stream("case", month).poisson(means), first=0)


def _surge(bank: Bank, month: int, *, first: int) -> _Entries:
    """More card applications at the branches that are open for a year: quick ones end in the month, slow ones later.

    So the mean of the closed ones falls though nothing became faster.
    """
    means = np.zeros((len(bank.branches), len(HANDLED)))
    means[:, CARD] = bank.is_open(month - 100) * _CASES * shares_of_cases(bank)[CARD] * _CARD_SURGE
    return _enter(month, bank.stream("N1").poisson(means), first=first)


def _enter(month: int, counts: Integers, *, first: int) -> _Entries:
    branch, service = (np.repeat(at.ravel(), counts.ravel()).astype(np.int64) for at in np.indices(counts.shape))
    return _Entries(month, first + np.arange(len(branch)), branch, service)


def _by_month(bank: Bank, entries: _Entries, chance: np.random.Generator, keep: Mask) -> Iterator[tuple[int, pa.Table]]:
    course = _course(bank, entries, chance)
    shared = _shared(bank, entries, chance, course.local[:, 0])
    months = course.local.astype("datetime64[M]")
    kept = course.happens & keep[:, None]
    for month in np.unique(months[kept]):
        case, slot = np.nonzero(kept & (months == month))
        yield int(str(month).replace("-", "")), _rows(course, shared, case, slot)


def _course(bank: Bank, entries: _Entries, chance: np.random.Generator) -> _Course:
    loops = chance.random(len(entries)) < loop_shares(bank, entries.month)[entries.service]
    happens = steps(chance, loops)
    factors = bank.stream("level", "handling").lognormal(0, 0.03, len(bank.branches))
    days = handling_days(chance, entries.service, factors[entries.branch])
    entered = chance.integers(0, days_in(entries.month) * WORKDAY, len(entries))
    working = entered[:, None] + waits(chance, happens, days)
    return _Course(happens, clock(entries.month, working), teams(chance, entries.service, loops))


def _rows(course: _Course, shared: dict[str, pa.Array], case: Integers, slot: Integers) -> pa.Table:
    """The events at the positions (case, slot)."""
    return rows_of(
        PROCESS_EVENT,
        len(case),
        source="workflow",
        seq=(np.cumsum(course.happens, axis=1) - 1)[case, slot],
        activity=pick(_ACTIVITIES, ACTIVITY_OF_SLOT[slot]),
        at=utc(course.local[case, slot]),
        offset_minutes=OFFSET_MINUTES,
        lifecycle="complete",
        team=pick(_TEAMS, course.team[case, slot]),
        final=slot == LAST,
        **{name: column.take(pa.array(case)) for name, column in shared.items()},
    )


def _shared(bank: Bank, entries: _Entries, chance: np.random.Generator, entered: Instants) -> dict[str, pa.Array]:
    """The columns that all events of a case share; it is promised so many days after it entered."""
    rows, service = len(entries), entries.service
    online = chance.random(rows) < np.array([each.online for each in HANDLED])[service]
    amount = np.exp(chance.normal(12, 0.8, rows)).astype(np.int64) * 100
    promised = np.array([each.promised_days for each in HANDLED])[service].astype("timedelta64[D]")
    return {
        "case": numbered(str(entries.month), entries.number),
        "staff": pick(bank.staff, bank.staff_of(entries.branch, chance)),
        "unit": pick(bank.branches, bank.reporting(entries.month)[entries.branch]),
        "channel": pick(["counter", "app"], online.astype(np.int64)),
        "product": pick([each.product for each in HANDLED], service),
        "service": pick([each.code for each in HANDLED], service),
        "group": pick(_GROUPS, choose(chance, (0.6, 0.2, 0.1, 0.1), rows)),
        "amount": blank(amount, ~np.array([each.has_amount for each in HANDLED])[service]),
        "due_at": pa.array(utc(entered + promised)),
    }
