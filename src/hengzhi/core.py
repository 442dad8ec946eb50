"""The words every floor shares: bilingual texts, periods, problems with data, and errors of callers."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal, Self

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """A name or sentence in both languages of the house."""

    zh: str
    en: str

    def in_(self, language: str) -> str:
        """The text in ``language`` (anything that does not start with "zh" reads English)."""
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A month, quarter or year of the calendar, half-open: ``start`` is in it, ``end`` is not.

    >>> Period.parse("2026Q4").months()
    (202610, 202611, 202612)
    """

    start: date
    end: date

    @classmethod
    def parse(cls, text: str) -> Self:
        """The period written ``2026-10``, ``2026Q4`` or ``2026``.

        Raises:
            InvalidPeriod: the text has none of these forms.
        """
        found = re.fullmatch(r"(\d{4})(?:-(\d{2})|Q([1-4]))?", text.strip())
        if not found or not 1900 <= int(found[1]) <= 9998:
            raise InvalidPeriod(text)
        year = int(found[1])
        if found[2] and not 1 <= int(found[2]) <= 12:
            raise InvalidPeriod(text)
        if found[2]:
            return cls.month(year * 100 + int(found[2]))
        if found[3]:
            first = 3 * int(found[3]) - 2
            return cls(date(year, first, 1), _add_months(date(year, first, 1), 3))
        return cls(date(year, 1, 1), date(year + 1, 1, 1))

    @classmethod
    def month(cls, yyyymm: int) -> Self:
        """The month written as an integer such as 202610."""
        start = date(yyyymm // 100, yyyymm % 100, 1)
        return cls(start, _add_months(start, 1))

    @property
    def last_day(self) -> date:
        """The last day that belongs to the period."""
        return self.end - timedelta(days=1)

    def months(self) -> tuple[int, ...]:
        """The months of the period as integers (yyyymm), in order."""
        first = self.start.year * 12 + self.start.month - 1
        last = self.end.year * 12 + self.end.month - 1
        return tuple(at // 12 * 100 + at % 12 + 1 for at in range(first, last))

    def containing(self, kind: Literal["month", "quarter", "year"]) -> Period:
        """The month, quarter or year in which the last day of this period lies."""
        day = self.last_day
        if kind == "month":
            return Period.month(day.year * 100 + day.month)
        if kind == "quarter":
            return Period.parse(f"{day.year}Q{(day.month + 2) // 3}")
        return Period.parse(str(day.year))

    def shifted(self, months: int) -> Period:
        """The period that starts and ends ``months`` months later (earlier when negative)."""
        return Period(_add_months(self.start, months), _add_months(self.end, months))

    def __str__(self) -> str:
        length = len(self.months())
        if length == 12:
            return str(self.start.year)
        if length == 3:
            return f"{self.start.year}Q{(self.start.month + 2) // 3}"
        return f"{self.start:%Y-%m}"


def _add_months(day: date, months: int) -> date:
    at = day.year * 12 + day.month - 1 + months
    year, month = at // 12, at % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


Severity = Literal["error", "duplicate", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one place of a file: an error costs the row, a duplicate counts elsewhere, a warning costs nothing."""

    source: str
    line: int
    column: str
    code: str
    value: str = ""
    args: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = "error"


class HengzhiError(Exception):
    """What a caller can get wrong: a stable ``code`` and named fields; the sentence is made at the edge."""

    code = "error"

    def __init__(self, **fields: Any) -> None:
        self.fields = fields
        super().__init__(f"{self.code}: {', '.join(f'{k}={v}' for k, v in fields.items())}")


class InvalidPeriod(HengzhiError, ValueError):
    """A period is not written as 2026-10, 2026Q4 or 2026."""

    code = "invalid_period"

    def __init__(self, text: str) -> None:
        super().__init__(text=text)


class InvalidDay(HengzhiError, ValueError):
    """A day is not written as 2026-10-31."""

    code = "invalid_day"

    def __init__(self, text: str) -> None:
        super().__init__(text=text)


class UnknownKey(HengzhiError, LookupError):
    """A name is not in the list it was looked for in; ``near`` is the closest one that is."""

    code = "unknown_key"

    def __init__(self, what: str, key: str, near: str = "") -> None:
        super().__init__(what=what, key=key, near=near)


class InvalidFile(HengzhiError):
    """A file as a whole can't be read: nothing of it is imported."""

    code = "invalid_file"

    def __init__(self, reason: str, source: str, **fields: Any) -> None:
        super().__init__(reason=reason, source=source, **fields)


class InvalidMapping(HengzhiError):
    """A mapping file contradicts its table or itself; ``problems`` lists every place."""

    code = "invalid_mapping"

    def __init__(self, source: str, problems: tuple[str, ...]) -> None:
        super().__init__(source=source, problems=problems)


class InvalidFormula(HengzhiError, ValueError):
    """A formula names a column or an operation that its table does not have."""

    code = "invalid_formula"
