"""Season, trend and remainder of a series, the moving Chinese New Year taken out first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from statsmodels.tsa.seasonal import STL

from hengzhi.methods.interval import Floats, Numbers, floats, require
from hengzhi.methods.new_year import holiday_share

_ROUNDS = 20  # of alternating holiday and STL fits; two or three usually settle it


@dataclass(frozen=True, slots=True)
class Decomposition:
    """x = seasonal + trend + holiday + remainder."""

    seasonal: Floats
    trend: Floats
    holiday: Floats
    remainder: Floats


def stl(x: Numbers, *, period: int, seasonal: int | None = None, robust: bool = False) -> Decomposition:
    """Seasonal-trend decomposition by loess.

    Args:
        x: one series without gaps, at least two periods long.
        period: points in a cycle, 12 for months.
        seasonal: span of the seasonal loess (odd); None keeps the season the same in every cycle ("periodic").
        robust: weigh outliers down.

    Source: Cleveland et al. (1990), J. Off. Stat. 6:3; windows, jumps and iterations as R's stats::stl.
    """
    (x,) = floats(x)
    require(x.ndim == 1 and x.size >= 2 * period and not np.isnan(x).any(), "STL takes one series of two whole cycles without gaps")
    span = 10 * x.size + 1 if seasonal is None else seasonal
    require(span % 2 == 1 and span >= 3, "the seasonal span must be odd and at least 3")
    trend_span = _next_odd(1.5 * period / (1 - 1.5 / span))
    low_span = _next_odd(period)
    found = STL(
        x,
        period=period,
        seasonal=span,
        trend=trend_span,
        low_pass=low_span,
        seasonal_deg=0,
        robust=robust,
        seasonal_jump=_tenth(span),
        trend_jump=_tenth(trend_span),
        low_pass_jump=_tenth(low_span),
    ).fit(inner_iter=1 if robust else 2, outer_iter=15 if robust else 0)
    season, trend = np.asarray(found.seasonal), np.asarray(found.trend)
    if seasonal is None:
        cycle = np.arange(x.size) % period
        season = (np.bincount(cycle, weights=season) / np.bincount(cycle))[cycle]
    return Decomposition(season, trend, np.zeros(x.size), x - season - trend)


def stl_new_year(x: Numbers, months: Sequence[int], *, before: int = 1, after: int = 7, robust: bool = False) -> Decomposition:
    """Monthly STL with a moving Chinese New Year effect, both fitted in turn until they settle.

    Args:
        x: one value per month.
        months: consecutive months (yyyymm), at least 24; better 36.
        before: days before New Year's Day that belong to the holiday.
        after: days from New Year's Day on.
        robust: weigh outliers down.

    Source: Findley et al. (1998), J. Bus. Econ. Stat. 16:127 (regression of the irregular on a moving-holiday regressor).
    """
    (x,) = floats(x)
    require(len(months) == x.size, "needs one month per value")
    share = holiday_share(months, before=before, after=after)
    effect = 0.0
    found = stl(x, period=12, robust=robust)
    for _ in range(_ROUNDS):
        if not share.any():
            break
        # What STL can't take up itself of the regressor decides the slope (Frisch-Waugh).
        rest = stl(share, period=12, robust=False).remainder
        step = float(rest @ found.remainder / (rest @ rest)) if rest @ rest > 0 else 0.0
        effect += step
        found = stl(x - effect * share, period=12, robust=robust)
        if abs(step) <= 1e-9 * (abs(effect) + 1e-300):
            break
    return Decomposition(found.seasonal, found.trend, effect * share, found.remainder)


def year_on_year(x: Numbers, *, period: int = 12) -> Floats:
    """Each point over the same point of the cycle before, along the last axis; all that less than two cycles allow.

    The first cycle, and points over 0, are NaN.
    """
    (x,) = floats(x)
    found = np.full(x.shape, np.nan)
    before = x[..., :-period]
    found[..., period:] = np.divide(x[..., period:], before, out=np.full(before.shape, np.nan), where=before != 0)
    return found


def _next_odd(value: float) -> int:
    found = round(value) if abs(value - round(value)) < 1e-9 else int(np.ceil(value))
    return found + 1 if found % 2 == 0 else found


def _tenth(span: int) -> int:
    return int(np.ceil(span / 10))
