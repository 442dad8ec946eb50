"""Which deviations to raise: the false discovery rate over a family of tests, flat or as a tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from hengzhi.methods.interval import Flags, Floats, Numbers, floats, require, require_conf


@dataclass(frozen=True, slots=True)
class Discoveries:
    """Adjusted p-values and which of them are rejected; NaN stands for no test."""

    adjusted: Floats
    rejected: Flags


def benjamini_hochberg(p: Numbers, *, alpha: float = 0.05, family: Numbers | None = None) -> Discoveries:
    """Control the false discovery rate within each family.

    Source: Benjamini & Hochberg (1995), JRSS B 57:289; adjusted as R's p.adjust.
    """
    return _step_up(p, alpha, family, lambda m: np.ones_like(m))


def benjamini_yekutieli(p: Numbers, *, alpha: float = 0.05, family: Numbers | None = None) -> Discoveries:
    """The same under any dependence between the tests.

    Source: Benjamini & Yekutieli (2001), Ann. Stat. 29:1165: times sum of 1/i.
    """
    return _step_up(p, alpha, family, lambda m: np.asarray(special.digamma(m + 1) + np.euler_gamma))


def bonferroni(p: Numbers, *, alpha: float = 0.05) -> Discoveries:
    """Control the chance of a single false rejection in the whole family."""
    (p,) = floats(p)
    adjusted = np.minimum(p * np.count_nonzero(~np.isnan(p)), 1)
    return Discoveries(adjusted, adjusted <= alpha)


def bh_rejected(p: Numbers, *, alpha: float = 0.05) -> Flags:
    """Which p-values of one family Benjamini-Hochberg rejects: as ``benjamini_hochberg``, at the cost of the small ones only."""
    (p,) = floats(p)
    m = np.count_nonzero(~np.isnan(p))
    small = np.sort(p[p <= alpha])
    passed = np.flatnonzero(_adjusted_steps(small, np.full(small.shape, float(m)), np.arange(1, small.size + 1)) <= alpha)
    return np.asarray(p <= small[passed[-1]]) if passed.size else np.zeros(p.shape, dtype=np.bool_)


def bh_with_margin(p: Numbers, *, alpha: float = 0.05, conf: float = 0.95) -> Discoveries:
    """Benjamini-Hochberg at the largest level q that keeps the share of false rejections itself, not only its mean, below ``alpha``.

    With k rejections about Binomial(k, q) of them are false, so q + z sqrt(q / k) = alpha. For families with hundreds of
    true deviations this costs little; in small ones it is strict.

    Source: Genovese & Wasserman (2006), JASA 101:1408 (exceedance control), normal approximation, independent tests.
    """
    adjusted = benjamini_hochberg(p, alpha=alpha).adjusted
    z = float(special.ndtri(1 - require_conf(conf)))
    ordered = np.sort(adjusted[~np.isnan(adjusted)])
    k = np.arange(1, ordered.size + 1)
    level = ((np.sqrt(z * z / k + 4 * alpha) - z / np.sqrt(k)) / 2) ** 2
    passed = np.flatnonzero(ordered <= level)
    return Discoveries(adjusted, adjusted <= ordered[passed[-1]] if passed.size else np.zeros(adjusted.shape, dtype=np.bool_))


@dataclass(frozen=True, slots=True)
class TreeDiscoveries:
    """Which families are opened, and which tests inside the opened ones are rejected."""

    families: Flags
    tests: Flags


def hierarchical(p: Numbers, family: Numbers, *, alpha: float = 0.05) -> TreeDiscoveries:
    """Select families by their Simes p-value, then test inside at alpha times the share of families selected.

    Args:
        p: p-values, one axis.
        family: the family of each, 0 .. F - 1 (say the district of a branch).

    Source: Benjamini & Bogomolov (2014), JRSS B 76:297.
    """
    (p,) = floats(p)
    ids = np.asarray(family, dtype=np.int64)
    adjusted = benjamini_hochberg(p, family=ids).adjusted
    # Simes' p-value of a family is the smallest BH-adjusted p-value in it.
    simes = np.full(int(ids.max(initial=-1)) + 1, np.inf)
    np.minimum.at(simes, ids, np.where(np.isnan(adjusted), np.inf, adjusted))
    simes[np.isinf(simes)] = np.nan
    chosen = benjamini_hochberg(simes, alpha=alpha).rejected
    share = chosen.sum() / max(np.count_nonzero(~np.isnan(simes)), 1)
    return TreeDiscoveries(chosen, chosen[ids] & (adjusted <= alpha * share))


def _step_up(p: Numbers, alpha: float, family: Numbers | None, penalty: Callable[[Floats], Floats]) -> Discoveries:
    (p,) = floats(p)
    require(np.isnan(p) | ((p >= 0) & (p <= 1)), "p-values must lie in [0, 1]")
    flat = p.ravel()
    ids = np.zeros(flat.shape, dtype=np.int64) if family is None else np.asarray(family, dtype=np.int64).ravel()
    known = np.flatnonzero(~np.isnan(flat))
    order = known[np.lexsort((flat[known], ids[known]))]
    values, groups = flat[order], ids[order]
    sizes = np.bincount(groups, minlength=1)
    starts = np.concatenate([[0], np.cumsum(sizes)])[:-1]
    m = sizes[groups].astype(np.float64)
    steps = np.minimum(penalty(m) * _adjusted_steps(values, m, np.arange(values.size) - starts[groups] + 1), 1)
    for start, size in zip(starts, sizes, strict=True):
        steps[start : start + size] = np.minimum.accumulate(steps[start : start + size][::-1])[::-1]
    filled = np.full(flat.shape, np.nan)
    filled[order] = steps
    adjusted = filled.reshape(p.shape)
    return Discoveries(adjusted, adjusted <= alpha)


def _adjusted_steps(values: Floats, m: Floats, rank: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> Floats:
    return values * m / rank
