"""Forecasts for many short series at once: simple and damped exponential smoothing, and the seasonal naive beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# From a (series, time) table to (series, origin, horizon): what each origin, having seen up to itself, expects.
Forecaster = Callable[[Floats, int], Floats]


@dataclass(frozen=True, slots=True)
class Smoothed:
    """One-step smoothed values for periods 2, 3, ... of a series, and the sum of squared errors against them."""

    values: Floats
    sse: float
    alpha: float


def smooth(series: ArrayLike, *, alpha: float | None = None, initial: float | str = "first") -> Smoothed:
    """Single exponential smoothing: S_2 as ``initial`` says, then S_t = alpha y_(t-1) + (1 - alpha) S_(t-1).

    Args:
        series: values in time order.
        alpha: smoothing constant; without it, the one of 0.01 ... 0.99 with the least squared error.
        initial: "first" (S_2 = y_1), "mean4" (mean of the first four), "mean" (of all), or a number.

    Source: NIST/SEMATECH e-Handbook 6.4.3.1.
    """
    y = np.asarray(series, float)
    if len(y) < 2:
        raise ValueError("smoothing needs at least two values")
    starts = {"first": float(y[0]), "mean4": float(y[:4].mean()), "mean": float(y.mean())}
    if isinstance(initial, str) and initial not in starts:
        raise ValueError(f"no start {initial!r}; known: {', '.join(starts)}, or a number")
    start = starts[initial] if isinstance(initial, str) else float(initial)
    tried = [alpha] if alpha is not None else [k / 100 for k in range(1, 100)]
    return min((_smoothed(y, constant, start) for constant in tried), key=lambda found: found.sse)


def ses(*, alpha: float = 0.3) -> Forecaster:
    """Simple exponential smoothing from the first value on; a missing value leaves the level as it is."""

    def forecasts(table: Floats, horizon: int) -> Floats:
        return _holt(table, horizon, alpha, 0.0, 1.0)

    return forecasts


def damped_holt(*, alpha: float = 0.3, beta: float = 0.1, phi: float = 0.9) -> Forecaster:
    """Holt's linear trend, damped by ``phi`` a period.

    Source: Gardner & McKenzie 1985, Management Science 31:1237-1246.
    """

    def forecasts(table: Floats, horizon: int) -> Floats:
        return _holt(table, horizon, alpha, beta, phi)

    return forecasts


def seasonal_naive(*, period: int = 12) -> Forecaster:
    """The value of the same season last time; ``period`` 1 is the plain naive forecast; NaN before a season is known."""

    def forecasts(table: Floats, horizon: int) -> Floats:
        found = np.full((*table.shape, horizon), np.nan)
        for h in range(1, horizon + 1):
            back = period * -(-h // period) - h
            found[:, back:, h - 1] = table[:, : table.shape[1] - back]
        return found

    return forecasts


def best_damped_holt(table: ArrayLike, *, train: int) -> Forecaster:
    """Damped Holt with constants chosen per series on its first ``train`` periods only, so that later errors stay honest."""
    early = np.atleast_2d(np.asarray(table, float))[:, :train]
    grid = list(product((0.1, 0.2, 0.3, 0.5, 0.8), (0.05, 0.1, 0.3), (0.8, 0.9, 0.98)))
    errors = [np.nansum((early[:, 1:] - _holt(early, 1, *constants)[:, :-1, 0]) ** 2, axis=1) for constants in grid]
    alpha, beta, phi = np.array(grid)[np.argmin(np.stack(errors), axis=0)].T

    def forecasts(series: Floats, horizon: int) -> Floats:
        return _holt(series, horizon, alpha, beta, phi)

    return forecasts


def _smoothed(y: Floats, alpha: float, start: float) -> Smoothed:
    values = np.empty(len(y) - 1)
    values[0] = start
    for at in range(1, len(values)):
        values[at] = alpha * y[at] + (1 - alpha) * values[at - 1]
    return Smoothed(values, float(((y[1:] - values) ** 2).sum()), alpha)


def _holt(table: Floats, horizon: int, alpha: float | Floats, beta: float | Floats, phi: float | Floats) -> Floats:
    series, periods = table.shape
    damping = np.cumsum(np.broadcast_to(np.asarray(phi, float), (series,))[:, None] ** np.arange(1, horizon + 1), axis=1)
    found = np.full((series, periods, horizon), np.nan)
    level, trend = table[:, 0].copy(), np.zeros(series)
    found[:, 0] = level[:, None]
    for t in range(1, periods):
        y = table[:, t]
        expected = level + phi * trend
        new = np.where(np.isnan(y), expected, np.where(np.isnan(expected), y, alpha * y + (1 - alpha) * expected))
        move = np.where(np.isnan(level), 0.0, new - level)
        trend = beta * move + (1 - beta) * phi * trend
        level = new
        found[:, t] = level[:, None] + damping * trend[:, None]
    return found
