"""Interrupted time series of counts: Poisson regression with offset, step, trend and harmonics, quasi or HAC errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]
Errors = Literal["poisson", "quasipoisson", "hac"]

_MOST_STEPS = 100


@dataclass(frozen=True, slots=True)
class CountModel:
    """A fitted log-linear model of counts; ``dispersion`` is Pearson's, also where the errors don't use it."""

    names: tuple[str, ...]
    coefficients: Floats
    se: Floats
    dispersion: float
    fitted: Floats
    df: int

    def at(self, name: str) -> int:
        """Position of a term."""
        return self.names.index(name)

    def rate_ratio(self, name: str, *, confidence: float = 0.95) -> tuple[float, float, float]:
        """The rate ratio exp(coefficient) of a term with its normal interval."""
        value, se = float(self.coefficients[self.at(name)]), float(self.se[self.at(name)])
        reach = float(special.ndtri(0.5 + confidence / 2)) * se
        return float(np.exp(value)), float(np.exp(value - reach)), float(np.exp(value + reach))


def fit_counts(
    counts: ArrayLike, terms: Mapping[str, ArrayLike], *, offset: ArrayLike | None = None, errors: Errors = "poisson", lags: int = 12
) -> CountModel:
    """Fit log E[count] = offset + intercept + terms.

    Args:
        counts: one a period, in time order; periods with NaN anywhere are left out.
        terms: column of each term.
        offset: logarithm of the exposure.
        errors: "poisson", "quasipoisson" (scaled by Pearson's dispersion) or "hac" (Newey-West with ``lags``).
        lags: most lags of correlation that HAC errors allow for.

    Raises:
        ValueError: the terms are collinear, or the iteration does not settle.

    Source: McCullagh & Nelder 1989, Generalized Linear Models, 2.5 and 6.2; Newey & West 1987, Econometrica 55:703-708.
    """
    y = np.asarray(counts, float)
    design = np.column_stack([np.ones(len(y)), *(np.asarray(term, float) for term in terms.values())])
    shift = np.zeros(len(y)) if offset is None else np.asarray(offset, float)
    use = ~np.isnan(np.column_stack([y, shift, design])).any(axis=1)
    y, design, shift = y[use], design[use], shift[use]
    if np.linalg.matrix_rank(design) < design.shape[1] or len(y) <= design.shape[1]:
        raise ValueError("the terms are collinear, or there are more terms than periods")
    beta = _iterate(y, design, shift)
    fitted = np.exp(shift + design @ beta)
    df = len(y) - design.shape[1]
    dispersion = float(((y - fitted) ** 2 / fitted).sum() / df)
    bread = np.linalg.inv(design.T @ (design * fitted[:, None]))
    covariance = bread * (dispersion if errors == "quasipoisson" else 1.0)
    if errors == "hac":
        covariance = bread @ _newey_west(design * (y - fitted)[:, None], lags) @ bread
    return CountModel(("intercept", *terms), beta, np.sqrt(np.diag(covariance)), dispersion, fitted, df)


def harmonics(time: ArrayLike, *, pairs: int, period: float) -> dict[str, Floats]:
    """Cosine and sine columns of a season, cosines first (the columns of R's ``tsModel::harmonic``).

    Source: Lopez Bernal, Cummins & Gasparrini 2017, Int. J. Epidemiology 46:348-355.
    """
    angle = 2 * np.pi * np.asarray(time, float) / period
    cosines = {f"cos{k}": np.asarray(np.cos(k * angle)) for k in range(1, pairs + 1)}
    return cosines | {f"sin{k}": np.asarray(np.sin(k * angle)) for k in range(1, pairs + 1)}


def step(time: ArrayLike, first_post: float) -> Floats:
    """0 before ``first_post``, 1 from it on."""
    return (np.asarray(time, float) >= first_post).astype(np.float64)


def _iterate(y: Floats, design: Floats, shift: Floats) -> Floats:
    beta = np.linalg.lstsq(design, np.log(y + 0.5) - shift, rcond=None)[0]
    for _ in range(_MOST_STEPS):
        mean = np.exp(shift + design @ beta)
        working = design @ beta + (y - mean) / mean
        new = np.linalg.solve(design.T @ (design * mean[:, None]), design.T @ (mean * working))
        if np.max(np.abs(new - beta)) < 1e-12 * (1 + np.max(np.abs(beta))):
            return np.asarray(new, dtype=np.float64)
        beta = new
    raise ValueError("the count model does not settle: too few events for its terms")


def _newey_west(scores: Floats, lags: int) -> Floats:
    total: Floats = scores.T @ scores
    for lag in range(1, min(lags, len(scores) - 1) + 1):
        cross = scores[lag:].T @ scores[:-lag]
        total = total + (1 - lag / (lags + 1)) * (cross + cross.T)
    return total
