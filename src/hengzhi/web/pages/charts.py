"""Charts as ECharts options built here and tested, each with its finding and the same numbers as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from hengzhi.core import Period
from hengzhi.engine.indicators import Indicator
from hengzhi.engine.policy import BANDS
from hengzhi.spine.runs.pages.figures import Rated
from hengzhi.spine.runs.pages.trends import Trend
from hengzhi.web.numbers import MISSING, decimal
from hengzhi.web.pages import telling
from hengzhi.web.parts import Chart, Column, Table

_TINTS = {"red": "#fbe3e6", "orange": "#fdeadb", "yellow": "#fbf3d6", "blue": "#e4eefc", "normal": "#f5f7f9"}
_INK = {"met": "#0f5c8a", "missed": "#b0102a", "not_shown": "#6b4e00"}
_LINE = "#1c4e80"
_LAST = {"showMaxLabel": True, "hideOverlap": True}  # the month looked at is always named


def trend_chart(trend: Trend, indicator: Indicator, *, finding: str, key: str = "trend", csv_url: str = "") -> Chart:
    """An indicator over time with its 95 % interval as a band, and its target and limit as lines."""
    shape = _format(trend, indicator)
    figures = [None if f and f.verdict == "not_due" else f for f in trend.figures]
    low = [f.lower if f and f.method != "census" else None for f in figures]
    high = [f.upper if f and f.method != "census" else None for f in figures]
    name = telling.named(indicator.names)
    band = _band(low, high) if any(v is not None for v in low) else []
    series: list[dict[str, Any]] = [*band, _line(name, [_point(f) for f in figures], _LINE), *_running(trend)]
    last = next(reversed(trend.known), None)
    lines = ((_("target"), last.target, "solid"), (_("limit"), last.limit, "dashed")) if last else ()
    for name, level, dash in lines:
        if level is not None:
            series.append(_flat(name, level, len(figures), dash))
    return Chart(
        key=key,
        finding=finding,
        note=_("shaded: 95% interval; ring: fewer cases than the floor") if band else "",
        option={
            "grid": {"left": 8, "right": 16, "top": 34, "bottom": 8, "containLabel": True},
            "legend": {"top": 0, "right": 0, "data": [s["name"] for s in series if s["name"]]},
            "tooltip": {"valueFormatter": shape},
            "xAxis": {"type": "category", "data": [str(p) for p in trend.periods], "axisLabel": _LAST},
            "yAxis": {"type": "value", "scale": True, "axisLabel": {"formatter": shape}},
            "series": series,
        },
        table=trend_table(trend, indicator),
        csv_url=csv_url,
    )


def trend_table(trend: Trend, indicator: Indicator) -> Table:
    """The numbers of a trend, the newest first."""
    heads = (_("Period"), _("Value"), _("95% interval"), "n", _("Target"), _("Verdict"), _("Score"))
    rows = [
        (
            str(period),
            telling.value(f.value, indicator),
            telling.bounds(f, indicator),
            telling.sample(f),
            telling.target(f.target, indicator),
            telling.verdict(f.verdict),
            decimal(f.score),
        )
        if f
        else (str(period), MISSING, MISSING, MISSING, MISSING, telling.verdict("no_data"), MISSING)
        for period, f in zip(trend.periods, trend.figures, strict=True)
    ]
    return Table(tuple(Column(head, number=at in (1, 3, 4, 6)) for at, head in enumerate(heads)), tuple(reversed(rows)))


def course_chart(months: Sequence[Period], course: Sequence[Rated | None], *, name: str, finding: str, csv_url: str = "") -> Chart:
    """A risk score over the months on the bands of the levels."""
    floors = [least for _level, least in BANDS]
    tops = [100.0, *floors]
    areas = [
        [{"yAxis": least, "itemStyle": {"color": _TINTS[level]}, "name": telling.level(level)}, {"yAxis": top}]
        for (level, least), top in zip(BANDS, tops, strict=False)
    ]
    shape = {"$format": "number", "places": 1}
    line = _line(name, [r.score if r else None for r in course], _LINE)
    line["markArea"] = {"silent": True, "data": areas, "label": {"position": "insideLeft", "color": "#475569", "fontSize": 11}}
    heads = (_("Period"), _("Score"), _("Level"))
    rows = [(str(m), decimal(r.score if r else None, 2), telling.level(r.level if r else "")) for m, r in zip(months, course, strict=True)]
    return Chart(
        key="course",
        finding=finding,
        note=_("risk score 0–100, higher is worse; bands are the levels"),
        option={
            "tooltip": {"valueFormatter": shape},
            "xAxis": {"type": "category", "data": [str(m) for m in months], "axisLabel": _LAST},
            "yAxis": {"type": "value", "min": 0, "max": 100, "splitLine": {"show": False}},
            "series": [line],
        },
        table=Table(tuple(Column(head, number=at == 1) for at, head in enumerate(heads)), tuple(reversed(rows))),
        csv_url=csv_url,
    )


def _format(trend: Trend, indicator: Indicator) -> dict[str, Any]:
    values = [f.value for f in trend.known if f.value is not None]
    if indicator.unit.value == "share":
        spread = max(values, default=1.0) - min(values, default=0.0)
        return {"$format": "percent", "places": 2 if spread < 0.02 else 1}
    whole = all(float(v).is_integer() for v in values)
    return {"$format": "number", "places": 0 if whole or max(values, default=0) >= 100 else 2}


def _point(figure: Any) -> Any:
    if figure is None or figure.value is None:
        return None
    if figure.is_small:
        return {"value": figure.value, "symbol": "emptyCircle", "itemStyle": {"color": "#94a3b8"}}
    return {"value": figure.value, "itemStyle": {"color": _INK.get(figure.verdict, _LINE)}}


def _running(trend: Trend) -> list[dict[str, Any]]:
    """The period that is not over as a mark of its own: it is not to be held against whole ones."""
    values = [f.value if f and f.verdict == "not_due" else None for f in trend.figures]
    if all(value is None for value in values):
        return []
    return [{**_line(_("so far"), values, "#64748b"), "symbol": "emptyDiamond", "symbolSize": 9, "lineStyle": {"type": "dashed"}}]


def _line(name: str, data: list[Any], colour: str) -> dict[str, Any]:
    style = {"color": colour, "width": 2}
    return {
        "type": "line",
        "name": name,
        "data": data,
        "symbol": "circle",
        "symbolSize": 7,
        "lineStyle": style,
        "itemStyle": {"color": colour},
    }


def _band(low: list[float | None], high: list[float | None]) -> list[dict[str, Any]]:
    """Two stacked lines that nobody sees, and the area between them."""
    hidden = {
        "type": "line",
        "name": "",
        "stack": "interval",
        "stackStrategy": "all",
        "symbol": "none",
        "silent": True,
        "lineStyle": {"opacity": 0},
        "tooltip": {"show": False},
    }
    width = [None if a is None or b is None else b - a for a, b in zip(low, high, strict=True)]
    return [{**hidden, "data": low}, {**hidden, "data": width, "areaStyle": {"color": "#1c4e80", "opacity": 0.14}}]


def _flat(name: str, level: float, length: int, dash: str) -> dict[str, Any]:
    colour = "#0f6b42" if dash == "solid" else "#b0102a"
    line = {"color": colour, "width": 1.5, "type": dash}
    return {"type": "line", "name": name, "data": [level] * length, "symbol": "none", "lineStyle": line, "itemStyle": {"color": colour}}
