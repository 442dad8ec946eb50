"""Why an expected annual loss moved: frequency, severity and control, shared out exactly by Shapley's rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

MOST_FACTORS = 12


@dataclass(frozen=True, slots=True)
class MoneyMovement:
    """Money by which each factor moved the expected annual loss, one value a series."""

    frequency: Floats
    severity: Floats
    control: Floats

    @property
    def total(self) -> Floats:
        """The movement itself."""
        return self.frequency + self.severity + self.control


def money_movement(before: tuple[ArrayLike, ArrayLike, ArrayLike], after: tuple[ArrayLike, ArrayLike, ArrayLike]) -> MoneyMovement:
    """Rows of the movement of frequency x severity x control factor.

    Args:
        before: events a year, mean loss of an event, share of loss that the control lets through.
        after: the same, later.

    Source: Shapley 1953; Sun 1998, Energy Economics 20:85-100 (exact, no residual): the mean over 6 orders of change.
    """
    parts = shapley(lambda values: np.prod(np.stack(values), axis=0), before, after)
    return MoneyMovement(*parts)


def shapley(value: Callable[[list[Floats]], ArrayLike], before: tuple[ArrayLike, ...], after: tuple[ArrayLike, ...]) -> tuple[Floats, ...]:
    """Each factor's part of ``value(after) - value(before)``, averaged over every order of change; any function will do."""
    factors = len(before)
    if factors != len(after) or not 1 <= factors <= MOST_FACTORS:
        raise ValueError(f"give between 1 and {MOST_FACTORS} factors, as many after as before")
    both = np.broadcast_arrays(*(np.asarray(given, float) for given in (*before, *after)))
    old, new = both[:factors], both[factors:]
    worth = {
        moved: np.asarray(value([new[at] if at in moved else old[at] for at in range(factors)]), float)
        for size in range(factors + 1)
        for moved in combinations(range(factors), size)
    }
    return tuple(_part(worth, factor, factors) for factor in range(factors))


def _part(worth: dict[tuple[int, ...], Floats], factor: int, factors: int) -> Floats:
    total = np.zeros_like(worth[()])
    for moved, value in worth.items():
        if factor in moved:
            continue
        with_it = tuple(sorted((*moved, factor)))
        share = factorial(len(moved)) * factorial(factors - len(moved) - 1) / factorial(factors)
        total = total + share * (worth[with_it] - value)
    return total
