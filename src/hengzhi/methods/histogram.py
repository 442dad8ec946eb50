"""Quantiles from a fixed logarithmic histogram of whole numbers, within half a per cent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy import stats

from hengzhi.methods.interval import Floats, Interval, Ints, Numbers, floats, require, require_conf

BASE = 1.01  # contracts.md section 6: bins of one per cent


def bin_of(values: Numbers) -> Ints:
    """The bin floor(ln(v + 0.5) / ln 1.01) of whole numbers v >= 0.

    >>> bin_of([0, 1, 100]).tolist()
    [-70, 40, 463]
    """
    (v,) = floats(values)
    require((v >= 0) & (v == np.floor(v)), "the histogram takes whole numbers >= 0")
    return np.asarray(np.floor(np.log(v + 0.5) / np.log(BASE)), dtype=np.int64)


def bin_range(bins: Numbers) -> tuple[Floats, Floats]:
    """The smallest and largest whole number of each bin (a bin no whole number falls in: the nearest ones around it)."""
    b = np.asarray(bins, dtype=np.float64)
    low = np.maximum(np.ceil(BASE**b - 0.5), 0)
    high = np.maximum(np.ceil(BASE ** (b + 1) - 0.5) - 1, low)
    return low, high


def bin_value(bins: Numbers) -> Floats:
    """The value that stands for each bin: at most 0.5 % from any whole number in it, exact below 100.

    Source: Masson, Rim & Lee (2019), DDSketch, VLDB 12:2195, lemma 2: 2 ab / (a + b) has relative error (b - a) / (b + a).
    """
    low, high = bin_range(bins)
    return np.where(high > low, 2 * low * high / np.where(high > 0, low + high, 1), low)


def counts_of(histograms: Sequence[Mapping[int, int]]) -> tuple[Ints, Ints]:
    """The bins used, ascending, and the counts of each histogram in them: shapes (k,) and (m, k)."""
    bins = sorted({key for histogram in histograms for key in histogram})
    counts = [[histogram.get(key, 0) for key in bins] for histogram in histograms]
    return np.asarray(bins, dtype=np.int64), np.asarray(counts, dtype=np.int64).reshape(len(histograms), len(bins))


def quantile(bins: Numbers, counts: Numbers, q: float) -> Floats:
    """The ``q`` quantile of each row of ``counts``: its ceil(q n)-th smallest value; NaN where there is none.

    Source: Hyndman & Fan (1996), Am. Stat. 50:361, definition 1.
    """
    require(0 <= q <= 1, "q must lie in [0, 1]")
    cumulated = _cumulated(counts)
    n = cumulated[..., -1]
    # 0.9 * 10 is 9.000000000000002 in places; the tiny step back keeps the rank at 9.
    rank = np.maximum(np.ceil(q * n - 1e-9), 1)
    return np.where(n > 0, bin_value(_bin_at(bins, cumulated, rank)), np.nan)


def quantile_interval(bins: Numbers, counts: Numbers, q: float, *, conf: float = 0.95) -> Interval:
    """The order-statistics interval of a quantile, two-sided; its ends are widened to their bins' edges.

    Source: Conover (1999), Practical Nonparametric Statistics, 3.2: ranks from Binomial(n, q).
    """
    tail = require_conf(conf) / 2
    return Interval(_end(bins, counts, q, tail, upper=False), _end(bins, counts, q, tail, upper=True))


def quantile_bounds(bins: Numbers, counts: Numbers, q: float, *, conf: float = 0.95) -> Interval:
    """Both one-sided bounds of a quantile, each holding with ``conf`` alone; 0 and inf where n is too small."""
    tail = require_conf(conf)
    return Interval(_end(bins, counts, q, tail, upper=False), _end(bins, counts, q, tail, upper=True))


def _end(bins: Numbers, counts: Numbers, q: float, tail: float, *, upper: bool) -> Floats:
    require(0 < q < 1, "q must lie strictly between 0 and 1")
    cumulated = _cumulated(counts)
    n = cumulated[..., -1]
    if upper:
        rank = stats.binom.isf(tail, np.maximum(n, 1), q) + 1
        found = bin_range(_bin_at(bins, cumulated, np.minimum(rank, np.maximum(n, 1))))[1]
        return np.where((n > 0) & (rank <= n), found, np.inf)
    rank = stats.binom.ppf(tail, np.maximum(n, 1), q)
    found = bin_range(_bin_at(bins, cumulated, np.maximum(rank, 1)))[0]
    return np.where((n > 0) & (rank >= 1), found, 0.0)


def _cumulated(counts: Numbers) -> Floats:
    table = np.asarray(counts, dtype=np.float64)
    require(table >= 0, "counts must not be negative")
    if table.shape[-1] == 0:
        return np.zeros((*table.shape[:-1], 1))
    return np.cumsum(table, axis=-1)


def _bin_at(bins: Numbers, cumulated: Floats, rank: Floats) -> Ints:
    places = np.sum(cumulated < np.expand_dims(rank, -1), axis=-1)
    names = np.asarray(bins, dtype=np.int64)
    if names.size == 0:
        return np.zeros(places.shape, dtype=np.int64)
    require(np.all(np.diff(names) > 0), "bins must ascend")
    return np.asarray(names[np.minimum(places, names.size - 1)])
