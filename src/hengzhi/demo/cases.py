"""Cases of the demo bank as events of its services: routes, teams, loops and working time (P3, N1, N4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from hengzhi.demo.bank import Bank, Floats, Integers, choose
from hengzhi.demo.columns import OFFSET_MINUTES, Instants, Mask, blank, days_in, first_day, numbered, pick, rows_of, utc
from hengzhi.demo.institution import ACTIVITIES, GROUPS, SERVICES, TEAMS
from hengzhi.demo.volume import keep_tiny
from hengzhi.process.facts import PROCESS_EVENT

_CASES = 210  # a branch and month
_WORKDAY = 8 * 3600  # 09:00 to 17:00, every day: no calendar effect hides in the handling times
_OPENS = np.timedelta64(9, "h")


@dataclass(frozen=True, slots=True)
class _Service:
    """How one service is handled: share of cases when the bank is small, mean days, promise, product."""

    code: str
    small_share: float
    days: float
    promised_days: int
    product: str
    online: float
    has_amount: bool = False
    handed_on: float = 0.38  # share of cases that the front desk hands to the review desk


_SERVICES = (
    _Service("corporate_account", 0.30, 2.4, 7, "corporate", 0.1, handed_on=0.92),
    _Service("credit_card", 0.20, 2.5, 42, "card", 0.6),
    _Service("personal_loan", 0.05, 3.6, 9, "loan", 0.3, has_amount=True),
    _Service("retail_loan", 0.05, 3.2, 8, "loan", 0.4, has_amount=True),
    _Service("mortgage", 0.05, 5.5, 14, "loan", 0.1, has_amount=True),
    _Service("sme_loan", 0.05, 4.5, 11, "corporate", 0.1, has_amount=True),
    _Service("personal_account", 0.05, 1.2, 3, "deposit", 0.4),
    _Service("card_replacement", 0.05, 1.5, 4, "card", 0.5),
    _Service("remittance", 0.05, 1.2, 3, "payment", 0.5, has_amount=True),
    _Service("wealth_purchase", 0.05, 1.2, 3, "wealth", 0.7, has_amount=True),
    _Service("payroll", 0.05, 1.8, 5, "corporate", 0.3),
    _Service("merchant", 0.05, 2.2, 6, "payment", 0.3),
)
_LOOPING, _CARD = 0, 1
_LOOP, _LOOP_BEFORE, _LOOP_PLANTED = 0.035, 0.09, 0.27
_LOOP_HOURS = 19  # of the clock, a third of them working hours
_REPEATED_ENTRY = 0.035
_SLOW_CARDS = 0.27  # share of card applications that wait for a credit inquiry of 31 to 45 days
_CARD_SURGE = 0.63  # N1: so many more applications in 2026-10

# The slots of a route: activity, and the share of handling time that passes before it.
_ROUTE = (
    ("intake", 0.0),
    ("entry", 0.5),
    ("entry", 0.5),  # a repeated entry
    ("check", 1.5),
    ("review", 2.0),
    ("supplement", 0.0),  # the loop takes its own time
    ("review", 0.0),
    ("approve", 2.0),
    ("issue", 1.0),
    ("notify", 0.5),
    ("archive", 0.5),
)
_AGAIN, _REVIEW, _SUPPLEMENT, _REVIEW_AGAIN, _NOTIFY, _LAST = 2, 4, 5, 6, 9, 10
_FRONT, _REVIEW_TEAM, _SUPPLEMENT_TEAM = range(3)
_ACTIVITY = np.array([[code for code, _ in ACTIVITIES].index(activity) for activity, _ in _ROUTE])
_WEIGHTS = np.array([weight for _, weight in _ROUTE])


@dataclass(frozen=True, slots=True)
class _Entries:
    """The cases that enter in one month: number, branch and service of each."""

    month: int
    number: Integers
    branch: Integers
    service: Integers

    def __len__(self) -> int:
        return len(self.number)


def events(bank: Bank, month: int) -> Iterator[tuple[int, pa.Table]]:
    """The events of all cases that enter in ``month``, one table for each month in which some of them happen."""
    for entries, chance, keep in _entries(bank, month):
        yield from _by_month(bank, entries, chance, keep)


def _entries(bank: Bank, month: int) -> Iterator[tuple[_Entries, np.random.Generator, Mask]]:
    chance = bank.stream("case", month)
    means = np.outer(bank.is_open(month), _CASES * _shares(bank))
    usual = _enter(month, chance.poisson(means), first=0)
    yield usual, chance, keep_tiny(bank, usual.branch, 3)
    if bank.plants("N1") and month == 202610:
        chance = bank.stream("N1")
        means = means[:, [_CARD]] * _CARD_SURGE * ~_is_tiny(bank)[:, None]
        more = _enter(month, np.pad(chance.poisson(means), ((0, 0), (_CARD, 0))), first=len(usual))
        yield more, chance, np.ones(len(more), dtype=bool)


def _enter(month: int, counts: Integers, *, first: int) -> _Entries:
    branch, service = (np.repeat(at.ravel(), counts.ravel()).astype(np.int64) for at in np.indices(counts.shape))
    return _Entries(month, first + np.arange(len(branch)), branch, service)


def _shares(bank: Bank) -> Floats:
    """The services' shares of cases: equal in the full bank, those with something planted larger in the small one."""
    small = np.array([service.small_share for service in _SERVICES])
    return small if bank.volume < 1 else np.full(len(_SERVICES), 1 / len(_SERVICES))


def _is_tiny(bank: Bank) -> Mask:
    return np.array([opened >= 202609 for opened in bank.opened]) & bank.plants("N4")


def _by_month(bank: Bank, entries: _Entries, chance: np.random.Generator, keep: Mask) -> Iterator[tuple[int, pa.Table]]:
    loops = chance.random(len(entries)) < _loop_shares(bank, entries)
    happens = _route(chance, loops)
    working = _times(bank, entries, chance, loops, happens)
    attributes = _attributes(bank, entries, chance)
    teams = _teams(chance, entries, loops)
    happens &= keep[:, None]
    local = _clock(entries.month, working)
    seq = np.cumsum(happens, axis=1) - 1
    months = local.astype("datetime64[M]")
    for at in range(int((months[happens].max() - months[happens].min()).astype(int)) + 1) if happens.any() else ():
        found = months[happens].min() + at
        case, slot = np.nonzero(happens & (months == found))
        yield (
            int(str(found).replace("-", "")),
            rows_of(
                PROCESS_EVENT,
                len(case),
                source="workflow",
                case=numbered(f"{entries.month}", entries.number[case]),
                seq=seq[case, slot],
                activity=pick([code for code, _ in ACTIVITIES], _ACTIVITY[slot]),
                at=utc(local[case, slot]),
                offset_minutes=OFFSET_MINUTES,
                lifecycle="complete",
                team=pick([code for code, _ in TEAMS], teams[case, slot]),
                final=slot == _LAST,
                **{name: column.take(pa.array(case)) for name, column in attributes.items()},
                due_at=utc(_promises(entries, local))[case],
            ),
        )


def _loop_shares(bank: Bank, entries: _Entries) -> Floats:
    """The chance of each case to go from review to supplement and back: 3.5 %, for 对公开户 9 % and with P3 27 %."""
    shares = np.full(len(_SERVICES), _LOOP)
    planted = bank.plants("P3") and entries.month >= 202605
    shares[_LOOPING] = _LOOP_PLANTED if planted else _LOOP_BEFORE
    return shares[entries.service]


def _route(chance: np.random.Generator, loops: Mask) -> Mask:
    """Which slots of the route each case passes."""
    happens = np.ones((len(loops), len(_ROUTE)), dtype=bool)
    happens[:, _AGAIN] = chance.random(len(loops)) < _REPEATED_ENTRY
    happens[:, _SUPPLEMENT] = happens[:, _REVIEW_AGAIN] = loops
    happens[:, _NOTIFY] = chance.random(len(loops)) < 0.85
    return happens


def _times(bank: Bank, entries: _Entries, chance: np.random.Generator, loops: Mask, happens: Mask) -> Integers:
    """The working second of each event, counted from the start of the month in which the case enters."""
    rows = len(entries)
    entered = chance.integers(0, days_in(entries.month) * _WORKDAY, rows)
    gaps = chance.standard_exponential((rows, len(_ROUTE))) * _WEIGHTS * happens
    gaps *= (_handling(bank, entries, chance) / gaps.sum(axis=1))[:, None]
    extra = chance.gamma(2, _LOOP_HOURS * 3600 / 3 / 4, (rows, 2)) * loops[:, None]
    gaps[:, [_SUPPLEMENT, _REVIEW_AGAIN]] += extra
    after: Integers = np.cumsum(gaps.astype(np.int64) + 1, axis=1)
    return entered[:, None] + after


def _handling(bank: Bank, entries: _Entries, chance: np.random.Generator) -> Floats:
    """Working seconds from entry to end: gamma of shape 2 about the service's mean; slow card applications apart."""
    factors = bank.stream("level", "handling").lognormal(0, 0.03, len(bank.branches))
    means = np.array([service.days for service in _SERVICES])
    days = chance.gamma(2, 0.5, len(entries)) * means[entries.service] * factors[entries.branch]
    slow = (chance.random(len(entries)) < _SLOW_CARDS) & (entries.service == _CARD)
    inquiry = chance.uniform(31, 44, len(entries))
    return np.where(slow, inquiry, days) * _WORKDAY


def _clock(month: int, working: Integers) -> Instants:
    """Working seconds of a month as local instants."""
    day = (working // _WORKDAY).astype("timedelta64[D]")
    local: Instants = first_day(month) + day + (working % _WORKDAY).astype("timedelta64[s]") + _OPENS
    return local


def _promises(entries: _Entries, local: Instants) -> Instants:
    """The instant until which each case is promised: so many days after it entered."""
    days = np.array([service.promised_days for service in _SERVICES])[entries.service]
    due: Instants = local[:, 0] + days.astype("timedelta64[D]")
    return due


def _teams(chance: np.random.Generator, entries: _Entries, loops: Mask) -> Integers:
    """The team of each slot: front desk, from the review on the review desk where handed on, the loop's own desk."""
    handed_on = chance.random(len(entries)) < np.array([service.handed_on for service in _SERVICES])[entries.service]
    after = np.where(handed_on, _REVIEW_TEAM, _FRONT)
    teams = np.zeros((len(entries), len(_ROUTE)), dtype=np.int64)
    teams[:, _REVIEW:] = after[:, None]
    teams[:, _SUPPLEMENT] = np.where(loops, _SUPPLEMENT_TEAM, after)
    return teams


def _attributes(bank: Bank, entries: _Entries, chance: np.random.Generator) -> dict[str, pa.Array]:
    """The columns that all events of a case share."""
    rows = len(entries)
    online = chance.random(rows) < np.array([service.online for service in _SERVICES])[entries.service]
    amount = np.exp(chance.normal(12, 0.8, rows)).astype(np.int64) * 100
    no_amount = ~np.array([service.has_amount for service in _SERVICES])[entries.service]
    reported = bank.reporting(entries.month)[entries.branch]
    return {
        "staff": pick(bank.staff, bank.staff_of(entries.branch, chance)),
        "unit": pick(bank.branches, reported),
        "channel": pick(["counter", "app"], online.astype(np.int64)),
        "product": pick([service.product for service in _SERVICES], entries.service),
        "service": pick([code for code, _ in SERVICES], entries.service),
        "group": pick([code for code, _ in GROUPS], choose(chance, (0.6, 0.2, 0.1, 0.1), rows)),
        "amount": blank(amount, no_amount),
    }
