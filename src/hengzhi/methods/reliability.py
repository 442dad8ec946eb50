"""Mean time between failures with exact intervals, availability budgets and how fast they burn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]
Ending = Literal["time-terminated", "failure-terminated"]

MINUTES_A_DAY = 1440
BURN_ALERTS = ((14.4, 1.0, 1 / 12), (6.0, 6.0, 0.5), (1.0, 72.0, 6.0))  # rate, long and short window (h); SRE Workbook table 5-8


@dataclass(frozen=True, slots=True)
class TimeBetweenFailures:
    """Estimate and two-sided interval, in the unit of the operating time."""

    estimate: Floats
    lower: Floats
    upper: Floats


def mtbf_factors(failures: ArrayLike, *, confidence: float = 0.90, ending: Ending = "time-terminated") -> tuple[Floats, Floats]:
    """Factors by which the observed MTBF is multiplied to get its two-sided interval.

    With no failure there is no estimate to multiply: the lower factor then applies to the operating time itself
    and the upper one is infinite (time-terminated only).

    Source: NIST/SEMATECH e-Handbook 8.4.5.1; Epstein & Sobel 1953 (2T / chi-square with 2r + 2, or 2r, degrees of freedom).
    """
    r = np.asarray(failures, float)
    if np.any(r < 0) or (ending == "failure-terminated" and np.any(r < 1)):
        raise ValueError("failures are counted from 0, a test that ends with a failure has at least one")
    tail = (1 - confidence) / 2
    more = 2 if ending == "time-terminated" else 0
    scale = 2 * np.where(r > 0, r, 1.0)
    lower = scale / (2 * special.gammainccinv((2 * r + more) / 2, tail))
    safe = np.where(r > 0, r, 1.0)
    upper = np.where(r > 0, scale / (2 * special.gammaincinv(safe, tail)), np.inf)
    return np.asarray(lower, dtype=np.float64), np.asarray(upper, dtype=np.float64)


def mtbf(
    operating_time: ArrayLike, failures: ArrayLike, *, confidence: float = 0.90, ending: Ending = "time-terminated"
) -> TimeBetweenFailures:
    """Mean time between failures with its two-sided interval; infinite estimate with no failure."""
    time, r = np.asarray(operating_time, float), np.asarray(failures, float)
    low, high = mtbf_factors(r, confidence=confidence, ending=ending)
    per_failure = time / np.where(r > 0, r, 1.0)
    return TimeBetweenFailures(np.where(r > 0, per_failure, np.inf), per_failure * low, per_failure * high)


def budget_minutes(objective: ArrayLike, *, days: ArrayLike = 30) -> Floats:
    """Minutes of failure that an availability objective (a share) leaves in a period.

    Source: Beyer et al. 2018, The Site Reliability Workbook, ch. 2.

    >>> round(float(budget_minutes(0.99)), 9)
    432.0
    """
    share = np.asarray(objective, float)
    if np.any((share < 0) | (share > 1)):
        raise ValueError("an objective is a share in [0, 1]")
    minutes: Floats = (1 - share) * np.asarray(days, float) * MINUTES_A_DAY
    return minutes


def burn_rate(budget_share: ArrayLike, window_hours: ArrayLike, *, period_days: ArrayLike = 30) -> Floats:
    """How many times faster than even the budget burns when ``budget_share`` of it goes within a window.

    Source: Beyer et al. 2018, The Site Reliability Workbook, ch. 5, table 5-8.

    >>> round(float(burn_rate(0.02, 1)), 9)
    14.4
    """
    rate: Floats = np.asarray(budget_share, float) * np.asarray(period_days, float) * 24 / np.asarray(window_hours, float)
    return rate


def observed_burn(failed: ArrayLike, attempted: ArrayLike, *, objective: float) -> Floats:
    """Burn rate of a window from its failed and attempted requests; NaN without requests."""
    bad, total = np.broadcast_arrays(np.asarray(failed, float), np.asarray(attempted, float))
    share = np.divide(bad, total, out=np.full(total.shape, np.nan), where=total > 0)
    return np.asarray(share / (1 - objective), dtype=np.float64)


def availability(up: ArrayLike, down: ArrayLike) -> Floats:
    """Share of time in service; NaN where nothing was measured."""
    on, off = np.broadcast_arrays(np.asarray(up, float), np.asarray(down, float))
    share: Floats = np.divide(on, on + off, out=np.full(on.shape, np.nan), where=on + off > 0)
    return share
