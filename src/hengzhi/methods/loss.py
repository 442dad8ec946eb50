"""A year's loss as a random number of events, each with its own severity; its moments and what a control does to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hengzhi.methods.severity import Floats, Severity

Complex = NDArray[np.complex128]


class Frequency(Protocol):
    """A distribution of the number of events in a year."""

    @property
    def mean(self) -> float: ...
    @property
    def variance(self) -> float: ...
    @property
    def none(self) -> float: ...
    def generating(self, z: Complex) -> Complex: ...
    def draw(self, rng: np.random.Generator, years: int) -> NDArray[np.int64]: ...
    def thinned(self, kept: float) -> Self: ...


@dataclass(frozen=True, slots=True)
class Poisson:
    """Events that come independently, ``lam`` a year on average."""

    lam: float

    @property
    def mean(self) -> float:
        """Events a year."""
        return self.lam

    @property
    def variance(self) -> float:
        """The same as the mean."""
        return self.lam

    @property
    def none(self) -> float:
        """Probability of a year without any event."""
        return float(np.exp(-self.lam))

    def generating(self, z: Complex) -> Complex:
        """E[z ** N]."""
        return np.asarray(np.exp(self.lam * (z - 1)), dtype=np.complex128)

    def draw(self, rng: np.random.Generator, years: int) -> NDArray[np.int64]:
        """Numbers of events of ``years`` years."""
        return np.asarray(rng.poisson(self.lam, years), dtype=np.int64)

    def thinned(self, kept: float) -> Self:
        """The events that are left when each is prevented with probability 1 - kept."""
        return replace(self, lam=self.lam * kept)


@dataclass(frozen=True, slots=True)
class NegativeBinomial:
    """Events whose yearly rate itself varies as a gamma: mean ``lam``, variance lam + lam^2 / size."""

    lam: float
    size: float

    @property
    def mean(self) -> float:
        """Events a year."""
        return self.lam

    @property
    def variance(self) -> float:
        """lam + lam^2 / size."""
        return self.lam + self.lam**2 / self.size

    @property
    def none(self) -> float:
        """Probability of a year without any event."""
        return float((1 + self.lam / self.size) ** -self.size)

    def generating(self, z: Complex) -> Complex:
        """E[z ** N]."""
        return np.asarray((1 + self.lam / self.size * (1 - z)) ** -self.size, dtype=np.complex128)

    def draw(self, rng: np.random.Generator, years: int) -> NDArray[np.int64]:
        """Numbers of events of ``years`` years."""
        return np.asarray(rng.negative_binomial(self.size, self.size / (self.size + self.lam), years), dtype=np.int64)

    def thinned(self, kept: float) -> Self:
        """The events that are left when each is prevented with probability 1 - kept (the size stays)."""
        return replace(self, lam=self.lam * kept)


@dataclass(frozen=True, slots=True)
class Moments:
    """Mean and standard deviation of a year's loss."""

    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class Loss:
    """A compound loss; ``cut`` is the share of every severity that a control takes away."""

    frequency: Frequency
    severity: Severity
    cut: float = 0.0

    def controlled(self, *, prevented: float = 0.0, cut: float = 0.0) -> Loss:
        """The loss under a control that prevents a share of events and takes a share off each remaining one."""
        if not (0 <= prevented <= 1 and 0 <= cut <= 1):
            raise ValueError("a control's effects are shares in [0, 1]")
        return Loss(self.frequency.thinned(1 - prevented), self.severity, 1 - (1 - self.cut) * (1 - cut))

    def moments(self) -> Moments:
        """Mean and standard deviation of the year's total.

        Source: Klugman, Panjer & Willmot, Loss Models, 9.3: E[S] = E[N]E[X], Var[S] = E[N]Var[X] + Var[N]E[X]^2.
        """
        kept = 1 - self.cut
        mean, second = self.severity.mean, self.severity.second_moment
        variance = self.frequency.mean * (second - mean**2) + self.frequency.variance * mean**2
        return Moments(self.frequency.mean * mean * kept, float(np.sqrt(variance)) * kept)


def exceedance(totals: ArrayLike, thresholds: ArrayLike) -> Floats:
    """Share of simulated years whose loss exceeds each threshold (the exceedance curve)."""
    years = np.sort(np.asarray(totals, float))
    above: Floats = 1 - np.searchsorted(years, np.asarray(thresholds, float), side="right") / len(years)
    return above
