"""Indicators of systems."""

from hengzhi.core import Text
from hengzhi.engine.indicators import AnyOf, Cond, Indicator, Term

_COUNTED = AnyOf((Cond("planned", "null"), Cond("planned", "eq", False)))

INDICATORS = (
    Indicator(
        key="technology.failure_rate",
        names=Text("系统故障率", "failed requests"),
        measure="M4",
        risks={"R4": "main"},
        kind="rate",
        x=Term("probe", "sum:failed", (_COUNTED,)),
        n=Term("probe", "sum:requests", (_COUNTED,)),
        direction="down",
        cuts=("all", "system"),
        source="mission.md M4",
        note=Text(
            "失败请求 ÷ 有效请求，计划内维护除外；总计之外另看最差系统。",
            "Failed requests ÷ valid requests, planned maintenance left out; the worst system is shown beside the total.",
        ),
    ),
    Indicator(
        key="technology.availability",
        names=Text("可用率", "availability"),
        measure="M4",
        risks={"R4": "main"},
        kind="proportion",
        x=Term("probe", "rows", (_COUNTED, Cond("up", "eq", True))),
        n=Term("probe", "rows", (_COUNTED,)),
        cuts=("all", "system"),
        source="mission.md M4; probed intervals as service time",
        note=Text(
            "可用的探测区间 ÷ 全部探测区间，计划内维护除外。",
            "Probed intervals in which the system was available ÷ all, planned maintenance left out.",
        ),
    ),
)

TARGETS = {
    "technology.failure_rate": {"target": 0.01, "limit": 0.02, "weight": 2, "owner_zh": "信息科技部", "owner_en": "Information technology"},
    "technology.availability": {
        "target": 0.999,
        "limit": 0.995,
        "weight": 1,
        "owner_zh": "信息科技部",
        "owner_en": "Information technology",
    },
}
