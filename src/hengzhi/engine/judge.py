"""Judging: from the sums of many series at once to interval, verdict, score and level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hengzhi.core import InvalidFormula
from hengzhi.engine.indicators import Indicator
from hengzhi.engine.policy import Target
from hengzhi.lake.tables import Unit
from hengzhi.methods import histogram, means, proportions, rates, rating
from hengzhi.methods.interval import Interval
from hengzhi.methods.needed import needed_n

Floats = NDArray[np.float64]

_KNOT_SCORES = (100.0, 60.0, 40.0, 0.0)  # worst, limit, target, ideal (design.md)
_WORST_STEPS = 2.0  # the worst lies twice as far behind the limit as the limit behind the target
_SECONDS = {Unit.SECONDS: 1.0, Unit.MINUTES: 60.0, Unit.HOURS: 3600.0, Unit.DAYS: 86_400.0}


@dataclass(frozen=True, slots=True)
class Series:
    """The evidence of m series of one indicator; sums are exact integers in stored units.

    ``mean``: the estimate of a mean (already in shown units); ``bins``/``counts``: histograms of a quantile.
    """

    x: NDArray[np.int64] | Floats
    n: NDArray[np.int64] | Floats
    mean: means.MeanEstimate | None = None
    bins: NDArray[np.int64] | None = None
    counts: NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What the evidence of m series says; arrays of length m, NaN where there is nothing to say."""

    value: Floats
    lower: Floats
    upper: Floats
    method: str
    bounds: Interval  # one-sided 95 %
    arithmetic: Floats  # 1 meets the target as plain arithmetic, 0 does not
    verdict: NDArray[np.str_]
    needed: Floats
    score: Floats
    limit_missed: NDArray[np.bool_]  # the one-sided bound lies beyond the limit


def shown_factor(indicator: Indicator, stored: Unit | None, scale: int) -> float:
    """What a stored integer is multiplied by to give the unit in which the indicator is shown."""
    factor = 10.0**-scale
    if stored in _SECONDS and indicator.unit in _SECONDS:
        return factor * _SECONDS[stored] / _SECONDS[indicator.unit]
    return factor


def judge(indicator: Indicator, series: Series, target: Target) -> Judged:
    """Interval, bounds, verdict and score of every series.

    A verdict is met or missed when the one-sided 95 % bound lies on that side of the target, else not_shown;
    a census is compared itself (contracts.md §6). Series without any case are no_data.
    """
    value, shown, bounds, method = _evidence(indicator, series)
    empty = series.n <= 0 if indicator.kind not in ("count",) else np.zeros(len(series.n), bool)
    if indicator.kind == "census" and indicator.n is None:
        empty = np.zeros(len(series.n), bool)
    verdict = _verdict(value, bounds, indicator.direction, target)
    verdict = np.where(empty, "no_data", verdict)
    blank = np.where(empty, np.nan, 1.0)
    return Judged(
        value=value * blank,
        lower=shown.lower * blank,
        upper=shown.upper * blank,
        method=method,
        bounds=bounds,
        arithmetic=_arithmetic(value, indicator.direction, target) * blank,
        verdict=verdict,
        needed=_needed(indicator, value, verdict, target),
        score=expected_score(indicator, series, value, target) * blank,
        limit_missed=~empty & _beyond(bounds, indicator.direction, target.limit),
    )


def knots(indicator: Indicator, target: Target) -> tuple[float, ...] | None:
    """Values at which the risk score is 100, 60, 40 and 0; None where the policy names no target."""
    if target.target is None:
        return None
    limit = target.limit if target.limit is not None else target.target
    step = limit - target.target  # points away from good
    worst = target.worst if target.worst is not None else limit + _WORST_STEPS * step
    ideal = target.ideal
    if ideal is None:
        best = {"up": 1.0 if indicator.unit is Unit.SHARE else target.target - 2 * step, "down": 0.0}
        ideal = best.get(indicator.direction, target.target - 2 * step)
    return (worst, limit, target.target, ideal)


def _evidence(indicator: Indicator, series: Series) -> tuple[Floats, Interval, Interval, str]:
    x, n = series.x.astype(np.float64), series.n.astype(np.float64)
    if indicator.kind == "proportion":
        return _ratio(x, n), proportions.wilson(x, n), _both(proportions, x, n), "wilson; clopper_pearson"
    if indicator.kind == "rate":
        return _ratio(x, n), rates.garwood(x, n), _both(rates, x, n), "garwood"
    if indicator.kind == "count":
        one = np.ones_like(x)
        return x, rates.garwood(x, one), _both(rates, x, one), "garwood"
    if indicator.kind == "census":
        value = _ratio(x, n) if indicator.n else x
        return value, Interval(value, value), Interval(value, value), "census"
    if indicator.kind == "mean" and series.mean is not None:
        return series.mean.mean, series.mean.interval(), series.mean.bounds(), "cluster_t" if indicator.cluster else "t"
    if indicator.kind == "quantile" and series.bins is not None and series.counts is not None:
        return _quantile(indicator, series.bins, series.counts)
    raise InvalidFormula(indicator=indicator.key, kind=indicator.kind)


def _quantile(indicator: Indicator, bins: NDArray[np.int64], counts: NDArray[np.int64]) -> tuple[Floats, Interval, Interval, str]:
    q, factor = float(indicator.quantile or 0.5), shown_factor(indicator, Unit.SECONDS, 0)
    shown = histogram.quantile_interval(bins, counts, q)
    bounds = histogram.quantile_bounds(bins, counts, q)
    return (
        np.asarray(histogram.quantile(bins, counts, q) * factor),
        Interval(shown.lower * factor, shown.upper * factor),
        Interval(bounds.lower * factor, bounds.upper * factor),
        "order_statistics",
    )


def _ratio(x: Floats, n: Floats) -> Floats:
    return np.divide(x, n, out=np.full_like(x, np.nan), where=n > 0)


def _both(family: object, x: Floats, n: Floats) -> Interval:
    return Interval(family.lower_bound(x, n), family.upper_bound(x, n))  # type: ignore[attr-defined]


def _verdict(value: Floats, bounds: Interval, direction: str, target: Target) -> NDArray[np.str_]:
    if target.target is None:
        return np.full(len(value), "no_target")
    if direction == "down":
        met, missed = bounds.upper <= target.target, bounds.lower > target.target
    else:
        met, missed = bounds.lower >= target.target, bounds.upper < target.target
    return np.where(met, "met", np.where(missed, "missed", "not_shown"))


def _beyond(bounds: Interval, direction: str, limit: float | None) -> NDArray[np.bool_]:
    if limit is None:
        return np.zeros(len(bounds.lower), bool)
    return np.asarray(bounds.lower > limit if direction == "down" else bounds.upper < limit)


def _arithmetic(value: Floats, direction: str, target: Target) -> Floats:
    if target.target is None:
        return np.full(len(value), np.nan)
    holds = value <= target.target if direction == "down" else value >= target.target
    return np.where(np.isnan(value), np.nan, holds.astype(np.float64))


def _needed(indicator: Indicator, value: Floats, verdict: NDArray[np.str_], target: Target) -> Floats:
    """The total n at which the same share would be proven; only for shares that are not shown."""
    out = np.full(len(value), np.nan)
    asked = np.flatnonzero((verdict == "not_shown") & np.isfinite(value))
    if indicator.kind != "proportion" or target.target is None or not len(asked):
        return out
    direction: Literal["up", "down"] = "down" if indicator.direction == "down" else "up"
    shares, back = np.unique(value[asked], return_inverse=True)
    found = needed_n(shares, target.target, direction)
    out[asked] = np.where(np.isfinite(found), found, np.nan)[back]
    return out


def expected_score(indicator: Indicator, series: Series, value: Floats, target: Target) -> Floats:
    """The posterior mean of the risk function for every series; NaN where the policy names no target."""
    thetas = knots(indicator, target)
    if thetas is None:
        return np.full(len(value), np.nan)
    if target.limit is not None and target.limit == target.target and target.worst is None:
        return _step_score(indicator, series, value, target.target)
    x, n = series.x.astype(np.float64), series.n.astype(np.float64)
    safe = np.where(n > 0, n, 1.0)
    if indicator.kind == "proportion":
        a, b = proportions.jeffreys_posterior(np.where(n > 0, x, 0.0), safe)
        return rating.expected_score_beta(a, b, thetas, _KNOT_SCORES)
    if indicator.kind in ("rate", "count"):
        shape, rate = rates.gamma_posterior(x, safe if indicator.kind == "rate" else np.ones_like(x))
        return rating.expected_score_gamma(shape, rate, thetas, _KNOT_SCORES)
    if indicator.kind == "mean" and series.mean is not None:
        return rating.expected_score_t(series.mean.mean, series.mean.se, series.mean.df, thetas, _KNOT_SCORES)
    return rating.score_at(value, thetas, _KNOT_SCORES)


def _step_score(indicator: Indicator, series: Series, value: Floats, target: float | None) -> Floats:
    """Where target and limit coincide: 0 when met, 100 when missed, in between by the posterior (contracts.md §6)."""
    line = float(target or 0.0)
    x, n = series.x.astype(np.float64), series.n.astype(np.float64)
    safe = np.where(n > 0, n, 1.0)
    if indicator.kind == "proportion":
        a, b = proportions.jeffreys_posterior(np.where(n > 0, x, 0.0), safe)
        below = rating.probability_below_beta(a, b, line)
    elif indicator.kind in ("rate", "count"):
        shape, rate = rates.gamma_posterior(x, safe if indicator.kind == "rate" else np.ones_like(x))
        below = rating.probability_below_gamma(shape, rate, line)
    elif indicator.kind == "mean" and series.mean is not None:
        below = rating.probability_below_t(series.mean.mean, series.mean.se, series.mean.df, line)
    else:
        met = value <= line if indicator.direction == "down" else value >= line
        return np.where(met, 0.0, 100.0)
    return np.asarray(100.0 * (1.0 - below if indicator.direction == "down" else below))
