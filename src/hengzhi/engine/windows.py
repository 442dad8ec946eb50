"""Windows: which periods of an indicator are observed, and which months belong to each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hengzhi.core import Period
from hengzhi.engine.indicators import Indicator


@dataclass(frozen=True, slots=True)
class Window:
    """A period and the months whose facts belong to it."""

    period: Period
    months: tuple[int, ...]

    def is_over(self, on: date) -> bool:
        """Whether the period has ended by ``on`` and all its months may be looked at."""
        return self.period.end <= on and self.period.months()[-1] in self.months


def windows(indicator: Indicator, months: Sequence[int], last: int) -> tuple[Window, ...]:
    """The periods of an indicator that end in or contain ``months``; facts after ``last`` don't belong to any.

    A quarter or year that is not over by ``last`` is observed as far as it goes; the whole one before it is observed too.
    """
    found: dict[str, Window] = {}
    for month in months:
        whole = Period.month(month)
        if indicator.period == "month":
            span = tuple(whole.shifted(-back).months()[0] for back in range(indicator.window - 1, -1, -1))
            found[str(whole)] = Window(whole, span)
            continue
        here = whole.containing(indicator.period)
        before = here.shifted(-len(here.months()))
        for period in (before, here):
            found[str(period)] = Window(period, tuple(m for m in period.months() if m <= last))
    return tuple(found[key] for key in sorted(found))
