"""How many to ask: margins of error, finite populations, and power of tests of means and shares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from scipy import optimize, special

from hengzhi.methods.interval import Floats, InvalidNumbers, Numbers, floats, require, require_conf

Kind = Literal["one-sample", "two-sample", "paired"]
Alternative = Literal["two", "greater", "less"]


def margin_of_error(n: Numbers, *, p: Numbers = 0.5, conf: float = 0.95, deff: Numbers = 1, population: Numbers = np.inf) -> Floats:
    """Half the width of the normal interval of a share.

    Source: Cochran (1977), 3.2: z sqrt(deff pq / n), times sqrt((N - n) / (N - 1)) in a finite population.

    >>> round(float(margin_of_error(500)), 4)
    0.0438
    """
    n, p, deff, size = floats(n, p, deff, population)
    require((n > 0) & (p >= 0) & (p <= 1) & (n <= size), "needs n > 0, p in [0, 1] and a population no smaller than n")
    finite = np.isfinite(size) & (size > 1)
    known = np.where(finite, size, 2)
    correction = np.where(finite, (known - n) / (known - 1), 1)
    return _z(conf) * np.sqrt(deff * p * (1 - p) / n * np.maximum(correction, 0))


def sample_size(margin: Numbers, *, p: Numbers = 0.5, conf: float = 0.95, deff: Numbers = 1, population: Numbers = np.inf) -> Floats:
    """The smallest sample whose margin of error is no larger than ``margin``.

    Source: Cochran (1977), 4.4: n0 = z**2 pq / margin**2, n = n0 / (1 + (n0 - 1) / N).
    """
    margin, p, deff, size = floats(margin, p, deff, population)
    require((margin > 0) & (margin < 1), "a margin lies between 0 and 1")
    n0 = deff * _z(conf) ** 2 * p * (1 - p) / margin**2
    finite = np.isfinite(size)
    # 384.0000000000001 is 384: a thousandth of a millionth is rounding, not a person.
    return np.ceil(np.where(finite, n0 / (1 + (n0 - 1) / np.where(finite, size, 1)), n0) - 1e-9)


def krejcie_morgan(population: Numbers, *, p: Numbers = 0.5, margin: Numbers = 0.05, chi2: Numbers = 3.841) -> Floats:
    """The sample for a finite population, rounded to the nearest whole person as in the printed table.

    Source: Krejcie & Morgan (1970), Educ. Psychol. Meas. 30:607: X2 N pq / (d2 (N - 1) + X2 pq); one printed row departs from it.

    >>> krejcie_morgan([100, 1000, 10000]).tolist()
    [80.0, 278.0, 370.0]
    """
    size, p, margin, chi2 = floats(population, p, margin, chi2)
    unit = chi2 * p * (1 - p)
    return np.round(unit * size / (margin**2 * (size - 1) + unit))


def power_t(d: float, n: float, *, alpha: float = 0.05, kind: Kind = "two-sample", alternative: Alternative = "two") -> float:
    """Power of a t test at standardised difference ``d``; ``n`` per group (pairs when paired).

    Source: Cohen (1988), ch. 2, by the noncentral t, as R's pwr.t.test.
    """
    if alternative == "less":
        return power_t(-d, n, alpha=alpha, kind=kind, alternative="greater")
    groups = 2 if kind == "two-sample" else 1
    df, shift = groups * (n - 1), d * float(np.sqrt(n / groups))
    line = -float(special.stdtrit(df, alpha / (2 if alternative == "two" else 1)))
    above = _noncentral_above(line, df, shift)
    return above + _noncentral_above(line, df, -shift) if alternative == "two" else above


def n_for_power_t(d: float, power: float, *, alpha: float = 0.05, kind: Kind = "two-sample", alternative: Alternative = "two") -> float:
    """The number per group (not rounded) at which a t test has ``power``."""
    return _solved(lambda n: power_t(d, n, alpha=alpha, kind=kind, alternative=alternative) - power)


def detectable_d(n: float, power: float, *, alpha: float = 0.05, kind: Kind = "two-sample", alternative: Alternative = "two") -> float:
    """The standardised difference a t test of ``n`` per group finds with ``power``."""
    sign = -1 if alternative == "less" else 1
    return sign * float(
        optimize.brentq(lambda d: power_t(sign * d, n, alpha=alpha, kind=kind, alternative=alternative) - power, 1e-7, 100, xtol=1e-12)
    )


def power_2p_h(h: float, n: float, *, alpha: float = 0.05, alternative: Alternative = "two") -> float:
    """Power of the test of two shares at Cohen's h = 2 asin sqrt p1 - 2 asin sqrt p2, ``n`` per group.

    Source: Cohen (1988), ch. 6, as R's pwr.2p.test.
    """
    if alternative == "less":
        return power_2p_h(-h, n, alpha=alpha, alternative="greater")
    shift = h * float(np.sqrt(n / 2))
    if alternative == "greater":
        return float(special.ndtr(shift + special.ndtri(alpha)))
    line = float(special.ndtri(alpha / 2))
    return float(special.ndtr(shift + line) + special.ndtr(-shift + line))


def sample_size_2p(p1: float, p2: float, *, alpha: float = 0.05, power: float = 0.8, one_sided: bool = False, deff: float = 1) -> float:
    """The number per group (not rounded) that tells two shares apart with ``power``.

    Source: Fleiss (1981), 3.1, as R's power.prop.test.
    """
    require(p1 != p2 and min(p1, p2) >= 0 and max(p1, p2) <= 1, "needs two different shares")
    z_alpha = float(special.ndtri(1 - alpha / (1 if one_sided else 2)))
    middle = (p1 + p2) / 2
    own = float(np.sqrt(p1 * (1 - p1) + p2 * (1 - p2)))
    total = z_alpha * float(np.sqrt(2 * middle * (1 - middle))) + float(special.ndtri(power)) * own
    return deff * (total / (p1 - p2)) ** 2


def power_2p(p1: float, p2: float, n: float, *, alpha: float = 0.05, one_sided: bool = False) -> float:
    """Power of the same test with ``n`` per group."""
    z_alpha = float(special.ndtri(1 - alpha / (1 if one_sided else 2)))
    middle = (p1 + p2) / 2
    own = float(np.sqrt(p1 * (1 - p1) + p2 * (1 - p2)))
    return float(special.ndtr((abs(p1 - p2) * np.sqrt(n) - z_alpha * np.sqrt(2 * middle * (1 - middle))) / own))


def _noncentral_above(line: float, df: float, shift: float) -> float:
    """P(T > line) of the noncentral t: the normal tail averaged over the chi of the spread (SciPy's own is NaN for large shifts)."""
    ends = np.sqrt(special.gammaincinv(df / 2, 1e-17) * 2 / df), np.sqrt(special.gammainccinv(df / 2, 1e-17) * 2 / df)
    at, weights = np.polynomial.legendre.leggauss(300)
    root = (at + 1) / 2
    # Squared, so that nodes crowd where the density of few degrees of freedom bends.
    spread = ends[0] + (ends[1] - ends[0]) * root**2
    log_density = np.log(df) + np.log(spread) + (df / 2 - 1) * np.log(df * spread**2 / 2) - df * spread**2 / 2 - special.gammaln(df / 2)
    found = np.sum(weights * np.exp(log_density) * special.ndtr(shift - line * spread) * root) * (ends[1] - ends[0])
    return float(min(found, 1.0))


def _z(conf: float) -> float:
    return float(special.ndtri(1 - require_conf(conf) / 2))


def _solved(gap: Callable[[float], float]) -> float:
    low, high = 2 + 1e-9, 4.0
    while gap(high) < 0:
        low, high = high, high * 2
        if high > 1e9:
            raise InvalidNumbers("no sample reaches this power")
    if gap(low) >= 0:
        return low
    return float(optimize.brentq(gap, low, high, xtol=1e-10, rtol=1e-13))
