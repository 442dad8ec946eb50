"""One risk: the points that add up to its score, its course, the units ranked, and the measures that bear on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from hengzhi.core import Period, UnknownKey
from hengzhi.engine.catalogue import Catalogue
from hengzhi.engine.policy import RISKS
from hengzhi.engine.scopes import Scope
from hengzhi.spine.access.grants import Actor
from hengzhi.spine.runs.movement import Explained, explain_movement
from hengzhi.spine.runs.pages.figures import Figure, Part, Rated, figures, figures_of, parts_of, ratings_of, scope_ids, speaks_for
from hengzhi.spine.runs.pages.overview import RiskCard, risk_cards
from hengzhi.spine.runs.pages.place import Place, place

MOST_UNITS = 200


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part this month and in the month it is held against; None where it was no part."""

    kind: str
    key: str
    now: Part | None
    before: Part | None
    figure: Figure | None  # that it was made of, this month


@dataclass(frozen=True, slots=True)
class RankedUnit:
    """A unit with its rating, its rating before, and the part that weighs most."""

    unit: str
    now: Rated
    before: Rated | None
    cause: Part | None
    missing: int  # parts without data


@dataclass(frozen=True, slots=True)
class UnrankedUnit:
    """A unit that should have data but too few cases or none, so that it has no place in the order."""

    unit: str
    small: bool
    n: int | None  # the most cases of any of its indicators


@dataclass(frozen=True, slots=True)
class RiskPage:
    """All that the page of one risk shows."""

    place: Place
    risk: str
    now: Rated | None
    before: Rated | None
    rows: tuple[PartRow, ...]
    months: tuple[Period, ...]
    course: tuple[Rated | None, ...]
    ranked: tuple[RankedUnit, ...]
    unranked: tuple[UnrankedUnit, ...]
    units: int  # with a rating; the page ranks the worst of them
    measures: tuple[str, ...]
    moved: Explained | None


@dataclass(frozen=True, slots=True)
class RisksPage:
    """The five risks side by side."""

    place: Place
    cards: tuple[RiskCard, ...]


def risks(*, by: Actor, unit: str = "", month: Period | None = None, against: Period | None = None) -> RisksPage | None:
    """The five risks of a unit and month; None where nothing was assessed yet.

    Raises:
        UnknownKey: there never was such a unit.
    """
    at = place(by=by, unit=unit, month=month, against=against)
    return RisksPage(at, risk_cards(at, scope_ids([at.scope]).get(at.scope))) if at else None


def risk(
    *, catalogue: Catalogue, key: str, by: Actor, unit: str = "", month: Period | None = None, against: Period | None = None
) -> RiskPage | None:
    """One risk of a unit and month; None where nothing was assessed yet.

    Raises:
        UnknownKey: no such risk, or there never was such a unit.
    """
    if key not in RISKS:
        raise UnknownKey("risk", key)
    at = place(by=by, unit=unit, month=month, against=against)
    if at is None:
        return None
    leaves = {str(Scope.of(unit=code)): code for code in at.leaves() if code != at.unit}
    ids = scope_ids([at.scope, *leaves])
    own = {r.period: r for r in ratings_of([key], [ids[at.scope]] if at.scope in ids else [], {*at.months, at.against}, at.now)}
    units = ratings_of([key], [ids[scope] for scope in leaves if scope in ids], [at.month, at.against], at.now)
    now, before = own.get(str(at.month)), own.get(str(at.against))
    of_month = sorted((u for u in units if u.period == str(at.month)), key=lambda u: (-u.score, u.scope))
    parts = parts_of([r.id for r in (now, before, *of_month[:MOST_UNITS]) if r])
    ranked = _ranked(of_month[:MOST_UNITS], [u for u in units if u.period == str(at.against)], parts, leaves)
    # Beyond the worst, a rating stands for a rank; among them, one without any data does not.
    rated = {leaves[r.scope] for r in of_month[MOST_UNITS:]} | {r.unit for r in ranked}
    return RiskPage(
        place=at,
        risk=key,
        now=now,
        before=before,
        rows=_rows(parts, now, before),
        months=at.trend(),
        course=tuple(own.get(str(month)) for month in at.trend()),
        ranked=ranked,
        unranked=_unranked(catalogue, key, leaves, ids, rated, at),
        units=len(of_month),
        moved=explain_movement(catalogue=catalogue, before=before.id, after=now.id) if now and before else None,
        measures=tuple(sorted({i.measure for i in catalogue.indicators.values() if key in i.risks and i.measure})),
    )


def _rows(parts: Iterable[Part], now: Rated | None, before: Rated | None) -> tuple[PartRow, ...]:
    """The parts of both months side by side, the heaviest now first; a part that is missing in one month stays one row."""
    mine = [p for p in parts if now and p.rating == now.id]
    past = {_line(p): p for p in parts if before and p.rating == before.id}
    seen = {f.id: f for f in figures(Q(pk__in=[p.observation for p in mine if p.observation]))}
    rows = [
        PartRow(p.kind, p.key, p, past.pop(_line(p), None), seen.get(p.observation or 0))
        for p in sorted(mine, key=lambda p: (p.kind == "floor", -p.points))
    ]
    return (*rows, *(PartRow(p.kind, p.key, None, p, None) for p in past.values()))


def _line(part: Part) -> tuple[bool, str]:
    return (part.kind in ("floor", "uplift"), part.key)


def _ranked(units: Iterable[Rated], past: Iterable[Rated], parts: Iterable[Part], leaves: dict[str, str]) -> tuple[RankedUnit, ...]:
    """Units in the order given, the worst first; those whose parts are all missing have nothing to be ranked by."""
    before = {rated.scope: rated for rated in past}
    of_rating: dict[int, list[Part]] = {}
    for part in parts:
        of_rating.setdefault(part.rating, []).append(part)
    found = []
    for rated in units:
        mine = of_rating.get(rated.id, [])
        if any(part.kind == "indicator" for part in mine):
            cause = max(mine, key=lambda part: part.points)
            missing = sum(part.kind == "missing" for part in mine)
            found.append(RankedUnit(leaves[rated.scope], rated, before.get(rated.scope), cause, missing))
    return tuple(found)


def _unranked(
    catalogue: Catalogue, risk: str, leaves: dict[str, str], ids: dict[str, int], ranked: set[str], at: Place
) -> tuple[UnrankedUnit, ...]:
    indicators = [i for i in catalogue.indicators.values() if risk in i.risks]
    rest = [ids[scope] for scope, unit in leaves.items() if unit not in ranked and scope in ids][:MOST_UNITS]
    found = figures_of([i.key for i in indicators], rest, {speaks_for(i, at.month) for i in indicators}, at.now)
    of_unit: dict[str, list[Figure]] = {}
    for figure in found:
        of_unit.setdefault(leaves[figure.scope], []).append(figure)
    return tuple(
        UnrankedUnit(unit, any(f.is_small for f in mine), max((f.n or 0 for f in mine), default=None))
        for unit, mine in sorted(of_unit.items())
    )
