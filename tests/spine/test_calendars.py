"""Counting days and hours: the announced holidays, the law's way to count, and what holds for every count."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengzhi.spine.calendars.china import CHINA, NOTICES, PLAIN
from hengzhi.spine.calendars.days import OutsideCalendar
from hengzhi.spine.calendars.limits import LIMIT_UNITS, Limit, due, end_of

ZONE = ZoneInfo("Asia/Shanghai")
DAYS = st.dates(date(2023, 12, 1), date(2027, 1, 31))
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31)).map(lambda at: at.replace(tzinfo=ZONE))
CALENDARS = st.sampled_from([CHINA, PLAIN])


def test_each_notice_gives_the_number_of_days_it_announces():
    off = {notice.year: len(list(notice.days_off())) for notice in NOTICES}
    worked = {notice.year: len(list(notice.days_worked())) for notice in NOTICES}
    assert off == {2024: 28, 2025: 28, 2026: 33}
    assert worked == {2024: 8, 2025: 5, 2026: 6}


def test_days_worked_in_place_of_holidays_are_weekend_days_and_no_holidays():
    assert {day.weekday() for day in CHINA.worked} <= {5, 6}
    assert not CHINA.worked & CHINA.holidays


def test_business_days_of_a_year_are_those_of_the_notices():
    """Statutory holidays that fall on weekdays shorten the year: 251, 248 and 248 business days."""
    counted = {year: CHINA.business_days(date(year - 1, 12, 31), date(year, 12, 31)) for year in (2024, 2025, 2026)}
    assert counted == {2024: 251, 2025: 248, 2026: 248}


def test_the_golden_week_of_2026_is_skipped_and_the_saturday_after_it_worked():
    assert CHINA.add_business_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert CHINA.is_business_day(date(2026, 10, 10))
    assert CHINA.add_business_days(date(2026, 10, 9), 1) == date(2026, 10, 10)
    assert CHINA.add_business_days(date(2026, 10, 8), -1) == date(2026, 9, 30)


def test_a_year_without_a_notice_is_told_apart():
    assert CHINA.knows(date(2026, 12, 31)) and not CHINA.knows(date(2027, 1, 1))


def _due(start, amount, unit, **more):
    return due(start, Limit(amount, unit, rolls=more.pop("rolls", False)), calendar=CHINA, zone=ZONE, **more)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "last"),
    [
        ("2026-10-01", 15, "days", "2026-10-16"),
        ("2026-10-01", 15, "business_days", "2026-10-27"),
        ("2026-01-31", 1, "months", "2026-02-28"),
        ("2026-09-30", 1, "months", "2026-10-30"),
        ("2026-09-30", 3, "whole_months", "2026-12-31"),
        ("2025-12-31", 12, "whole_months", "2026-12-31"),
        ("2026-10-01", 1, "whole_months", "2026-11-30"),
    ],
)
def test_a_limit_in_days_or_months_ends_with_its_last_day(start, amount, unit, last):
    at = datetime.fromisoformat(f"{start}T10:00").replace(tzinfo=ZONE)
    assert _due(at, amount, unit) == end_of(date.fromisoformat(last), ZONE)


def test_the_day_is_that_of_the_institution_not_of_greenwich():
    assert _due(datetime(2026, 10, 1, 23, tzinfo=UTC), 1, "days").date() == date(2026, 10, 3)


def test_a_limit_that_rolls_ends_on_the_next_business_day():
    start = datetime(2026, 9, 20, 9, tzinfo=ZONE)
    assert _due(start, 15, "days").date() == date(2026, 10, 5)
    assert _due(start, 15, "days", rolls=True).date() == date(2026, 10, 8)


def test_four_business_hours_on_the_evening_before_the_holidays_end_after_them():
    assert _due(datetime(2026, 9, 30, 15, tzinfo=ZONE), 4, "business_hours") == datetime(2026, 10, 8, 11, tzinfo=ZONE)


def test_a_count_beyond_the_end_of_time_is_refused():
    with pytest.raises(OutsideCalendar):
        PLAIN.add_business_days(date(9999, 12, 30), 5)


@given(CALENDARS, DAYS, st.integers(-60, 60).filter(bool))
def test_business_days_added_are_business_days_counted(calendar, day, count):
    there = calendar.add_business_days(day, count)
    assert calendar.is_business_day(there)
    if count > 0:
        assert calendar.business_days(day, there) == count
    else:
        assert calendar.business_days(there - timedelta(days=1), day - timedelta(days=1)) == -count


@given(CALENDARS, DAYS, DAYS, DAYS)
def test_splitting_a_span_of_days_adds_up(calendar, a, b, c):
    assert calendar.business_days(a, b) + calendar.business_days(b, c) == calendar.business_days(a, c)


@given(CALENDARS, MOMENTS, st.integers(1, 4000).map(lambda minutes: timedelta(minutes=minutes)))
def test_business_time_added_is_business_time_counted(calendar, start, length):
    assert calendar.business_time(start, calendar.add_business_time(start, length)) == length


@given(MOMENTS, st.integers(1, 60), st.sampled_from(LIMIT_UNITS), st.booleans())
def test_a_longer_limit_never_ends_sooner_and_none_before_it_starts(start, amount, unit, rolls):
    one, two = _due(start, amount, unit, rolls=rolls), _due(start, amount + 1, unit, rolls=rolls)
    assert start <= one <= two


@given(MOMENTS, st.integers(1, 40), st.sampled_from(LIMIT_UNITS), st.integers(0, 3000), st.integers(0, 3000))
def test_a_pause_never_brings_the_due_moment_nearer_and_an_empty_one_leaves_it(start, amount, unit, after, length):
    paused = start + timedelta(minutes=after)
    plain = _due(start, amount, unit)
    assert _due(start, amount, unit, pauses=[(paused, paused + timedelta(minutes=length))]) >= plain
    assert _due(start, amount, unit, pauses=[(paused, paused)]) == plain
