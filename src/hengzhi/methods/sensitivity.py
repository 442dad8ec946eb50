"""What a result hangs on: Sobol indices, one-at-a-time swings, and how often a rank survives other weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import qmc

Floats = NDArray[np.float64]
Model = Callable[[Floats], Floats]  # inputs in columns, one result a row


@dataclass(frozen=True, slots=True)
class SobolIndices:
    """Share of the result's variance due to each input alone (first) and with all its interactions (total)."""

    first: Floats
    total: Floats


@dataclass(frozen=True, slots=True)
class Swing:
    """What the result becomes when one input goes to its low and to its high value, the others staying."""

    name: str
    at_low: float
    at_high: float

    @property
    def width(self) -> float:
        """Distance between both."""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True, slots=True)
class RankAcceptability:
    """Share of weightings under which each unit (row) takes each rank (column), and its mean rank; 1 = largest score."""

    shares: Floats
    mean_rank: Floats


def sobol_indices(model: Model, bounds: ArrayLike, *, seed: int, log2_samples: int = 14) -> SobolIndices:
    """First-order and total indices for independent uniform inputs, from 2**log2_samples x (inputs + 2) runs.

    Args:
        model: the function, on rows of inputs.
        bounds: low and high of each input.
        seed: of the scrambled Sobol sequence.
        log2_samples: exponent of the number of base points.

    Source: Saltelli et al. 2010, Computer Physics Communications 181:259-270 (S1, table 2 b); Jansen 1999 (ST).
    """
    edges = np.asarray(bounds, float)
    inputs = len(edges)
    points = qmc.scale(qmc.Sobol(2 * inputs, scramble=True, rng=seed).random_base2(log2_samples), *np.tile(edges.T, 2))
    a, b = points[:, :inputs], points[:, inputs:]
    fa, fb = np.asarray(model(a), float), np.asarray(model(b), float)
    centre = (fa.mean() + fb.mean()) / 2
    fa, fb = fa - centre, fb - centre
    variance = np.concatenate([fa, fb]).var()
    first, total = np.zeros(inputs), np.zeros(inputs)
    if variance == 0:
        return SobolIndices(first, total)
    for at in range(inputs):
        mixed = a.copy()
        mixed[:, at] = b[:, at]
        fm = np.asarray(model(mixed), float) - centre
        first[at] = (fb * (fm - fa)).mean() / variance
        total[at] = ((fa - fm) ** 2).mean() / 2 / variance
    return SobolIndices(first, total)


def ishigami(*, a: float = 7.0, b: float = 0.1) -> Model:
    """sin x1 + a sin^2 x2 + b x3^4 sin x1 on [-pi, pi]^3.

    Source: Ishigami & Homma 1990, ISUMA'90, 398-403.
    """

    def model(x: Floats) -> Floats:
        return np.asarray(np.sin(x[:, 0]) * (1 + b * x[:, 2] ** 4) + a * np.sin(x[:, 1]) ** 2, dtype=np.float64)

    return model


def sobol_g(a: ArrayLike) -> Model:
    """Product of (|4 x_i - 2| + a_i) / (1 + a_i) on [0, 1]^k.

    Source: Saltelli & Sobol 1995, Reliability Engineering & System Safety 50:225-239.
    """
    weights = np.asarray(a, float)

    def model(x: Floats) -> Floats:
        return np.asarray(np.prod((np.abs(4 * x - 2) + weights) / (1 + weights), axis=1), dtype=np.float64)

    return model


def sobol_g_exact(a: ArrayLike) -> SobolIndices:
    """The indices of ``sobol_g`` in closed form.

    Source: Saltelli & Sobol 1995.
    """
    parts = 1 / (3 * (1 + np.asarray(a, float)) ** 2)
    whole = np.prod(1 + parts)
    return SobolIndices(parts / (whole - 1), parts * whole / (1 + parts) / (whole - 1))


def tornado(model: Callable[[Floats], float], base: ArrayLike, low: ArrayLike, high: ArrayLike, names: Sequence[str]) -> tuple[Swing, ...]:
    """Swings of the result, widest first."""
    centre, lows, highs = (np.asarray(values, float) for values in (base, low, high))
    swings = []
    for at, name in enumerate(names):
        down, up = centre.copy(), centre.copy()
        down[at], up[at] = lows[at], highs[at]
        swings.append(Swing(name, float(model(down)), float(model(up))))
    return tuple(sorted(swings, key=lambda swing: -swing.width))


def rank_acceptability(
    scores: ArrayLike, weights: ArrayLike, *, seed: int, relative_sd: float = 0.2, draws: int = 2000
) -> RankAcceptability:
    """How often each unit takes each rank when the weights vary as a Dirichlet around their published values.

    Args:
        scores: units in rows, indicators in columns.
        weights: published weights, summing to one.
        seed: of the draws.
        relative_sd: standard deviation of an average weight, relative to it.
        draws: how many weightings.

    Source: Lahdelma & Salminen 2001, Operations Research 49:444-454 (SMAA-2); ties share by position.
    """
    table, centre = np.asarray(scores, float), np.asarray(weights, float)
    if relative_sd <= 0 or np.any(centre < 0) or abs(centre.sum() - 1) > 1e-9:
        raise ValueError("weights sum to one and vary by a positive share")
    used = centre > 0
    concentration = max((used.sum() - 1) / relative_sd**2 - 1, 1e-3)
    drawn = np.random.Generator(np.random.PCG64(seed)).dirichlet(centre[used] * concentration, size=draws)
    units = len(table)
    counts, places = np.zeros((units, units)), np.arange(units)
    for weighting in drawn:
        counts[np.argsort(-(table[:, used] @ weighting), kind="stable"), places] += 1
    return RankAcceptability(counts / draws, (counts / draws) @ (places + 1.0))
