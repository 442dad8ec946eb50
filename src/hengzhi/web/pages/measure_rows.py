"""The rows of the table of seven measures, as home and the list of measures show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hengzhi.engine.indicators import Indicator
from hengzhi.engine.words import MEASURE_NAMES, MEASURE_TARGETS
from hengzhi.spine.runs.pages.figures import Figure
from hengzhi.spine.runs.pages.measures import Evidence, MeasureRow
from hengzhi.web.drawings import Interval
from hengzhi.web.numbers import MISSING
from hengzhi.web.pages import telling
from hengzhi.web.pages.looking import Look


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure: its target in words, the indicator that decides, and the verdict."""

    code: str
    name: str
    url: str
    target: str
    indicator: str
    indicator_url: str
    aim: str
    value: str
    value_url: str
    n: str
    interval: Interval | None
    census: bool
    verdict: str
    note: str
    others: str
    owner: str


def measure_lines(rows: Sequence[MeasureRow], here: Look) -> tuple[MeasureLine, ...]:
    """The seven measures, those without an indicator too."""
    return tuple(_line(row, here) for row in rows)


def verdict_counts(rows: Sequence[MeasureRow]) -> str:
    """How many measures have which verdict, such as 2 met (proven) · 1 missed (proven)."""
    counted = Counter(row.verdict for row in rows)
    order = ("met", "not_shown", "missed", "not_due", "no_data")
    return " · ".join(f"{counted[v]} {telling.verdict(v)}" for v in order if counted[v])


def _line(row: MeasureRow, here: Look) -> MeasureLine:
    lead = row.lead
    figure = lead.figure if lead else None
    indicator = lead.indicator if lead else None
    return MeasureLine(
        code=row.measure,
        name=telling.said(MEASURE_NAMES[row.measure]),
        url=here.url("measure", row.measure),
        target=telling.said(MEASURE_TARGETS[row.measure]),
        indicator=_named(indicator, figure, here) if indicator else "",
        indicator_url=here.url("indicator", indicator.key) if indicator else "",
        aim=telling.target(figure.target, indicator) if figure and indicator else "",
        value=telling.value(figure.value, indicator) if figure and indicator else MISSING,
        value_url=here.url("figure", figure.figure) if figure else "",
        n=telling.cases(figure) if figure else "",
        interval=telling.interval(figure, indicator) if figure and indicator else None,
        census=bool(figure and figure.method == "census"),
        verdict=row.verdict,
        note=_note(row),
        others=_others(row.evidence),
        owner=telling.said(row.owner) or MISSING,
    )


def _note(row: MeasureRow) -> str:
    if not row.evidence:
        return _("no indicator yet")
    if row.lead is None or row.lead.figure is None:
        return _("no indicator with a target has data")
    if row.verdict == "no_data" and row.unmeasured:
        return _("the measure's own target is not measured yet") if not row.own else _("a part of the measure's target is not measured yet")
    return telling.hint(row.lead.figure, row.lead.indicator)


def _named(indicator: Indicator, figure: Figure | None, here: Look) -> str:
    """The indicator, and the system where one speaks for all."""
    name = telling.named(indicator.names)
    return f"{name} · {telling.said(here.names.scope(figure.scope))}" if figure and figure.scope.startswith("system=") else name


def _others(evidence: Sequence[Evidence]) -> str:
    """All indicators of the measure by verdict, where there are several."""
    if len(evidence) < 2:
        return ""
    counted = Counter(e.figure.verdict if e.figure else "no_data" for e in evidence)
    listed = " · ".join(
        f"{counted[v]} {telling.verdict(v)}" for v in ("missed", "not_shown", "met", "not_due", "no_data", "no_target") if counted[v]
    )
    return _("%(count)s indicators: %(verdicts)s") % {"count": len(evidence), "verdicts": listed}
