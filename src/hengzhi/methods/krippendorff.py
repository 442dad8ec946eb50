"""Krippendorff's alpha for any number of raters, with gaps, on any scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from hengzhi.methods.interval import Floats, Interval, Numbers, floats, require, require_conf

Scale = Literal["nominal", "ordinal", "interval", "ratio"]


@dataclass(frozen=True, slots=True)
class Alpha:
    """Alpha with a percentile bootstrap interval over cases."""

    alpha: float
    interval: Interval
    pairable: int


def krippendorff_alpha(raters: Numbers, *, scale: Scale = "ordinal") -> float:
    """Alpha of ratings, one row per rater, one column per case, NaN for none; NaN when nothing can be compared.

    Source: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability.
    """
    values, counts = _counted(raters)
    return _alpha(counts, values, scale)


def alpha_interval(raters: Numbers, *, seed: int, scale: Scale = "ordinal", draws: int = 1000, conf: float = 0.95) -> Alpha:
    """Alpha with its bootstrap interval: cases are drawn anew with all their ratings.

    Source: Zapf et al. (2016), BMC Med. Res. Methodol. 16:93.
    """
    tail = require_conf(conf) / 2
    values, counts = _counted(raters)
    cases = counts.shape[0]
    random = np.random.default_rng(seed)
    found = [_alpha(counts[random.integers(0, cases, cases)], values, scale) for _ in range(draws if cases else 0)]
    known = np.array([value for value in found if not np.isnan(value)])
    low, high = np.quantile(known, [tail, 1 - tail]) if known.size else (np.nan, np.nan)
    return Alpha(_alpha(counts, values, scale), Interval(np.asarray(low), np.asarray(high)), int(counts.sum()))


def _counted(raters: Numbers) -> tuple[Floats, Floats]:
    """The distinct values, and how often each was given per case; cases with one rating only can't be compared."""
    (ratings,) = floats(raters)
    require(ratings.ndim == 2, "needs one row per rater and one column per case")
    values = np.unique(ratings[~np.isnan(ratings)])
    counts = (ratings.T[:, :, None] == values).sum(axis=1).astype(np.float64)
    return values, counts[counts.sum(axis=1) >= 2]


def _alpha(counts: Floats, values: Floats, scale: Scale) -> float:
    if not counts.size:
        return float("nan")
    per_case = counts.sum(axis=1)
    total = counts.sum(axis=0)
    n = total.sum()
    distance = _distance(values, total, scale)
    # Sum over pairs within a case; a value paired with itself is at distance 0.
    within = np.einsum("ij,jk,ik->i", counts, distance, counts) / (per_case - 1)
    observed = float(within.sum() / n)
    expected = float(total @ distance @ total / (n * (n - 1)))
    return 1 - observed / expected if expected > 0 else float("nan")


def _distance(values: Floats, total: Floats, scale: Scale) -> Floats:
    a, b = values[:, None], values[None, :]
    if scale == "nominal":
        return np.asarray(a != b, dtype=np.float64)
    if scale == "interval":
        return np.asarray((a - b) ** 2)
    if scale == "ratio":
        both = a + b
        share = np.divide(a - b, both, out=np.zeros((values.size, values.size)), where=both != 0)
        return np.asarray(share * share)
    middle = np.cumsum(total) - total / 2
    return np.asarray(np.subtract.outer(middle, middle) ** 2)
