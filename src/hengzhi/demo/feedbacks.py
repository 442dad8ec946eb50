"""Feedback of the demo bank's customers: ratings at the counter (N4), and about 560 other records a quarter (P7, N6)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hengzhi.core import Period
from hengzhi.demo.bank import Bank, Integers, choose
from hengzhi.demo.columns import Mask, blank, days_in, first_day, numbered, pick, received, rows_of
from hengzhi.demo.institution import GROUPS, MONTHS, SERVICES
from hengzhi.demo.volume import branch_rows
from hengzhi.feedback.facts import FEEDBACK

_RATINGS = 60  # a branch and month
_SATISFIED = 0.895
# Counts planted by N4: (云岭, 北岭) ratings in each month, and how many of them dissatisfied.
_TINY_RATINGS = {202609: (6, 5), 202610: (9, 7)}
_TINY_UNHAPPY = {202609: (1, 1), 202610: (0, 2)}

P7_QUARTER = "2026Q2"
P7_DISTINCT, P7_RESENT = 477, 84
_QUARTER_LEAST, _QUARTER_MOST = 540, 580

_SERVICES = [code for code, _ in SERVICES]
_GROUPS = [code for code, _ in GROUPS]
_GROUP_SHARES = (0.6, 0.2, 0.1, 0.1)
_PRODUCT_OF_SERVICE = [
    "corporate",
    "card",
    "loan",
    "loan",
    "loan",
    "corporate",
    "deposit",
    "card",
    "payment",
    "wealth",
    "corporate",
    "payment",
]
_KINDS = ["survey", "interview", "social_media", "complaint", "opinion", "suggestion"]
_KIND_SHARES = (0.36, 0.16, 0.14, 0.15, 0.10, 0.09)
_SURVEY, _INTERVIEW, _SOCIAL, _COMPLAINT = range(4)
_CHANNELS = ["app", "online", "phone", "counter", "social"]
_CHANNEL_SHARES = (0.4, 0.2, 0.25, 0.15)  # social media stand apart
_CAUSES = ["waiting", "process", "attitude", "knowledge", "system", "fees", "information"]
_ISSUES = ["account", "card", "loan", "transfer", "app", "charges", "advice"]


def ratings(bank: Bank, month: int) -> pa.Table:
    """The taps on the rating devices of the counters in a month."""
    chance = bank.stream("rating", month)
    branch, keep = branch_rows(bank, chance, month, mean=_RATINGS, tiny=_TINY_RATINGS.get(month, (0, 0)))
    rows = len(branch)
    happy = chance.random(rows) < bank.levels("satisfied", _SATISFIED)[branch]
    happy = _plant_tiny(bank, month, branch, happy)
    service = chance.integers(0, len(_SERVICES), rows)
    table = rows_of(
        FEEDBACK,
        rows,
        source="rating_device",
        record=numbered(f"R{month}", np.arange(rows)),
        day=first_day(month) + chance.integers(0, days_in(month), rows).astype("timedelta64[D]"),
        kind="rating",
        channel="counter",
        unit=pick(bank.branches, bank.reporting(month)[branch]),
        product=pick(_PRODUCT_OF_SERVICE, service),
        service=pick(_SERVICES, service),
        group=pick(_GROUPS, choose(chance, _GROUP_SHARES, rows)),
        customer=pick(bank.customers, chance.integers(0, len(bank.customers), rows)),
        satisfaction=_scores(chance, happy),
    )
    return table.filter(pa.array(keep))


def others(bank: Bank, month: int) -> pa.Table:
    """Surveys, interviews, social media, opinions and suggestions of a month."""
    table = _of_month(bank, month)
    return table.filter(pc.not_equal(table["kind"], "complaint"))


def complaints(bank: Bank, month: int) -> pa.Table:
    """The complaints of a month."""
    table = _of_month(bank, month)
    return table.filter(pc.equal(table["kind"], "complaint"))


def resent(bank: Bank, months: tuple[int, ...]) -> pa.Table:
    """The records of ``months`` that a second file delivers again (P7): 84 that are no complaints."""
    table = pa.concat_tables([others(bank, month) for month in months])
    chosen = bank.stream("P7").permutation(len(table))[:P7_RESENT]
    return table.take(pa.array(np.sort(chosen)))


def _plant_tiny(bank: Bank, month: int, branch: Integers, happy: Mask) -> Mask:
    """``happy`` with the dissatisfied of the new branches as exact counts: the first of their ratings."""
    if not bank.plants("N4") or month not in _TINY_UNHAPPY:
        return happy
    planted = happy.copy()
    for zh, unhappy in zip(("云岭", "北岭"), _TINY_UNHAPPY[month], strict=True):
        own = np.flatnonzero(branch == bank.at(zh))
        planted[own] = np.arange(len(own)) >= unhappy
    return planted


def _scores(chance: np.random.Generator, happy: Mask) -> Integers:
    """A score of 4 or 5 for each satisfied answer, 1 or 2 or 3 for the others."""
    high = 4 + (chance.random(len(happy)) < 0.6)
    low = 1 + choose(chance, (0.2, 0.35, 0.45), len(happy))
    return np.where(happy, high, low).astype(np.int64)


def _of_month(bank: Bank, month: int) -> pa.Table:
    quarter = Period.month(month).containing("quarter")
    table = _of_quarter(bank, quarter)
    start, end = Period.month(month).start, Period.month(month).end
    inside = pc.and_(pc.greater_equal(table["day"], pa.scalar(start)), pc.less(table["day"], pa.scalar(end)))
    return table.filter(inside)


def _of_quarter(bank: Bank, quarter: Period) -> pa.Table:
    chance = bank.stream("feedback", str(quarter))
    rows = int(chance.integers(_QUARTER_LEAST, _QUARTER_MOST, endpoint=True))
    days = (quarter.end - quarter.start).days
    day = np.datetime64(quarter.start) + np.sort(chance.integers(0, days, rows)).astype("timedelta64[D]")
    kind = choose(chance, _KIND_SHARES, rows)
    service = chance.integers(0, len(_SERVICES), rows)
    channel = np.where(kind == _SOCIAL, len(_CHANNELS) - 1, choose(chance, _CHANNEL_SHARES, rows))
    rated = (kind == _SURVEY) | (kind == _INTERVIEW)
    answered = day + chance.integers(1, 25, rows).astype("timedelta64[D]")
    delivered = np.array([received(month) for month in quarter.months()], dtype="datetime64[D]")
    known = answered <= delivered[(day.astype("datetime64[M]") - np.datetime64(quarter.start, "M")).astype(int)]
    table = rows_of(
        FEEDBACK,
        rows,
        source=pick(["survey_tool", "interviews", "social_monitor", "complaint_system", "mailbox", "mailbox"], kind),
        record=numbered(f"F{quarter!s}", np.arange(rows)),
        day=day,
        kind=pick(_KINDS, kind),
        channel=pick(_CHANNELS, channel),
        unit=pick(bank.branches, _any_branch(bank, chance, quarter, rows), empty=kind == _SOCIAL),
        product=pick(_PRODUCT_OF_SERVICE, service),
        service=pick(_SERVICES, service),
        group=pick(_GROUPS, choose(chance, _GROUP_SHARES, rows)),
        customer=pick(bank.customers, chance.integers(0, len(bank.customers), rows), empty=kind == _SOCIAL),
        satisfaction=blank(_scores(chance, chance.random(rows) < _SATISFIED), ~rated),
        nps_points=blank(np.array([100, 0, -100])[choose(chance, (0.45, 0.37, 0.18), rows)], kind != _SURVEY),
        cause=pick(_CAUSES, chance.integers(0, len(_CAUSES), rows), empty=rated),
        issue=pick(_ISSUES, chance.integers(0, len(_ISSUES), rows)),
        state=pick(["open", "closed"], known.astype(int), empty=kind != _COMPLAINT),
        answered_day=blank(answered, (kind != _COMPLAINT) | ~known),
        timely=blank(chance.random(rows) < 0.99, (kind != _COMPLAINT) | ~known),
    )
    return table.filter(pa.array(_kept(bank, quarter, rows)))


def _kept(bank: Bank, quarter: Period, rows: int) -> Mask:
    """P7 leaves exactly 477 records of its quarter, spread over it; other quarters keep all."""
    keep = np.ones(rows, dtype=bool)
    if bank.plants("P7") and str(quarter) == P7_QUARTER:
        keep[bank.stream("P7", "dropped").permutation(rows)[P7_DISTINCT:]] = False
    return keep


def _any_branch(bank: Bank, chance: np.random.Generator, quarter: Period, rows: int) -> Integers:
    """A branch for each row, never one of the new ones: they have counter ratings only."""
    month = quarter.months()[0]
    old = np.array([opened <= MONTHS[0] for opened in bank.opened])
    reporting = bank.reporting(month)
    return reporting[choose(chance, old.astype(float), rows)]
