"""Rounding that still adds up."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor


def rounded(values: Sequence[float], total: float, places: int = 2, *, shown: float | None = None) -> tuple[float, ...]:
    """``values`` rounded so that they sum exactly to the rounded ``total``, or to ``shown`` where the page has that already.

    Each is rounded down; the last digits that are then short go to the largest remainders. No value moves by
    one last digit or more.

    Raises:
        ValueError: ``values`` do not sum to ``total``.

    Source: the largest-remainder method (Hamilton), as for rounding percentages to 100.

    >>> rounded([1 / 3, 1 / 3, 1 / 3], 1)
    (0.34, 0.33, 0.33)
    """
    if abs(sum(values) - total) > 1e-6:
        raise ValueError(f"{sum(values)} is not {total}")
    unit = 10**places
    whole = [floor(value * unit + 1e-9) for value in values]
    short = round((round(total, places) if shown is None else shown) * unit) - sum(whole)
    order = sorted(range(len(values)), key=lambda at: -(values[at] * unit - whole[at]))
    for step in range(abs(short)):
        whole[order[step % len(order)] if short > 0 else order[-1 - step % len(order)]] += 1 if short > 0 else -1
    return tuple(number / unit for number in whole)
