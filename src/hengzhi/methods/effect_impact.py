"""The effect on one series after a date, against what a structural time-series model expected from before."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from statsmodels.tools.sm_exceptions import ConvergenceWarning
from statsmodels.tsa.statespace.structural import UnobservedComponents

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Impact:
    """Sums over the periods after: observed, expected without the measure, and their difference with its interval."""

    actual_sum: float
    predicted_sum: float
    effect_sum: float
    effect_ci: tuple[float, float]
    tail_probability: float
    predicted: Floats

    @property
    def relative(self) -> float:
        """Effect as a share of what was expected."""
        return self.effect_sum / self.predicted_sum


def causal_impact(
    before: ArrayLike,
    after: ArrayLike,
    *,
    controls_before: ArrayLike | None = None,
    controls_after: ArrayLike | None = None,
    seed: int = 0,
    draws: int = 1000,
    confidence: float = 0.95,
) -> Impact:
    """Effect on a series by a local level with regression on control series, fitted by maximum likelihood before the measure.

    Args:
        before: outcomes before the measure, one a period.
        after: outcomes after.
        controls_before: control series that the measure did not touch, periods in rows.
        controls_after: the same, after.
        seed: of the simulated futures behind the interval.
        draws: how many futures.
        confidence: of the interval.

    Returns:
        The interval carries the uncertainty of level and regression, but holds the two fitted variances as known.

    Source: Brodersen et al. 2015, Annals of Applied Statistics 9:247-274; Durbin & Koopman 2012 (local level).
    """
    y, future = np.asarray(before, float), np.asarray(after, float)
    centre, scale = float(np.nanmean(y)), float(np.nanstd(y)) or 1.0
    x0, x1 = _standardised(controls_before, controls_after)
    model = UnobservedComponents((y - centre) / scale, level="local level", exog=x0, mle_regression=False)
    with warnings.catch_warnings():
        # A variance at its bound of zero is a fit, not a failure; statsmodels warns all the same.
        warnings.simplefilter("ignore", ConvergenceWarning)
        fitted = model.fit(disp=False, maxiter=500)
    expected = np.asarray(fitted.forecast(len(future), exog=x1), float) * scale + centre
    rng = np.random.Generator(np.random.PCG64(seed))
    paths = np.asarray(fitted.simulate(len(future), anchor="end", repetitions=draws, exog=x1, rng=rng), float)
    seen = ~np.isnan(future)
    sums = (paths.reshape(len(future), draws) * scale + centre)[seen].sum(axis=0)
    actual, predicted = float(future[seen].sum()), float(expected[seen].sum())
    tail = (1 - confidence) / 2
    low, high = np.quantile(sums, [tail, 1 - tail])
    beyond = min(float((sums >= actual).mean()), float((sums <= actual).mean()))
    return Impact(actual, predicted, actual - predicted, (actual - float(high), actual - float(low)), beyond, expected)


def _standardised(before: ArrayLike | None, after: ArrayLike | None) -> tuple[Floats | None, Floats | None]:
    if before is None or after is None:
        return None, None
    x0, x1 = np.asarray(before, float), np.asarray(after, float)
    x0, x1 = (x[:, None] if x.ndim == 1 else x for x in (x0, x1))
    spread = x0.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    return (x0 - x0.mean(axis=0)) / spread, (x1 - x0.mean(axis=0)) / spread
