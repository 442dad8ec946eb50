"""Where an indicator is heading: forecast, distribution-free interval, chance of a breach, and how it fares against naive."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hengzhi.methods.forecast import Floats, Forecaster

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Outlook:
    """Forecasts with intervals (series, horizon), and the scaled errors on the periods after the warm-up.

    ``errors[:, t, h - 1]`` is what came at t + h minus what t expected; ``tested`` counts the usable ones.
    """

    forecast: Floats
    lower: Floats
    upper: Floats
    mase: Floats
    tested: Counts
    errors: Floats

    def probability_beyond(self, limit: ArrayLike, *, above: bool = True) -> Floats:
        """Chance that each future value lies beyond ``limit``, from the errors made so far; never exactly 0 or 1.

        Source: Vovk, Gammerman & Shafer 2022, Algorithmic Learning in a Random World, ch. 7 (conformal predictive system).
        """
        given = np.asarray(limit, float)
        edge = np.broadcast_to(given[:, None] if given.ndim == 1 else given, self.forecast.shape)
        possible = self.forecast[:, None, :] + self.errors
        beyond = possible > edge[:, None, :] if above else possible < edge[:, None, :]
        hits = beyond.sum(axis=1)
        return np.asarray((hits + 0.5) / (self.tested + 1), dtype=np.float64)


def outlook(table: ArrayLike, forecaster: Forecaster, *, horizon: int, warm_up: int, confidence: float = 0.9, season: int = 1) -> Outlook:
    """Forecasts from the last period, with intervals from the errors of every origin after the warm-up.

    Args:
        table: series in rows, periods in columns; NaN where nothing was observed.
        forecaster: from ``methods.forecast``.
        horizon: how many periods ahead.
        warm_up: periods before the first origin that is tested.
        confidence: share of futures that the interval is to hold; infinite where too few errors are known.
        season: period of the naive forecast that scales the error.

    Source: Vovk et al. 2005 and Stankeviciute et al. 2021 (conformal, one interval a horizon); rolling origin: Tashman 2000;
    MASE: Hyndman & Koehler 2006, Int. J. Forecasting 22:679-688.
    """
    series = np.atleast_2d(np.asarray(table, float))
    periods = series.shape[1]
    if not 1 <= warm_up < periods:
        raise ValueError(f"a warm-up lies between 1 and {periods - 1} periods")
    made = forecaster(series, horizon)
    errors = np.full((len(series), periods, horizon), np.nan)
    for h in range(1, min(horizon, periods - 1) + 1):
        errors[:, : periods - h, h - 1] = series[:, h:] - made[:, : periods - h, h - 1]
    errors[:, : warm_up - 1] = np.nan
    reach, tested = _conformal_reach(np.abs(errors), confidence)
    last = made[:, -1]
    return Outlook(last, last - reach, last + reach, _mase(errors[:, :, 0], series, season, warm_up), tested, errors)


def _conformal_reach(sizes: Floats, confidence: float) -> tuple[Floats, Counts]:
    tested = (~np.isnan(sizes)).sum(axis=1)
    rank = np.ceil((tested + 1) * confidence - 1e-9).astype(np.int64)
    ordered = np.sort(np.where(np.isnan(sizes), np.inf, sizes), axis=1)
    at = np.clip(rank - 1, 0, sizes.shape[1] - 1)
    reach = np.take_along_axis(ordered, at[:, None, :], axis=1)[:, 0, :]
    return np.where(rank > tested, np.inf, reach), tested


def _mase(errors: Floats, series: Floats, season: int, warm_up: int) -> Floats:
    # Scaled by the naive forecast on the warm-up alone, or on all periods where the warm-up is shorter than a season.
    early = series[:, :warm_up] if warm_up > season else series
    scale = _mean_over(np.abs(early[:, season:] - early[:, :-season]))
    own = _mean_over(np.abs(errors))
    scaled: Floats = np.divide(own, scale, out=np.full(len(series), np.nan), where=scale > 0)
    return scaled


def _mean_over(sizes: Floats) -> Floats:
    known = ~np.isnan(sizes)
    n = known.sum(axis=1)
    total = np.where(known, sizes, 0).sum(axis=1)
    mean: Floats = np.divide(total, n, out=np.full(len(sizes), np.nan), where=n > 0)
    return mean
