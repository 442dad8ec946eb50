"""Control charts of shares, rates and counts: p, u, c and Laney's p' and u'; time runs along the last axis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hengzhi.methods.deviations import column_sum
from hengzhi.methods.interval import Floats, Numbers, floats, require

D2_OF_TWO = 1.128  # the rounded constant of qcc, Minitab and textbooks; the exact 2/sqrt(pi) moves published limits


@dataclass(frozen=True, slots=True)
class Chart:
    """Points, centre line, standard deviation and limits; ``center`` has one entry per series."""

    points: Floats
    center: Floats
    sd: Floats
    lcl: Floats
    ucl: Floats

    def z(self) -> Floats:
        """The points in standard deviations from the centre; 0 where a series doesn't vary at all."""
        away = self.points - self.center[..., None]
        return np.where(self.sd > 0, away / np.where(self.sd > 0, self.sd, 1), np.sign(away) * np.where(away == 0, 0, np.inf))


def p_chart(x: Numbers, n: Numbers, *, baseline: int | None = None, sigmas: float = 3) -> Chart:
    """Shares ``x`` of ``n`` per period; a period without cases is NaN and counts nowhere.

    Args:
        x: cases that have the property, periods along the last axis.
        n: cases.
        baseline: the first periods that set the centre; all by default.
        sigmas: distance of the limits.

    Source: Montgomery, Introduction to Statistical Quality Control, ch. 7; limits cut to [0, 1].
    """
    points, center, sd = _share_parts(x, n, baseline)
    return _limits(points, center, sd, sigmas, highest=1)


def u_chart(x: Numbers, n: Numbers, *, baseline: int | None = None, sigmas: float = 3) -> Chart:
    """Events ``x`` per exposure ``n`` and period.

    Source: Montgomery, ch. 7 (u chart).
    """
    points, center, sd = _rate_parts(x, n, baseline)
    return _limits(points, center, sd, sigmas)


def c_chart(x: Numbers, *, baseline: int | None = None, sigmas: float = 3) -> Chart:
    """Counts over constant opportunity.

    Source: Montgomery, ch. 7 (c chart).
    """
    (x,) = floats(x)
    return u_chart(x, np.ones_like(x), baseline=baseline, sigmas=sigmas)


def laney_p(x: Numbers, n: Numbers, *, baseline: int | None = None, sigmas: float = 3) -> Chart:
    """The p' chart: the p chart's spread times what the points really vary (sigma_z); the default for large ``n``.

    Source: Laney (2002), Quality Engineering 14:531: sigma_z = mean moving range of z / 1.128.
    """
    points, center, sd = _share_parts(x, n, baseline)
    return _limits(points, center, _stretched(points, center, sd, baseline), sigmas, highest=1)


def laney_u(x: Numbers, n: Numbers, *, baseline: int | None = None, sigmas: float = 3) -> Chart:
    """The u' chart.

    Source: Laney (2002).
    """
    points, center, sd = _rate_parts(x, n, baseline)
    return _limits(points, center, _stretched(points, center, sd, baseline), sigmas)


def mean_moving_range(x: Floats) -> Floats:
    """The mean of |x_t - x_(t-1)| along the last axis; pairs with a gap don't count, no pair gives NaN."""
    ranges = np.abs(x[..., 1:] - x[..., :-1])
    known = ~np.isnan(ranges)
    if known.all() and ranges.shape[-1]:
        return np.asarray(column_sum(ranges) / ranges.shape[-1])
    pairs = known.sum(axis=-1)
    total = column_sum(np.where(known, ranges, 0))
    return np.where(pairs > 0, total / np.maximum(pairs, 1), np.nan)


def _share_parts(x: Numbers, n: Numbers, baseline: int | None) -> tuple[Floats, Floats, Floats]:
    x, n = floats(x, n)
    require((x >= 0) & (x <= n), "needs 0 <= x <= n")
    points, center = _pooled(x, n, baseline)
    return points, center, np.sqrt((center * (1 - center))[..., None] / _known(n))


def _rate_parts(x: Numbers, n: Numbers, baseline: int | None) -> tuple[Floats, Floats, Floats]:
    x, n = floats(x, n)
    require((x >= 0) & (n >= 0), "needs events and exposure that are not negative")
    points, center = _pooled(x, n, baseline)
    return points, center, np.sqrt(center[..., None] / _known(n))


def _pooled(x: Floats, n: Floats, baseline: int | None) -> tuple[Floats, Floats]:
    require(baseline is None or baseline >= 1, "a baseline needs at least one period")
    cases = column_sum(n[..., :baseline])
    center = np.where(cases > 0, column_sum(x[..., :baseline]) / np.where(cases > 0, cases, 1), np.nan)
    return x / _known(n), center


def _known(n: Floats) -> Floats:
    return n if n.min(initial=np.inf) > 0 else np.where(n > 0, n, np.nan)


def _stretched(points: Floats, center: Floats, sd: Floats, baseline: int | None) -> Floats:
    away = points - center[..., None]
    # A series that doesn't vary has sd 0; infinity there keeps its z at 0, and gaps stay NaN.
    z = away / np.where(sd == 0, np.inf, sd)
    sigma_z = mean_moving_range(z[..., :baseline]) / D2_OF_TWO
    return sd * sigma_z[..., None]


def _limits(points: Floats, center: Floats, sd: Floats, sigmas: float, highest: float = np.inf) -> Chart:
    half = sigmas * sd
    middle = center[..., None]
    return Chart(points, center, sd, np.maximum(middle - half, 0), np.minimum(middle + half, highest))
