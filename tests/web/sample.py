"""One page that uses every partial, for tests of the frame."""

from datetime import date
from types import SimpleNamespace

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from hengzhi.core import InvalidPeriod
from hengzhi.web.drawings import interval, spark
from hengzhi.web.parts import Chart, Column, Empty, How, Table, pager
from hengzhi.web.render import show

MONTHS = [f"2026-{month:02}" for month in range(1, 11)]
WAITS = [0.12, 0.13, 0.118, 0.122, 0.125, 0.119, 0.121, 0.19, 0.2, 0.2]


def _chart() -> Chart:
    shown = {"$format": "percent", "places": 1}
    return Chart(
        key="wait",
        finding="南城支行柜面等候超过 10 分钟：8 月起 12%→20%",
        note="n≈900",
        option={
            "xAxis": {"type": "category", "data": MONTHS, "name": "月"},
            "yAxis": {"type": "value", "axisLabel": {"formatter": shown}},
            "tooltip": {"valueFormatter": shown},
            "series": [
                {
                    "type": "line",
                    "name": "超时占比",
                    "data": WAITS,
                    "markLine": {
                        "symbol": "none",
                        "data": [{"yAxis": 0.1, "name": "目标"}],
                        "label": {"formatter": "目标 10%", "position": "insideEndTop"},
                    },
                }
            ],
        },
        table=Table((Column("月"), Column("占比", number=True)), tuple((m, f"{w:.1%}") for m, w in zip(MONTHS, WAITS, strict=True))),
        csv_url="?format=csv",
    )


def _card(code: str, name: str, level: str, score: float, rises: bool) -> SimpleNamespace:
    past = [40 + (score - 40) * step / 11 if rises else score for step in range(12)]
    return SimpleNamespace(
        code=code, name=name, level=level, score=score, spark=spark(past, level=level, words=f"{code}: 12 个月，最近 {score}")
    )


def _row(code: str, name: str, verdict: str, value: float, low: float, high: float) -> SimpleNamespace:
    drawn = interval(
        value=value, lower=low, upper=high, target=0.95, verdict=verdict, words=f"{value:.1%} ({low:.1%}–{high:.1%})，目标 95%"
    )
    return SimpleNamespace(code=code, name=name, verdict=verdict, value=f"{value:.1%}", interval=drawn)


def content() -> SimpleNamespace:
    """What the sample page shows."""
    return SimpleNamespace(
        cards=[
            _card("R1", "客户期望落差", "blue", 46.0, True),
            _card("R2", "服务流程缺陷", "orange", 63.0, True),
            _card("R3", "人员能力不足", "yellow", 52.0, False),
            _card("R4", "技术与安全风险", "red", 84.0, True),
            _card("R5", "监督机制薄弱", "normal", 37.0, False),
        ],
        rows=[
            _row("M1", "客户反馈机制", "met", 0.97, 0.96, 0.98),
            _row("M5", "服务质量监控", "not_shown", 0.955, 0.945, 0.964),
            _row("M4", "技术与安全", "missed", 0.9, 0.88, 0.92),
            _row("M6", "第三方评估", "not_due", 0.95, 0.95, 0.95),
            _row("M7", "数字化转型", "no_data", 0.95, 0.95, 0.95),
        ],
        chart=_chart(),
        empty=Empty(why="还没有导入数据", step="导入数据", url="/batches"),
        pager=pager(total=1234, number=2, size=50, query={"q": "a"}),
        how=How(
            formula="合格项 ÷ 检查项",
            inputs=(("合格项 x", "1,719"), ("检查项 n", "1,800")),
            notes=("剔除 12 行：缺少机构",),
            source="GB/T 2828.1",
            figure="monitoring.conforming@unit=0110@2026-10",
        ),
        on=date(2026, 11, 1),
    )


def home(request: HttpRequest) -> HttpResponse:
    """The sample page."""
    return show(request, "sample.html", page="home", title="风险总览", content=content())


def broken(request: HttpRequest) -> HttpResponse:
    """A page that fails."""
    raise RuntimeError("secret inside")


def refused(request: HttpRequest) -> HttpResponse:
    """A page that is asked for a period it can't read."""
    raise InvalidPeriod("2026-13")


def away(request: HttpRequest) -> HttpResponse:
    """A page whose database has gone."""
    raise OperationalError("connection refused by 10.0.0.1")


urlpatterns = [
    path("", home, name="home"),
    path("measures/", home, name="measures"),
    path("broken", broken),
    path("refused", refused),
    path("away", away),
    path("", include("hengzhi.urls")),
]
handler400 = "hengzhi.web.errors.bad_request"
handler403 = "hengzhi.web.errors.forbidden"
handler404 = "hengzhi.web.errors.not_found"
handler500 = "hengzhi.web.errors.failed"
