"""Weights read off the data, entropy and CRITIC: for diagnosis beside the experts' weights, never as the default.

An indicator breached equally everywhere gets next to no entropy weight, however grave the breach.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Normalise = Literal["sum", "minmax", "max", "vector", "none"]


@dataclass(frozen=True, slots=True)
class EntropyWeights:
    """Weights and the entropy (0 = all in one unit, 1 = the same in every unit) of each column."""

    weights: Floats
    entropy: Floats


@dataclass(frozen=True, slots=True)
class CriticWeights:
    """Weights, and the contrast (sd) and conflict (sum of 1 - r) they come from."""

    weights: Floats
    contrast: Floats
    conflict: Floats


def entropy_weights(matrix: ArrayLike, *, normalise: Normalise = "sum", costs: ArrayLike | None = None) -> EntropyWeights:
    """Weights proportional to 1 - entropy of each column's shares over the units.

    Args:
        matrix: units in rows, indicators in columns, no negative value after normalising.
        normalise: what is done to a column before its shares are taken; "sum" takes the shares as they are.
        costs: which columns are better when smaller (used by "minmax" and "max").

    Returns:
        Equal weights when no column distinguishes the units.

    Source: Shannon 1948; Zou, Yun & Sun 2006, J. Environmental Sciences 18(5):1020-1023.
    """
    values = normalised(matrix, how=normalise, costs=costs)
    if np.any(values < 0):
        raise ValueError("entropy weights need non-negative values; normalise='minmax' makes them so")
    totals = values.sum(axis=0)
    shares = np.divide(values, totals, out=np.full_like(values, 1 / len(values)), where=totals > 0)
    logs = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    entropy = -(shares * logs).sum(axis=0) / np.log(len(values)) if len(values) > 1 else np.ones(values.shape[1])
    return EntropyWeights(_shares(np.clip(1 - entropy, 0, None)), entropy)


def critic_weights(matrix: ArrayLike, *, costs: ArrayLike | None = None) -> CriticWeights:
    """Weights proportional to contrast times conflict of the min-max normalised columns.

    Source: Diakoulaki, Mavrotas & Papayannakis 1995, Computers & OR 22(7):763-770.
    """
    values = normalised(matrix, how="minmax", costs=costs)
    contrast = values.std(axis=0, ddof=1)
    centred = values - values.mean(axis=0)
    scale = np.sqrt((centred**2).sum(axis=0))
    products = scale[:, None] * scale[None, :]
    correlation = np.divide(centred.T @ centred, products, out=np.zeros_like(products), where=products > 0)
    np.fill_diagonal(correlation, 1.0)
    conflict = (1 - correlation).sum(axis=0)
    return CriticWeights(_shares(contrast * conflict), contrast, conflict)


def normalised(matrix: ArrayLike, *, how: Normalise, costs: ArrayLike | None = None) -> Floats:
    """The matrix with each column brought to a common scale; a constant column becomes 0 under "minmax"."""
    values: Floats = np.array(matrix, dtype=np.float64)
    if values.ndim != 2:
        raise ValueError(f"a decision matrix has units in rows and indicators in columns, not shape {values.shape}")
    cost = np.zeros(values.shape[1], bool) if costs is None else np.asarray(costs, bool)
    low, high = values.min(axis=0), values.max(axis=0)
    scaled: Floats
    if how in ("sum", "none"):
        scaled = values
    elif how == "minmax":
        span = high - low
        benefit = np.divide(values - low, span, out=np.zeros_like(values), where=span > 0)
        scaled = np.where(cost & (span > 0), 1 - benefit, benefit)
    elif how == "max":
        scaled = np.where(cost, low / np.where(cost, values, 1), values / high)
    elif how == "vector":
        scaled = values / np.sqrt((values**2).sum(axis=0))
    else:
        raise ValueError(f"no normalisation {how!r}; known: sum, minmax, max, vector, none")
    return scaled


def _shares(scores: Floats) -> Floats:
    total = scores.sum()
    return scores / total if total > 0 else np.full(len(scores), 1 / len(scores))
