"""The list of indicators, and one of them with its course, its cuts and how it is computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hengzhi.app import CAPABILITIES, CATALOGUE
from hengzhi.engine.policy import RISKS
from hengzhi.engine.words import MEASURE_NAMES, RISK_NAMES, VERDICT_NAMES
from hengzhi.spine.runs.pages.indicators import Cut, IndicatorPage, Listed, indicator, indicators
from hengzhi.spine.scopes.labels import ROLE_NAMES
from hengzhi.web.frame import Choice, Crumb
from hengzhi.web.numbers import MISSING
from hengzhi.web.pages import telling
from hengzhi.web.pages.charts import trend_chart
from hengzhi.web.pages.computed import Computed, computed
from hengzhi.web.pages.figure_rows import FigureLine, figure_line, figures_sheet, listed_line
from hengzhi.web.pages.looking import Look, look, not_assessed, wants_file, workspace
from hengzhi.web.pages.overview import moved_finding
from hengzhi.web.parts import Chart
from hengzhi.web.render import show
from hengzhi.web.selection import Selection
from hengzhi.web.signed_in import me


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
    steps: tuple[tuple[str, str, str], ...]  # against what, kind, words
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
    found = indicators(catalogue=CATALOGUE, by=me(request), unit=chosen.unit, month=chosen.period)
    title = _("Indicators")
    if found is None or found.place.pin is None:
        return not_assessed(request, page="indicators", title=title, chosen=chosen, at=found.place if found else None)
    here = look(chosen, found.place)
    wanted = {name: request.GET.get(name, "") for name in ("room", "measure", "risk", "verdict")}
    rows = [row for row in found.rows if _fits(row, wanted)]
    if wants_file(request):
        return figures_sheet(f"indicators-{found.place.month}", [row.figure for row in rows if row.figure], here)
    content = IndicatorsView(
        filters=_filters(wanted),
        kept=tuple(
            (name, str(value))
            for name, value in (("unit", here.unit), ("period", here.month), ("against", here.selection.against))
            if value
        ),
        reset_url=here.url("indicators"),
        lines=tuple(listed_line(row, here) for row in rows),
        total=_("%(shown)s of %(all)s indicators") % {"shown": len(rows), "all": len(found.rows)},
        csv_url=here.csv(request),
    )
    return show(request, "pages/indicators.html", page="indicators", title=title, content=content, selection=here.selection)


@require_safe
def one(request: HttpRequest, key: str) -> HttpResponse:
    """One indicator of a unit and month."""
    chosen = Selection.of(request.GET)
    found = indicator(workspace=workspace(), catalogue=CATALOGUE, key=key, by=me(request), unit=chosen.unit, month=chosen.period)
    title = telling.named(CATALOGUE.indicators[key].names)
    if found is None or found.place.pin is None:
        return not_assessed(request, page="indicators", title=title, chosen=chosen, at=found.place if found else None)
    here = look(chosen, found.place)
    if wants_file(request):
        cut = next((c for c in found.cuts if c.cut == request.GET.get("table")), None)
        listed = [*cut.ranked, *cut.apart] if cut else found.trend.known
        return figures_sheet(f"{key}-{cut.cut if cut else 'trend'}-{found.place.month}", listed, here)
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
        line=figure_line(figure, telling.said(here.names.scope(figure.scope)), here) if figure else None,
        key=entry.key,
        cases=telling.cases(figure) if figure else MISSING,
        bounds=telling.bounds(figure, entry) if figure else MISSING,
        limit=telling.target(figure.limit, entry) if figure else MISSING,
        arithmetic=telling.arithmetic(figure) if figure else MISSING,
        steps=_steps(found),
        running=running,
        no_figure=_("No figure of this indicator was expected for %(unit)s in %(period)s.") % where,
        chart=trend_chart(found.trend, entry, finding=moved_finding(found.trend), csv_url=here.csv(request)),
        cuts=tuple(_cut(request, cut, here) for cut in found.cuts),
        how=computed(found.behind, here) if found.behind else None,
        belongs=tuple(links),
        owner=telling.said(found.owner) or MISSING,
    )


def _steps(found: IndicatorPage) -> tuple[tuple[str, str, str], ...]:
    """The value against the period before, and against the same period a year before, where there are any."""
    entry, now = found.indicator, found.figure
    seen = {f.period: f for f in found.trend.known}
    steps = []
    for label, back in ((_("against the period before"), -len(found.period.months())), (_("against a year before"), -12)):
        old = seen.get(str(found.period.shifted(back)))
        if now and old and old.verdict != "not_due":
            steps.append((label, *telling.course(now.value, old.value, entry)))
    return tuple(steps)


def _cut(request: HttpRequest, cut: Cut, here: Look) -> CutView:
    roles = _(" × ").join(telling.said(ROLE_NAMES[role]) for role in cut.cut.split("."))
    lines = tuple(figure_line(f, telling.named(here.names.scope(f.scope)), here) for f in (*cut.ranked, *cut.apart))
    return CutView(_("By %(roles)s") % {"roles": roles}, lines, here.csv(request, cut.cut))


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
    listed = (
        ("room", _("Room"), rooms),
        ("measure", _("Measure"), measures),
        ("risk", _("Risk"), risks),
        ("verdict", _("Verdict"), verdicts),
    )
    return tuple(Filter(name, label, _choices(options, wanted[name])) for name, label, options in listed)


def _choices(options: Sequence[tuple[str, str]], chosen: str) -> tuple[Choice, ...]:
    return (Choice("", _("all"), not chosen), *(Choice(value, label, value == chosen) for value, label in options))
