"""The distribution of a year's loss on a lattice: fast Fourier transform, Panjer's recursion and plain convolution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from hengzhi.methods.loss import Frequency, Loss, NegativeBinomial, Poisson
from hengzhi.methods.severity import Floats, Severity

TILT = 20.0  # exp(-20) of the mass beyond the lattice wraps around; Grubel & Hermesmeier 1999, ASTIN Bulletin 29:197-214


@dataclass(frozen=True, slots=True)
class Lattice:
    """Probabilities of the totals 0, step, 2 step, ..."""

    step: float
    probabilities: Floats

    def quantile(self, q: float) -> float:
        """The total not exceeded with probability ``q``, interpolated inside its cell; 0 where a year without loss suffices."""
        below = np.cumsum(self.probabilities)
        at = int(np.searchsorted(below, q))
        if at == 0:
            return 0.0
        if at >= len(below):
            return float("inf")
        share = (q - below[at - 1]) / (below[at] - below[at - 1])
        return float(self.step * (at - 0.5 + share))

    def cdf(self, x: ArrayLike) -> Floats:
        """P(total <= x), linear inside a cell."""
        edges = self.step * (np.arange(len(self.probabilities)) + 0.5)
        below: Floats = np.interp(np.asarray(x, float), edges, np.cumsum(self.probabilities), left=float(self.probabilities[0]))
        return below

    @property
    def mean(self) -> float:
        """Mean of what lies on the lattice."""
        return float(self.step * (np.arange(len(self.probabilities)) @ self.probabilities))


def discretised(severity: Severity, *, step: float, cells: int) -> Floats:
    """Severity probabilities on 0, step, ..., keeping the mean of every stretch.

    Source: Klugman, Panjer & Willmot, Loss Models, 9.6.5 (method of local moment matching, one moment).
    """
    limited = np.asarray(severity.limited_mean(step * np.arange(cells + 1)), float)
    rises = np.diff(limited) / step
    return np.concatenate([[1 - rises[0]], rises[:-1] - rises[1:]])


def fourier(frequency: Frequency, severity: Floats, *, step: float) -> Lattice:
    """The total's distribution from severity probabilities, by a tilted fast Fourier transform.

    Source: Grubel & Hermesmeier 1999, ASTIN Bulletin 29:197-214; Shevchenko 2010, J. Operational Risk 5(2):3-40.
    """
    cells = len(severity)
    tilt = np.exp(-TILT / cells * np.arange(cells))
    transform = np.fft.rfft(severity * tilt)
    totals = np.fft.irfft(frequency.generating(transform), cells) / tilt
    return Lattice(step, totals)


def quantile(loss: Loss, q: float, *, cells: int = 2**20) -> float:
    """The quantile of a year's loss by Fourier transform, on a lattice fitted to it.

    Raises:
        ValueError: ``q`` is not inside (0, 1).
    """
    if not 0 < q < 1:
        raise ValueError("a quantile's probability lies inside (0, 1)")
    if loss.frequency.none >= q:
        return 0.0
    reach = 2 * _first_guess(loss, q)
    for _ in range(60):
        step = reach / cells
        found = fourier(loss.frequency, discretised(loss.severity, step=step, cells=cells), step=step).quantile(q)
        if found > 0.8 * reach:
            reach *= 2
        elif found < 0.1 * reach:
            reach = max(4 * found, 8 * step)
        else:
            return found * (1 - loss.cut)
    raise ValueError("no lattice fits this loss: its quantile is beyond the reach of floating numbers")


def panjer(frequency: Frequency, severity: ArrayLike, *, totals: int) -> Floats:
    """Probabilities of the totals 0 .. ``totals`` when severities are whole numbers 0, 1, ...

    Source: Panjer 1981, ASTIN Bulletin 12:22-26 (a, b for Poisson and negative binomial).
    """
    if isinstance(frequency, Poisson):
        a, b = 0.0, frequency.lam
    elif isinstance(frequency, NegativeBinomial):
        a = frequency.lam / (frequency.lam + frequency.size)
        b = (frequency.size - 1) * a
    else:
        raise ValueError("Panjer's recursion is for Poisson and negative binomial frequencies")
    f = np.zeros(totals + 1)
    given = np.asarray(severity, float)[: totals + 1]
    f[: len(given)] = given
    g = np.zeros(totals + 1)
    g[0] = float(np.real(frequency.generating(np.array(f[0], dtype=complex))))
    for s in range(1, totals + 1):
        x = np.arange(1, s + 1)
        g[s] = ((a + b * x / s) * f[1 : s + 1] * g[s - 1 :: -1]).sum() / (1 - a * f[0])
    return g


def fold(severity: ArrayLike, times: int) -> Floats:
    """Probabilities of the sum of ``times`` independent severities on 0, 1, ..."""
    total = np.ones(1)
    for _ in range(times):
        total = np.convolve(total, np.asarray(severity, float))
    return total


def convolve(frequency: ArrayLike, severity: ArrayLike) -> Floats:
    """Probabilities of the totals 0, 1, ... for any distribution of the number of events (probabilities of 0, 1, ...).

    Source: Klugman, Panjer & Willmot, Loss Models, 9.3 (sum of p_n f*n).
    """
    counts, each = np.asarray(frequency, float), np.asarray(severity, float)
    totals = np.zeros((len(counts) - 1) * (len(each) - 1) + 1)
    folded = np.ones(1)
    for probability in counts:
        totals[: len(folded)] += probability * folded[: len(totals)]
        folded = np.convolve(folded, each)
    return totals


def _first_guess(loss: Loss, q: float) -> float:
    # Single-loss approximation (Bocker & Kluppelberg 2005) plus the mean of the other events.
    rest = loss.frequency.mean * loss.severity.mean
    single = float(loss.severity.ppf(max(1 - (1 - q) / max(loss.frequency.mean, 1e-12), 0.5)))
    return single + (rest if np.isfinite(rest) else 9 * single)
