"""The catalogue of indicators with their figures, and one indicator cut by unit, channel, service and system."""

from __future__ import annotations

from dataclasses import dataclass

from hengzhi.core import Period, Text
from hengzhi.engine.catalogue import Catalogue
from hengzhi.engine.indicators import CUTS, Indicator
from hengzhi.engine.scopes import Scope as Written
from hengzhi.lake.workspace import Workspace
from hengzhi.spine.access.grants import Actor
from hengzhi.spine.runs.pages.behind import Behind, behind
from hengzhi.spine.runs.pages.figures import Figure, figures_of, scope_ids, speaks_for
from hengzhi.spine.runs.pages.owners import owners
from hengzhi.spine.runs.pages.place import Place, place
from hengzhi.spine.runs.pages.trends import Trend, trend
from hengzhi.spine.scopes.models import Scope

_SCOPES = 2_000  # of one role that a page looks at


@dataclass(frozen=True, slots=True)
class Listed:
    """One indicator with its figure; None where nothing was observed."""

    indicator: Indicator
    figure: Figure | None
    owner: Text


@dataclass(frozen=True, slots=True)
class IndicatorsPage:
    """All indicators in one place."""

    place: Place
    rows: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """The figures of one cut, ranked worst first; those with too few cases or no data stand apart."""

    cut: str
    ranked: tuple[Figure, ...]
    apart: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """One indicator in one place."""

    place: Place
    indicator: Indicator
    period: Period
    figure: Figure | None
    running: Figure | None  # of the quarter or year that is not over
    owner: Text
    trend: Trend
    cuts: tuple[Cut, ...]
    behind: Behind | None


def indicators(*, catalogue: Catalogue, by: Actor, unit: str = "", month: Period | None = None) -> IndicatorsPage | None:
    """Every indicator of a unit and month; None where nothing was assessed yet.

    Raises:
        UnknownKey: there never was such a unit.
    """
    at = place(by=by, unit=unit, month=month)
    if at is None:
        return None
    listed = sorted(catalogue.indicators.values(), key=lambda i: i.key)
    found = figures_of([i.key for i in listed], scope_ids([at.scope]).values(), sorted({speaks_for(i, at.month) for i in listed}), at.now)
    seen = {(f.key, f.period): f for f in found}
    owner = owners(at.pin)
    rows = tuple(Listed(i, seen.get((i.key, str(speaks_for(i, at.month)))), owner.get(i.key, Text("", ""))) for i in listed)
    return IndicatorsPage(at, rows)


def indicator(
    *, workspace: Workspace, catalogue: Catalogue, key: str, by: Actor, unit: str = "", month: Period | None = None
) -> IndicatorPage | None:
    """One indicator of a unit and month; None where nothing was assessed yet.

    Raises:
        UnknownKey: no such indicator, or there never was such a unit.
    """
    entry = catalogue.indicator(key)
    at = place(by=by, unit=unit, month=month)
    if at is None:
        return None
    period = speaks_for(entry, at.month)
    running = at.month.containing(entry.period)
    scope = scope_ids([at.scope]).get(at.scope)
    own = {f.period: f for f in figures_of([key], [scope] if scope else [], {period, running}, at.now)}
    figure = own.get(str(period))
    return IndicatorPage(
        place=at,
        indicator=entry,
        period=period,
        figure=figure,
        running=own.get(str(running)) if running != period else None,
        owner=owners(at.pin).get(key, Text("", "")),
        trend=trend(entry, scope, at.trend(), at.now),
        cuts=_cuts(entry, period, at),
        behind=behind(workspace=workspace, catalogue=catalogue, figure=figure.figure, by=by) if figure else None,
    )


def _cuts(entry: Indicator, period: Period, at: Place) -> tuple[Cut, ...]:
    """The cuts of the whole institution, or of one unit those that lie inside it."""
    wanted = [cut for cut in entry.cuts if cut != "all" and ((len(CUTS[cut]) == 1) if not at.unit else cut.startswith("unit"))]
    if not wanted:
        return ()
    scopes = _scopes(wanted, at)
    found = figures_of([entry.key], scopes.values(), [period], at.now)
    of_cut: dict[str, list[Figure]] = {cut: [] for cut in wanted}
    for figure in found:
        of_cut.setdefault(Written.parse(figure.scope).cut, []).append(figure)
    return tuple(_cut(cut, of_cut[cut], entry.direction) for cut in wanted if of_cut[cut])


def _scopes(wanted: list[str], at: Place) -> dict[str, int]:
    if at.unit:
        inside = scope_ids(str(Written.of(unit=code)) for code in at.leaves() if code != at.unit)
        pairs = Scope.objects.filter(text__startswith=f"{at.scope};").values_list("text", "id")[:_SCOPES]
        return {**inside, **dict(pairs)}
    leaves = set(at.leaves()) | {"?"}
    single = Scope.objects.exclude(text="").exclude(text__contains=";").values_list("text", "id")[:_SCOPES]
    return {text: pk for text, pk in single if not text.startswith("unit=") or text.removeprefix("unit=") in leaves}


def _cut(cut: str, found: list[Figure], direction: str) -> Cut:
    ranked = [f for f in found if f.value is not None and not f.is_small and "coverage_low" not in f.flags]
    sign = 1 if direction == "down" else -1
    order = sorted(ranked, key=lambda f: (-(f.score if f.score is not None else -1), -sign * (f.value or 0), f.scope))
    return Cut(cut, tuple(order), tuple(f for f in found if f not in ranked))
