"""Survey weights: raking to known margins, the design effect, effective n and the response rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hengzhi.methods.interval import Floats, Interval, Numbers, floats, require
from hengzhi.methods.means import MeanEstimate, cluster_t
from hengzhi.methods.proportions import effective_n, weighted, wilson


@dataclass(frozen=True, slots=True)
class Raked:
    """One weight per respondent (their mean is that of the base weights), and how far the worst margin still is off."""

    weights: Floats
    rounds: int
    worst_gap: float


def rake(
    margins: Sequence[npt.ArrayLike],
    targets: Sequence[Numbers],
    *,
    base: Numbers | None = None,
    cap: float | None = 5.0,
    tolerance: float = 1e-10,
    most_rounds: int = 1000,
) -> Raked:
    """Weights that bring each margin of the sample to its share of the population.

    Args:
        margins: per margin (branch, age …) the category of each respondent, 0 .. k - 1.
        targets: per margin the population's shares of its categories; every category with a share needs a respondent.
        base: design weights; 1 for all by default.
        cap: largest weight allowed, in mean weights; None for no cap (a cap may leave a gap, which is reported).
        tolerance: largest gap of a share at which to stop.
        most_rounds: rounds after which to stop anyway.

    Source: Deming & Stephan (1940), Ann. Math. Stat. 11:427; trimming as Battaglia et al. (2009), Survey Practice 2(5).
    """
    ids = [np.asarray(margin, dtype=np.int64) for margin in margins]
    shares = [_target(ids_of, target) for ids_of, target in zip(ids, targets, strict=True)]
    require(cap is None or cap > 1, "a cap must exceed the mean weight")
    start = np.ones(ids[0].size) if base is None else floats(base)[0].copy()
    require(start > 0, "base weights must be positive")
    mean = float(start.mean())
    w, rounds, gap = start / mean, 0, np.inf
    while gap > tolerance and rounds < most_rounds:
        for margin, share in zip(ids, shares, strict=True):
            w = w * _step(w, margin, share)
        if cap is not None:
            w = _capped(w, cap)
        gap = max(_gap(w, margin, share) for margin, share in zip(ids, shares, strict=True))
        rounds += 1
    return Raked(w * mean, rounds, float(gap))


def design_effect(weights: Numbers) -> Floats:
    """By how much unequal weights widen the variance: n sum w**2 / (sum w)**2.

    Source: Kish (1965), 11.7.
    """
    (w,) = floats(weights)
    kish = effective_n(w)
    return np.asarray(np.divide(w.shape[-1], kish, out=np.full_like(kish, np.nan), where=kish > 0))


def cluster_design_effect(cases_per_cluster: Numbers, icc: Numbers) -> Floats:
    """By how much clustering widens the variance: 1 + (m - 1) ICC.

    Source: Kish (1965), 5.4.
    """
    m, rho = floats(cases_per_cluster, icc)
    return np.asarray(np.maximum(1 + (m - 1) * rho, 0))


@dataclass(frozen=True, slots=True)
class WeightedShare:
    """A weighted share, its effective n and Wilson's interval on it."""

    share: Floats
    n_effective: Floats
    interval: Interval


def weighted_share(holds: Numbers, weights: Numbers, *, conf: float = 0.95) -> WeightedShare:
    """The weighted share of respondents for whom ``holds`` is 1, over the last axis.

    The effective n is Kish's, or pq over the linearised variance where that is smaller: rare groups with large weights
    that also vary more would else look surer than they are.

    Source: Kish (1965), 11.7; Korn & Graubard (1998), Survey Methodology 24:193.
    """
    x, w = floats(holds, weights)
    require((x >= 0) & (x <= 1), "needs 0 or 1 per respondent")
    total = w.sum(axis=-1)
    share = np.clip(np.divide((w * x).sum(axis=-1), total, out=np.full_like(total, 0.5), where=total > 0), 0, 1)
    variance = (w * w * (x - share[..., None]) ** 2).sum(axis=-1) / np.where(total > 0, total, 1) ** 2
    known = (variance > 0) & (share > 0) & (share < 1)
    linearised = np.where(known, share * (1 - share) / np.where(known, variance, 1), np.inf)
    n = np.minimum(effective_n(w), linearised)
    return WeightedShare(np.where(total > 0, share, np.nan), n, weighted(share, n, conf=conf))


def weighted_mean(values: Numbers, weights: Numbers) -> MeanEstimate:
    """A weighted mean, its error by linearisation (each respondent a cluster of its own).

    Source: Cochran (1977), 6.3 (ratio); Lumley (2010), Complex Surveys, 2.
    """
    v, w = floats(values, weights)
    require(v.ndim == 1, "takes one series of values")
    return cluster_t(np.zeros(v.size, dtype=np.int64), v * w, w, size=1)


@dataclass(frozen=True, slots=True)
class ResponseRate:
    """Share that answered, its interval, and per group how answering differs from the whole (in shares)."""

    rate: Floats
    interval: Interval
    gap: Floats


def response_rate(answered: Numbers, asked: Numbers, *, conf: float = 0.95) -> ResponseRate:
    """Response per group (last axis) against that of all groups: the nonresponse table.

    Source: AAPOR Standard Definitions (2023), RR1 with every case known to be eligible.
    """
    x, n = floats(answered, asked)
    total = float(n.sum())
    overall = float(x.sum()) / total if total else np.nan
    rate = np.divide(x, n, out=np.full_like(x, np.nan), where=n > 0)
    return ResponseRate(rate, wilson(x, n, conf=conf), rate - overall)


def _target(ids: np.ndarray[tuple[int, ...], np.dtype[np.int64]], target: Numbers) -> Floats:
    (share,) = floats(target)
    require(share >= 0, "target shares must not be negative")
    seen = np.bincount(ids, minlength=share.size)
    require(seen.size == share.size, "a respondent has a category without a target")
    require((seen > 0) | (share == 0), "a category with a target has no respondent")
    return np.asarray(share / share.sum())


def _step(w: Floats, ids: np.ndarray[tuple[int, ...], np.dtype[np.int64]], share: Floats) -> Floats:
    now = np.bincount(ids, weights=w, minlength=share.size) / w.sum()
    return np.asarray(np.divide(share, now, out=np.zeros_like(share), where=now > 0)[ids])


def _capped(w: Floats, cap: float) -> Floats:
    # Cutting lowers the mean, and with it the cap: a few turns settle both.
    for _ in range(100):
        if w.max() <= cap * w.mean() * (1 + 1e-12):
            break
        w = np.minimum(w, cap * w.mean())
    return np.asarray(w / w.mean())


def _gap(w: Floats, ids: np.ndarray[tuple[int, ...], np.dtype[np.int64]], share: Floats) -> float:
    return float(np.abs(np.bincount(ids, weights=w, minlength=share.size) / w.sum() - share).max())
