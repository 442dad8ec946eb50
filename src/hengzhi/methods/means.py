"""Means from sums: Student's t, and the ratio mean over clusters."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import localcontext

import numpy as np
import numpy.typing as npt
from scipy import special

from hengzhi.methods.interval import Floats, Interval, Numbers, floats, require, require_conf

_DIGITS = 120  # n * ss of DECIMAL(38,0) sums has at most 76 digits


@dataclass(frozen=True, slots=True)
class MeanEstimate:
    """A mean, its standard error and degrees of freedom; without a degree of freedom the error is NaN."""

    mean: Floats
    se: Floats
    df: Floats

    def interval(self, conf: float = 0.95) -> Interval:
        """The two-sided t interval; unbounded where no error can be told."""
        return self._ends(require_conf(conf) / 2)

    def bounds(self, conf: float = 0.95) -> Interval:
        """Both one-sided bounds, each holding with ``conf`` alone."""
        return self._ends(require_conf(conf))

    def _ends(self, tail: float) -> Interval:
        known = (self.df >= 1) & np.isfinite(self.se)
        half = -special.stdtrit(np.where(known, self.df, 1), tail) * np.where(known, self.se, 0)
        return Interval(np.where(known, self.mean - half, -np.inf), np.where(known, self.mean + half, np.inf))


def t_interval(n: Numbers, s: Numbers, ss: Numbers) -> MeanEstimate:
    """The mean of ``n`` cases with sum ``s`` and sum of squares ``ss``.

    Integers and Decimals are kept exact until the centred sum of squares, so nothing cancels away.

    Source: Student (1908); se**2 = (ss - s**2 / n) / (n (n - 1)).
    """
    exact = [_exact(value) for value in (n, s, ss)]
    with localcontext() as context:
        context.prec = _DIGITS
        scaled = np.asarray(exact[0] * exact[2] - exact[1] * exact[1])
    count, total, scaled = floats(exact[0], exact[1], scaled)
    require(count >= 0, "n must not be negative")
    safe = np.maximum(count, 1)
    return t_interval_centred(count, np.where(count > 0, total / safe, np.nan), np.maximum(scaled / safe, 0))


def t_interval_centred(n: Numbers, mean: Numbers, m2: Numbers) -> MeanEstimate:
    """The same from the mean and the centred sum of squares ``m2`` = sum (v - mean)**2."""
    n, mean, m2 = floats(n, mean, m2)
    require(m2 >= 0, "a sum of squares must not be negative")
    df = n - 1
    known = df >= 1
    se = np.where(known, np.sqrt(m2 / np.where(known, n * df, 1)), np.nan)
    return MeanEstimate(mean, se, np.maximum(df, 0))


def cluster_t(group_ids: Numbers, s_g: Numbers, n_g: Numbers, *, size: int | None = None) -> MeanEstimate:
    """The ratio mean sum(s) / sum(n) of each series, its error from the spread between clusters.

    Args:
        group_ids: per cluster the series 0 .. ``size`` - 1 it belongs to, in any order.
        s_g: per cluster the sum of its cases.
        n_g: per cluster its number of cases; clusters without cases don't count.
        size: number of series; by default one more than the largest id.

    Returns:
        One entry per series: variance G/(G-1) * sum (s_g - m n_g)**2 / n**2 on G - 1 degrees of freedom.

    Source: Cochran (1977), Sampling Techniques, 6.3 and 9A.2 (ratio over clusters); df as Cameron & Miller (2015), J. Hum. Res. 50:317.
    """
    ids = np.asarray(group_ids, dtype=np.int64)
    s, n = floats(s_g, n_g)
    require(n >= 0, "n must not be negative")
    length = size if size is not None else int(ids.max(initial=-1)) + 1
    # A fixed order inside each series makes the sums independent of the order of rows.
    order = np.lexsort((s, n, ids))
    order = order[n[order] > 0]
    ids, s, n = ids[order], s[order], n[order]
    clusters = np.bincount(ids, minlength=length).astype(np.float64)
    cases = np.bincount(ids, weights=n, minlength=length)
    safe = np.where(cases > 0, cases, 1)
    mean = np.bincount(ids, weights=s, minlength=length) / safe
    spread = np.bincount(ids, weights=(s - mean[ids] * n) ** 2, minlength=length)
    df = np.maximum(clusters - 1, 0)
    variance = np.divide(clusters * spread, df * safe**2, out=np.full(length, np.nan), where=df > 0)
    return MeanEstimate(np.where(cases > 0, mean, np.nan), np.sqrt(variance), df)


def _exact(value: Numbers) -> npt.NDArray[np.object_] | Floats:
    array = np.asarray(value)
    return array.astype(object) if array.dtype.kind in "iuO" else array.astype(np.float64)
