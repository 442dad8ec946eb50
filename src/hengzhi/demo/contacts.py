"""Contacts of the demo bank: counter visits with their waits, and calls (P1, P2, N4)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from hengzhi.demo.bank import Bank, Floats, choose
from hengzhi.demo.columns import blank, numbered, pick, random_instants, rows_of, utc
from hengzhi.demo.institution import GROUPS, PHONE_CENTRE, SERVICES
from hengzhi.demo.volume import branch_rows
from hengzhi.feedback.facts import CONTACT

_VISITS = 900  # a branch and month
_CALLS = 30_000  # a month, full bank
_SERVICES = [code for code, _ in SERVICES]
_GROUPS = [code for code, _ in GROUPS]
_GROUP_SHARES = (0.6, 0.2, 0.1, 0.1)
_LONG_WAIT = 600  # seconds
_FIRST_DRIFT = 2026 * 12 + 3


def contacts(bank: Bank, month: int) -> pa.Table:
    """The visits and calls of a month."""
    return pa.concat_tables([_visits(bank, month), _calls(bank, month)])


def long_wait_shares(bank: Bank, month: int) -> Floats:
    """Each branch's share of visits that wait more than 10 minutes: 12 % with the branches' own levels, P1 and P2 apart."""
    shares = bank.levels("waiting_over_10min", 0.12)
    shares[[bank.at("南城"), bank.at("老城")]] = 0.12
    if bank.plants("P1") and month >= 202608:
        shares[bank.at("南城")] = 0.20
    if bank.plants("P2"):
        shares[bank.at("老城")] += 0.005 * max(0, month // 100 * 12 + month % 100 - _FIRST_DRIFT + 1)
    return shares


def _visits(bank: Bank, month: int) -> pa.Table:
    chance = bank.stream("visit", month)
    branch, keep = branch_rows(bank, chance, month, mean=_VISITS, tiny=12)
    rows = len(branch)
    is_long = chance.random(rows) < long_wait_shares(bank, month)[branch]
    short = (chance.beta(1.2, 2.2, rows) * _LONG_WAIT).astype(np.int64)
    long = np.minimum(_LONG_WAIT + 1 + chance.exponential(400, rows).astype(np.int64), 7200)
    gone = chance.random(rows) < 0.02
    resolved = chance.random(rows) < bank.levels("right_first_time", 0.87)[branch]
    table = rows_of(
        CONTACT,
        rows,
        source="queue",
        record=numbered(f"V{month}", np.arange(rows)),
        at=utc(random_instants(chance, month, rows, opens=9, closes=17)),
        kind="visit",
        outcome=pick(["served", "abandoned"], gone.astype(np.int64)),
        channel="counter",
        unit=pick(bank.branches, bank.reporting(month)[branch]),
        service=pick(_SERVICES, chance.integers(0, len(_SERVICES), rows)),
        group=pick(_GROUPS, choose(chance, _GROUP_SHARES, rows)),
        staff=pick(bank.staff, bank.staff_of(branch, chance), empty=gone),
        customer=pick(bank.customers, chance.integers(0, len(bank.customers), rows)),
        wait_seconds=np.where(is_long, long, short),
        service_seconds=blank(60 + chance.gamma(2, 240, rows).astype(np.int64), gone),
        transfers=blank(chance.poisson(0.1, rows), gone),
        resolved=blank(resolved, gone),
    )
    return table.filter(pa.array(keep))


def _calls(bank: Bank, month: int) -> pa.Table:
    chance = bank.stream("call", month)
    rows = int(chance.negative_binomial(2500, 2500 / (2500 + _CALLS * bank.volume)))
    # Of the calls offered 88 % are answered within 20 seconds, 8 % later, 4 % give up.
    fate = choose(chance, (0.99 * 0.88, 0.99 * 0.08, 0.99 * 0.04, 0.01), rows)
    waits = np.stack(
        [
            chance.integers(0, 21, rows),
            21 + chance.exponential(60, rows).astype(np.int64),
            5 + chance.exponential(70, rows).astype(np.int64),
            np.zeros(rows, dtype=np.int64),
        ]
    )
    unserved = fate >= 2
    return rows_of(
        CONTACT,
        rows,
        source="callcentre",
        record=numbered(f"K{month}", np.arange(rows)),
        at=utc(random_instants(chance, month, rows, opens=8, closes=22)),
        kind="call",
        outcome=pick(["served", "served", "abandoned", "not_offered"], fate),
        channel="phone",
        unit=PHONE_CENTRE,
        service=pick(_SERVICES, chance.integers(0, len(_SERVICES), rows)),
        group=pick(_GROUPS, choose(chance, _GROUP_SHARES, rows)),
        staff=pick(bank.staff, bank.phone_staff(rows, chance), empty=unserved),
        customer=pick(bank.customers, chance.integers(0, len(bank.customers), rows)),
        wait_seconds=waits[fate, np.arange(rows)],
        service_seconds=blank(30 + chance.gamma(1.5, 120, rows).astype(np.int64), unserved),
        transfers=blank(chance.poisson(0.15, rows), unserved),
        resolved=blank(chance.random(rows) < 0.865, unserved),
    )
