"""Public holidays of mainland China and the weekend days worked in their place, as announced year by year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from hengzhi.core import Text
from hengzhi.spine.calendars.days import Calendar


@dataclass(frozen=True, slots=True)
class Notice:
    """One year's arrangement: days off as (first, last) in month-day, and weekend days that are worked."""

    year: int
    source: Text
    off: tuple[tuple[str, str], ...]
    worked: tuple[str, ...]

    def days_off(self) -> Iterator[date]:
        """Every day off, weekends within the span included."""
        for first, last in self.off:
            start, end = self._day(first), self._day(last)
            yield from (start + timedelta(days=n) for n in range((end - start).days + 1))

    def days_worked(self) -> Iterator[date]:
        """The weekend days that are worked."""
        return (self._day(text) for text in self.worked)

    def _day(self, text: str) -> date:
        return date.fromisoformat(f"{self.year}-{text}")


def _source(number: str) -> Text:
    return Text(f"国务院办公厅通知 {number}", f"Notice of the General Office of the State Council, {number}")


NOTICES = (
    Notice(
        2024,
        _source("国办发明电〔2023〕7号"),
        (
            ("01-01", "01-01"),
            ("02-10", "02-17"),
            ("04-04", "04-06"),
            ("05-01", "05-05"),
            ("06-10", "06-10"),
            ("09-15", "09-17"),
            ("10-01", "10-07"),
        ),
        ("02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"),
    ),
    Notice(
        2025,
        _source("国办发明电〔2024〕12号"),
        (("01-01", "01-01"), ("01-28", "02-04"), ("04-04", "04-06"), ("05-01", "05-05"), ("05-31", "06-02"), ("10-01", "10-08")),
        ("01-26", "02-08", "04-27", "09-28", "10-11"),
    ),
    Notice(
        2026,
        _source("国办发明电〔2025〕7号"),
        (
            ("01-01", "01-03"),
            ("02-15", "02-23"),
            ("04-04", "04-06"),
            ("05-01", "05-05"),
            ("06-19", "06-21"),
            ("09-25", "09-27"),
            ("10-01", "10-07"),
        ),
        ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10"),
    ),
)


def calendar_of(key: str, notices: Iterable[Notice]) -> Calendar:
    """The calendar that these notices make."""
    known = tuple(notices)
    return Calendar(
        key,
        holidays=frozenset(day for notice in known for day in notice.days_off()),
        worked=frozenset(day for notice in known for day in notice.days_worked()),
        years=frozenset(notice.year for notice in known),
    )


CHINA = calendar_of("cn", NOTICES)
PLAIN = Calendar("plain")  # weekends only
CALENDARS = {calendar.key: calendar for calendar in (CHINA, PLAIN)}
