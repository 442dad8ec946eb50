"""The home page: five risks, seven measures, units by indicators, and the indicator that worsened most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hengzhi.core import Period
from hengzhi.engine.catalogue import Catalogue
from hengzhi.engine.policy import RISKS
from hengzhi.engine.scopes import Scope
from hengzhi.spine.access.grants import Actor
from hengzhi.spine.runs.pages.figures import Figure, Part, Rated, figures_of, parts_of, ratings_of, scope_ids, speaks_for
from hengzhi.spine.runs.pages.heat import HeatMap, heat_map
from hengzhi.spine.runs.pages.measures import MeasureRow, measure_rows, speaking
from hengzhi.spine.runs.pages.owners import owners
from hengzhi.spine.runs.pages.place import Place, place
from hengzhi.spine.runs.pages.trends import Trend, trend


@dataclass(frozen=True, slots=True)
class RiskCard:
    """One risk now and before, its course over the months, and the part that weighs most."""

    risk: str
    now: Rated | None
    before: Rated | None
    scores: tuple[float | None, ...]
    cause: Part | None


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the home page shows of one place."""

    place: Place
    cards: tuple[RiskCard, ...]
    measures: tuple[MeasureRow, ...]
    heat: HeatMap
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
    now, before = {speaks_for(i, at.month) for i in indicators}, {speaks_for(i, at.against) for i in indicators}
    keys = [i.key for i in indicators]
    found = {(f.key, f.period): f for f in figures_of(keys, [here] if here else [], sorted(now | before), at.now)}
    own = {i.key: figure for i in indicators if (figure := found.get((i.key, str(speaks_for(i, at.month)))))}
    past = {i.key: figure for i in indicators if (figure := found.get((i.key, str(speaks_for(i, at.against)))))}
    heat = heat_map(indicators, {scope: code for scope, code in leaves.items() if scope in ids}, ids, at)
    moved = _worst_moved(own, past)
    return Overview(
        place=at,
        cards=risk_cards(at, here),
        measures=measure_rows(catalogue, speaking(own, at), owners(at.pin)),
        heat=heat,
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


def _worst_moved(own: Mapping[str, Figure], before: Mapping[str, Figure]) -> str | None:
    """The indicator whose score rose most; where none rose, the one with the worst score."""
    scored = {key: f.score for key, f in own.items() if f.score is not None}
    past = {key: before[key].score if key in before else None for key in scored}
    rises = {key: scored[key] - old for key, old in past.items() if old is not None and scored[key] > old}
    return max(rises or scored, key=lambda key: (rises or scored)[key], default=None)
