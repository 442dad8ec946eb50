"""What drives overall satisfaction: shares of explained variance, and the importance-performance quadrants."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from itertools import combinations
from math import factorial

import numpy as np

from hengzhi.methods.interval import Floats, Numbers, floats, require

MOST_DRIVERS = 12  # 2**12 regressions; beyond that the exact average over orders takes too long


@dataclass(frozen=True, slots=True)
class Drivers:
    """Each driver's part of the explained variance (they add up to ``r2``), its share of it, and its plain correlation."""

    importance: Floats
    share: Floats
    correlation: Floats
    r2: float
    n: int


def key_drivers(drivers: Numbers, overall: Numbers) -> Drivers:
    """How much each driver explains of ``overall``, averaged over every order of adding drivers.

    Args:
        drivers: one row per respondent, one column per driver, at most 12; rows with NaN are left out.
        overall: the overall rating.

    Source: Lindeman, Merenda & Gold (1980), p. 119 ff. (LMG, the Shapley value of R2); Grömping (2006), J. Stat. Softw. 17(1).
    """
    (x,) = floats(drivers)
    (y,) = floats(overall)
    require(x.ndim == 2 and y.shape == x.shape[:1], "needs one row of drivers per overall rating")
    known = ~(np.isnan(x).any(axis=1) | np.isnan(y))
    x, y = x[known], y[known]
    k = x.shape[1]
    require(1 <= k <= MOST_DRIVERS and len(y) > k + 1, "needs 1 to 12 drivers and more respondents than drivers")
    require(x.std(axis=0).min() > 0 and y.std() > 0, "a driver or the overall rating never varies")
    correlation = np.corrcoef(x, y, rowvar=False)
    among, with_y = correlation[:k, :k], correlation[:k, k]
    explained = {chosen: _r2(among, with_y, chosen) for size in range(k + 1) for chosen in combinations(range(k), size)}
    importance = np.zeros(k)
    for chosen, r2 in explained.items():
        for driver in set(range(k)) - set(chosen):
            weight = factorial(len(chosen)) * factorial(k - len(chosen) - 1) / factorial(k)
            importance[driver] += weight * (explained[tuple(sorted((*chosen, driver)))] - r2)
    r2 = explained[tuple(range(k))]
    return Drivers(importance, importance / r2 if r2 > 0 else np.full(k, np.nan), np.asarray(with_y), r2, len(y))


def _r2(among: Floats, with_y: Floats, chosen: tuple[int, ...]) -> float:
    if not chosen:
        return 0.0
    at = list(chosen)
    # Least squares, so that drivers which say the same (singular correlations) still share what they explain.
    slopes = np.linalg.lstsq(among[np.ix_(at, at)], with_y[at], rcond=None)[0]
    return float(np.clip(slopes @ with_y[at], 0, 1))


class Quadrant(Enum):
    """What to do about an item."""

    CONCENTRATE_HERE = "concentrate_here"
    KEEP_UP = "keep_up"
    LOW_PRIORITY = "low_priority"
    POSSIBLE_OVERKILL = "possible_overkill"


def importance_performance(importance: Numbers, performance: Numbers, *, cross: tuple[float, float] | None = None) -> tuple[Quadrant, ...]:
    """The quadrant of each item; lines at ``cross`` (importance, performance), by default at the means.

    Source: Martilla & James (1977), J. Marketing 41(1):77.
    """
    i, p = floats(importance, performance)
    require(i.ndim == 1 and i.size > 0, "needs one importance and one performance per item")
    line_i, line_p = cross if cross is not None else (float(i.mean()), float(p.mean()))
    names = {
        (True, False): Quadrant.CONCENTRATE_HERE,
        (True, True): Quadrant.KEEP_UP,
        (False, False): Quadrant.LOW_PRIORITY,
        (False, True): Quadrant.POSSIBLE_OVERKILL,
    }
    return tuple(names[bool(a >= line_i), bool(b >= line_p)] for a, b in zip(i, p, strict=True))
