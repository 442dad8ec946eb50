"""Probes of the demo bank's systems every five minutes: an outage (P5) and a silence (P6)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from hengzhi.demo.bank import Bank
from hengzhi.demo.columns import Mask, days_in, first_day, pick, rows_of, utc
from hengzhi.demo.institution import SYSTEMS
from hengzhi.technology.facts import PROBE

_SECONDS = 300
_A_DAY = 86_400 // _SECONDS
_REQUESTS = np.array([900, 500, 1200, 400, 800, 150, 250, 100, 200])  # mean of an interval, in the order of SYSTEMS
_FAILING = np.array([3, 3, 1, 2, 2, 4, 3, 4, 3]) * 1e-4
_DOWN = 5e-5  # share of intervals in which a system is down
_BY_HOUR = np.array([3, 2, 2, 2, 2, 3, 5, 10, 16, 20, 21, 19, 16, 17, 19, 20, 18, 15, 13, 13, 13, 11, 8, 5]) / 11.375
_OUTAGE = (np.datetime64("2026-10-17T09:10"), np.datetime64("2026-10-17T12:40"))
_SILENCE = (np.datetime64("2026-10-10"), np.datetime64("2026-10-15"))
_CODES = [code for code, _ in SYSTEMS]


def probes(bank: Bank, month: int) -> pa.Table:
    """One row per system and five minutes of a month, times of the institution's zone in UTC."""
    chance = bank.stream("probe", month)
    intervals = days_in(month) * _A_DAY
    local = first_day(month) + (np.arange(intervals) * _SECONDS).astype("timedelta64[s]")
    by_hour = _BY_HOUR[np.arange(intervals) % _A_DAY * _SECONDS // 3600]
    requests = chance.poisson(np.outer(_REQUESTS, by_hour))
    down = chance.random(requests.shape) < _DOWN
    failed = chance.binomial(requests, np.where(down, 0.6, _FAILING[:, None]))
    if bank.plants("P5"):
        struck = np.outer(np.array(_CODES) == "mobile", (local >= _OUTAGE[0]) & (local < _OUTAGE[1]))
        outage = bank.stream("P5")
        requests = np.where(struck, outage.poisson(6 * _REQUESTS[0], requests.shape), requests)
        failed = np.where(struck, outage.binomial(requests, 0.95), failed)
        down |= struck
    system, interval = np.nonzero(_heard(bank, local))
    return rows_of(
        PROBE,
        len(system),
        source="probe",
        system=pick(_CODES, system),
        at=utc(local[interval]),
        seconds=_SECONDS,
        requests=requests[system, interval],
        failed=failed[system, interval],
        up=~down[system, interval],
        planned=False,
    )


def _heard(bank: Bank, local: np.ndarray) -> Mask:
    """For each system and interval whether the probe reported: with P6 the one of 网银 is dead for five days."""
    silent = np.outer(np.array(_CODES) == "online", (local >= _SILENCE[0]) & (local < _SILENCE[1]))
    return ~silent if bank.plants("P6") else np.ones_like(silent)
