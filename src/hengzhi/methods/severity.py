"""What one loss costs: lognormal, PERT, and a lognormal body with a generalised Pareto tail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]


class Severity(Protocol):
    """A distribution of one loss, as simulation and lattice methods need it."""

    @property
    def mean(self) -> float: ...
    @property
    def second_moment(self) -> float: ...
    def cdf(self, x: ArrayLike) -> Floats: ...
    def ppf(self, q: ArrayLike) -> Floats: ...
    def limited_mean(self, x: ArrayLike) -> Floats: ...
    def draw(self, rng: np.random.Generator, out: Floats) -> None: ...


@dataclass(frozen=True, slots=True)
class Lognormal:
    """A loss whose logarithm is normal with mean ``mu`` and standard deviation ``sigma``."""

    mu: float
    sigma: float

    @property
    def mean(self) -> float:
        """exp(mu + sigma^2 / 2)."""
        return float(np.exp(self.mu + self.sigma**2 / 2))

    @property
    def second_moment(self) -> float:
        """exp(2 mu + 2 sigma^2)."""
        return float(np.exp(2 * self.mu + 2 * self.sigma**2))

    def cdf(self, x: ArrayLike) -> Floats:
        """P(loss <= x)."""
        return _floats(special.ndtr(self._z(x)))

    def ppf(self, q: ArrayLike) -> Floats:
        """The loss that is not exceeded with probability q."""
        return _floats(np.exp(self.mu + self.sigma * special.ndtri(np.asarray(q, float))))

    def limited_mean(self, x: ArrayLike) -> Floats:
        """E[min(loss, x)].

        Source: Klugman, Panjer & Willmot, Loss Models, appendix A (lognormal, E[X ^ x]).
        """
        at = np.asarray(x, float)
        z = self._z(at)
        # Past the body 1 - ndtr(z) loses all digits: take the upper tail itself.
        return _floats(self.mean * special.ndtr(z - self.sigma) + at * special.ndtr(-z))

    def draw(self, rng: np.random.Generator, out: Floats) -> None:
        """Fill ``out`` with independent losses, one random number each."""
        rng.standard_normal(out=out)
        out *= self.sigma
        out += self.mu
        np.exp(out, out=out)

    def _z(self, x: ArrayLike) -> Floats:
        at = np.asarray(x, float)
        logs = np.log(at, out=np.full(at.shape, -np.inf), where=at > 0)
        return _floats((logs - self.mu) / self.sigma)


def lognormal_from_range(low: float, high: float, *, confidence: float = 0.90) -> Lognormal:
    """The lognormal whose central ``confidence`` range is [low, high], as an expert states it.

    Source: Hubbard & Seiersen 2016, How to Measure Anything in Cybersecurity Risk, ch. 3; Netflix riskquant, SimpleLoss.
    """
    if not 0 < low < high:
        raise ValueError("a range of losses needs 0 < low < high")
    z = float(special.ndtri(0.5 + confidence / 2))
    return Lognormal((np.log(low) + np.log(high)) / 2, float(np.log(high / low)) / (2 * z))


@dataclass(frozen=True, slots=True)
class Pert:
    """A loss between ``low`` and ``high`` with most likely value ``mode``: a rescaled beta distribution.

    Source: Malcolm et al. 1959, Operations Research 7:646-669; Vose 2008, Risk Analysis (modified PERT, weight 4).
    """

    low: float
    mode: float
    high: float
    weight: float = 4.0

    def __post_init__(self) -> None:
        if not (0 <= self.low <= self.mode <= self.high and self.low < self.high):
            raise ValueError("PERT needs 0 <= low <= mode <= high, and low < high")

    @property
    def a(self) -> float:
        """First parameter of the beta distribution."""
        return 1 + self.weight * (self.mode - self.low) / (self.high - self.low)

    @property
    def b(self) -> float:
        """Second parameter of the beta distribution."""
        return 1 + self.weight * (self.high - self.mode) / (self.high - self.low)

    @property
    def mean(self) -> float:
        """(low + weight * mode + high) / (weight + 2)."""
        return (self.low + self.weight * self.mode + self.high) / (self.weight + 2)

    @property
    def second_moment(self) -> float:
        """Variance plus squared mean."""
        variance = (self.mean - self.low) * (self.high - self.mean) / (self.weight + 3)
        return variance + self.mean**2

    def cdf(self, x: ArrayLike) -> Floats:
        """P(loss <= x)."""
        return _floats(special.betainc(self.a, self.b, self._t(x)))

    def ppf(self, q: ArrayLike) -> Floats:
        """The loss that is not exceeded with probability q."""
        return _floats(self.low + (self.high - self.low) * special.betaincinv(self.a, self.b, np.asarray(q, float)))

    def limited_mean(self, x: ArrayLike) -> Floats:
        """E[min(loss, x)]."""
        t = self._t(x)
        share = self.a / (self.a + self.b)
        inside = share * special.betainc(self.a + 1, self.b, t) + t * special.betaincc(self.a, self.b, t)
        return _floats(np.minimum(np.asarray(x, float), self.low + (self.high - self.low) * inside))

    def draw(self, rng: np.random.Generator, out: Floats) -> None:
        """Fill ``out`` with independent losses."""
        out[:] = rng.beta(self.a, self.b, size=len(out))
        out *= self.high - self.low
        out += self.low

    def _t(self, x: ArrayLike) -> Floats:
        return np.clip((np.asarray(x, float) - self.low) / (self.high - self.low), 0, 1)


@dataclass(frozen=True, slots=True)
class TailedLognormal:
    """A lognormal up to ``threshold``, and a generalised Pareto for what lies beyond, with the body's tail probability.

    Source: McNeil, Frey & Embrechts 2015, Quantitative Risk Management, 5.2 (peaks over threshold) and 13.1.
    """

    body: Lognormal
    threshold: float
    shape: float
    scale: float

    @property
    def tail_probability(self) -> float:
        """P(loss > threshold)."""
        return float(special.ndtr(-self.body._z(self.threshold)))

    @property
    def mean(self) -> float:
        """Infinite when the shape is 1 or more."""
        if self.shape >= 1:
            return float("inf")
        return float(self.body.limited_mean(self.threshold)) + self.tail_probability * self.scale / (1 - self.shape)

    @property
    def second_moment(self) -> float:
        """Infinite when the shape is 1/2 or more."""
        if self.shape >= 0.5:
            return float("inf")
        body = self.body.second_moment * float(special.ndtr(self.body._z(self.threshold) - 2 * self.body.sigma))
        excess = self.scale / (1 - self.shape)
        excess_squared = 2 * self.scale**2 / ((1 - self.shape) * (1 - 2 * self.shape))
        return body + self.tail_probability * (self.threshold**2 + 2 * self.threshold * excess + excess_squared)

    def cdf(self, x: ArrayLike) -> Floats:
        """P(loss <= x)."""
        at = np.asarray(x, float)
        beyond = np.maximum(at - self.threshold, 0)
        return np.where(at <= self.threshold, self.body.cdf(at), 1 - self.tail_probability * self._survival(beyond))

    def ppf(self, q: ArrayLike) -> Floats:
        """The loss that is not exceeded with probability q."""
        upper = 1 - np.asarray(q, float)
        tail = upper < self.tail_probability
        beyond = self._excess(np.where(tail, upper / self.tail_probability, 1.0))
        return np.where(tail, self.threshold + beyond, self.body.ppf(np.where(tail, 0.5, 1 - upper)))

    def limited_mean(self, x: ArrayLike) -> Floats:
        """E[min(loss, x)]."""
        at = np.asarray(x, float)
        y = np.maximum(at - self.threshold, 0)
        if abs(self.shape) < 1e-12:
            tail = self.scale * -np.expm1(-y / self.scale)
        elif abs(self.shape - 1) < 1e-12:
            tail = self.scale * np.log1p(y / self.scale)
        else:
            tail = self.scale / (self.shape - 1) * (self._base(y) ** (1 - 1 / self.shape) - 1)
        return _floats(self.body.limited_mean(np.minimum(at, self.threshold)) + self.tail_probability * tail)

    def draw(self, rng: np.random.Generator, out: Floats) -> None:
        """Fill ``out`` with independent losses: one normal number each, those in the tail mapped to the Pareto."""
        rng.standard_normal(out=out)
        tail = out > float(self.body._z(self.threshold))
        upper = special.ndtr(-out[tail]) / self.tail_probability
        out *= self.body.sigma
        out += self.body.mu
        np.exp(out, out=out)
        out[tail] = self.threshold + self._excess(upper)

    def _base(self, y: Floats) -> Floats:
        return np.maximum(1 + self.shape * y / self.scale, 0)

    def _survival(self, y: Floats) -> Floats:
        if abs(self.shape) < 1e-12:
            return _floats(np.exp(-y / self.scale))
        return _floats(self._base(y) ** (-1 / self.shape))

    def _excess(self, upper: Floats) -> Floats:
        if abs(self.shape) < 1e-12:
            return _floats(-self.scale * np.log(upper))
        return _floats(self.scale / self.shape * (upper**-self.shape - 1))


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)
