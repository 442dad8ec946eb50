"""Agreement on categories: Cohen's, weighted and Fleiss' kappa, Gwet's AC1, and rates corrected for known rater error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from hengzhi.methods.interval import Floats, Interval, Numbers, floats, require, require_conf

Weights = Literal["unweighted", "linear", "quadratic"]


@dataclass(frozen=True, slots=True)
class Kappa:
    """Chance-corrected agreement of two raters, its asymptotic standard error and interval."""

    kappa: float
    ase: float
    interval: Interval
    observed: float
    expected: float


def cohen_kappa(table: Numbers, *, weights: Weights = "unweighted", conf: float = 0.95) -> Kappa:
    """Kappa of a square table of two raters' counts; weights credit near misses.

    Source: Cohen (1960), Educ. Psychol. Meas. 20:37; Cicchetti & Allison (1971) (weights);
    Fleiss, Cohen & Everitt (1969), Psych. Bull. 72:323 (standard error).
    """
    share = _shares(table)
    n = float(np.asarray(table, dtype=np.float64).sum())
    w = _credit(len(share), weights)
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    observed = float((w * share).sum())
    expected = float((w * np.outer(rows, columns)).sum())
    kappa = _corrected(observed, expected)
    mean_w = (w @ columns)[:, None] + (rows @ w)[None, :]
    spread = (share * (w - mean_w * (1 - kappa)) ** 2).sum() - (kappa - expected * (1 - kappa)) ** 2
    ase = float(np.sqrt(max(spread, 0) / n) / (1 - expected)) if expected < 1 else float("nan")
    half = float(special.ndtri(1 - require_conf(conf) / 2)) * ase
    return Kappa(kappa, ase, Interval(np.asarray(kappa - half), np.asarray(kappa + half)), observed, expected)


@dataclass(frozen=True, slots=True)
class Ac1:
    """Gwet's AC1 beside the raw agreement."""

    ac1: float
    observed: float


def gwet_ac1(table: Numbers) -> Ac1:
    """Agreement that keeps its sense when nearly all cases are of one kind (where kappa collapses).

    Source: Gwet (2008), Br. J. Math. Stat. Psychol. 61:29: chance = sum of q (1 - q) / (k - 1) at the mean margins.
    """
    share = _shares(table)
    q = (share.sum(axis=0) + share.sum(axis=1)) / 2
    expected = float((q * (1 - q)).sum() / (len(share) - 1))
    observed = float(np.trace(share))
    return Ac1(_corrected(observed, expected), observed)


def fleiss_kappa(counts: Numbers) -> float:
    """Kappa of many raters: rows are cases, columns how many raters chose each category, equally many per case.

    Source: Fleiss (1971), Psych. Bull. 76:378.
    """
    (counts,) = floats(counts)
    raters = counts.sum(axis=1)
    require(
        counts.ndim == 2 and counts.size > 0 and np.all(raters == raters[0]) and raters[0] >= 2,
        "needs the same two or more raters per case",
    )
    m = float(raters[0])
    observed = float(((counts**2).sum(axis=1) - m).mean() / (m * (m - 1)))
    q = counts.sum(axis=0) / counts.sum()
    return _corrected(observed, float((q**2).sum()))


def rogan_gladen(share: Numbers, sensitivity: Numbers, specificity: Numbers) -> Floats:
    """The true rate behind a rate found by raters of known error, cut to [0, 1].

    Source: Rogan & Gladen (1978), Am. J. Epidemiol. 107:71: (p + sp - 1) / (se + sp - 1).
    """
    p, se, sp = floats(share, sensitivity, specificity)
    require(se + sp > 1, "raters must do better than chance: sensitivity + specificity > 1")
    return np.clip((p + sp - 1) / (se + sp - 1), 0, 1)


def rogan_gladen_interval(interval: Interval, sensitivity: Numbers, specificity: Numbers) -> Interval:
    """The interval of the true rate, from that of the rate found (rater error taken as known)."""
    return Interval(rogan_gladen(interval.lower, sensitivity, specificity), rogan_gladen(interval.upper, sensitivity, specificity))


def _shares(table: Numbers) -> Floats:
    (counts,) = floats(table)
    require(counts.ndim == 2 and counts.shape[0] == counts.shape[1] >= 2, "needs a square table of two categories or more")
    require(np.all(counts >= 0) and counts.sum() > 0, "counts must not be negative, nor all zero")
    return np.asarray(counts / counts.sum())


def _credit(k: int, weights: Weights) -> Floats:
    apart = np.abs(np.subtract.outer(np.arange(k), np.arange(k))).astype(np.float64)
    if weights == "unweighted":
        return np.eye(k)
    near = apart / (k - 1)
    return 1 - (near if weights == "linear" else near * near)


def _corrected(observed: float, expected: float) -> float:
    # All cases in one category: no disagreement was possible, none was seen.
    return (observed - expected) / (1 - expected) if expected < 1 else 1.0
