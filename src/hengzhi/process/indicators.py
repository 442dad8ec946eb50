"""Indicators of how services are handled."""

from hengzhi.core import Text
from hengzhi.engine.indicators import Cond, Indicator, Term
from hengzhi.lake.tables import Unit

_CLOSED = Cond("closed", "eq", True)
_OFFERED = Cond("outcome", "ne", "not_offered")
_CALL = Cond("kind", "eq", "call")

INDICATORS = (
    Indicator(
        key="process.handling_closed_minutes",
        names=Text("已办结平均时长", "mean handling time of closed cases"),
        measure="M2",
        risks={},
        kind="mean",
        x=Term("case", "sum:handling_seconds", (_CLOSED,)),
        unit=Unit.MINUTES,
        direction="down",
        cuts=("all", "unit", "service", "channel", "unit.service"),
        cluster="unit",
        source="mission.md M2",
        note=Text(
            "当月办结案件从首个到最后一个事件的平均时长；未办结案件不在其中，因此只作参考，从不下结论。",
            "Mean time from first to last event of the cases closed in the month; open cases are not in it, "
            "so it is shown beside and never judged.",
        ),
    ),
    Indicator(
        key="process.handling_p90",
        names=Text("办理时长 P90", "handling time, 90th percentile"),
        measure="M2",
        risks={"R2": "side"},
        kind="quantile",
        x=Term("case", "sum:handling_seconds", (_CLOSED,)),
        unit=Unit.MINUTES,
        direction="down",
        quantile=0.9,
        cuts=("all", "service"),
        source="Conover 1999, 3.2 (order statistics)",
        note=Text("九成已办结案件不超过的时长。", "The time that nine of ten closed cases do not exceed."),
    ),
    Indicator(
        key="process.waiting_over_10min",
        names=Text("等候超 10 分钟占比", "waited over 10 minutes"),
        measure="M2",
        risks={"R2": "main"},
        kind="proportion",
        x=Term("contact", "rows", (_OFFERED, Cond("wait_seconds", "gt", 600))),
        n=Term("contact", "rows", (_OFFERED, Cond("wait_seconds", "not_null"))),
        direction="down",
        cuts=("all", "unit", "channel", "service"),
        source="GB/T 32320",
        note=Text(
            "等候超过 10 分钟的接触 ÷ 全部有等候记录的接触。", "Contacts that waited over 10 minutes ÷ contacts whose wait is known."
        ),
    ),
    Indicator(
        key="process.calls_within_20s",
        names=Text("20 秒接通率", "calls answered in 20 s"),
        measure="M2",
        risks={"R2": "main"},
        kind="proportion",
        x=Term("contact", "rows", (_CALL, Cond("outcome", "eq", "served"), Cond("wait_seconds", "le", 20))),
        n=Term("contact", "rows", (_CALL, _OFFERED, Cond("wait_seconds", "not_null"))),
        cuts=("all",),
        source="ISO 18295-1:2017",
        note=Text(
            "20 秒内接通的来电 ÷ 全部呼入来电（放弃的计入分母）。",
            "Calls answered within 20 seconds ÷ calls offered, abandoned ones included.",
        ),
    ),
    Indicator(
        key="process.transfers",
        names=Text("平均转办次数", "transfers per case"),
        measure="M2",
        risks={"R2": "main"},
        kind="mean",
        x=Term("case", "sum:transfers", (_CLOSED,)),
        unit=Unit.COUNT,
        direction="down",
        cuts=("all", "unit", "service"),
        cluster="unit",
        source="process.md §3",
        note=Text("每个已办结案件换手的次数。", "Changes of hands per closed case."),
    ),
    Indicator(
        key="process.pingpong",
        names=Text("来回转办率", "cases with A-B-A"),
        measure="M2",
        risks={"R2": "main"},
        kind="proportion",
        x=Term("case", "rows", (_CLOSED, Cond("pingpong", "eq", True))),
        n=Term("case", "rows", (_CLOSED, Cond("pingpong", "not_null"))),
        direction="down",
        cuts=("all", "unit", "service"),
        source="process.md §3",
        note=Text("又转回原岗位的已办结案件占比。", "Share of closed cases that came back to a team that had them."),
    ),
    Indicator(
        key="process.rework",
        names=Text("返工率", "cases with a repeated step"),
        measure="M2",
        risks={"R2": "main"},
        kind="proportion",
        x=Term("case", "rows", (_CLOSED, Cond("rework", "eq", True))),
        n=Term("case", "rows", (_CLOSED,)),
        direction="down",
        cuts=("all", "unit", "service"),
        source="process.md §3",
        note=Text("有步骤重做的已办结案件占比。", "Share of closed cases in which a step was done again."),
    ),
)

TARGETS = {
    "process.handling_closed_minutes": {"weight": 0, "owner_zh": "运营管理部", "owner_en": "Operations"},
    "process.handling_p90": {"weight": 0, "owner_zh": "运营管理部", "owner_en": "Operations"},
    "process.waiting_over_10min": {"target": 0.10, "limit": 0.20, "weight": 1, "owner_zh": "运营管理部", "owner_en": "Operations"},
    "process.calls_within_20s": {"target": 0.85, "limit": 0.75, "weight": 1, "owner_zh": "远程银行部", "owner_en": "Remote banking"},
    "process.transfers": {"target": 0.5, "limit": 1.5, "weight": 1, "owner_zh": "运营管理部", "owner_en": "Operations"},
    "process.pingpong": {"target": 0.05, "limit": 0.12, "weight": 1, "owner_zh": "运营管理部", "owner_en": "Operations"},
    "process.rework": {"target": 0.10, "limit": 0.25, "weight": 1, "owner_zh": "运营管理部", "owner_en": "Operations"},
}
