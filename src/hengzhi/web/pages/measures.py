"""The seven measures, and one of them with its indicators and their course."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hengzhi.app import CATALOGUE
from hengzhi.engine.words import MEASURE_NAMES
from hengzhi.spine.runs.pages.measures import Evidence, MeasurePage, measure, measures
from hengzhi.web.drawings import Interval
from hengzhi.web.frame import Crumb
from hengzhi.web.numbers import MISSING, decimal
from hengzhi.web.pages import telling
from hengzhi.web.pages.charts import trend_chart
from hengzhi.web.pages.looking import Look, look, not_assessed
from hengzhi.web.pages.measure_rows import MeasureLine, measure_lines, verdict_counts
from hengzhi.web.pages.overview import moved_finding
from hengzhi.web.parts import Chart, Empty
from hengzhi.web.render import show
from hengzhi.web.selection import Selection
from hengzhi.web.signed_in import me


@dataclass(frozen=True, slots=True)
class MeasuresView:
    """All that measures.html draws."""

    lines: tuple[MeasureLine, ...]
    counts: str


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One indicator of a measure."""

    name: str
    url: str
    period: str
    value: str
    value_url: str
    n: str
    aim: str
    interval: Interval | None
    census: bool
    verdict: str
    note: str
    score: str
    owner: str


@dataclass(frozen=True, slots=True)
class MeasureView:
    """All that measure.html draws."""

    line: MeasureLine
    evidence: tuple[EvidenceLine, ...]
    charts: tuple[Chart, ...]
    empty: Empty


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The seven measures of a unit and month."""
    chosen = Selection.of(request.GET)
    found = measures(catalogue=CATALOGUE, by=me(request), unit=chosen.unit, month=chosen.period)
    title = _("Seven measures")
    if found is None or found.place.pin is None:
        return not_assessed(request, page="measures", title=title, chosen=chosen, at=found.place if found else None)
    here = look(chosen, found.place)
    content = MeasuresView(measure_lines(found.rows, here), verdict_counts(found.rows))
    return show(request, "pages/measures.html", page="measures", title=title, content=content, selection=here.selection)


@require_safe
def one(request: HttpRequest, key: str) -> HttpResponse:
    """One measure of a unit and month."""
    chosen = Selection.of(request.GET)
    found = measure(catalogue=CATALOGUE, key=key, by=me(request), unit=chosen.unit, month=chosen.period)
    title = f"{key} {telling.said(MEASURE_NAMES[key])}"
    if found is None or found.place.pin is None:
        return not_assessed(request, page="measures", title=title, chosen=chosen, at=found.place if found else None)
    here = look(chosen, found.place)
    trail = [Crumb(_("Seven measures"), reverse("measures"))]
    content = _view(found, here)
    return show(request, "pages/measure.html", page="measures", title=title, content=content, trail=trail, selection=here.selection)


def _view(found: MeasurePage, here: Look) -> MeasureView:
    return MeasureView(
        line=measure_lines([found.row], here)[0],
        evidence=tuple(_evidence(e, here) for e in found.row.evidence),
        charts=tuple(
            trend_chart(
                t,
                CATALOGUE.indicators[t.key],
                finding=moved_finding(t),
                key=f"trend-{at}",
                csv_url=here.url("indicator", t.key, format="csv"),
            )
            for at, t in enumerate(found.trends)
        ),
        empty=Empty(_("This measure has no indicator yet, so nothing is computed for it."), _("All indicators"), here.url("indicators")),
    )


def _evidence(e: Evidence, here: Look) -> EvidenceLine:
    f = e.figure
    return EvidenceLine(
        name=telling.named(e.indicator.names),
        url=here.url("indicator", e.indicator.key),
        period=f.period if f else MISSING,
        value=telling.value(f.value if f else None, e.indicator),
        value_url=here.url("figure", f.figure) if f else "",
        n=telling.sample(f) if f else MISSING,
        aim=telling.target(f.target, e.indicator) if f else MISSING,
        interval=telling.interval(f, e.indicator),
        census=bool(f and f.method == "census"),
        verdict=f.verdict if f else "no_data",
        note=telling.hint(f, e.indicator) if f else _("no figure was expected here"),
        score=decimal(f.score) if f and not f.is_small else MISSING,
        owner=telling.said(e.owner) or MISSING,
    )
