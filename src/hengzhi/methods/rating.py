"""Risk scores: the posterior mean of a piecewise-linear risk function, in closed form."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import special

from hengzhi.methods.interval import Floats, Numbers, floats, require

_Partial = Callable[[Floats], tuple[Floats, Floats]]


def score_at(value: Numbers, knots_theta: Numbers, knots_score: Numbers) -> Floats:
    """The risk function at a value: linear between knots, flat outside.

    Args:
        value: one per series, any shape.
        knots_theta: (k,) for all series, or one row of k per series; rising or falling. Equal neighbours make a jump.
        knots_score: the scores there, same shape.

    Returns:
        Scores in the shape of ``value``; on a jump the better (lower) score, so a target that is just met is met.

    >>> float(score_at(0.93, [0.8, 0.9, 0.95, 1.0], [100, 60, 40, 0]).round(9))
    48.0
    """
    theta, score = _knots(knots_theta, knots_score)
    value, *_ = np.broadcast_arrays(np.asarray(value, dtype=np.float64), theta[..., 0])
    found = np.broadcast_to(score[..., 0], value.shape).copy()
    for i in range(theta.shape[-1] - 1):
        left, right = theta[..., i], theta[..., i + 1]
        low, high = score[..., i], score[..., i + 1]
        width = np.where(right > left, right - left, 1)
        between = low + (high - low) * np.clip((value - left) / width, 0, 1)
        on_jump = (right == left) & (value == left)
        found = np.where(value > left, np.where(right > left, between, high), found)
        found = np.where(on_jump, np.minimum(found, high), found)
    return np.where(np.isnan(value), np.nan, found)


def expected_score_beta(a: Numbers, b: Numbers, knots_theta: Numbers, knots_score: Numbers) -> Floats:
    """E[s(theta)] for theta ~ Beta(``a``, ``b``).

    Source: integral of theta over Beta(a, b) up to t is a/(a+b) I_t(a+1, b), and
    I_t(a+1, b) = I_t(a, b) - t**a (1-t)**b / (a B(a, b)) (DLMF 8.17.20).

    >>> score = expected_score_beta(139.5 + .5, 10.5 + .5, [.8, .9, .95, 1], [100, 60, 40, 0])
    >>> round(float(score), 2)
    48.74
    """
    a, b = floats(a, b)
    require((a > 0) & (b > 0), "a Beta posterior needs positive parameters")

    log_scale = np.log(a) + _array(special.betaln(a, b))

    def partial(t: Floats) -> tuple[Floats, Floats]:
        inside = (t > 0) & (t < 1)
        safe = np.where(inside, t, 0.5)
        below = _array(special.betainc(a, b, np.clip(t, 0, 1)))
        edge = np.where(inside, np.exp(a * np.log(safe) + b * np.log1p(-safe) - log_scale), 0)
        return below, a / (a + b) * (below - edge)

    return _expected(partial, a, knots_theta, knots_score)


def expected_score_gamma(shape: Numbers, rate: Numbers, knots_theta: Numbers, knots_score: Numbers) -> Floats:
    """E[s(theta)] for theta ~ Gamma(``shape``, ``rate``).

    Source: integral of theta up to t is shape/rate P(shape + 1, rate t) (DLMF 8.2).
    """
    shape, rate = floats(shape, rate)
    require((shape > 0) & (rate > 0), "a Gamma posterior needs positive parameters")

    def partial(t: Floats) -> tuple[Floats, Floats]:
        x = rate * np.maximum(t, 0)
        return special.gammainc(shape, x), shape / rate * special.gammainc(shape + 1, x)

    return _expected(partial, shape, knots_theta, knots_score)


def expected_score_t(mean: Numbers, se: Numbers, df: Numbers, knots_theta: Numbers, knots_score: Numbers) -> Floats:
    """E[s(theta)] for theta = ``mean`` + ``se`` t with ``df`` degrees of freedom; the score itself where ``se`` is 0.

    Source: Gelman et al., Bayesian Data Analysis, 3rd ed., 3.2 (posterior of a mean under the reference prior).
    """
    mean, se, df = floats(mean, se, df)
    spread = (se > 0) & (df > 0)
    scale, freedom = np.where(spread, se, 1), np.where(spread, df, 1)
    peak = _t_density_at_zero(freedom)

    def partial(t: Floats) -> tuple[Floats, Floats]:
        z = (t - mean) / scale
        below = special.stdtr(freedom, z)
        return below, mean * below + scale * _t_partial(z, freedom, peak)

    found = _expected(partial, mean, knots_theta, knots_score)
    point = score_at(mean, knots_theta, knots_score)
    return np.where(spread, found, np.where(se == 0, point, np.nan))


def probability_above_beta(a: Numbers, b: Numbers, line: Numbers) -> Floats:
    """P(theta > line) under Beta(``a``, ``b``)."""
    a, b, line = floats(a, b, line)
    return _array(special.betaincc(a, b, np.clip(line, 0, 1)))


def probability_below_beta(a: Numbers, b: Numbers, line: Numbers) -> Floats:
    """P(theta < line) under Beta(``a``, ``b``)."""
    a, b, line = floats(a, b, line)
    return _array(special.betainc(a, b, np.clip(line, 0, 1)))


def probability_above_gamma(shape: Numbers, rate: Numbers, line: Numbers) -> Floats:
    """P(theta > line) under Gamma(``shape``, ``rate``)."""
    shape, rate, line = floats(shape, rate, line)
    return np.asarray(special.gammaincc(shape, rate * np.maximum(line, 0)))


def probability_below_gamma(shape: Numbers, rate: Numbers, line: Numbers) -> Floats:
    """P(theta < line) under Gamma(``shape``, ``rate``)."""
    shape, rate, line = floats(shape, rate, line)
    return np.asarray(special.gammainc(shape, rate * np.maximum(line, 0)))


def probability_below_t(mean: Numbers, se: Numbers, df: Numbers, line: Numbers) -> Floats:
    """P(theta < line) for theta = ``mean`` + ``se`` t; 0 or 1 where ``se`` is 0 (on the line itself 0)."""
    mean, se, df, line = floats(mean, se, df, line)
    found = special.stdtr(np.where(se > 0, df, 1), (line - mean) / np.where(se > 0, se, 1))
    return np.where(se == 0, (mean < line).astype(np.float64), np.where(se > 0, found, np.nan))


def probability_above_t(mean: Numbers, se: Numbers, df: Numbers, line: Numbers) -> Floats:
    """P(theta > line) for theta = ``mean`` + ``se`` t; 0 or 1 where ``se`` is 0 (on the line itself 0)."""
    mean, se, df, line = floats(mean, se, df, line)
    return probability_below_t(-mean, se, df, -line)


def _array(value: Numbers) -> Floats:
    return np.asarray(value, dtype=np.float64)


def _knots(knots_theta: Numbers, knots_score: Numbers) -> tuple[Floats, Floats]:
    theta, score = floats(knots_theta, knots_score)
    require(theta.ndim > 0 and theta.shape[-1] >= 2, "a risk function needs two knots or more")
    falling = (theta[..., -1] < theta[..., 0])[..., None]
    theta, score = np.where(falling, theta[..., ::-1], theta), np.where(falling, score[..., ::-1], score)
    require(np.diff(theta, axis=-1) >= 0, "knots must rise or fall throughout")
    return theta, score


def _expected(partial: _Partial, like: Floats, knots_theta: Numbers, knots_score: Numbers) -> Floats:
    """s_0 F(t_0) + the linear pieces between the knots + s_k (1 - F(t_k))."""
    theta, score = _knots(knots_theta, knots_score)
    below, moment = partial(np.asarray(theta[..., 0]))
    total = score[..., 0] * below
    for i in range(theta.shape[-1] - 1):
        left, right = theta[..., i], theta[..., i + 1]
        low, high = score[..., i], score[..., i + 1]
        width = right - left
        slope = np.divide(high - low, width, out=np.zeros_like(width), where=width > 0)
        further, more = partial(np.asarray(right))
        total = total + (low - slope * left) * (further - below) + slope * (more - moment)
        below, moment = further, more
    total = total + score[..., -1] * (1 - below)
    return np.asarray(np.clip(total, score.min(axis=-1), score.max(axis=-1)))


def _t_density_at_zero(df: Floats) -> Floats:
    x = df / 2
    # gammaln loses digits for large arguments; Stirling's series of the ratio doesn't.
    series = 1 - 1 / (8 * x) + 1 / (128 * x**2) + 5 / (1024 * x**3) - 21 / (32768 * x**4)
    ratio = np.where(df > 1000, series, np.exp(special.gammaln(x + 0.5) - special.gammaln(x)) / np.sqrt(x))
    return np.asarray(ratio / np.sqrt(2 * np.pi))


def _t_partial(z: Floats, df: Floats, peak: Floats) -> Floats:
    """The integral of z times the t density up to z, less its value up to 0; the limit holds at df = 1."""
    spread = np.log1p(z * z / df)
    more = df - 1
    safe = np.where(more == 0, 1, more)
    return np.asarray(df * peak * np.where(more == 0, spread / 2, -np.expm1(-safe * spread / 2) / safe))
