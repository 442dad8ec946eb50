"""Where a series changed: best cuts for a mean or a Poisson rate, and a bootstrap interval of the date."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from scipy import special

from hengzhi.methods.interval import Floats, Numbers, floats, require

Model = Literal["mean", "poisson"]


@dataclass(frozen=True, slots=True)
class Cuts:
    """The last point before each change (counted from 1), the cost left, and the level of each segment."""

    break_after: tuple[int, ...]
    cost: float
    levels: tuple[float, ...]


def best_cuts(x: Numbers, n_breaks: int, *, model: Model = "mean", exposure: Numbers = 1.0, least: int = 1) -> Cuts:
    """The ``n_breaks`` cuts that leave the smallest cost, over every way of cutting.

    Args:
        x: one series.
        n_breaks: number of changes.
        model: squared error about a mean, or Poisson deviance about a rate.
        exposure: per point, for rates; one for all otherwise.
        least: smallest number of points in a segment.

    Source: Auger & Lawrence (1989), Bull. Math. Biol. 51:39 (segment neighbourhood); Bai & Perron (2003), J. Appl. Econ. 18:1.
    """
    x, t = floats(x, exposure)
    require(x.ndim == 1 and not np.isnan(x).any(), "a change point takes one series without gaps")
    require(n_breaks >= 0 and (n_breaks + 1) * least <= x.size, "too many breaks for so few points")
    cost = _segment_costs(x, t, model, least)
    best, choices = cost[0].copy(), []
    for _ in range(n_breaks):
        # total[i, j]: what is best up to i, then one segment i .. j
        total = best[:-1, None] + cost[:-1, 1:]
        choice = np.argmin(total, axis=0)
        choices.append(choice)
        best = np.concatenate([[np.inf], total[choice, np.arange(total.shape[1])]])
    ends, at = [], x.size
    for choice in reversed(choices):
        at = int(choice[at - 1])
        ends.append(at)
    ends.reverse()
    borders = [0, *ends, x.size]
    levels = tuple(float(x[a:b].sum() / t[a:b].sum()) for a, b in pairwise(borders))
    return Cuts(tuple(ends), float(best[x.size]), levels)


def chosen_cuts(x: Numbers, *, most: int = 5, model: Model = "mean", exposure: Numbers = 1.0, least: int = 4) -> Cuts:
    """As many cuts as the modified Schwarz criterion warrants, at most ``most``.

    Source: Zhang & Siegmund (2007), Biometrics 63:22: fit + 3 k ln n + sum of ln(length of segment / n).
    """
    x, t = floats(x, exposure)
    most = min(most, x.size // least - 1)
    found = [best_cuts(x, k, model=model, exposure=t, least=least) for k in range(max(most, 0) + 1)]

    def criterion(cuts: Cuts) -> float:
        fit = cuts.cost if model == "poisson" else x.size * float(np.log(max(cuts.cost / x.size, 1e-300)))
        lengths = np.diff([0, *cuts.break_after, x.size])
        return fit + 3 * len(cuts.break_after) * float(np.log(x.size)) + float(np.log(lengths / x.size).sum())

    return min(found, key=criterion)


def break_interval(
    x: Numbers, *, seed: int, model: Model = "mean", exposure: Numbers = 1.0, draws: int = 999, conf: float = 0.95
) -> tuple[int, int]:
    """A bootstrap interval of the last point before a single change.

    Residuals are drawn anew inside each segment (Poisson counts for rates), the cut is found again each time.

    Source: Hušková & Kirch (2008), J. Time Ser. Anal. 29:947.
    """
    x, t = floats(x, exposure)
    cuts = best_cuts(x, 1, model=model, exposure=t)
    at = cuts.break_after[0]
    level = np.repeat(cuts.levels, [at, x.size - at]) * (t if model == "poisson" else 1)
    random = np.random.default_rng(seed)
    if model == "poisson":
        samples = random.poisson(level, (draws, x.size)).astype(np.float64)
    else:
        rest = x - level
        drawn = [random.choice(part, (draws, part.size)) for part in (rest[:at], rest[at:])]
        samples = level + np.concatenate(drawn, axis=1)
    places = _single_cuts(samples, t, model)
    low, high = np.quantile(places, [(1 - conf) / 2, (1 + conf) / 2], method="closest_observation")
    return int(low), int(high)


def _single_cuts(samples: Floats, t: Floats, model: Model) -> Floats:
    sums, spans = np.cumsum(samples, axis=1), np.cumsum(t)
    left, right = sums[:, :-1], sums[:, -1:] - sums[:, :-1]
    before, after = spans[:-1], spans[-1] - spans[:-1]
    if model == "poisson":
        gain = special.xlogy(left, left / before) + special.xlogy(right, right / after)
    else:
        gain = left**2 / before + right**2 / after
    return np.asarray(gain.argmax(axis=1) + 1, dtype=np.float64)


def _segment_costs(x: Floats, t: Floats, model: Model, least: int) -> Floats:
    """cost[i, j] of the segment of points i .. j - 1; infinite when shorter than ``least``."""
    # Centred first, so squares don't cancel.
    shifted = x - x.mean() if model == "mean" else x
    zero = np.zeros(1)
    sums, squares, spans = (np.concatenate([zero, np.cumsum(v)]) for v in (shifted, shifted**2, t))
    s = sums[None, :] - sums[:, None]
    length = np.arange(x.size + 1)[None, :] - np.arange(x.size + 1)[:, None]
    span = np.where(length > 0, spans[None, :] - spans[:, None], 1)
    if model == "mean":
        cost = squares[None, :] - squares[:, None] - s * s / np.where(length > 0, length, 1)
    else:
        own = np.concatenate([zero, np.cumsum(special.xlogy(x, x / np.where(t > 0, t, 1)))])
        s = np.where(length > 0, s, 0)
        cost = 2 * (own[None, :] - own[:, None] - special.xlogy(s, s / np.where(span > 0, span, 1)))
    return np.where(length >= least, np.maximum(cost, 0), np.inf)
