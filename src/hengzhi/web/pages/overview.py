"""The home page: five risks, seven measures, the heat map of units, and what moved most."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hengzhi.app import CATALOGUE
from hengzhi.engine.words import RISK_NAMES
from hengzhi.spine.access.grants import permissions_of
from hengzhi.spine.runs.pages.figures import Figure
from hengzhi.spine.runs.pages.overview import Overview, RiskCard, overview
from hengzhi.spine.runs.pages.trends import Trend
from hengzhi.web.drawings import Spark, spark
from hengzhi.web.numbers import MISSING, change, decimal
from hengzhi.web.pages import telling
from hengzhi.web.pages.charts import trend_chart
from hengzhi.web.pages.looking import Look, look, name_of, not_assessed, wants_file
from hengzhi.web.pages.measure_rows import MeasureLine, measure_lines, verdict_counts
from hengzhi.web.pages.sheets import sheet
from hengzhi.web.parts import Chart
from hengzhi.web.render import show
from hengzhi.web.selection import Selection
from hengzhi.web.signed_in import me


@dataclass(frozen=True, slots=True)
class Tile:
    """One risk as a card."""

    code: str
    name: str
    url: str
    level: str
    score: str
    change_kind: str
    change: str
    spark: Spark
    cause: str


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One unit and indicator: a score with its level, or why there is none."""

    score: str
    level: str
    kind: str  # the class that colours or hatches it
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class HeatLine:
    """One unit of the heat map."""

    name: str
    url: str
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Units by indicators, with the finding as its title."""

    finding: str
    note: str
    heads: tuple[tuple[str, str], ...]  # name, address
    lines: tuple[HeatLine, ...]
    csv_url: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """All that home.html draws."""

    tiles: tuple[Tile, ...]
    counts: str
    measures: tuple[MeasureLine, ...]
    measures_url: str
    heat: HeatMap | None
    moved: Chart | None
    moved_url: str
    pinned: str


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The risk overview of a unit and month; who sees no figures is led to their own account."""
    if "risk.figure.view" not in permissions_of(me(request)):
        return redirect("account")
    chosen = Selection.of(request.GET)
    found = overview(catalogue=CATALOGUE, by=me(request), unit=chosen.unit, month=chosen.period, against=chosen.against)
    title = _("Risk overview")
    if found is None or found.place.pin is None:
        return not_assessed(request, page="home", title=title, chosen=chosen, at=found.place if found else None)
    here = look(chosen, found.place)
    if wants_file(request):
        return _heat_sheet(found, here)
    return show(request, "pages/home.html", page="home", title=title, content=_page(request, found, here), selection=here.selection)


def _page(request: HttpRequest, found: Overview, here: Look) -> HomePage:
    return HomePage(
        tiles=tiles(found.cards, here),
        counts=verdict_counts(found.measures),
        measures=measure_lines(found.measures, here),
        measures_url=here.url("measures"),
        heat=_heat(request, found, here) if found.heat.rows else None,
        moved=_moved(found.moved, here) if found.moved else None,
        moved_url=here.url("indicator", found.moved.key) if found.moved else "",
        pinned=_("%(period)s against %(against)s") % {"period": found.place.month, "against": found.place.against},
    )


def tiles(cards: tuple[RiskCard, ...], here: Look) -> tuple[Tile, ...]:
    """The five risks as cards."""
    return tuple(_tile(card, here) for card in cards)


def _tile(card: RiskCard, here: Look) -> Tile:
    kind, words = telling.moved(card.now, card.before)
    level = card.now.level if card.now else ""
    name = telling.said(RISK_NAMES[card.risk])
    score = decimal(card.now.score if card.now else None)
    drawn = _("%(name)s over %(count)s months, now %(score)s") % {"name": name, "count": len(card.scores), "score": score}
    cause = MISSING
    if card.cause:
        cause = _("%(name)s, %(points)s points") % {"name": name_of(card.cause.key), "points": decimal(card.cause.points)}
    return Tile(
        card.risk, name, here.url("risk", card.risk), level, score, kind, words, spark(card.scores, level=level, words=drawn), cause
    )


def _heat(request: HttpRequest, found: Overview, here: Look) -> HeatMap:
    worst = max(
        ((f.score, row.unit, f.key) for row in found.heat.rows for f in row.cells if f and f.score is not None and not f.is_small),
        default=None,
    )
    finding = _("Units by indicators")
    if worst:
        finding = _("Worst of the units: %(unit)s, %(indicator)s, score %(score)s") % {
            "unit": telling.said(here.names.code("unit", worst[1])),
            "indicator": name_of(worst[2]),
            "score": decimal(worst[0], 0),
        }
    note = _("risk score 0–100, higher is worse; hatched: too few cases or no data, not rated; %(shown)s of %(all)s units") % {
        "shown": len(found.heat.rows),
        "all": found.heat.units,
    }
    heads = tuple((name_of(key), here.url("indicator", key)) for key in found.heat.keys)
    return HeatMap(finding, note, heads, tuple(_heat_line(row.unit, row.cells, here) for row in found.heat.rows), here.csv(request, "heat"))


def _heat_line(unit: str, cells: tuple[Figure | None, ...], here: Look) -> HeatLine:
    name = telling.said(here.names.code("unit", unit))
    query = Selection(unit, here.month, here.selection.against).query()
    return HeatLine(name, f"/?{query}", tuple(_heat_cell(f, here) for f in cells))


def _heat_cell(figure: Figure | None, here: Look) -> HeatCell:
    if figure is None:
        return HeatCell(MISSING, "", "heat-none", _("not expected"), "")
    url = here.url("figure", figure.figure)
    if figure.score is None:
        return HeatCell(MISSING, "", "heat-hatched", telling.reason(figure) or telling.verdict(figure.verdict), url)
    if figure.is_small:
        return HeatCell(f"n={figure.n}", "", "heat-hatched", telling.reason(figure), url)
    words = f"{telling.level(figure.level)} · {telling.verdict(figure.verdict)}"
    return HeatCell(decimal(figure.score, 0), figure.level, f"heat-{figure.level}", words, url)


def _heat_sheet(found: Overview, here: Look) -> HttpResponse:
    heads = (
        _("Unit code"),
        _("Unit"),
        _("Indicator"),
        _("Period"),
        _("Score"),
        _("Level"),
        _("Value"),
        "n",
        _("Verdict"),
        _("Note"),
        _("Figure"),
    )
    rows = [
        (
            row.unit,
            telling.said(here.names.code("unit", row.unit)),
            name_of(f.key),
            f.period,
            None if f.is_small else f.score,
            telling.level(f.level),
            f.value,
            f.n,
            telling.verdict(f.verdict),
            telling.reason(f),
            f.figure,
        )
        for row in found.heat.rows
        for f in row.cells
        if f
    ]
    return sheet(f"units-{found.place.month}", heads, rows)


def _moved(trend: Trend, here: Look) -> Chart:
    indicator = CATALOGUE.indicators[trend.key]
    return trend_chart(trend, indicator, finding=moved_finding(trend), key="moved", csv_url=here.url("indicator", trend.key, format="csv"))


def moved_finding(trend: Trend) -> str:
    """What an indicator did since the period before, in words."""
    indicator = CATALOGUE.indicators[trend.key]
    name = telling.named(indicator.names)
    known = [f for f in trend.known if f.value is not None and f.verdict != "not_due"]
    if len(known) < 2:
        return name
    old, new = known[-2], known[-1]
    if old.score is None or new.score is None:
        course = {"name": name, "old": telling.value(old.value, indicator), "new": telling.value(new.value, indicator)}
        return _("%(name)s: %(old)s to %(new)s") % course
    _kind, words = change(new.score - old.score, up_is_good=False)
    return _("%(name)s: %(old)s to %(new)s, risk score %(change)s") % {
        "name": name,
        "old": telling.value(old.value, indicator),
        "new": telling.value(new.value, indicator),
        "change": words,
    }
