"""Why a score moved: weights, evidence, each branch's own rate, mix and floors, adding up to the movement exactly.

Every rule is a midpoint rule, so swapping the two periods flips every sign and nothing moved means nothing but zeros.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

FLAT = 1e-12  # a movement of the rate below this carries no slope: dividing by it would only magnify rounding


@dataclass(frozen=True, slots=True)
class Corners:
    """Scores of each indicator at the four corners of (level, evidence): E[s(theta)] with rate and n of either period.

    NaN stands for an indicator that did not exist in a period; its weight there must be 0.
    """

    before: Floats
    level_moved: Floats
    evidence_moved: Floats
    after: Floats

    @classmethod
    def of(cls, before: ArrayLike, level_moved: ArrayLike, evidence_moved: ArrayLike, after: ArrayLike) -> Corners:
        """Corners from anything array-like, brought to one shape."""
        parts = np.broadcast_arrays(*(np.asarray(part, float) for part in (before, level_moved, evidence_moved, after)))
        return cls(*parts)


@dataclass(frozen=True, slots=True)
class Movement:
    """Points by which each indicator moved the category's risk, and the floor's own row."""

    weight: Floats
    level: Floats
    evidence: Floats
    floor: float

    @property
    def total(self) -> float:
        """Sum of all rows: the movement of the risk itself."""
        return float(self.weight.sum() + self.level.sum() + self.evidence.sum() + self.floor)


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of one level of a hierarchy and the rows they moved the overall rate by.

    ``own`` is the group's own rate, ``mix`` its share of all cases, ``parent`` the position of its group one level up.
    The ``own`` of a group is the sum of ``own + mix`` of the groups inside it.
    """

    labels: NDArray[Any]
    parent: NDArray[np.int64]
    own: Floats
    mix: Floats

    @property
    def total(self) -> Floats:
        """Both rows of each group together."""
        return self.own + self.mix


def category_movement(
    *, weights_before: ArrayLike, weights_after: ArrayLike, corners: Corners, floor_before: float = 0.0, floor_after: float = 0.0
) -> Movement:
    """Rows of the movement of a category's risk R = sum w_i r_i + F between two periods.

    Weights move at the mean score, scores at the mean weight; an indicator that came or went is a matter of weight alone.

    Source: midpoint (Marshall-Edgeworth) decomposition; Shapley 1953 for level and evidence; Kitagawa 1955.
    """
    w0, w1 = np.asarray(weights_before, float), np.asarray(weights_after, float)
    scores = _with_absent(corners, w0, w1)
    level, evidence = shapley_pair(scores)
    mean_weight = (w0 + w1) / 2
    mean_score = (scores.before + scores.after) / 2
    return Movement(mean_score * (w1 - w0), mean_weight * level, mean_weight * evidence, floor_after - floor_before)


def shapley_pair(corners: Corners) -> tuple[Floats, Floats]:
    """The parts of each score's movement due to its level and to its evidence: half the sum of both orders of change.

    Source: Shapley 1953, A value for n-person games (two players).
    """
    level = ((corners.level_moved - corners.before) + (corners.after - corners.evidence_moved)) / 2
    evidence = ((corners.evidence_moved - corners.before) + (corners.after - corners.level_moved)) / 2
    return level, evidence


def rate_movement(
    *, x_before: ArrayLike, n_before: ArrayLike, x_after: ArrayLike, n_after: ArrayLike, levels: Sequence[ArrayLike]
) -> tuple[Groups, ...]:
    """Rows of the movement of an overall rate sum(x) / sum(n), level by level of a nested hierarchy.

    Args:
        x_before: numerators of the leaf cells in the earlier period; each case counts in exactly one cell.
        n_before: denominators.
        x_after: numerators in the later period.
        n_after: denominators.
        levels: for each level, coarse to fine, the group of each leaf cell.

    Returns:
        One ``Groups`` a level. At the first level the rows sum to the movement of the rate; below, the rows of the
        groups inside a group sum to its ``own``. A group that opened or closed is wholly mix.

    Raises:
        ValueError: a period has no cases at all, or a finer group lies in two coarser ones.

    Source: Kitagawa 1955, J. American Statistical Association 50:1168-1194 (symmetric form, mix against the mean rate).
    """
    cells = [np.asarray(cell, float) for cell in (x_before, n_before, x_after, n_after)]
    if min(cells[1].sum(), cells[3].sum()) <= 0:
        raise ValueError("an overall rate needs cases in both periods")
    outer = [np.array([cell.sum()]) for cell in cells]
    scale, place = np.ones(1), np.zeros(len(cells[0]), dtype=np.int64)
    found: list[Groups] = []
    for level in levels:
        labels, at = np.unique(np.asarray(level), return_inverse=True)
        parent = _parents(place, at, len(labels))
        inner = [np.bincount(at, weights=cell, minlength=len(labels)).astype(np.float64) for cell in cells]
        own, mix, share = _kitagawa(inner, outer, parent)
        found.append(Groups(labels, parent, own * scale[parent], mix * scale[parent]))
        scale, outer, place = share * scale[parent], inner, at
    return tuple(found)


def spread(part: float, groups: Groups) -> Groups:
    """The rows of a rate's movement turned into points: scaled by the secant slope so that they sum to ``part``."""
    moved = float(groups.total.sum())
    if abs(moved) > FLAT:
        slope = part / moved
        return Groups(groups.labels, groups.parent, groups.own * slope, groups.mix * slope)
    # The rate stood still, so the level part is zero up to rounding; the remainder goes evenly so that the sum holds.
    even = np.full(len(groups.labels), part / len(groups.labels))
    return Groups(groups.labels, groups.parent, even, np.zeros(len(groups.labels)))


def spread_levels(part: float, levels: Sequence[Groups]) -> tuple[Groups, ...]:
    """``spread`` for every level of a hierarchy at once, with one slope, so that finer rows still sum to coarser ones."""
    first = spread(part, levels[0])
    moved = float(levels[0].total.sum())
    slope = part / moved if abs(moved) > FLAT else 0.0
    return (first, *(Groups(g.labels, g.parent, g.own * slope, g.mix * slope) for g in levels[1:]))


def _with_absent(corners: Corners, w0: Floats, w1: Floats) -> Corners:
    came, went = np.isnan(corners.before), np.isnan(corners.after)
    if np.any(came & (w0 != 0)) or np.any(went & (w1 != 0)):
        raise ValueError("an indicator without a score has weight 0 in that period")
    before = np.where(came, np.where(went, 0.0, corners.after), corners.before)
    after = np.where(went, before, corners.after)
    gone = came | went
    return Corners(before, np.where(gone, before, corners.level_moved), np.where(gone, before, corners.evidence_moved), after)


def _parents(place: NDArray[np.int64], at: NDArray[np.int64], groups: int) -> NDArray[np.int64]:
    parent = np.zeros(groups, dtype=np.int64)
    parent[at] = place
    if np.any(parent[at] != place):
        raise ValueError("a finer group lies in two coarser groups: the levels are not nested")
    return parent


def _kitagawa(inner: list[Floats], outer: list[Floats], parent: NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
    p0, p1 = _rates(inner)
    s0, s1 = _either(_ratio(inner[1], outer[1][parent]), _ratio(inner[3], outer[3][parent]))
    overall_before, overall_after = _rates(outer)
    overall = (overall_before + overall_after) / 2
    share = (s0 + s1) / 2
    own = share * (p1 - p0)
    mix = ((p0 + p1) / 2 - overall[parent]) * (s1 - s0)
    return own, mix, share


def _rates(cells: list[Floats]) -> tuple[Floats, Floats]:
    return _either(_ratio(cells[0], cells[1]), _ratio(cells[2], cells[3]))


def _ratio(x: Floats, n: Floats) -> Floats:
    shares: Floats = np.divide(x, n, out=np.full(len(n), np.nan), where=n > 0)
    return shares


def _either(before: Floats, after: Floats) -> tuple[Floats, Floats]:
    # What did not exist in one period takes the other's value, so that it did not move; what never existed is 0.
    first = np.where(np.isnan(before), after, before)
    second = np.where(np.isnan(after), before, after)
    return np.nan_to_num(first), np.nan_to_num(second)
