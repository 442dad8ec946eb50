"""Shares of a count: exact, Wilson, weighted and finite-population intervals, posteriors and the test of k shares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from hengzhi.methods.interval import Floats, Interval, Numbers, floats, require, require_conf


@dataclass(frozen=True, slots=True)
class Posterior:
    """Mean and equal-tailed credible interval of a share."""

    mean: Floats
    interval: Interval


@dataclass(frozen=True, slots=True)
class ChiSquare:
    """A chi-square statistic, its degrees of freedom and p-value."""

    chi2: Floats
    df: int
    p: Floats


def wilson(x: Numbers, n: Numbers, *, conf: float = 0.95) -> Interval:
    """Wilson's score interval for ``x`` of ``n``; [0, 1] where ``n`` is 0.

    Source: Wilson (1927), JASA 22:209; Newcombe (1998), Stat. Med. 17:857, method 3.

    >>> found = wilson(81, 263)
    >>> round(float(found.lower), 4), round(float(found.upper), 4)
    (0.2553, 0.3662)
    """
    x, n = _counts(x, n)
    z2 = _z(conf) ** 2
    scale = n + z2
    centre = (x + z2 / 2) / scale
    p = _share(x, n)
    half = np.sqrt(z2 * (n * p * (1 - p) + z2 / 4)) / scale
    # At the ends rounding leaves 1e-17 where the formula gives exactly 0 or 1.
    lower = np.where(x <= 0, 0.0, np.clip(centre - half, 0, p))
    upper = np.where(x >= n, 1.0, np.clip(centre + half, p, 1))
    return Interval(lower, upper)


def clopper_pearson(x: Numbers, n: Numbers, *, conf: float = 0.95) -> Interval:
    """The exact two-sided interval: each tail leaves (1 - ``conf``) / 2.

    Source: Clopper & Pearson (1934), Biometrika 26:404, by the beta quantile.
    """
    tail = require_conf(conf) / 2
    return Interval(_exact_lower(x, n, tail), _exact_upper(x, n, tail))


def lower_bound(x: Numbers, n: Numbers, *, conf: float = 0.95) -> Floats:
    """The exact one-sided lower bound of the share; 0 where ``x`` is 0.

    Source: Clopper & Pearson (1934). 484 of 500 proves 95 %, 478 does not.
    """
    return _exact_lower(x, n, require_conf(conf))


def upper_bound(x: Numbers, n: Numbers, *, conf: float = 0.95) -> Floats:
    """The exact one-sided upper bound of the share; 1 where ``x`` is ``n``.

    Source: Clopper & Pearson (1934); at ``x`` = 0 it is 1 - alpha**(1/n) (the "rule of three").
    """
    return _exact_upper(x, n, require_conf(conf))


def jeffreys_posterior(x: Numbers, n: Numbers) -> tuple[Floats, Floats]:
    """Both parameters of the Beta posterior under Jeffreys' prior.

    Source: Brown, Cai & DasGupta (2001), Stat. Sci. 16:101: Beta(x + 1/2, n - x + 1/2).
    """
    x, n = _counts(x, n)
    return x + 0.5, n - x + 0.5


def agresti_coull(x: Numbers, n: Numbers, *, conf: float = 0.95) -> Interval:
    """The Wald interval about Wilson's centre, cut to [0, 1].

    Source: Agresti & Coull (1998), Am. Stat. 52:119.
    """
    x, n = _counts(x, n)
    z2 = _z(conf) ** 2
    return _around((x + z2 / 2) / (n + z2), n + z2, np.sqrt(z2))


def wald(x: Numbers, n: Numbers, *, conf: float = 0.95) -> Interval:
    """The textbook normal interval, cut to [0, 1]; kept for comparison, never for a verdict."""
    x, n = _counts(x, n)
    found = _around(_share(x, n), np.maximum(n, 1), _z(conf))
    return Interval(np.where(n > 0, found.lower, 0.0), np.where(n > 0, found.upper, 1.0))


def beta_binomial(x: Numbers, n: Numbers, *, prior: tuple[float, float] = (0.5, 0.5), conf: float = 0.95) -> Posterior:
    """Posterior mean and equal-tailed interval of a share under a Beta prior.

    Source: Gelman et al., Bayesian Data Analysis, 3rd ed., 2.4.
    """
    x, n = _counts(x, n)
    require(min(prior) > 0, "both prior parameters must be positive")
    tail = require_conf(conf) / 2
    a, b = x + prior[0], n - x + prior[1]
    return Posterior(a / (a + b), Interval(*floats(special.betaincinv(a, b, tail), special.betainccinv(a, b, tail))))


def finite_population_bounds(x: Numbers, n: Numbers, population: Numbers, *, conf: float = 0.95) -> Interval:
    """One-sided exact bounds of the share of a finite population, from a sample without replacement.

    Each end alone holds with ``conf``. A whole count (``n`` = ``population``) gives the share itself.

    Source: Buonaccorsi (1987), Am. Stat. 41:215: invert the hypergeometric tail over the population's count.
    """
    x, n, size = floats(x, n, population)
    require((x >= 0) & (x <= n) & (n <= size), "needs 0 <= x <= n <= population")
    require((x == np.floor(x)) & (n == np.floor(n)) & (size == np.floor(size)), "a finite population takes whole counts")
    alpha = require_conf(conf)
    lower = _least_count(x, n, size, alpha)
    # Counting the failures instead turns an upper bound into a lower one.
    upper = size - _least_count(n - x, n, size, alpha)
    whole = np.maximum(size, 1)
    return Interval(np.where(size > 0, lower / whole, 0.0), np.where(size > 0, upper / whole, 1.0))


def effective_n(weights: Numbers) -> Floats:
    """Kish's effective number of cases, over the last axis.

    Source: Kish (1965), Survey Sampling, 11.7: (sum w)**2 / sum w**2.
    """
    (w,) = floats(weights)
    require(w >= 0, "weights must not be negative")
    squares = np.sum(w * w, axis=-1)
    return np.asarray(np.divide(np.sum(w, axis=-1) ** 2, squares, out=np.zeros_like(squares), where=squares > 0))


def weighted(share: Numbers, n_effective: Numbers, *, conf: float = 0.95) -> Interval:
    """Wilson's interval of a weighted share on its effective number of cases.

    Source: Korn & Graubard (1998), Survey Methodology 24:193 (effective sample size in a binomial interval).
    """
    p, n = floats(share, n_effective)
    return wilson(p * n, n, conf=conf)


def stratified(x: Numbers, n: Numbers, weights: Numbers, *, conf: float = 0.95) -> tuple[Floats, Floats, Interval]:
    """Share, effective n and interval of a stratified sample; strata run along the last axis.

    ``weights`` are the strata's shares of the population; strata with weight must have been sampled.

    Source: Cochran (1977), Sampling Techniques, 5.11 (variance); Korn & Graubard (1998) (effective n = pq / variance).
    """
    x, n, w = floats(x, n, weights)
    require((x >= 0) & (x <= n) & (w >= 0), "needs 0 <= x <= n and weights that are not negative")
    require(np.all((n > 0) | (w == 0)), "a stratum with weight has no case")
    w = w / np.sum(w, axis=-1, keepdims=True)
    p_h = _share(x, n)
    p = np.sum(w * p_h, axis=-1)
    variance = np.sum(w * w * p_h * (1 - p_h) / np.maximum(n - 1, 1), axis=-1)
    # Strata all at 0 or 1 show no variance; then Kish's n stands in.
    kish = 1 / np.sum(np.where(w > 0, w * w / np.maximum(n, 1), 0), axis=-1)
    n_eff = np.where(variance > 0, p * (1 - p) / np.where(variance > 0, variance, 1), kish)
    return p, n_eff, weighted(p, n_eff, conf=conf)


def k_proportions_chi2(x: Numbers, n: Numbers) -> ChiSquare:
    """Pearson's test that k shares are equal, without continuity correction, over the last axis.

    Source: Fleiss (1981), Statistical Methods for Rates and Proportions, 9.1.
    """
    x, n = _counts(x, n)
    pooled = np.sum(x, axis=-1, keepdims=True) / np.sum(n, axis=-1, keepdims=True)
    variance = n * pooled * (1 - pooled)
    parts = np.divide((x - n * pooled) ** 2, variance, out=np.zeros_like(variance), where=variance > 0)
    chi2 = np.asarray(np.sum(parts, axis=-1))
    df = x.shape[-1] - 1
    return ChiSquare(chi2, df, np.asarray(special.chdtrc(df, chi2)))


def _counts(x: Numbers, n: Numbers) -> tuple[Floats, Floats]:
    x, n = floats(x, n)
    require((x >= 0) & (x <= n), "needs 0 <= x <= n")
    return x, n


def _share(x: Floats, n: Floats) -> Floats:
    return np.divide(x, n, out=np.full_like(x, 0.5), where=n > 0)


def _z(conf: float) -> float:
    return float(special.ndtri(1 - require_conf(conf) / 2))


def _around(p: Floats, n: Floats, z: float) -> Interval:
    half = z * np.sqrt(p * (1 - p) / n)
    return Interval(np.clip(p - half, 0, 1), np.clip(p + half, 0, 1))


def _exact_lower(x: Numbers, n: Numbers, tail: float) -> Floats:
    x, n = _counts(x, n)
    return np.where(x > 0, special.betaincinv(np.where(x > 0, x, 1), n - x + 1, tail), 0.0)


def _exact_upper(x: Numbers, n: Numbers, tail: float) -> Floats:
    x, n = _counts(x, n)
    below = x < n
    return np.where(below, special.betainccinv(x + 1, np.where(below, n - x, 1), tail), 1.0)


def _least_count(x: Floats, n: Floats, size: Floats, alpha: float) -> Floats:
    """The smallest count K of the population with P(X >= x) > alpha; the tail rises with K."""
    low, high = x.copy(), size - (n - x)
    while np.any(low < high):
        middle = np.floor((low + high) / 2)
        holds = stats.hypergeom.sf(x - 1, size, middle, n) > alpha
        low, high = np.where(holds, low, np.minimum(middle + 1, high)), np.where(holds, middle, high)
    return low
