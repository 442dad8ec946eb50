"""An indicator over time in one scope, each period from the run that speaks for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hengzhi.core import Period
from hengzhi.engine.indicators import Indicator
from hengzhi.spine.runs.pages.current import Current
from hengzhi.spine.runs.pages.figures import Figure, figures_of


@dataclass(frozen=True, slots=True)
class Trend:
    """The figures of one indicator by period; None where nothing was observed."""

    key: str
    periods: tuple[Period, ...]
    figures: tuple[Figure | None, ...]

    @property
    def known(self) -> tuple[Figure, ...]:
        """The figures there are."""
        return tuple(figure for figure in self.figures if figure is not None)


def trend(indicator: Indicator, scope: int | None, months: Iterable[Period], now: Current) -> Trend:
    """The indicator in a scope over ``months``, or over the quarters or years in which they lie."""
    periods = tuple(dict.fromkeys(month.containing(indicator.period) for month in months))
    found = figures_of([indicator.key], [scope], periods, now) if scope is not None else ()
    by_period = {figure.period: figure for figure in found}
    return Trend(indicator.key, periods, tuple(by_period.get(str(period)) for period in periods))
