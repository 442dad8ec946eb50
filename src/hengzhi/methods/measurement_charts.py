"""Control charts of measurements: XmR, Xbar-R, Xbar-S, and the t and g charts of rare events."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import special

from hengzhi.methods.control_charts import D2_OF_TWO, mean_moving_range
from hengzhi.methods.interval import Floats, Numbers, floats, require

D4_OF_TWO = 3.267  # upper limit of a moving range of two, in mean ranges (Montgomery, table VI)
_WEIBULL = 3.6  # Nelson (1994): exponential times to the power 1/3.6 look normal


@dataclass(frozen=True, slots=True)
class MeasurementChart:
    """Centre, standard deviation and limits of the points, and of their ranges (or standard deviations)."""

    points: Floats
    center: Floats
    sd: Floats
    lcl: Floats
    ucl: Floats
    spread_center: Floats
    spread_lcl: Floats
    spread_ucl: Floats


def xmr(x: Numbers, *, d2: float = D2_OF_TWO, baseline: int | None = None, sigmas: float = 3) -> MeasurementChart:
    """Individual values with moving ranges of two; the spread is the mean range.

    Source: Montgomery, ch. 6.4; d2 = 1.128 rounded, as qcc.
    """
    (x,) = floats(x)
    first = x[..., :baseline]
    center = np.asarray(np.nanmean(first, axis=-1))
    ranges = mean_moving_range(first)
    sd = ranges / d2
    zero = np.zeros_like(ranges)
    return MeasurementChart(x, center, sd, center - sigmas * sd, center + sigmas * sd, ranges, zero, D4_OF_TWO * ranges)


def xbar_r(subgroups: Numbers, *, sigmas: float = 3) -> MeasurementChart:
    """Means of equal subgroups (last axis; subgroups on the axis before), spread by their ranges.

    Source: Montgomery, ch. 6.2; d2 rounded to three digits, d3 exact, as qcc.
    """
    groups = _subgroups(subgroups)
    size = groups.shape[-1]
    ranges = np.ptp(groups, axis=-1)
    r_center = np.asarray(ranges.mean(axis=-1))
    d2, d3 = range_constants(size)
    return _grouped(groups, r_center / d2, r_center, sigmas * d3 / d2, sigmas)


def xbar_s(subgroups: Numbers, *, sigmas: float = 3) -> MeasurementChart:
    """Means of equal subgroups, spread by their standard deviations.

    Source: Montgomery, ch. 6.3; c4 = sqrt(2/(n-1)) Gamma(n/2) / Gamma((n-1)/2).
    """
    groups = _subgroups(subgroups)
    c4 = float(np.sqrt(2 / (groups.shape[-1] - 1)) * special.poch((groups.shape[-1] - 1) / 2, 0.5))
    s_center = np.asarray(groups.std(axis=-1, ddof=1).mean(axis=-1))
    return _grouped(groups, s_center / c4, s_center, sigmas * float(np.sqrt(1 - c4**2)) / c4, sigmas)


def t_chart(times: Numbers, *, d2: float = D2_OF_TWO, sigmas: float = 3) -> MeasurementChart:
    """Times between rare events, charted to the power 1/3.6 and turned back; a high point is good news.

    Source: Nelson (1994), J. Qual. Technol. 26:132; Montgomery, ch. 7.3.5.
    """
    (times,) = floats(times)
    require(times >= 0, "times between events must not be negative")
    found = xmr(times ** (1 / _WEIBULL), d2=d2, sigmas=sigmas)
    back = [np.maximum(value, 0) ** _WEIBULL for value in (found.center, found.lcl, found.ucl)]
    return MeasurementChart(times, back[0], found.sd, back[1], back[2], found.spread_center, found.spread_lcl, found.spread_ucl)


def g_chart(between: Numbers, *, sigmas: float = 3) -> MeasurementChart:
    """Cases between rare events (0, 1, 2 ...), geometric.

    Source: Benneyan (2001), Health Care Manag. Sci. 4:305: variance = mean (mean + 1).
    """
    (between,) = floats(between)
    require(between >= 0, "cases between events must not be negative")
    center = np.asarray(between.mean(axis=-1))
    sd = np.sqrt(center * (center + 1))
    zero = np.zeros_like(center)
    return MeasurementChart(between, center, sd, np.maximum(center - sigmas * sd, 0), center + sigmas * sd, zero, zero, zero)


@cache
def range_constants(n: int) -> tuple[float, float]:
    """(d2 rounded to three digits, d3) of the range of ``n`` standard normal values.

    Source: Tippett (1925), Biometrika 17:364: moments of the range, here by quadrature.

    >>> range_constants(5)[0]
    2.326
    """
    require(n >= 2, "a range needs two values")
    mean, coarse = _range_moments(n, 901)
    # Two steps together cancel the error of the square of the step (Richardson).
    square = (4 * _range_moments(n, 1801)[1] - coarse) / 3
    return round(mean, 3), float(np.sqrt(square - mean**2))


def _range_moments(n: int, points: int) -> tuple[float, float]:
    at = np.linspace(-9, 9, points)
    below = special.ndtr(at)
    step = at[1] - at[0]
    mean = float(np.sum(1 - below**n - (1 - below) ** n) * step)
    low, high = below[:, None], below[None, :]
    # P(minimum <= x and maximum > y) for x <= y; half of the diagonal belongs to each side.
    joint = 1 - high**n - (1 - low) ** n + np.abs(high - low) ** n
    upper = np.triu(joint, 1).sum() + np.trace(joint) / 2
    return mean, float(2 * upper * step**2)


def _subgroups(subgroups: Numbers) -> Floats:
    (groups,) = floats(subgroups)
    require(groups.ndim >= 2 and groups.shape[-1] >= 2, "needs subgroups of at least two values")
    return groups


def _grouped(groups: Floats, sd: Floats, spread: Floats, reach: float, sigmas: float) -> MeasurementChart:
    points = groups.mean(axis=-1)
    center = np.asarray(points.mean(axis=-1))
    half = sigmas * sd / np.sqrt(groups.shape[-1])
    return MeasurementChart(
        points, center, sd, center - half, center + half, spread, np.maximum(spread * (1 - reach), 0), spread * (1 + reach)
    )
