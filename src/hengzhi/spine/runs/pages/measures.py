"""The seven measures: their indicators, the verdict that decides, and who answers for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hengzhi.core import Period, Text, UnknownKey
from hengzhi.engine.catalogue import Catalogue
from hengzhi.engine.indicators import Indicator
from hengzhi.engine.words import MEASURE_INDICATORS, MEASURE_NAMES
from hengzhi.spine.access.grants import Actor
from hengzhi.spine.runs.pages.figures import Figure, figures_of, scope_ids, speaks_for, worst_systems
from hengzhi.spine.runs.pages.owners import owner_of, owners
from hengzhi.spine.runs.pages.place import Place, place
from hengzhi.spine.runs.pages.trends import Trend, trend

# The worst verdict of the indicators that decide a target speaks for their measure.
_GRAVITY = ("missed", "not_shown", "no_data", "not_due", "met")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One indicator of a measure and its figure; None where nothing was observed."""

    indicator: Indicator
    figure: Figure | None
    owner: Text


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure: its evidence, and the one that decides its verdict (None where nothing is judged)."""

    measure: str
    evidence: tuple[Evidence, ...]
    lead: Evidence | None
    owner: Text

    @property
    def own(self) -> tuple[Evidence, ...]:
        """The evidence on the very target of the measure, and not only near it."""
        return tuple(e for e in self.evidence if e.indicator.key in MEASURE_INDICATORS[self.measure])

    @property
    def unmeasured(self) -> int:
        """How many of the indicators that decide the target have no figure."""
        return len(MEASURE_INDICATORS[self.measure]) - sum(e.figure is not None for e in self.own)

    @property
    def verdict(self) -> str:
        """The worst verdict on its own target; a part of the target that is not measured is no_data, never met."""
        found = [e.figure.verdict for e in self.own if e.figure and e.figure.verdict in _GRAVITY]
        return min([*found, *(["no_data"] if self.unmeasured or not found else [])], key=_GRAVITY.index)


@dataclass(frozen=True, slots=True)
class MeasurePage:
    """One measure with the course of each of its indicators."""

    place: Place
    row: MeasureRow
    trends: tuple[Trend, ...]


@dataclass(frozen=True, slots=True)
class MeasuresPage:
    """All seven measures."""

    place: Place
    rows: tuple[MeasureRow, ...]


def measure_rows(catalogue: Catalogue, seen: Mapping[str, Figure], owner: Mapping[str, Text]) -> tuple[MeasureRow, ...]:
    """All seven measures, those without an indicator too.

    Args:
        seen: the figure of each indicator, by key.
        owner: who answers for each indicator, by key.
    """
    return tuple(_row(measure, catalogue, seen, owner) for measure in MEASURE_NAMES)


def measures(*, catalogue: Catalogue, by: Actor, unit: str = "", month: Period | None = None) -> MeasuresPage | None:
    """The seven measures of a unit and month; None where nothing was assessed yet.

    Raises:
        UnknownKey: there never was such a unit.
    """
    at = place(by=by, unit=unit, month=month)
    return MeasuresPage(at, measure_rows(catalogue, _seen(catalogue, at), owners(at.pin))) if at else None


def measure(*, catalogue: Catalogue, key: str, by: Actor, unit: str = "", month: Period | None = None) -> MeasurePage | None:
    """One measure of a unit and month; None where nothing was assessed yet.

    Raises:
        UnknownKey: no such measure, or there never was such a unit.
    """
    if key not in MEASURE_NAMES:
        raise UnknownKey("measure", key)
    at = place(by=by, unit=unit, month=month)
    if at is None:
        return None
    row = _row(key, catalogue, _seen(catalogue, at), owners(at.pin))
    scope = scope_ids([at.scope]).get(at.scope)
    return MeasurePage(at, row, tuple(trend(e.indicator, scope, at.trend(), at.now) for e in row.evidence))


def _seen(catalogue: Catalogue, at: Place) -> dict[str, Figure]:
    scopes = scope_ids([at.scope])
    indicators = [i for i in catalogue.indicators.values() if i.measure]
    wanted = {(i.key, str(speaks_for(i, at.month))) for i in indicators}
    periods = sorted({speaks_for(i, at.month) for i in indicators})
    found = figures_of([i.key for i in indicators], scopes.values(), periods, at.now)
    return speaking({f.key: f for f in found if (f.key, f.period) in wanted}, at)


def speaking(own: Mapping[str, Figure], at: Place) -> dict[str, Figure]:
    """The figures that speak for a place: of the whole institution a system that misses its target, where the total hides it."""
    if at.scope:
        return dict(own)
    worst = worst_systems(own, {Period.parse(f.period) for f in own.values()}, at.now)
    return {key: f if f.verdict == "missed" else worst.get((key, f.period), f) for key, f in own.items()}


def _row(measure: str, catalogue: Catalogue, seen: Mapping[str, Figure], owner: Mapping[str, Text]) -> MeasureRow:
    mine = sorted((i for i in catalogue.indicators.values() if i.measure == measure), key=lambda i: i.key)
    evidence = tuple(Evidence(i, seen.get(i.key), owner.get(i.key, Text("", ""))) for i in mine)
    judged = [e for e in evidence if e.figure and e.figure.verdict in _GRAVITY and e.figure.target is not None]
    own = [e for e in judged if e.indicator.key in MEASURE_INDICATORS[measure]]
    lead = min(
        own or judged, key=lambda e: (_GRAVITY.index(e.figure.verdict), -(e.figure.score or 0)) if e.figure else (9, 0.0), default=None
    )
    return MeasureRow(measure, evidence, lead, lead.owner if lead and lead.owner.zh else owner_of(mine, owner))
