"""A likelihood-impact matrix as a picture only: numeric edges, colours from expected loss, checked by Cox's axioms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Colours = NDArray[np.int64]

GREEN, YELLOW, RED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Matrix:
    """Numeric edges of both axes and a colour (0 green, 1 yellow, 2 red) for each cell, likelihood in rows."""

    likelihood_edges: Floats
    impact_edges: Floats
    colours: Colours

    def cells(self, likelihood: ArrayLike, impact: ArrayLike) -> tuple[Colours, Colours]:
        """Row and column of each risk; what lies beyond the outer edges stays in the outer cells."""
        rows = np.searchsorted(self.likelihood_edges[1:-1], np.asarray(likelihood, float), side="right")
        columns = np.searchsorted(self.impact_edges[1:-1], np.asarray(impact, float), side="right")
        return rows, columns


@dataclass(frozen=True, slots=True)
class Consistency:
    """Which of Cox's three requirements a coloured matrix keeps."""

    weak_consistency: bool
    betweenness: bool
    consistent_colouring: bool

    @property
    def holds(self) -> bool:
        """Whether all three are kept."""
        return self.weak_consistency and self.betweenness and self.consistent_colouring


def log_edges(low: float, high: float, *, cells: int) -> Floats:
    """Edges of ``cells`` cells with equal ratios between ``low`` and ``high``."""
    if not 0 < low < high:
        raise ValueError("log-spaced edges need 0 < low < high")
    return np.geomspace(low, high, cells + 1)


def coloured(likelihood_edges: ArrayLike, impact_edges: ArrayLike, *, green_up_to: float, red_from: float) -> Matrix:
    """A matrix coloured by expected loss (likelihood times impact).

    A cell is green when even its upper corner stays within ``green_up_to``, red when even its lower corner reaches
    ``red_from``, else yellow: so a red cell never holds a smaller risk than a green one.

    Source: Cox 2008, What's Wrong with Risk Matrices?, Risk Analysis 28(2):497-512.
    """
    if green_up_to > red_from:
        raise ValueError("green ends before red begins")
    rows, columns = np.asarray(likelihood_edges, float), np.asarray(impact_edges, float)
    low, high = rows[:-1, None] * columns[None, :-1], rows[1:, None] * columns[None, 1:]
    colours = np.where(low >= red_from, RED, np.where(high <= green_up_to, GREEN, YELLOW))
    return Matrix(rows, columns, colours.astype(np.int64))


def check(matrix: Matrix) -> Consistency:
    """Whether the colours keep weak consistency, betweenness and consistent colouring.

    Source: Cox 2008, lemmas 1 and 2 and the definitions before them.
    """
    rows, columns, colours = matrix.likelihood_edges, matrix.impact_edges, matrix.colours
    low, high = rows[:-1, None] * columns[None, :-1], rows[1:, None] * columns[None, 1:]
    red, green = colours == RED, colours == GREEN
    weak = not (red.any() and green.any()) or bool(low[red].min() >= high[green].max())
    jumps = [np.abs(np.diff(colours, axis=0)), np.abs(np.diff(colours, axis=1)), np.abs(colours[1:, 1:] - colours[:-1, :-1])]
    between = all(bool((jump < RED - GREEN).all()) for jump in jumps)
    return Consistency(weak, between, _same_risk_same_colour(low, high, colours))


def rank_by_expected_loss(likelihood: ArrayLike, impact: ArrayLike) -> NDArray[np.int64]:
    """Positions of the risks, largest expected annual loss first; ties keep their order."""
    return np.argsort(-np.asarray(likelihood, float) * np.asarray(impact, float), kind="stable")


def _same_risk_same_colour(low: Floats, high: Floats, colours: Colours) -> bool:
    # A red cell may not contain a contour that runs through a green cell: their ranges of risk may not overlap.
    red, green = colours == RED, colours == GREEN
    overlap = (low[red][:, None] < high[green][None, :]) & (low[green][None, :] < high[red][:, None])
    return not bool(overlap.any())
