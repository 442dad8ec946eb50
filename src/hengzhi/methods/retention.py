"""How long customers stay: Kaplan-Meier with Greenwood's variance, restricted means, and cohort tables with honest blanks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Survival:
    """The share still there after each time at which somebody left, with its variance and numbers."""

    times: Floats
    at_risk: Floats
    events: Floats
    share: Floats
    variance: Floats

    def at(self, time: ArrayLike) -> Floats:
        """The share still there at ``time``."""
        place = np.searchsorted(self.times, np.asarray(time, float), side="right")
        return np.concatenate([[1.0], self.share])[place]

    def interval(self, *, confidence: float = 0.95) -> tuple[Floats, Floats]:
        """Bounds for each share on the log-log scale, which stay in [0, 1].

        Source: Kalbfleisch & Prentice 2002, The Statistical Analysis of Failure Time Data, 1.4.
        """
        z = float(special.ndtri(0.5 + confidence / 2))
        inside = (self.share > 0) & (self.share < 1)
        share = np.where(inside, self.share, 0.5)
        wide = z * np.sqrt(self.variance) / (share * np.abs(np.log(share)))
        return np.where(inside, share ** np.exp(wide), self.share), np.where(inside, share ** np.exp(-wide), self.share)


@dataclass(frozen=True, slots=True)
class RestrictedMean:
    """Mean time stayed within a horizon, and its variance."""

    mean: float
    variance: float


@dataclass(frozen=True, slots=True)
class CohortTable:
    """Share of each cohort still there at each age; NaN where the cohort is not yet that old."""

    cohorts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    shares: Floats


def kaplan_meier(durations: ArrayLike, left: ArrayLike) -> Survival:
    """The survival curve of durations, some cut off before the end.

    Args:
        durations: how long each was seen.
        left: whether it ended then (True) or was merely seen that long (False, censored).

    Source: Kaplan & Meier 1958, JASA 53:457-481; Greenwood 1926 (variance).
    """
    time, ended = np.asarray(durations, float), np.asarray(left, bool)
    if time.shape != ended.shape or not len(time) or np.any(time < 0):
        raise ValueError("durations are not negative, and each says whether it ended")
    times, place = np.unique(time, return_inverse=True)
    ends = np.bincount(place, weights=ended, minlength=len(times))
    leaving = np.bincount(place, minlength=len(times))
    risk = len(time) - np.concatenate([[0], np.cumsum(leaving)[:-1]])
    keep = ends > 0
    times, ends, risk = times[keep], ends[keep], risk[keep].astype(np.float64)
    share = np.cumprod(1 - ends / risk)
    terms = np.divide(ends, risk * (risk - ends), out=np.zeros(len(ends)), where=risk > ends)
    return Survival(times, risk, ends.astype(np.float64), share, share**2 * np.cumsum(terms))


def restricted_mean(survival: Survival, *, horizon: float) -> RestrictedMean:
    """Area under the curve up to ``horizon``; later durations count as the horizon.

    Source: Klein & Moeschberger 2003, Survival Analysis, 4.5; Irwin 1949, J. Hygiene 47:188-189.
    """
    if horizon <= 0:
        raise ValueError("a horizon is positive")
    inside = survival.times <= horizon
    edges = np.concatenate([[0.0], survival.times[inside], [horizon]])
    areas = np.diff(edges) * np.concatenate([[1.0], survival.share[inside]])
    after = np.cumsum(areas[::-1])[::-1][1:]
    risk, ends = survival.at_risk[inside], survival.events[inside]
    terms = np.divide(ends, risk * (risk - ends), out=np.zeros(len(ends)), where=risk > ends)
    return RestrictedMean(float(areas.sum()), float((after**2 * terms).sum()))


def restricted_mean_difference(
    first: RestrictedMean, second: RestrictedMean, *, confidence: float = 0.95
) -> tuple[float, tuple[float, float], float]:
    """``first`` minus ``second``, its interval and two-sided p-value (normal).

    Source: Royston & Parmar 2013, BMC Medical Research Methodology 13:152.
    """
    gap, se = first.mean - second.mean, float(np.sqrt(first.variance + second.variance))
    reach = float(special.ndtri(0.5 + confidence / 2)) * se
    p = float(2 * special.ndtr(-abs(gap) / se)) if se > 0 else float(gap == 0)
    return gap, (gap - reach, gap + reach), p


def cohort_table(joined: ArrayLike, left: ArrayLike, *, now: int, ages: int) -> CohortTable:
    """Retention by cohort of joining and age, in whole periods.

    Args:
        joined: period in which each customer joined, counted from any origin.
        left: first period in which it was gone; NaN for those still there.
        now: the last period that is complete.
        ages: how many ages to show, from 0.
    """
    start, end = np.asarray(joined, int), np.asarray(left, float)
    if np.any(end < start):
        raise ValueError("nobody leaves before joining")
    cohorts, place = np.unique(start, return_inverse=True)
    sizes = np.bincount(place, minlength=len(cohorts))
    stayed = np.where(np.isnan(end) | (end > now), np.inf, end - start)
    shares = np.full((len(cohorts), ages), np.nan)
    for age in range(ages):
        there = np.bincount(place, weights=stayed > age, minlength=len(cohorts)) / sizes
        shares[:, age] = np.where(cohorts + age <= now, there, np.nan)
    return CohortTable(cohorts, sizes, shares)
