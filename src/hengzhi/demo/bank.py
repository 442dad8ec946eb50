"""The demo bank as one seed draws it: its branches, people and independent streams of chance."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hengzhi.demo.institution import MERGED_ON, Scale, branch_code, units

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

_STAFF_PER_BRANCH = 24
_PHONE_STAFF = 36
_CUSTOMERS_PER_60_BRANCHES = 200_000
_BETWEEN_BRANCHES = 0.005  # intra-class correlation of the branches' own levels


@dataclass(frozen=True, slots=True)
class Bank:
    """What every table is drawn from; ``volume`` is the share of the full bank's 60 branches."""

    seed: int
    without: frozenset[str]
    branches: tuple[str, ...]
    opened: tuple[int, ...]  # month in which each branch opens
    volume: float
    customers: pa.StringArray
    staff: pa.StringArray

    def plants(self, row: str) -> bool:
        """Whether the row of the manifest is planted."""
        return row not in self.without

    def stream(self, *key: str | int) -> np.random.Generator:
        """The stream of chance of ``key``: whatever happens in another stream changes nothing in this one."""
        words = [part if isinstance(part, int) else zlib.crc32(part.encode()) for part in key]
        return np.random.Generator(np.random.Philox(np.random.SeedSequence([self.seed, *words])))

    def at(self, zh: str) -> int:
        """The position of the branch whose Chinese short name is ``zh``."""
        return self.branches.index(branch_code(zh))

    def reporting(self, month: int) -> Integers:
        """For each branch the position of the branch that reports its business in ``month``: 科技园 moves to 高新."""
        found = np.arange(len(self.branches), dtype=np.int64)
        if month >= MERGED_ON.year * 100 + MERGED_ON.month:
            found[self.at("科技园")] = self.at("高新")
        return found

    def is_open(self, month: int) -> NDArray[np.bool_]:
        """For each branch whether its business exists in ``month``, under its own name or another's."""
        return np.array([opened <= month for opened in self.opened])

    def levels(self, measure: str, mean: float) -> Floats:
        """Each branch's own share for ``measure``, drawn once (beta, mean ``mean``).

        Source: beta with a + b = 1/rho - 1 has intra-class correlation rho; Fleiss, Levin & Paik 2003, ch. 15.
        """
        size = 1 / _BETWEEN_BRANCHES - 1
        drawn = self.stream("level", measure).beta(mean * size, (1 - mean) * size, len(self.branches))
        drawn[self.at("科技园")] = drawn[self.at("高新")]  # so that the merger is no step of the merged branch
        return drawn

    def staff_of(self, branch: Integers, chance: np.random.Generator) -> Integers:
        """For each row a position in ``staff`` among the people of its branch."""
        return branch * _STAFF_PER_BRANCH + chance.integers(0, _STAFF_PER_BRANCH, len(branch))

    def phone_staff(self, rows: int, chance: np.random.Generator) -> Integers:
        """For each call a position in ``staff`` among the agents of the phone centre."""
        return len(self.staff) - _PHONE_STAFF + chance.integers(0, _PHONE_STAFF, rows)


def draw_bank(*, seed: int, scale: Scale, without: frozenset[str]) -> Bank:
    """The bank of a seed and scale: 10 branches when small, 61 (60 after the merger) when full."""
    branches = [unit for unit in units(scale) if unit.kind == "branch"]
    volume = {"small": 10 / 60, "full": 1.0}[scale]
    people = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, zlib.crc32(b"people")])))
    return Bank(
        seed=seed,
        without=without,
        branches=tuple(unit.code for unit in branches),
        opened=tuple(unit.start.year * 100 + unit.start.month for unit in branches),
        volume=volume,
        customers=_pseudonyms(round(_CUSTOMERS_PER_60_BRANCHES * volume), people),
        staff=_pseudonyms(len(branches) * _STAFF_PER_BRANCH + _PHONE_STAFF, people),
    )


def _pseudonyms(count: int, chance: np.random.Generator) -> pa.StringArray:
    digits = chance.bytes(count * 10).hex()
    return pa.array([digits[at : at + 20] for at in range(0, len(digits), 20)], pa.string())


def choose(chance: np.random.Generator, shares: Sequence[float] | Floats, rows: int) -> Integers:
    """For each row a position in ``shares``, drawn in proportion to them."""
    edges = np.cumsum(np.asarray(shares, dtype=float))
    found: Integers = np.searchsorted(edges, chance.random(rows) * edges[-1], side="right").astype(np.int64)
    return found
