"""Ratings that customers tap at the counters of the demo bank (N4)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from hengzhi.demo.bank import Bank, Integers, choose
from hengzhi.demo.columns import Mask, days_in, first_day, numbered, pick, rows_of
from hengzhi.demo.institution import GROUPS
from hengzhi.demo.services import HANDLED
from hengzhi.demo.volume import branch_rows
from hengzhi.feedback.facts import FEEDBACK

SATISFIED = 0.895
_RATINGS = 60  # a branch and month
# Counts planted by N4: (云岭, 北岭) ratings in each month, and how many of them dissatisfied.
_TINY_RATINGS = {202609: (6, 5), 202610: (9, 7)}
_TINY_UNHAPPY = {202609: (1, 1), 202610: (0, 2)}


def ratings(bank: Bank, month: int) -> pa.Table:
    """The taps on the rating devices of the counters in a month."""
    chance = bank.stream("rating", month)
    branch, keep = branch_rows(bank, chance, month, mean=_RATINGS, tiny=_TINY_RATINGS.get(month, (0, 0)))
    rows = len(branch)
    happy = chance.random(rows) < bank.levels("satisfied", SATISFIED)[branch]
    happy = _plant_tiny(bank, month, branch, happy)
    service = chance.integers(0, len(HANDLED), rows)
    table = rows_of(
        FEEDBACK,
        rows,
        source="rating_device",
        record=numbered(f"R{month}", np.arange(rows)),
        day=first_day(month) + chance.integers(0, days_in(month), rows).astype("timedelta64[D]"),
        kind="rating",
        channel="counter",
        unit=pick(bank.branches, bank.reporting(month)[branch]),
        product=pick([each.product for each in HANDLED], service),
        service=pick([each.code for each in HANDLED], service),
        group=pick([code for code, _ in GROUPS], choose(chance, (0.6, 0.2, 0.1, 0.1), rows)),
        customer=pick(bank.customers, chance.integers(0, len(bank.customers), rows)),
        satisfaction=scores(chance, happy),
    )
    return table.filter(pa.array(keep))


def _plant_tiny(bank: Bank, month: int, branch: Integers, happy: Mask) -> Mask:
    """``happy`` with the dissatisfied of the new branches as exact counts: the first of their ratings."""
    if not bank.plants("N4") or month not in _TINY_UNHAPPY:
        return happy
    planted = happy.copy()
    for zh, unhappy in zip(("云岭", "北岭"), _TINY_UNHAPPY[month], strict=True):
        own = np.flatnonzero(branch == bank.at(zh))
        planted[own] = np.arange(len(own)) >= unhappy
    return planted


def scores(chance: np.random.Generator, happy: Mask) -> Integers:
    """A score of 4 or 5 for each satisfied answer, 1 or 2 or 3 for the others."""
    high = 4 + (chance.random(len(happy)) < 0.6)
    low = 1 + choose(chance, (0.2, 0.35, 0.45), len(happy))
    return np.where(happy, high, low).astype(np.int64)
