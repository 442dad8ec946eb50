"""The home page: five risks, seven measures, units by indicators, and the indicator that worsened most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hengzhi.core import Period
from hengzhi.engine.catalogue import Catalogue
from hengzhi.engine.indicators import Indicator
from hengzhi.engine.policy import RISKS
from hengzhi.engine.scopes import Scope
from hengzhi.spine.access.grants import Actor
from hengzhi.spine.runs.pages.figures import Figure, Part, Rated, figures_of, parts_of, ratings_of, scope_ids, speaks_for
from hengzhi.spine.runs.pages.measures import MeasureRow, measure_rows, speaking
from hengzhi.spine.runs.pages.owners import owners
from hengzhi.spine.runs.pages.place import Place, place
from hengzhi.spine.runs.pages.trends import Trend, trend

MOST_UNITS = 15


@dataclass(frozen=True, slots=True)
class RiskCard:
    """One risk now and before, its course over the months, and the part that weighs most."""

    risk: str
    now: Rated | None
    before: Rated | None
    scores: tuple[float | None, ...]
    cause: Part | None


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One unit and its figures in the order of the indicators; None where none was expected."""

    unit: str
    cells: tuple[Figure | None, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the home page shows of one place."""

    place: Place
    cards: tuple[RiskCard, ...]
    measures: tuple[MeasureRow, ...]
    heat_keys: tuple[str, ...]
    heat: tuple[HeatRow, ...]
    units: int  # with any figure; the heat map shows the worst of them
    moved: Trend | None


def overview(
    *, catalogue: Catalogue, by: Actor, unit: str = "", month: Period | None = None, against: Period | None = None
) -> Overview | None:
    """The home page of a unit and month; None where nothing was assessed yet.

    Raises:
        UnknownKey: there never was such a unit.
    """
    at = place(by=by, unit=unit, month=month, against=against)
    if at is None:
        return None
    leaves = {str(Scope.of(unit=code)): code for code in at.leaves() if code != at.unit}
    ids = scope_ids([at.scope, *leaves])
    here = ids.get(at.scope)
    indicators = sorted(catalogue.indicators.values(), key=lambda i: i.key)
    periods = {speaks_for(i, month) for i in indicators for month in (at.month, at.against)}
    found = figures_of([i.key for i in indicators], ids.values(), sorted(periods), at.now)
    seen = {(f.key, f.scope, f.period): f for f in found}
    own = {i.key: figure for i in indicators if (figure := seen.get((i.key, at.scope, str(speaks_for(i, at.month)))))}
    before = {i.key: figure for i in indicators if (figure := seen.get((i.key, at.scope, str(speaks_for(i, at.against)))))}
    targeted = {f.key for f in found if f.target is not None}
    judged = [i for i in indicators if i.key in targeted and "unit" in i.cuts and _comparable(i)]
    rows = _heat(judged, leaves, seen, at)
    moved = _worst_moved(own, before)
    return Overview(
        place=at,
        cards=risk_cards(at, here),
        measures=measure_rows(catalogue, speaking(own, at), owners(at.pin)),
        heat_keys=tuple(i.key for i in judged),
        heat=rows[:MOST_UNITS],
        units=len(rows),
        moved=trend(catalogue.indicators[moved], here, at.trend(), at.now) if moved else None,
    )


def risk_cards(at: Place, scope: int | None) -> tuple[RiskCard, ...]:
    """The five risks of one scope."""
    rated = ratings_of(RISKS, [scope] if scope else [], at.months, at.now)
    by_month = {(r.risk, r.period): r for r in rated}
    now = {risk: by_month.get((risk, str(at.month))) for risk in RISKS}
    parts = parts_of([r.id for r in now.values() if r])
    return tuple(
        RiskCard(
            risk=risk,
            now=now[risk],
            before=by_month.get((risk, str(at.against))),
            scores=tuple(r.score if (r := by_month.get((risk, str(month)))) else None for month in at.trend()),
            cause=_largest(parts, now[risk]),
        )
        for risk in RISKS
    )


def _largest(parts: Iterable[Part], rated: Rated | None) -> Part | None:
    mine = [part for part in parts if rated and part.rating == rated.id]
    return max(mine, key=lambda part: part.points, default=None)


def _heat(
    indicators: Iterable[Indicator], leaves: Mapping[str, str], seen: Mapping[tuple[str, str, str], Figure], at: Place
) -> tuple[HeatRow, ...]:
    """Units with any figure, the worst cell first."""
    listed = list(indicators)
    rows = [HeatRow(code, tuple(seen.get((i.key, scope, str(speaks_for(i, at.month)))) for i in listed)) for scope, code in leaves.items()]
    known = [row for row in rows if any(row.cells)]
    return tuple(sorted(known, key=lambda row: (-_worst(row), row.unit)))


def _comparable(indicator: Indicator) -> bool:
    """Whether units can be held side by side: a plain count grows with the unit."""
    return indicator.n is not None or indicator.kind in ("mean", "quantile")


def _worst(row: HeatRow) -> float:
    return max((f.score for f in row.cells if f and f.score is not None and not f.is_small), default=-1.0)


def _worst_moved(own: Mapping[str, Figure], before: Mapping[str, Figure]) -> str | None:
    """The indicator whose score rose most; where none rose, the one with the worst score."""
    scored = {key: f.score for key, f in own.items() if f.score is not None}
    past = {key: before[key].score if key in before else None for key in scored}
    rises = {key: scored[key] - old for key, old in past.items() if old is not None and scored[key] > old}
    return max(rises or scored, key=lambda key: (rises or scored)[key], default=None)
