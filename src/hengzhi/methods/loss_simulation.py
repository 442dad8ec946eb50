"""Simulated years of a compound loss: one severity draw per event, the same years whatever the block size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from hengzhi.methods.loss import Loss
from hengzhi.methods.severity import Floats

# Years that share one counter-based random stream: part of the result's definition, never a tuning knob.
STREAM_YEARS = 8_192


@dataclass(frozen=True, slots=True)
class QuantileEstimate:
    """A quantile with an interval that holds whatever the distribution."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Simulation:
    """Yearly totals in the order in which they were drawn."""

    totals: Floats

    @property
    def mean(self) -> float:
        """Average yearly loss."""
        return float(self.totals.mean())

    def quantile(self, q: float, *, confidence: float = 0.99) -> QuantileEstimate:
        """The order statistic for ``q``, and those that enclose the true quantile with ``confidence``.

        Source: David & Nagaraja 2003, Order Statistics, 7.1 (binomial ranks; a bound beyond the data is infinite or 0).
        """
        years = len(self.totals)
        low = int(stats.binom.ppf((1 - confidence) / 2, years, q))
        high = int(stats.binom.ppf((1 + confidence) / 2, years, q)) + 1
        at = max(int(np.ceil(years * q)), 1)
        ranks = sorted({min(max(rank, 1), years) - 1 for rank in (low, at, high)})
        ordered = np.partition(self.totals, ranks)
        return QuantileEstimate(
            float(ordered[at - 1]),
            float(ordered[low - 1]) if low >= 1 else 0.0,
            float(ordered[high - 1]) if high <= years else float("inf"),
        )

    def beyond(self, q: float) -> float:
        """Mean of the years at or above the quantile (expected shortfall)."""
        edge = self.quantile(q).value
        return float(self.totals[self.totals >= edge].mean())


def simulate(loss: Loss, *, years: int, seed: int, block_events: int = 1_000_000) -> Simulation:
    """Totals of ``years`` simulated years.

    Args:
        loss: frequency and severity.
        years: how many.
        seed: non-negative; the same seed gives the same years bit for bit.
        block_events: most events held at once (a single year with more is held whole); it never changes the result.

    Source: Shevchenko 2010, J. Operational Risk 5(2):3-40 (Monte Carlo); Salmon et al. 2011, SC'11 (Philox).
    """
    if years < 1 or block_events < 1:
        raise ValueError("simulate at least one year, with room for at least one event")
    totals = np.zeros(years)
    held = np.empty(0)
    for stream, start in enumerate(range(0, years, STREAM_YEARS)):
        rng = np.random.Generator(np.random.Philox(key=seed, counter=stream << 192))
        # A stream is drawn whole even where the last years are not wanted: 10 years are the first 10 of 1,000.
        counts = loss.frequency.draw(rng, STREAM_YEARS)[: years - start]
        for first, last in _year_blocks(counts, block_events):
            held = _add_years(loss, rng, counts[first:last], totals[start + first : start + last], held)
    if loss.cut:
        totals *= 1 - loss.cut
    return Simulation(totals)


def _add_years(loss: Loss, rng: np.random.Generator, counts: NDArray[np.int64], into: Floats, held: Floats) -> Floats:
    events = int(counts.sum())
    if not events:
        return held
    if len(held) < events:
        held = np.empty(events)
    drawn = held[:events]
    loss.severity.draw(rng, drawn)
    busy = counts > 0
    starts = np.cumsum(counts) - counts
    into[busy] = np.add.reduceat(drawn, starts[busy])
    return held


def _year_blocks(counts: NDArray[np.int64], most: int) -> list[tuple[int, int]]:
    ends = np.cumsum(counts)
    blocks, first, before = [], 0, 0
    while first < len(counts):
        last = max(int(np.searchsorted(ends, before + most, side="right")), first + 1)
        blocks.append((first, last))
        first, before = last, int(ends[last - 1])
    return blocks
