"""Charts for slow drift: exponentially weighted moving average and tabular cumulative sums; time runs along the last axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from hengzhi.methods.interval import Flags, Floats, Numbers, floats, require


@dataclass(frozen=True, slots=True)
class Ewma:
    """The averages after each point, and their limits."""

    center: Floats
    z: Floats
    lcl: Floats
    ucl: Floats

    def signals(self) -> Flags:
        """Which averages lie outside their limits."""
        return (self.z > self.ucl) | (self.z < self.lcl)


def ewma(
    x: Numbers,
    *,
    center: Numbers,
    sd: Numbers,
    lam: float = 0.2,
    width: float = 2.7,
    limits: Literal["exact", "steady_state"] = "exact",
) -> Ewma:
    """z_t = lam x_t + (1 - lam) z_(t-1) from z_0 = ``center``; a gap (NaN) leaves the average as it was.

    Args:
        x: points.
        center: one per series.
        sd: standard deviation of a point, one per series or (with a last axis) one per point.
        lam: weight of the newest point, in (0, 1].
        width: limits in standard deviations of the average.
        limits: exact for each point, or their steady state.

    Source: Lucas & Saccucci (1990), Technometrics 32:1; Montgomery, ch. 9.2.
    """
    require(0 < lam <= 1, "lam must lie in (0, 1]")
    (x,) = floats(x)
    (start,) = floats(center)
    require(start.shape in ((), x.shape[:-1]), "needs one centre per series")
    z = np.empty_like(x)
    now = np.broadcast_to(start, x.shape[:-1])
    for at in range(x.shape[-1]):
        point = x[..., at]
        now = np.where(np.isnan(point), now, lam * point + (1 - lam) * now)
        z[..., at] = now
    # Written into the layout of x: comparing arrays of two layouts costs several times as much.
    half = np.multiply(width * _per_point(sd, x), np.sqrt(lam / (2 - lam) * _settled(lam, x.shape[-1], limits)), out=np.empty_like(x))
    return Ewma(start, z, start[..., None] - half, start[..., None] + half)


def _settled(lam: float, length: int, limits: str) -> Floats:
    if limits == "steady_state":
        return np.ones(length)
    return np.asarray(1 - (1 - lam) ** (2 * np.arange(1, length + 1)), dtype=np.float64)


def _per_point(sd: Numbers, x: Floats) -> Floats:
    (sd,) = floats(sd)
    return sd if sd.ndim == x.ndim else sd[..., None]


@dataclass(frozen=True, slots=True)
class Cusum:
    """Upper and lower sums after each point; ``first_signal`` counts from 1, 0 means none."""

    hi: Floats
    lo: Floats
    signals: Flags
    first_signal: np.ndarray[tuple[int, ...], np.dtype[np.int64]]


def cusum(x: Numbers, *, target: Numbers, slack: Numbers, decision: Numbers) -> Cusum:
    """Tabular sums: hi_t = max(0, x_t - target - slack + hi_(t-1)), lo likewise; a signal when one exceeds ``decision``.

    Source: Page (1954), Biometrika 41:100; Montgomery, ch. 9.1 (slack K, decision interval H, in the units of x).
    """
    (x,) = floats(x)
    goal, k, h = (np.broadcast_to(value, x.shape[:-1]) for value in floats(target, slack, decision))
    hi, lo = np.zeros_like(x), np.zeros_like(x)
    up = down = np.zeros(x.shape[:-1])
    for at in range(x.shape[-1]):
        away = np.where(np.isnan(x[..., at]), goal, x[..., at]) - goal
        up, down = np.maximum(0, away - k + up), np.maximum(0, -away - k + down)
        hi[..., at], lo[..., at] = up, down
    signals = (hi > h[..., None]) | (lo > h[..., None])
    first = np.where(signals.any(axis=-1), signals.argmax(axis=-1) + 1, 0)
    return Cusum(hi, lo, signals, first)
