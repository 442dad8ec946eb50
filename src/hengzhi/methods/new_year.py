"""The moving Chinese New Year: its dates, and the share of its holiday that falls into each month."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from hengzhi.methods.interval import Floats, require

FIRST_YEAR = 2000
# Day of the year counted from 1 January, 2000 to 2050. Source: GB/T 33661-2017, Calculation and promulgation of the Chinese calendar.
_DAYS = (
    "36 24 43 32 22 40 29 49 38 26 45 34 23 41 31 50 39 28 47 36 25 43 32 22 41 29 48 37 26 44 "
    "34 23 42 31 50 39 28 46 35 24 43 32 22 41 30 48 37 26 45 33 23"
)


def new_year_day(year: int) -> date:
    """The first day of the first lunar month, for 2000 to 2050.

    >>> new_year_day(2026).isoformat()
    '2026-02-17'
    """
    days = _DAYS.split()
    require(FIRST_YEAR <= year < FIRST_YEAR + len(days), "New Year's dates are known for 2000 to 2050")
    return date(year, 1, 1) + timedelta(days=int(days[year - FIRST_YEAR]) - 1)


def holiday_share(months: Sequence[int], *, before: int = 1, after: int = 7) -> Floats:
    """The share of each year's holiday in each month (yyyymm), less that calendar month's average over 2000 to 2050.

    Args:
        months: such as 202601, 202602.
        before: days before New Year's Day that belong to the holiday.
        after: days from New Year's Day on.

    Returns:
        One value per month; 0 outside January to March. Centring leaves the fixed part to the seasonal figure.

    Source: Bell & Hillmer (1983), JASA 78:526 (moving holidays, deviations from long-run monthly means).
    """
    years = range(FIRST_YEAR, FIRST_YEAR + len(_DAYS.split()))
    every = {(year, month): _share(year, month, before, after) for year in years for month in range(1, 13)}
    mean = {month: sum(every[year, month] for year in years) / len(years) for month in range(1, 13)}
    require(all(divmod(month, 100) in every for month in months), "New Year's dates are known for 2000 to 2050")
    return np.array([every[divmod(month, 100)] - mean[month % 100] for month in months])


def _share(year: int, month: int, before: int, after: int) -> float:
    day = new_year_day(year)
    start, end = day - timedelta(days=before), day + timedelta(days=after)
    first = date(year, month, 1)
    last = first + timedelta(days=calendar.monthrange(year, month)[1])
    return max((min(end, last) - max(start, first)).days, 0) / (before + after)
