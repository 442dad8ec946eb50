"""How many rows each branch has in a month, and how few of them the two new branches keep (N4)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hengzhi.demo.bank import Bank, Integers

_TINY_BRANCHES = ("云岭", "北岭")


def branch_rows(
    bank: Bank, chance: np.random.Generator, month: int, *, mean: float, tiny: int | tuple[int, int]
) -> tuple[Integers, NDArray[np.bool_]]:
    """The branch of each row (Poisson, ``mean`` rows a branch) and whether the row is kept.

    Rows of the new branches are drawn like all others and then cut to the first ``tiny`` (one number for both,
    or 云岭, 北岭), so that planting N4 moves no draw of another branch.
    """
    counts = chance.poisson(mean, len(bank.branches)) * bank.is_open(month)
    branch = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    return branch, keep_tiny(bank, branch, tiny)


def keep_tiny(bank: Bank, branch: Integers, tiny: int | tuple[int, int]) -> NDArray[np.bool_]:
    """Which rows stay when the new branches keep their first ``tiny`` rows; ``branch`` is sorted."""
    most = np.full(len(bank.branches), len(branch), dtype=np.int64)
    if bank.plants("N4"):
        most[[bank.at(zh) for zh in _TINY_BRANCHES]] = tiny
    starts = np.searchsorted(branch, np.arange(len(bank.branches)))
    return np.arange(len(branch)) - starts[branch] < most[branch]
