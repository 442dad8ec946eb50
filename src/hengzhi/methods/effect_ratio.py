"""The ratio of two means of skewed cases that come in clusters, such as handling times by branch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RatioOfMeans:
    """After over before, with a two-sided interval; ``draws`` are the resampled ratios (empty for the t interval)."""

    ratio: float
    ci: tuple[float, float]
    draws: Floats

    def probability_of_reduction(self, share: float) -> float:
        """Share of resampled ratios that show a reduction of at least ``share`` (0.2 = 20 %)."""
        if not len(self.draws):
            raise ValueError("only the bootstrap gives a probability of reduction")
        return float((self.draws <= 1 - share).mean())


def ratio_bootstrap(
    *,
    sum_before: ArrayLike,
    n_before: ArrayLike,
    sum_after: ArrayLike,
    n_after: ArrayLike,
    seed: int,
    draws: int = 2000,
    confidence: float = 0.95,
) -> RatioOfMeans:
    """Ratio of the mean after to the mean before, its interval by resampling whole clusters.

    Args:
        sum_before: total of the cases of each cluster before, one value a cluster; likewise the other three.
        n_before: number of cases.
        sum_after: total of the cases after.
        n_after: number of cases after.
        seed: of the resampling.
        draws: how many resamples.
        confidence: of the percentile interval.

    Source: Davison & Hinkley 1997, Bootstrap Methods and their Application, 3.8 (clusters as the unit of resampling).
    """
    cells = _cells(sum_before, n_before, sum_after, n_after)
    clusters = cells.shape[1]
    rng = np.random.Generator(np.random.PCG64(seed))
    times = rng.multinomial(clusters, np.full(clusters, 1 / clusters), size=draws)
    s0, n0, s1, n1 = (cells @ times.T).astype(np.float64)
    usable = (n0 > 0) & (n1 > 0) & (s0 > 0)
    ratios = (s1[usable] / n1[usable]) / (s0[usable] / n0[usable])
    tail = (1 - confidence) / 2
    low, high = np.quantile(ratios, [tail, 1 - tail])
    return RatioOfMeans(_ratio(cells), (float(low), float(high)), ratios)


def ratio_t(
    *, sum_before: ArrayLike, n_before: ArrayLike, sum_after: ArrayLike, n_after: ArrayLike, confidence: float = 0.95
) -> RatioOfMeans:
    """The same ratio with a linearised, cluster-robust t interval on the logarithm (df = clusters - 1).

    Source: Cochran 1977, Sampling Techniques, ch. 6 (linearised ratio), delta method on the log.
    """
    cells = _cells(sum_before, n_before, sum_after, n_after)
    s0, n0, s1, n1 = cells
    influence = (s1 - s1.sum() / n1.sum() * n1) / s1.sum() - (s0 - s0.sum() / n0.sum() * n0) / s0.sum()
    clusters = cells.shape[1]
    se = float(np.sqrt((influence**2).sum() * clusters / (clusters - 1)))
    reach = float(stats.t.ppf(0.5 + confidence / 2, clusters - 1)) * se
    ratio = _ratio(cells)
    return RatioOfMeans(ratio, (ratio * float(np.exp(-reach)), ratio * float(np.exp(reach))), np.empty(0))


def _cells(*parts: ArrayLike) -> Floats:
    cells: Floats = np.stack([np.asarray(part, float) for part in parts])
    if cells.ndim != 2 or cells.shape[1] < 2:
        raise ValueError("a clustered comparison needs at least two clusters")
    if cells[1].sum() <= 0 or cells[3].sum() <= 0 or cells[0].sum() <= 0:
        raise ValueError("a ratio of means needs cases before and after, and a mean before above 0")
    return cells


def _ratio(cells: Floats) -> float:
    s0, n0, s1, n1 = cells.sum(axis=1)
    return float((s1 / n1) / (s0 / n0))
