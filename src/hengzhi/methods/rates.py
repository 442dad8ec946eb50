"""Events over an exposure: exact Poisson intervals, posteriors and the ratio of two rates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from hengzhi.methods.interval import Floats, Interval, Numbers, floats, require, require_conf
from hengzhi.methods.proportions import clopper_pearson


@dataclass(frozen=True, slots=True)
class RateRatio:
    """The ratio of two rates with its exact interval and two-sided p-value."""

    ratio: Floats
    interval: Interval
    p: Floats


def garwood(x: Numbers, exposure: Numbers, *, conf: float = 0.95) -> Interval:
    """The exact two-sided interval of a rate; [0, inf] where the exposure is 0.

    Source: Garwood (1936), Biometrika 28:437, by the gamma quantile.

    >>> found = garwood(137, 24.19893)
    >>> round(float(found.lower), 6), round(float(found.upper), 6)
    (4.753125, 6.692709)
    """
    tail = require_conf(conf) / 2
    return Interval(_exact_lower(x, exposure, tail), _exact_upper(x, exposure, tail))


def lower_bound(x: Numbers, exposure: Numbers, *, conf: float = 0.95) -> Floats:
    """The exact one-sided lower bound of a rate.

    Source: Garwood (1936).
    """
    return _exact_lower(x, exposure, require_conf(conf))


def upper_bound(x: Numbers, exposure: Numbers, *, conf: float = 0.95) -> Floats:
    """The exact one-sided upper bound of a rate: no event in 12 months only proves < 3.0 a year.

    Source: Garwood (1936).
    """
    return _exact_upper(x, exposure, require_conf(conf))


def gamma_posterior(x: Numbers, exposure: Numbers) -> tuple[Floats, Floats]:
    """Shape and rate of the Gamma posterior under Jeffreys' prior.

    Source: Gelman et al., Bayesian Data Analysis, 3rd ed., 2.6 and 2.8: Gamma(x + 1/2, exposure).
    """
    x, t = _events(x, exposure)
    return x + 0.5, t


def rate_ratio(x1: Numbers, exposure1: Numbers, x2: Numbers, exposure2: Numbers, *, conf: float = 0.95) -> RateRatio:
    """The first rate over the second: given the sum, x1 is binomial.

    The p-value tests ratio 1 and adds up the outcomes that are no likelier than the observed one.

    Source: Przyborowski & Wilenski (1940), Biometrika 31:313; p-value as R's binom.test.
    """
    x1, t1, x2, t2 = floats(x1, exposure1, x2, exposure2)
    require((x1 >= 0) & (x2 >= 0) & (t1 > 0) & (t2 > 0), "needs events >= 0 and exposures > 0")
    share = clopper_pearson(x1, x1 + x2, conf=conf)
    scale = t2 / t1
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = x1 / x2 * scale
        ends = [np.where(end < 1, end / (1 - end), np.inf) * scale for end in (share.lower, share.upper)]
    p = np.vectorize(_two_sided, otypes=[np.float64])(x1, x1 + x2, t1 / (t1 + t2))
    return RateRatio(ratio, Interval(ends[0], ends[1]), p)


def _two_sided(x: float, n: float, p: float) -> float:
    return float(stats.binomtest(round(x), round(n), p).pvalue) if n > 0 else 1.0


def _events(x: Numbers, exposure: Numbers) -> tuple[Floats, Floats]:
    x, t = floats(x, exposure)
    require((x >= 0) & (t >= 0), "needs events and exposure that are not negative")
    return x, t


def _exact_lower(x: Numbers, exposure: Numbers, tail: float) -> Floats:
    x, t = _events(x, exposure)
    known = (x > 0) & (t > 0)
    return np.where(known, special.gammaincinv(np.where(known, x, 1), tail) / np.where(known, t, 1), 0.0)


def _exact_upper(x: Numbers, exposure: Numbers, tail: float) -> Floats:
    x, t = _events(x, exposure)
    return np.where(t > 0, special.gammainccinv(x + 1, tail) / np.where(t > 0, t, 1), np.inf)
