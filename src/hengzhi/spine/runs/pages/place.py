"""Where and when a page looks: a unit, a month, the month it is held against, and the runs that speak for them."""

from __future__ import annotations

from dataclasses import dataclass

from hengzhi.core import Period, UnknownKey
from hengzhi.engine.scopes import UNKNOWN, Scope, ScopeTree
from hengzhi.spine.access.grants import Actor
from hengzhi.spine.access.services import require
from hengzhi.spine.runs.pages.current import Current, Pin, current
from hengzhi.spine.scopes.services import current_tree

_MONTHS = 26


@dataclass(frozen=True, slots=True)
class Place:
    """What a page looks at; ``month`` is the last one assessed where the address names none."""

    unit: str
    month: Period
    against: Period
    now: Current
    tree: ScopeTree

    @property
    def scope(self) -> str:
        """The scope of the unit, written as text."""
        return str(Scope.of(unit=self.unit)) if self.unit else ""

    @property
    def pin(self) -> Pin | None:
        """The run that speaks for the month; None where it was not assessed."""
        return self.now.by_month.get(self.month.months()[0])

    @property
    def months(self) -> tuple[Period, ...]:
        """The months of a trend: up to 26 until the month looked at."""
        return tuple(self.month.shifted(-back) for back in range(_MONTHS - 1, -1, -1))

    def trend(self) -> tuple[Period, ...]:
        """The months of a trend from the first one assessed on."""
        known = [month for month in self.months if month.months()[0] in self.now.by_month]
        return tuple(month for month in self.months if known and month >= known[0])

    def leaves(self) -> tuple[str, ...]:
        """The units at or below the one looked at that have none below them on the last day of the month."""
        lines = self.tree.ancestors(self.month.last_day)
        above = {parent for line in lines.values() for parent in line[1:]}
        return tuple(sorted(code for code, line in lines.items() if code not in above and (not self.unit or self.unit in line)))


def place(*, by: Actor, unit: str = "", month: Period | None = None, against: Period | None = None) -> Place | None:
    """The place that an address names; None where nothing was assessed yet.

    A quarter or year is looked at by its last month assessed. Who sees only some units and names none looks at the first of them.

    Raises:
        Forbidden: the person sees no figures.
        UnknownKey: there never was such a unit, or it is not the person's.
    """
    unit = _allowed(unit, by)
    now, tree = current(), current_tree()
    if unit and unit != UNKNOWN and unit not in tree.names():
        raise UnknownKey("unit", unit)
    last = now.last()
    if last is None:
        return None
    chosen = _month(month, now) if month else last
    return Place(unit, chosen, _month(against, now) if against else chosen.shifted(-1), now, tree)


def _allowed(unit: str, by: Actor) -> str:
    held = require(by, "risk.figure.view", f"unit={unit}" if unit else None, key=unit)
    return unit if unit or held.whole else held.tops[0]


def _month(period: Period, now: Current) -> Period:
    known = [m for m in period.months() if m in now.by_month]
    return Period.month(known[-1] if known else period.months()[-1])
