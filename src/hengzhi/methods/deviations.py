"""How surprising a period is against the others of its series: p-values that allow for overdispersion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from hengzhi.methods.interval import Flags, Floats, Numbers, floats, require

_FAR = 1e-6  # below this the finite series of Student's t loses digits to cancellation


@dataclass(frozen=True, slots=True)
class _Others:
    """What the periods a share is compared with add up to; ``about`` is sum of (x - n p)**2 / n at their own share p."""

    events: Floats
    cases: Floats
    cases_squared: Floats
    about: Floats
    periods: Floats


def overdispersed_p(x: Numbers, n: Numbers, *, baseline: int | None = None) -> Floats:
    """Two-sided p-value of the last period's share against the baseline's, the spread taken from the baseline itself.

    A period's share varies by pq / n and by tau**2 between periods, which the baseline tells by moments and which is never
    below 0; the statistic follows t with k - 1 degrees of freedom, exactly so when periods are alike in size.

    Args:
        x: cases with the property, periods along the last axis.
        n: cases; a period without cases doesn't count.
        baseline: number of first periods; all but the last by default.

    Returns:
        One p-value per series; NaN where the last period or the baseline is empty.

    Source: Spiegelhalter (2005), Stat. Med. 24:1185 (additive overdispersion);
    DerSimonian & Laird (1986), Control. Clin. Trials 7:177 (tau by moments).
    """
    x, n = floats(x, n)
    require((x >= 0) & (x <= n), "needs 0 <= x <= n")
    return _p_value(x[..., -1], n[..., -1], _before(x, n, baseline))


def overdispersed_rate_p(x: Numbers, exposure: Numbers, *, baseline: int | None = None) -> Floats:
    """The same for a rate of events: within a period it varies by rate / exposure.

    Source: as ``overdispersed_p``, Poisson in place of binomial.
    """
    x, n = floats(x, exposure)
    require((x >= 0) & (n >= 0), "needs events and exposure that are not negative")
    return _p_value(x[..., -1], n[..., -1], _before(x, n, baseline), poisson=True)


def individual_p(values: Numbers, *, baseline: int | None = None) -> Floats:
    """Two-sided p-value of the last value (a period's mean, say) against the baseline's values; gaps (NaN) don't count.

    Source: Student's prediction of one more value: t = (v - mean) / (s sqrt(1 + 1/k)) on k - 1 degrees of freedom.
    """
    (v,) = floats(values)
    first = v[..., : v.shape[-1] - 1 if baseline is None else baseline]
    known = ~np.isnan(first)
    k = column_sum(known)
    mean = column_sum(np.where(known, first, 0)) / np.maximum(k, 1)
    variance = column_sum(np.where(known, first - mean[..., None], 0) ** 2) / np.maximum(k - 1, 1)
    away = v[..., -1] - mean
    varies = variance > 0
    t = np.where(varies, away / np.sqrt(np.where(varies, variance * (1 + 1 / np.maximum(k, 1)), 1)), np.where(away == 0, 0, np.inf))
    return np.where((k >= 2) & ~np.isnan(away), 2 * special.stdtr(np.maximum(k - 1, 1), -np.abs(t)), np.nan)


def overdispersed_p_each(x: Numbers, n: Numbers) -> Floats:
    """The same for every period, each against all others of its series.

    Source: as ``overdispersed_p``; the leave-one-out sums follow from the whole ones.
    """
    x, n = floats(x, n)
    require((x >= 0) & (x <= n), "needs 0 <= x <= n")
    u = _excess(x, n)
    squares, cases_squared = _squares(u, n), n * n
    cases = _without(n)
    # The others' own share lies off the pooled one; their squares about it follow by the parallel-axis theorem.
    about = np.maximum(_without(squares) - _squares(_without(u), cases), 0)
    return _p_value(x, n, _Others(_without(x), cases, _without(cases_squared), about, _without(n > 0)))


def student_p(t: Numbers, df: int) -> Floats:
    """Two-sided p-value of Student's t with whole ``df``, by its finite series; many times faster than the incomplete beta.

    Source: Abramowitz & Stegun (1964), 26.7.3 and 26.7.4.

    >>> round(float(student_p(2.032245, 34)), 6)
    0.05
    """
    require(df >= 1, "needs a degree of freedom")
    (t,) = floats(t)
    # Flat in memory order, so that arrays laid out by period are not gathered element by element.
    order: Literal["C", "F"] = "C" if t.flags.c_contiguous else "F"
    size = np.minimum(np.abs(t.reshape(-1, order=order)), 1e150)
    square = df / (df + size * size)
    sine = size * np.sqrt(square / df)
    total = np.ones_like(size)
    for k in range(df - 2, 1, -2):
        total *= square
        total *= (k - 1) / k
        total += 1
    if df % 2:
        total = total * np.sqrt(square) if df > 1 else np.zeros_like(size)
        p = 1 - (np.arctan(size / np.sqrt(df)) + sine * total) * (2 / np.pi)
    else:
        p = 1 - sine * total
    far = np.flatnonzero(p < _FAR)
    p[far] = 2 * special.stdtr(df, -size[far])
    return np.asarray(np.minimum(p, 1).reshape(t.shape, order=order))


def column_sum(values: Floats | Flags) -> Floats:
    """The sum along the last axis, added in order: the same bits whatever the memory layout or block."""
    total = np.zeros(values.shape[:-1])
    for at in range(values.shape[-1]):
        total = total + values[..., at]
    return total


def _before(x: Floats, n: Floats, baseline: int | None) -> _Others:
    first = slice(0, x.shape[-1] - 1 if baseline is None else baseline)
    xs, ns = x[..., first], n[..., first]
    about = column_sum(_squares(_excess(xs, ns), ns))
    return _Others(column_sum(xs), column_sum(ns), column_sum(ns * ns), about, column_sum(ns > 0))


def _without(values: Floats | Flags) -> Floats:
    return np.asarray(column_sum(values)[..., None] - values)


def _excess(x: Floats, n: Floats) -> Floats:
    """Cases above what the pooled share expects."""
    cases = column_sum(n)
    return x - n * (column_sum(x) / np.where(cases > 0, cases, 1))[..., None]


def _squares(u: Floats, n: Floats) -> Floats:
    return u * u / np.maximum(n, 1e-300)  # without cases u is 0 as well


def _p_value(x: Floats, n: Floats, others: _Others, *, poisson: bool = False) -> Floats:
    df = others.periods - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        share = others.events / others.cases
        unit = share if poisson else share * (1 - share)
        tau2 = (others.about - df * unit) / (others.cases - others.cases_squared / others.cases)
        if not np.all(unit > 0):
            # A baseline without a single event (or miss) has no spread of its own; half an event keeps its variance finite.
            smooth = (others.events + 0.5) / (others.cases if poisson else others.cases + 1)
            unit, tau2 = np.where(unit > 0, unit, smooth if poisson else smooth * (1 - smooth)), np.where(unit > 0, tau2, 0)
        spread = np.maximum(tau2, 0) * (1 + others.cases_squared / (others.cases * others.cases))
        t = (x / n - share) / np.sqrt(unit * (1 / n + 1 / others.cases) + spread)
    least, most = df.min(initial=np.inf), df.max(initial=-np.inf)
    if least == most and least > 0:
        return student_p(t, int(least))
    p = np.full(t.shape, np.nan)
    for each in np.unique(df[df > 0]):
        p[df == each] = student_p(t[df == each], int(each))
    return p
