"""The points that add up to a score, as rows that still add up when rounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hengzhi.app import CATALOGUE
from hengzhi.spine.runs.pages.figures import Rated
from hengzhi.spine.runs.pages.risks import PartRow
from hengzhi.web.numbers import MISSING, change, decimal
from hengzhi.web.pages import telling
from hengzhi.web.pages.adding import rounded
from hengzhi.web.pages.looking import Look, name_of

PLACES = 2


@dataclass(frozen=True, slots=True)
class PointLine:
    """One part of a score, this month and before."""

    name: str
    url: str
    kind: str
    value: str
    value_url: str
    n: str
    verdict: str
    weight: str
    score: str
    points: str
    before: str
    change_kind: str
    change: str
    key: str = ""  # of the indicator; "" for a floor and for the total
    difference: float = 0.0  # the change as it is shown


def point_lines(rows: Sequence[PartRow], now: Rated, before: Rated | None, here: Look) -> tuple[tuple[PointLine, ...], PointLine]:
    """The parts and their total; points are rounded so that they add up to the score as it is shown."""
    points = iter(rounded([row.now.points for row in rows if row.now], now.score, PLACES))
    past = iter(rounded([row.before.points for row in rows if row.before], before.score, PLACES) if before else ())
    shown = [(row, next(points) if row.now else None, next(past) if before and row.before else None) for row in rows]
    lines = tuple(_point_line(row, new, old, here, compared=before is not None) for row, new, old in shown)
    kind, words = change(
        _difference(round(now.score, PLACES), round(before.score, PLACES)) if before else None, up_is_good=False, places=PLACES
    )
    weight = sum(row.now.weight for row in rows if row.now and row.now.kind in ("indicator", "missing"))
    total = PointLine(
        _("Total = score"),
        "",
        "",
        "",
        "",
        "",
        "",
        f"{100 * weight:.1f} %",
        "",
        decimal(now.score, PLACES),
        decimal(before.score if before else None, PLACES),
        kind,
        words,
    )
    return lines, total


def _point_line(row: PartRow, new: float | None, old: float | None, here: Look, *, compared: bool) -> PointLine:
    figure, indicator = row.figure, CATALOGUE.indicators.get(row.key)
    difference = _difference(new or 0.0, old or 0.0)
    kind, words = change(difference if compared else None, up_is_good=False, places=PLACES)
    return PointLine(
        name=name_of(row.key),
        url=here.url("indicator", row.key) if indicator else "",
        kind=telling.part_kind(row.kind),
        value=telling.value(figure.value, indicator) if figure and indicator else MISSING,
        value_url=here.url("figure", figure.figure) if figure else "",
        n=telling.sample(figure) if figure else MISSING,
        verdict=figure.verdict if figure else "",
        weight=f"{100 * row.now.weight:.1f} %" if row.now and row.kind not in ("floor", "uplift") else MISSING,
        score=decimal(row.now.score if row.now else None, PLACES),
        points=decimal(new, PLACES),
        before=decimal(old, PLACES),
        change_kind=kind,
        change=words,
        key="" if row.kind in ("floor", "uplift") else row.key,
        difference=difference,
    )


def _difference(new: float, old: float) -> float:
    return round(new - old, PLACES)
