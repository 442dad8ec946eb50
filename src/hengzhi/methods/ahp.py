"""Weights from pairwise judgments: the analytic hierarchy process, its consistency and the worst triad."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

CONSISTENCY_LIMIT = 0.10  # Saaty 1980, The Analytic Hierarchy Process, ch. 1

# Packages differ in the fourth digit of the weights' verdict only through these tables: always name the one used.
RANDOM_INDEX: dict[str, tuple[float, ...]] = {
    # Saaty 1980, p. 21 (500 random matrices of order 1 to 15, as in most textbooks)
    "saaty1980": (0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59),
    # Saaty 2008, Relative measurement (larger simulation, order 1 to 10)
    "saaty2008": (0, 0, 0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49),
    # Alonso & Lamata 2006, Int. J. Uncertainty 14(4):445-459, table 5 (100,000 matrices)
    "alonso_lamata2006": (0, 0, 0.5245, 0.8815, 1.1086, 1.2479, 1.3417, 1.4056, 1.4499, 1.4854, 1.5141, 1.5365, 1.5551, 1.5713, 1.5838),
}


@dataclass(frozen=True, slots=True)
class Triad:
    """Three items whose judgments contradict each other most, and by what factor (1 = no contradiction)."""

    items: tuple[int, int, int]
    factor: float


@dataclass(frozen=True, slots=True)
class Priorities:
    """Weights that sum to one, with the consistency of the judgments behind them."""

    weights: Floats
    lambda_max: float
    ci: float
    random_index: float
    cr: float
    worst: Triad | None

    @property
    def is_consistent(self) -> bool:
        """Whether the consistency ratio keeps the limit of 0.10."""
        return self.cr <= CONSISTENCY_LIMIT


def eigenvector(matrix: ArrayLike, *, random_index: float | str = "saaty1980") -> Priorities:
    """Weights as the principal right eigenvector of a pairwise comparison matrix.

    Args:
        matrix: square and positive; ``matrix[i][j]`` says how many times item i outweighs item j.
        random_index: a number, or the name of a table in ``RANDOM_INDEX``.

    Raises:
        ValueError: the matrix is not square and positive, or the table ends before its order.

    Source: Saaty 1977, J. Math. Psychology 15:234-281.
    """
    judgments = _checked(matrix)
    values, vectors = np.linalg.eig(judgments)
    at = int(np.argmax(values.real))
    weights = np.abs(vectors[:, at].real)
    return _with_consistency(judgments, weights / weights.sum(), float(values[at].real), random_index)


def geometric_mean(matrix: ArrayLike, *, random_index: float | str = "saaty1980") -> Priorities:
    """Weights as normalised row geometric means; lambda is the mean of (A w)_i / w_i.

    Source: Crawford & Williams 1985, J. Math. Psychology 29:387-405.
    """
    judgments = _checked(matrix)
    weights = np.exp(np.log(judgments).mean(axis=1))
    weights /= weights.sum()
    return _with_consistency(judgments, weights, _mean_ratio(judgments, weights), random_index)


def column_average(matrix: ArrayLike, *, random_index: float | str = "saaty1980") -> Priorities:
    """Weights as row means of the column-normalised matrix; lambda is the mean of (A w)_i / w_i.

    Source: Saaty 1980, ch. 1 (third approximation, "average of normalised columns").
    """
    judgments = _checked(matrix)
    weights = (judgments / judgments.sum(axis=0)).mean(axis=1)
    return _with_consistency(judgments, weights, _mean_ratio(judgments, weights), random_index)


def aggregate_judgments(matrices: Sequence[ArrayLike], *, importance: ArrayLike | None = None) -> Floats:
    """One matrix for a group: the (weighted) geometric mean of each judgment, which keeps reciprocity.

    Source: Aczel & Saaty 1983, J. Math. Psychology 27:93-102 (AIJ).
    """
    logs = np.log(np.stack([_checked(matrix) for matrix in matrices]))
    joined: Floats = np.exp(np.average(logs, axis=0, weights=None if importance is None else np.asarray(importance, float)))
    return joined


def worst_triad(matrix: ArrayLike) -> Triad | None:
    """The three items with the largest contradiction between ``a_ij * a_jk`` and ``a_ik``; None below order 3.

    Source: Koczkodaj 1993, Math. Comput. Modelling 18(7):79-84 (here the ratio itself, symmetric in direction).
    """
    logs = np.log(_checked(matrix))
    order = len(logs)
    if order < 3:
        return None
    gaps = np.abs(logs[:, :, None] + logs[None, :, :] - logs[:, None, :])
    i, j, k = np.meshgrid(*[np.arange(order)] * 3, indexing="ij")
    gaps[~((i < j) & (j < k))] = -1.0
    at = np.unravel_index(int(np.argmax(gaps)), gaps.shape)
    return Triad((int(at[0]), int(at[1]), int(at[2])), float(np.exp(gaps[at])))


def random_index_of(order: int, table: float | str) -> float:
    """The random index for matrices of ``order``: a number as given, or looked up in the named table."""
    if not isinstance(table, str):
        return float(table)
    if table not in RANDOM_INDEX:
        raise ValueError(f"no random-index table {table!r}; known: {', '.join(RANDOM_INDEX)}")
    if order > len(RANDOM_INDEX[table]):
        raise ValueError(f"random-index table {table} ends at order {len(RANDOM_INDEX[table])}, the matrix has {order}")
    return RANDOM_INDEX[table][order - 1]


def _checked(matrix: ArrayLike) -> Floats:
    judgments = np.asarray(matrix, dtype=np.float64)
    if judgments.ndim != 2 or judgments.shape[0] != judgments.shape[1] or not len(judgments):
        raise ValueError(f"a comparison matrix is square, this one has shape {judgments.shape}")
    if not np.all(np.isfinite(judgments) & (judgments > 0)):
        raise ValueError("every judgment in a comparison matrix is a positive number")
    return judgments


def _mean_ratio(judgments: Floats, weights: Floats) -> float:
    return float(np.mean(judgments @ weights / weights))


def _with_consistency(judgments: Floats, weights: Floats, lambda_max: float, table: float | str) -> Priorities:
    order = len(judgments)
    index = random_index_of(order, table)
    ci = (lambda_max - order) / (order - 1) if order > 1 else 0.0
    # Orders 1 and 2 can't contradict themselves: their random index is 0 and so is the ratio.
    cr = ci / index if index > 0 else 0.0
    return Priorities(weights, lambda_max, ci, index, cr, worst_triad(judgments))
