"""Indicators of monitoring itself."""

from hengzhi.core import Text
from hengzhi.engine.indicators import Indicator, Term

INDICATORS = (
    Indicator(
        key="monitoring.data_on_time",
        names=Text("数据按期率", "expected data present on time"),
        measure="M5",
        risks={"R5": "main"},
        kind="census",
        x=Term("expectation", "sum:timely_days"),
        n=Term("expectation", "sum:expected_days"),
        cuts=("all", "unit", "system", "service"),
        floor_n=1,
        source="complete count against the rosters",
        note=Text(
            "花名册应有数据的天数中，按期收到数据的天数所占比例（完整计数，不设区间）。",
            "Of the days on which the rosters expect data, the share for which data came in time (a complete count, no interval).",
        ),
    ),
)

TARGETS = {
    "monitoring.data_on_time": {"target": 0.98, "limit": 0.90, "weight": 2, "owner_zh": "服务质量部", "owner_en": "Service quality"},
}
