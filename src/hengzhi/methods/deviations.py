"""How surprising a period is against the others of its series: p-values that allow for overdispersion."""

from __future__ import annotations

import numpy as np
from scipy import special

from hengzhi.methods.interval import Floats, Numbers, floats, require

_FAR = 1e-6  # below this the finite series of Student's t loses digits to cancellation


def overdispersed_p(x: Numbers, n: Numbers, *, baseline: int | None = None) -> Floats:
    """Two-sided p-value of the last period's share against the baseline's, the spread taken from the baseline itself.

    The binomial variance is stretched by the baseline's dispersion phi = sum of z**2 / (k - 1), never shrunk below 1;
    the statistic follows t with k - 1 degrees of freedom.

    Args:
        x: cases with the property, periods along the last axis.
        n: cases; a period without cases doesn't count.
        baseline: number of first periods; all but the last by default.

    Returns:
        One p-value per series; NaN where the last period or the baseline is empty.

    Source: McCullagh & Nelder (1989), Generalized Linear Models, 4.5 (overdispersion); prediction variance phi pq (1/n + 1/N).
    """
    x, n = floats(x, n)
    require((x >= 0) & (x <= n), "needs 0 <= x <= n")
    first = slice(0, x.shape[-1] - 1 if baseline is None else baseline)
    u, pooled = _excess(x[..., first], n[..., first])
    sums = (column_sum(x[..., first]), column_sum(n[..., first]), column_sum(_squares(u, n[..., first])))
    periods = (n[..., first] > 0).sum(axis=-1)
    return _p_value(x[..., -1], n[..., -1], sums, np.asarray(pooled), periods)


def overdispersed_p_each(x: Numbers, n: Numbers) -> Floats:
    """The same for every period, each against all others of its series.

    Source: as ``overdispersed_p``; the leave-one-out sums follow from the whole ones.
    """
    x, n = floats(x, n)
    require((x >= 0) & (x <= n), "needs 0 <= x <= n")
    u, pooled = _excess(x, n)
    squares = _squares(u, n)
    events, cases = column_sum(x)[..., None] - x, column_sum(n)[..., None] - n
    # The others' own share lies off the pooled one; their squares about it follow by the parallel-axis theorem.
    others = column_sum(u)[..., None] - u
    about = column_sum(squares)[..., None] - squares - np.where(cases > 0, others**2 / np.where(cases > 0, cases, 1), 0)
    known = n > 0
    periods = known.sum(axis=-1)[..., None] - known
    return _p_value(x, n, (events, cases, np.maximum(about, 0)), events / np.where(cases > 0, cases, np.nan), periods)


def student_p(t: Numbers, df: int) -> Floats:
    """Two-sided p-value of Student's t with whole ``df``, by its finite series; many times faster than the incomplete beta.

    Source: Abramowitz & Stegun (1964), 26.7.3 and 26.7.4.

    >>> round(float(student_p(2.032245, 34)), 6)
    0.05
    """
    require(df >= 1, "needs a degree of freedom")
    (t,) = floats(t)
    square = df / (df + t * t)
    sine = np.abs(t) / np.sqrt(df + t * t)
    total = np.ones_like(t)
    odd = df % 2
    for k in range(df - 2, 1, -2):
        total = 1 + total * square * ((k - 1) / k)
    if odd:
        terms = sine * np.sqrt(square) * total if df > 1 else 0.0
        inside = (np.arctan(np.abs(t) / np.sqrt(df)) + terms) * (2 / np.pi)
    else:
        inside = sine * total
    p = np.asarray(np.clip(1 - inside, 0, 1))
    far = p < _FAR
    if np.any(far):
        p[far] = 2 * special.stdtr(df, -np.abs(t[far]))
    return np.where(np.isnan(t), np.nan, p)


def column_sum(values: Floats) -> Floats:
    """The sum along the last axis, added in order: the same bits whatever the memory layout or block."""
    total = np.zeros(values.shape[:-1])
    for at in range(values.shape[-1]):
        total = total + values[..., at]
    return total


def _excess(x: Floats, n: Floats) -> tuple[Floats, Floats]:
    cases = column_sum(n)
    pooled = column_sum(x) / np.where(cases > 0, cases, np.nan)
    return x - n * np.where(np.isnan(pooled), 0, pooled)[..., None], pooled


def _squares(u: Floats, n: Floats) -> Floats:
    return np.where(n > 0, u * u / np.where(n > 0, n, 1), 0)


def _p_value(x: Floats, n: Floats, sums: tuple[Floats, Floats, Floats], share: Floats, periods: object) -> Floats:
    events, cases, squares = sums
    df = np.asarray(periods, dtype=np.float64) - 1
    unit = share * (1 - share)
    phi = np.fmax(squares / np.where((unit > 0) & (df > 0), unit * df, np.nan), 1)
    # A baseline without a single event (or miss) has no spread of its own; half an event keeps its variance finite.
    smooth = (events + 0.5) / (cases + 1)
    variance = np.where(unit > 0, phi * unit, smooth * (1 - smooth))
    scale = variance * (1 / np.where(n > 0, n, np.nan) + 1 / np.where(cases > 0, cases, np.nan))
    t = (x / np.where(n > 0, n, np.nan) - share) / np.sqrt(scale)
    t = np.where(df > 0, t, np.nan)
    freedom = np.unique(df[df > 0])
    if freedom.size == 1:
        return student_p(t, int(freedom[0]))
    p = np.full(t.shape, np.nan)
    for each in freedom:
        p[df == each] = student_p(t[df == each], int(each))
    return p
