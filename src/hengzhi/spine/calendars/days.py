"""A calendar: which days are business days, and counting along them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from hengzhi.core import HengzhiError

_DAY = timedelta(days=1)
_WEEKEND = (5, 6)


class OutsideCalendar(HengzhiError, ValueError):
    """A count runs past the end of time."""

    code = "outside_calendar"


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekends, public holidays and the weekend days worked in their place; ``years`` are those with dated holidays."""

    key: str
    holidays: frozenset[date] = field(default_factory=frozenset)
    worked: frozenset[date] = field(default_factory=frozenset)
    years: frozenset[int] = field(default_factory=frozenset)
    opens: time = time(9)
    closes: time = time(17)

    def knows(self, day: date) -> bool:
        """Whether the holidays of that year are known; where not, every weekday counts as a business day."""
        return day.year in self.years

    def is_business_day(self, day: date) -> bool:
        """Whether people work on that day."""
        return day in self.worked or (day.weekday() not in _WEEKEND and day not in self.holidays)

    def next_business_day(self, day: date) -> date:
        """The day itself, or the first business day after it."""
        return next(d for d in _from(day, _DAY) if self.is_business_day(d))

    def add_business_days(self, day: date, days: int) -> date:
        """The ``days``-th business day after ``day`` (before it when negative); ``day`` itself is not counted.

        >>> Calendar("plain").add_business_days(date(2026, 10, 9), 1)
        datetime.date(2026, 10, 12)
        """
        step = _DAY if days >= 0 else -_DAY
        at, left = day, abs(days)
        for at in _from(day + step, step) if left else ():
            left -= self.is_business_day(at)
            if not left:
                break
        return at

    def business_days(self, start: date, end: date) -> int:
        """Business days after ``start`` up to and including ``end``; negative the other way round."""
        if end < start:
            return -self.business_days(end, start)
        return sum(self.is_business_day(start + n * _DAY) for n in range(1, (end - start).days + 1))

    def business_time(self, start: datetime, end: datetime) -> timedelta:
        """Opening time between two moments of one zone, on the wall clock; negative the other way round."""
        if end < start:
            return -self.business_time(end, start)
        spans = (self._hours(start.date() + n * _DAY, start) for n in range((end.date() - start.date()).days + 1))
        return sum((min(close, end) - max(opening, start) for opening, close in spans if opening < end and close > start), timedelta())

    def add_business_time(self, start: datetime, length: timedelta) -> datetime:
        """The moment when ``length`` of opening time has passed since ``start``.

        >>> Calendar("plain").add_business_time(datetime(2026, 10, 9, 16), timedelta(hours=2))
        datetime.datetime(2026, 10, 12, 10, 0)
        """
        if length <= timedelta():
            return start
        left = length
        for day in _from(start.date(), _DAY):
            opening, close = self._hours(day, start)
            here = max(timedelta(), close - max(opening, start))
            if left <= here:
                return max(opening, start) + left
            left -= here
        raise OutsideCalendar(start=start, length=length)

    def _hours(self, day: date, like: datetime) -> tuple[datetime, datetime]:
        closes = self.closes if self.is_business_day(day) else self.opens
        return datetime.combine(day, self.opens, like.tzinfo), datetime.combine(day, closes, like.tzinfo)


def _from(day: date, step: timedelta) -> Iterator[date]:
    while True:
        yield day
        try:
            day += step
        except OverflowError as error:
            raise OutsideCalendar(start=day) from error
