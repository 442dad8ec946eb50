"""One risk as points that add up, with its course and its units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hengzhi.app import CATALOGUE
from hengzhi.engine.words import MEASURE_NAMES, RISK_NAMES
from hengzhi.spine.runs.pages.figures import Rated
from hengzhi.spine.runs.pages.risks import MOST_UNITS, RankedUnit, RiskPage, risk
from hengzhi.web.frame import Crumb
from hengzhi.web.numbers import MISSING, count, decimal
from hengzhi.web.pages import telling
from hengzhi.web.pages.charts import course_chart
from hengzhi.web.pages.looking import Look, indicator_names, look, name_of, not_assessed, wants_file
from hengzhi.web.pages.moves import Moves, moves
from hengzhi.web.pages.points import PLACES, PointLine, point_lines
from hengzhi.web.pages.sheets import sheet
from hengzhi.web.parts import Chart, Empty
from hengzhi.web.render import show
from hengzhi.web.selection import Selection
from hengzhi.web.signed_in import me


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit in the order of its score."""

    place: str
    name: str
    url: str
    level: str
    score: str
    change_kind: str
    change: str
    cause: str
    note: str


@dataclass(frozen=True, slots=True)
class RiskView:
    """All that risk.html draws."""

    code: str
    level: str
    score: str
    change_kind: str
    change: str
    why: str
    month: str
    against: str
    lines: tuple[PointLine, ...]
    total: PointLine
    moves: Moves | None
    course: Chart
    units: tuple[UnitLine, ...]
    unranked: tuple[tuple[str, str], ...]  # unit, reason
    beyond: str  # how many units are rated when not all are listed
    measures: tuple[tuple[str, str, str], ...]  # code, name, address
    csv_url: str
    units_csv_url: str


@require_safe
def one(request: HttpRequest, key: str) -> HttpResponse:
    """One risk of a unit and month."""
    chosen = Selection.of(request.GET)
    found = risk(catalogue=CATALOGUE, key=key, by=me(request), unit=chosen.unit, month=chosen.period, against=chosen.against)
    title = f"{key} {telling.said(RISK_NAMES[key])}"
    if found is None or found.place.pin is None:
        return not_assessed(request, page="risks", title=title, chosen=chosen, at=found.place if found else None)
    here = look(chosen, found.place)
    if wants_file(request):
        return _sheet(request.GET.get("table", ""), found, here)
    trail = [Crumb(_("Five risks"), reverse("risks"))]
    if found.now is None:
        whole = f"?{Selection('', here.month, here.selection.against).query()}"
        why = Empty(_("This unit has no rating of this risk: too few cases, or no data expected."), _("Whole institution"), whole)
        return show(request, "pages/empty.html", page="risks", title=title, content=why, trail=trail, selection=here.selection)
    content = _view(request, found, found.now, here)
    return show(request, "pages/risk.html", page="risks", title=title, content=content, trail=trail, selection=here.selection)


def _view(request: HttpRequest, found: RiskPage, now: Rated, here: Look) -> RiskView:
    kind, words = telling.moved(now, found.before)
    lines, total = point_lines(found.rows, now, found.before, here)
    return RiskView(
        code=found.risk,
        level=now.level,
        score=decimal(now.score, PLACES),
        change_kind=kind,
        change=words,
        why=telling.why_level(now, indicator_names(), here.names),
        month=str(found.place.month),
        against=str(found.place.against),
        lines=lines,
        total=total,
        moves=moves(found.moved, here, lines),
        course=_course(request, found, now, here),
        units=_units(found.ranked, here),
        unranked=tuple((telling.said(here.names.code("unit", u.unit)), _unranked(u.small, u.n)) for u in found.unranked),
        beyond=_("the worst %(shown)s of %(all)s units") % {"shown": count(len(found.ranked)), "all": count(found.units)}
        if found.units > MOST_UNITS
        else "",
        measures=tuple((m, telling.said(MEASURE_NAMES[m]), here.url("measure", m)) for m in found.measures),
        csv_url=here.csv(request, "points"),
        units_csv_url=here.csv(request, "units"),
    )


def _course(request: HttpRequest, found: RiskPage, now: Rated, here: Look) -> Chart:
    name = telling.said(RISK_NAMES[found.risk])
    finding = _("%(name)s: %(score)s in %(period)s, %(level)s") % {
        "name": name,
        "score": decimal(now.score),
        "period": found.place.month,
        "level": telling.level(now.level),
    }
    return course_chart(found.months, found.course, name=name, finding=finding, csv_url=here.csv(request, "course"))


def _units(ranked: Sequence[RankedUnit], here: Look) -> tuple[UnitLine, ...]:
    lines = []
    for at, row in enumerate(ranked, start=1):
        kind, words = telling.moved(row.now, row.before)
        missing = _("%(count)s parts without data") % {"count": row.missing} if row.missing else ""
        cause = f"{name_of(row.cause.key)} {decimal(row.cause.points)}" if row.cause else MISSING
        query = Selection(row.unit, here.month, here.selection.against).query()
        name = telling.said(here.names.code("unit", row.unit))
        lines.append(UnitLine(str(at), name, f"?{query}", row.now.level, decimal(row.now.score), kind, words, cause, missing))
    return tuple(lines)


def _unranked(small: bool, n: int | None) -> str:
    return _("too few cases (n at most %(n)s)") % {"n": count(n)} if small else _("no data")


def _sheet(table: str, found: RiskPage, here: Look) -> HttpResponse:
    name = f"{found.risk}-{found.place.month}"
    if table == "course":
        heads: tuple[str, ...] = (_("Period"), _("Score"), _("Level"), _("Rating"))
        course = [
            (str(m), r.score, telling.level(r.level), f"rating:{r.id}") if r else (str(m), None, "", "")
            for m, r in zip(found.months, found.course, strict=True)
        ]
        return sheet(f"{name}-course", heads, course)
    if table == "units":
        heads = (_("Rank"), _("Unit code"), _("Unit"), _("Score"), _("Level"), _("Score before"), _("Rating"))
        units = [
            (
                at,
                r.unit,
                telling.said(here.names.code("unit", r.unit)),
                r.now.score,
                telling.level(r.now.level),
                r.before.score if r.before else None,
                f"rating:{r.now.id}",
            )
            for at, r in enumerate(found.ranked, start=1)
        ]
        return sheet(f"{name}-units", heads, units)
    heads = (_("Part"), _("Kind"), _("Value"), "n", _("Verdict"), _("Weight"), _("Score"), _("Points"), _("Points before"), _("Figure"))
    parts = [
        (
            name_of(r.key),
            telling.part_kind(r.kind),
            r.figure.value if r.figure else None,
            r.figure.n if r.figure else None,
            telling.verdict(r.figure.verdict) if r.figure else "",
            r.now.weight if r.now else None,
            r.now.score if r.now else None,
            r.now.points if r.now else None,
            r.before.points if r.before else None,
            r.now.figure if r.now else "",
        )
        for r in found.rows
    ]
    return sheet(f"{name}-points", heads, parts)
