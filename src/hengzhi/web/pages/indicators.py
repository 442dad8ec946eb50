"""The list of indicators, and one of them with its course, its cuts and how it is computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hengzhi.app import CAPABILITIES, CATALOGUE
from hengzhi.engine.policy import RISKS
from hengzhi.engine.words import MEASURE_NAMES, RISK_NAMES, VERDICT_NAMES
from hengzhi.spine.runs.pages.figures import Figure
from hengzhi.spine.runs.pages.indicators import Cut, IndicatorPage, Listed, indicator, indicators
from hengzhi.spine.scopes.labels import ROLE_NAMES
from hengzhi.web.drawings import Interval
from hengzhi.web.frame import Choice, Crumb
from hengzhi.web.numbers import MISSING, decimal
from hengzhi.web.pages import telling
from hengzhi.web.pages.charts import trend_chart
from hengzhi.web.pages.computed import Computed, computed
from hengzhi.web.pages.looking import Look, look, not_assessed
from hengzhi.web.pages.overview import moved_finding
from hengzhi.web.pages.sheets import sheet
from hengzhi.web.parts import Chart
from hengzhi.web.render import show
from hengzhi.web.selection import Selection


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure as a row; hatched where it has too few cases or no data."""

    name: str
    url: str
    code: str
    value: str
    value_url: str
    n: str
    aim: str
    interval: Interval | None
    census: bool
    verdict: str
    note: str
    score: str
    level: str
    scored: bool
    hatched: bool
    period: str
    belongs: str
    owner: str


@dataclass(frozen=True, slots=True)
class Filter:
    """One selector of the filter bar."""

    name: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class IndicatorsView:
    """All that indicators.html draws."""

    filters: tuple[Filter, ...]
    kept: tuple[tuple[str, str], ...]
    reset_url: str
    lines: tuple[FigureLine, ...]
    total: str
    csv_url: str


@dataclass(frozen=True, slots=True)
class CutView:
    """One cut as a table: ranked, then what is not."""

    title: str
    lines: tuple[FigureLine, ...]
    csv_url: str


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """All that indicator.html draws."""

    line: FigureLine | None
    key: str
    cases: str
    bounds: str
    limit: str
    arithmetic: str
    running: str
    no_figure: str
    chart: Chart
    cuts: tuple[CutView, ...]
    how: Computed | None
    belongs: tuple[tuple[str, str], ...]  # name, address
    owner: str


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """All indicators of a unit and month, filtered by room, measure, risk and verdict."""
    chosen = Selection.of(request.GET)
    found = indicators(catalogue=CATALOGUE, unit=chosen.unit, month=chosen.period)
    title = _("Indicators")
    if found is None or found.place.pin is None:
        return not_assessed(request, page="indicators", title=title, chosen=chosen, at=found.place if found else None)
    here = look(chosen, found.place)
    wanted = {name: request.GET.get(name, "") for name in ("room", "measure", "risk", "verdict")}
    rows = [row for row in found.rows if _fits(row, wanted)]
    if request.GET.get("format") == "csv":
        return _sheet(f"indicators-{found.place.month}", [row.figure for row in rows if row.figure], here)
    content = IndicatorsView(
        filters=_filters(wanted),
        kept=tuple((name, str(value)) for name, value in (("unit", here.unit), ("period", here.month), ("against", here.selection.against)) if value),
        reset_url=here.url("indicators"),
        lines=tuple(_listed_line(row, here) for row in rows),
        total=_("%(shown)s of %(all)s indicators") % {"shown": len(rows), "all": len(found.rows)},
        csv_url=here.csv(request),
    )
    return show(request, "pages/indicators.html", page="indicators", title=title, content=content, selection=here.selection)


@require_safe
def one(request: HttpRequest, key: str) -> HttpResponse:
    """One indicator of a unit and month."""
    chosen = Selection.of(request.GET)
    found = indicator(workspace=settings.WORKSPACE, catalogue=CATALOGUE, key=key, unit=chosen.unit, month=chosen.period)
    title = telling.said(CATALOGUE.indicators[key].names)
    if found is None or found.place.pin is None:
        return not_assessed(request, page="indicators", title=title, chosen=chosen, at=found.place if found else None)
    here = look(chosen, found.place)
    if request.GET.get("format") == "csv":
        cut = next((c for c in found.cuts if c.cut == request.GET.get("table")), None)
        listed = [*cut.ranked, *cut.apart] if cut else found.trend.known
        return _sheet(f"{key}-{cut.cut if cut else 'trend'}-{found.place.month}", listed, here)
    trail = [Crumb(_("Indicators"), reverse("indicators"))]
    content = _view(request, found, here)
    return show(request, "pages/indicator.html", page="indicators", title=title, content=content, trail=trail, selection=here.selection)


def _view(request: HttpRequest, found: IndicatorPage, here: Look) -> IndicatorView:
    entry, figure = found.indicator, found.figure
    running = ""
    if found.running and found.running.value is not None:
        running = _("%(period)s so far: %(value)s, %(verdict)s") % {
            "period": found.running.period,
            "value": telling.value(found.running.value, entry),
            "verdict": telling.verdict(found.running.verdict),
        }
    where = {"unit": telling.said(here.names.scope(found.place.scope)), "period": found.period}
    links = [(f"{r} {telling.said(RISK_NAMES[r])}", here.url("risk", r)) for r in sorted(entry.risks)]
    if entry.measure:
        links.append((f"{entry.measure} {telling.said(MEASURE_NAMES[entry.measure])}", here.url("measure", entry.measure)))
    return IndicatorView(
        line=_line(figure, telling.said(here.names.scope(figure.scope)), here) if figure else None,
        key=entry.key,
        cases=telling.cases(figure) if figure else MISSING,
        bounds=telling.bounds(figure, entry) if figure else MISSING,
        limit=telling.target(figure.limit, entry) if figure else MISSING,
        arithmetic=telling.arithmetic(figure) if figure else MISSING,
        running=running,
        no_figure=_("No figure of this indicator was expected for %(unit)s in %(period)s.") % where,
        chart=trend_chart(found.trend, entry, finding=moved_finding(found.trend), csv_url=here.csv(request)),
        cuts=tuple(_cut(request, cut, here) for cut in found.cuts),
        how=computed(found.behind, here) if found.behind else None,
        belongs=tuple(links),
        owner=telling.said(found.owner) or MISSING,
    )


def _cut(request: HttpRequest, cut: Cut, here: Look) -> CutView:
    roles = _(" × ").join(telling.said(ROLE_NAMES[role]) for role in cut.cut.split("."))
    lines = tuple(_line(f, telling.said(here.names.scope(f.scope)), here) for f in (*cut.ranked, *cut.apart))
    return CutView(_("By %(roles)s") % {"roles": roles}, lines, here.csv(request, cut.cut))


def _line(figure: Figure, name: str, here: Look, *, url: str = "", belongs: str = "", owner: str = "") -> FigureLine:
    entry = CATALOGUE.indicators[figure.key]
    return FigureLine(
        name=name,
        url=url,
        code="",
        value=telling.value(figure.value, entry),
        value_url=here.url("figure", figure.figure),
        n=telling.sample(figure),
        aim=telling.target(figure.target, entry),
        interval=telling.interval(figure, entry),
        census=figure.method == "census",
        verdict=figure.verdict,
        note=telling.hint(figure, entry),
        score=decimal(figure.score) if not figure.is_small else MISSING,
        level=figure.level,
        scored=figure.score is not None and not figure.is_small,
        hatched=figure.is_small or figure.value is None,
        period=figure.period,
        belongs=belongs,
        owner=owner,
    )


def _listed_line(row: Listed, here: Look) -> FigureLine:
    entry = row.indicator
    name, url, owner = telling.said(entry.names), here.url("indicator", entry.key), telling.said(row.owner) or MISSING
    belongs = " ".join(filter(None, (entry.measure, *sorted(entry.risks))))
    if row.figure:
        return _line(row.figure, name, here, url=url, belongs=belongs, owner=owner)
    return FigureLine(name, url, "", MISSING, "", MISSING, MISSING, None, False, "no_data", _("no figure was expected here"),
                      MISSING, "", False, True, MISSING, belongs, owner)


def _fits(row: Listed, wanted: dict[str, str]) -> bool:
    entry = row.indicator
    seen = {
        "room": (entry.key.partition(".")[0],),
        "measure": (entry.measure,),
        "risk": tuple(entry.risks),
        "verdict": (row.figure.verdict if row.figure else "no_data",),
    }
    return all(not value or value in seen[name] for name, value in wanted.items())


def _filters(wanted: dict[str, str]) -> tuple[Filter, ...]:
    rooms = [(c.key, telling.said(c.names)) for c in CAPABILITIES]
    measures = [(m, f"{m} {telling.said(name)}") for m, name in MEASURE_NAMES.items()]
    risks = [(r, f"{r} {telling.said(RISK_NAMES[r])}") for r in RISKS]
    verdicts = [(v, telling.said(name)) for v, name in VERDICT_NAMES.items()]
    listed = (("room", _("Room"), rooms), ("measure", _("Measure"), measures), ("risk", _("Risk"), risks), ("verdict", _("Verdict"), verdicts))
    return tuple(Filter(name, label, _choices(options, wanted[name])) for name, label, options in listed)


def _choices(options: Sequence[tuple[str, str]], chosen: str) -> tuple[Choice, ...]:
    return (Choice("", _("all"), not chosen), *(Choice(value, label, value == chosen) for value, label in options))


def _sheet(name: str, listed: Sequence[Figure], here: Look) -> HttpResponse:
    heads = (_("Indicator"), _("Key"), _("Where"), _("Period"), "x", "n", _("Value"), _("Lower"), _("Upper"), _("Method"), _("Target"), _("Limit"),
             _("Verdict"), _("Score"), _("Level"), _("Note"), _("Figure"))
    rows = [
        (telling.said(CATALOGUE.indicators[f.key].names), f.key, telling.said(here.names.scope(f.scope)), f.period, f.x, f.n, f.value, f.lower,
         f.upper, f.method, f.target, f.limit, telling.verdict(f.verdict), None if f.is_small else f.score, telling.level(f.level),
         telling.reason(f), f.figure)
        for f in listed
    ]
    return sheet(name, heads, rows)
