"""One treated unit against a weighted mix of untreated ones that matched it before: the synthetic control."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import nnls

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SyntheticControl:
    """Donor weights (non-negative, summing to one), the gap to the treated unit in each period, and its mean after.

    ``fit`` is the root mean square gap before; ``placebo_p`` ranks the ratio of gaps after to before among the donors.
    """

    weights: Floats
    gaps: Floats
    att: float
    fit: float
    placebo_p: float


def synthetic_control(treated: ArrayLike, donors: ArrayLike, *, pre_periods: int, placebos: bool = True) -> SyntheticControl:
    """Effect on the treated unit as its gap to the mix of donors closest to it before the measure.

    Args:
        treated: outcomes of the treated unit, all periods.
        donors: untreated units in rows, periods in columns.
        pre_periods: how many periods come before the measure; all of their outcomes are matched.
        placebos: whether each donor in turn plays the treated unit.

    Source: Abadie, Diamond & Hainmueller 2010, JASA 105:493-505; all pre-period outcomes as predictors.
    """
    outcome, others = np.asarray(treated, float), np.asarray(donors, float)
    if others.ndim != 2 or others.shape[1] != len(outcome) or not 0 < pre_periods < len(outcome):
        raise ValueError("donors have one row a unit and the treated unit's periods, some of them before and some after")
    weights = simplex_weights(outcome[:pre_periods], others[:, :pre_periods])
    gaps = outcome - weights @ others
    placebo = _placebo_p(gaps, others, pre_periods) if placebos and len(others) > 1 else float("nan")
    return SyntheticControl(weights, gaps, float(gaps[pre_periods:].mean()), _rms(gaps[:pre_periods]), placebo)


def simplex_weights(target: Floats, donors: Floats) -> Floats:
    """Weights >= 0 that sum to one and bring the donors' mix nearest to the target (least squares)."""
    # On the simplex the target can be taken off every donor: then the mix shall be small, and a heavy row of ones
    # keeps the sum at one (Lawson & Hanson 1974, ch. 23).
    centred = (donors - target[None, :]).T
    size = float(np.abs(centred).max()) or 1.0
    heavy = 1e4 * np.sqrt(len(target))
    system = np.vstack([centred / size, np.full((1, len(donors)), heavy)])
    weights, _ = nnls(system, np.concatenate([np.zeros(len(target)), [heavy]]), maxiter=50 * len(donors))
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def _placebo_p(gaps: Floats, donors: Floats, pre_periods: int) -> float:
    own = _rms(gaps[pre_periods:]) / max(_rms(gaps[:pre_periods]), 1e-300)
    as_large = 1
    for at in range(len(donors)):
        placebo = synthetic_control(donors[at], np.delete(donors, at, axis=0), pre_periods=pre_periods, placebos=False)
        as_large += _rms(placebo.gaps[pre_periods:]) / max(placebo.fit, 1e-300) >= own
    return as_large / (len(donors) + 1)


def _rms(gaps: Floats) -> float:
    return float(np.sqrt((gaps**2).mean()))
