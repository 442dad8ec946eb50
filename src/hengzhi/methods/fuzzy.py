"""Fuzzy comprehensive evaluation: weights and memberships joined by an operator, as a view for reports.

The memberships that the platform itself fills in are posterior probabilities of each grade, so they sum to one and
the operator is M(*,+); the other operators are kept for reports that a reader wants to follow by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Membership in each grade, of the whole (``grades``) and of its parts (``parts``, empty on one level)."""

    grades: Floats
    parts: Floats

    def score(self, values: ArrayLike) -> float:
        """The grades' values averaged by membership."""
        return float(self.grades @ np.asarray(values, float) / self.grades.sum())

    @property
    def normalised(self) -> Floats:
        """The memberships divided by their sum (min and max operators don't keep it at one)."""
        return np.asarray(self.grades / self.grades.sum(), dtype=np.float64)


def _product_sum(weights: Floats, memberships: Floats) -> Floats:
    return np.asarray(weights @ memberships, dtype=np.float64)


def _min_max(weights: Floats, memberships: Floats) -> Floats:
    best: Floats = np.minimum(weights[:, None], memberships).max(axis=0)
    return best


def _product_max(weights: Floats, memberships: Floats) -> Floats:
    best: Floats = (weights[:, None] * memberships).max(axis=0)
    return best


def _min_sum(weights: Floats, memberships: Floats) -> Floats:
    joined: Floats = np.minimum(1.0, np.minimum(weights[:, None], memberships).sum(axis=0))
    return joined


OPERATORS: dict[str, Callable[[Floats, Floats], Floats]] = {
    "M(*,+)": _product_sum,
    "M(min,max)": _min_max,
    "M(*,max)": _product_max,
    "M(min,+)": _min_sum,
}
_SIGNS = str.maketrans({"·": "*", "•": "*", "×": "*", "⊕": "+", " ": "", "（": "(", "）": ")", "，": ","})
_WORDS = {"∧": "min", "∨": "max", "⋅": "*", "x": "x", "prod": "*", "product": "*", "sum": "+", "bounded_sum": "+"}


def operator_named(name: str) -> str:
    """The operator's name as in ``OPERATORS``; the textbooks' signs (∧ ∨ · ⊕) are read too.

    >>> operator_named("M(∧,∨)")
    'M(min,max)'
    """
    inner = name.translate(_SIGNS).removeprefix("M").strip("()")
    plain = f"M({','.join(_WORDS.get(part, part) for part in inner.split(','))})"
    if plain not in OPERATORS:
        raise ValueError(f"no fuzzy operator {name!r}; known: {', '.join(OPERATORS)}")
    return plain


def evaluate(weights: ArrayLike, memberships: ArrayLike, *, operator: str = "M(*,+)") -> Evaluation:
    """Membership of the whole in each grade.

    Args:
        weights: one per factor.
        memberships: factors in rows, grades in columns, each in [0, 1].

    Source: Wang Peizhuang 1983, 模糊集合论及其应用; 司守奎《数学建模算法与应用》ch. 14 (operators M(·,+), M(∧,∨), M(·,∨), M(∧,⊕)).
    """
    factors, rows = np.asarray(weights, float), np.asarray(memberships, float)
    if rows.ndim != 2 or len(factors) != len(rows):
        raise ValueError(f"{len(factors)} weights don't fit memberships of shape {rows.shape}")
    return Evaluation(OPERATORS[operator_named(operator)](factors, rows), np.empty((0, rows.shape[1])))


def evaluate_two_levels(
    weights: ArrayLike, sub_weights: Sequence[ArrayLike], sub_memberships: Sequence[ArrayLike], *, operator: str = "M(*,+)"
) -> Evaluation:
    """Membership of the whole, each part first evaluated from its own factors; the parts are kept in the result."""
    if len(sub_weights) != len(sub_memberships):
        raise ValueError(f"{len(sub_weights)} sets of weights for {len(sub_memberships)} membership tables")
    parts = np.stack([evaluate(w, r, operator=operator).grades for w, r in zip(sub_weights, sub_memberships, strict=True)])
    return Evaluation(evaluate(weights, parts, operator=operator).grades, parts)


def posterior_memberships(a: ArrayLike, b: ArrayLike, edges: ArrayLike) -> Floats:
    """Probability of each grade when a share follows Beta(a, b) and the grades meet at ``edges``.

    Args:
        a: first parameters, one per factor; with a Jeffreys prior x + 0.5.
        b: second parameters, n - x + 0.5.
        edges: inner edges of the grades, increasing, in (0, 1).

    Returns:
        Factors in rows, grades (lowest share first) in columns; each row sums to one.
    """
    inner = np.asarray(edges, float)
    if np.any(np.diff(inner) <= 0):
        raise ValueError("grade edges increase")
    first, second = np.atleast_1d(np.asarray(a, float)), np.atleast_1d(np.asarray(b, float))
    below = np.asarray(special.betainc(first[:, None], second[:, None], inner[None, :]), dtype=np.float64)
    full = np.concatenate([np.zeros((len(below), 1)), below, np.ones((len(below), 1))], axis=1)
    return np.diff(full, axis=1)


def votes_to_memberships(votes: ArrayLike) -> Floats:
    """Shares of the experts' votes for each grade, factors in rows."""
    counts = np.asarray(votes, float)
    shares: Floats = counts / counts.sum(axis=1, keepdims=True)
    return shares
