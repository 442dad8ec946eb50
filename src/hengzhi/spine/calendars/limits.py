"""Limits: so many hours, days, business days or months from a moment, in one zone and calendar."""

from __future__ import annotations

import calendar as months
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Literal

from hengzhi.spine.calendars.days import Calendar

LimitUnit = Literal["hours", "business_hours", "days", "business_days", "months", "whole_months"]
LIMIT_UNITS: tuple[LimitUnit, ...] = ("hours", "business_hours", "days", "business_days", "months", "whole_months")
_BY_HOUR = ("hours", "business_hours")


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of time as a rule states it.

    ``whole_months`` ends with the last day of the n-th calendar month that begins after the start. ``rolls``: a limit in
    days or months that ends on a day off ends on the next business day instead (off by default, which is the stricter reading).
    """

    amount: int
    unit: LimitUnit
    rolls: bool = False

    @property
    def by_hour(self) -> bool:
        """Whether the limit ends at a moment; else with the end of a day."""
        return self.unit in _BY_HOUR


def due(start: datetime, limit: Limit, *, calendar: Calendar, zone: tzinfo, pauses: Iterable[tuple[datetime, datetime]] = ()) -> datetime:
    """The last moment at which the limit is still kept; each pause moves it by what was paused, in the limit's own unit.

    Limits in days and months leave the first day out and end with the last moment of the last one.

    Source: 民法典 (Civil Code) art. 200-203: counting by the day the first day is not counted; months end on the day of the
    same number, else on the month's last.
    """
    local = start.astimezone(zone)
    if limit.unit == "hours":
        at = start + timedelta(hours=limit.amount)
    elif limit.unit == "business_hours":
        at = calendar.add_business_time(local, timedelta(hours=limit.amount))
    else:
        at = end_of(_LAST_DAY[limit.unit](local.date(), limit.amount, calendar), zone)
    for paused, resumed in pauses:
        at = _shifted(at, limit.unit, (paused, resumed), calendar, zone)
    if limit.rolls and not limit.by_hour:
        at = end_of(calendar.next_business_day(at.date()), zone)
    return at


def end_of(day: date, zone: tzinfo) -> datetime:
    """The last moment of a day."""
    return datetime.combine(day, time.max, zone)


def add_months(day: date, count: int) -> date:
    """The day of the same number ``count`` months later, else that month's last."""
    at = day.year * 12 + day.month - 1 + count
    return date(at // 12, at % 12 + 1, min(day.day, months.monthrange(at // 12, at % 12 + 1)[1]))


def _shifted(at: datetime, unit: LimitUnit, pause: tuple[datetime, datetime], calendar: Calendar, zone: tzinfo) -> datetime:
    if unit == "hours":
        return at + (pause[1] - pause[0])
    start, end = pause[0].astimezone(zone), pause[1].astimezone(zone)
    if unit == "business_hours":
        return calendar.add_business_time(at, calendar.business_time(start, end))
    if unit == "business_days":
        days = calendar.business_days(start.date(), end.date())
        return end_of(calendar.add_business_days(at.date(), days), zone)
    return end_of(at.date() + (end.date() - start.date()), zone)


def _month_end(day: date, count: int) -> date:
    # A month that begins on the start day has begun; it does not begin after it.
    return add_months(day.replace(day=1), 1 + count) - timedelta(days=1)


_LAST_DAY: dict[LimitUnit, Callable[[date, int, Calendar], date]] = {
    "days": lambda day, count, _: day + timedelta(days=count),
    "business_days": lambda day, count, calendar: calendar.add_business_days(day, count),
    "months": lambda day, count, _: add_months(day, count),
    "whole_months": lambda day, count, _: _month_end(day, count),
}
