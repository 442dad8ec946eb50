"""Figures as rows of tables and as a CSV file, wherever a page lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _

from hengzhi.app import CATALOGUE
from hengzhi.spine.runs.pages.figures import Figure
from hengzhi.spine.runs.pages.indicators import Listed
from hengzhi.web.drawings import Interval
from hengzhi.web.numbers import MISSING, decimal
from hengzhi.web.pages import telling
from hengzhi.web.pages.looking import Look
from hengzhi.web.pages.sheets import sheet


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


def figure_line(figure: Figure, name: str, here: Look, *, url: str = "", belongs: str = "", owner: str = "") -> FigureLine:
    """One figure as a row; ``name`` is what tells it from the others of its table."""
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
        hatched=figure.is_small or figure.value is None or "coverage_low" in figure.flags,
        period=figure.period,
        belongs=belongs,
        owner=owner,
    )


def listed_line(row: Listed, here: Look) -> FigureLine:
    """One indicator as a row of the list, also where it has no figure."""
    entry = row.indicator
    name, url, owner = telling.named(entry.names), here.url("indicator", entry.key), telling.said(row.owner) or MISSING
    belongs = " ".join(filter(None, (entry.measure, *sorted(entry.risks))))
    if row.figure:
        return figure_line(row.figure, name, here, url=url, belongs=belongs, owner=owner)
    return FigureLine(
        name,
        url,
        "",
        MISSING,
        "",
        MISSING,
        MISSING,
        None,
        False,
        "no_data",
        _("no figure was expected here"),
        MISSING,
        "",
        False,
        True,
        MISSING,
        belongs,
        owner,
    )


def figures_sheet(name: str, listed: Sequence[Figure], here: Look) -> HttpResponse:
    """Figures as a file, with everything that is stored of them."""
    heads = (
        _("Indicator"),
        _("Key"),
        _("Where"),
        _("Period"),
        "x",
        "n",
        _("Value"),
        _("Lower"),
        _("Upper"),
        _("Method"),
        _("Target"),
        _("Limit"),
        _("Verdict"),
        _("Score"),
        _("Level"),
        _("Note"),
        _("Figure"),
    )
    rows = [
        (
            telling.named(CATALOGUE.indicators[f.key].names),
            f.key,
            telling.named(here.names.scope(f.scope)),
            f.period,
            f.x,
            f.n,
            f.value,
            f.lower,
            f.upper,
            f.method,
            f.target,
            f.limit,
            telling.verdict(f.verdict),
            None if f.is_small else f.score,
            telling.level(f.level),
            telling.reason(f),
            f.figure,
        )
        for f in listed
    ]
    return sheet(name, heads, rows)
