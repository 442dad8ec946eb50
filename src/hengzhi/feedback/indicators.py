"""Indicators of what customers say and experience."""

from hengzhi.core import Text
from hengzhi.engine.indicators import Cond, Indicator, Term
from hengzhi.lake.tables import Unit

_ANSWERED = Cond("satisfaction", "not_null")
_OFFERED = Cond("outcome", "ne", "not_offered")
_SERVED = Cond("outcome", "eq", "served")

INDICATORS = (
    Indicator(
        key="feedback.responses",
        names=Text("有效反馈数", "valid feedback records"),
        measure="M1",
        risks={"R5": "main"},
        kind="census",
        x=Term("feedback", "rows", (Cond("kind", "ne", "rating"),)),
        unit=Unit.COUNT,
        period="quarter",
        cuts=("all", "unit", "channel"),
        source="mission.md M1",
        note=Text(
            "本季度问卷、访谈、社交媒体、投诉、意见、建议的不重复记录数；评价器按键不计入。",
            "Distinct records of survey, interview, social media, complaint, opinion and suggestion in the quarter; "
            "taps on a rating device don't count.",
        ),
    ),
    Indicator(
        key="feedback.satisfied",
        names=Text("满意度", "satisfied (4–5 of 5)"),
        measure=None,
        risks={"R1": "main"},
        kind="proportion",
        x=Term("feedback", "rows", (Cond("satisfaction", "ge", 4),)),
        n=Term("feedback", "rows", (_ANSWERED,)),
        cuts=("all", "unit", "channel", "product", "service"),
        source="ISO 10004:2018; top-2 box of 5",
        note=Text("打 4 分或 5 分的回答 ÷ 全部打分的回答。", "Answers of 4 or 5 ÷ all answers with a score."),
    ),
    Indicator(
        key="feedback.nps",
        names=Text("净推荐值", "net promoter score"),
        measure=None,
        risks={"R1": "side"},
        kind="mean",
        x=Term("feedback", "sum:nps_points"),
        unit=Unit.POINTS,
        cuts=("all", "unit", "channel"),
        source="Reichheld 2003, HBR 81(12): promoters 9–10, detractors 0–6",
        note=Text("推荐者记 100、被动者 0、贬损者 −100 的平均。", "The mean of 100 for promoters, 0 for passives, −100 for detractors."),
    ),
    Indicator(
        key="feedback.complaints",
        names=Text("投诉件数", "complaints"),
        measure="M1",
        risks={"R1": "side"},
        kind="count",
        x=Term("feedback", "rows", (Cond("kind", "eq", "complaint"),)),
        unit=Unit.COUNT,
        direction="down",
        cuts=("all", "unit", "product", "channel"),
        source="银行业保险业消费投诉处理管理办法 (2020-3)",
        note=Text("当月收到的投诉件数；泊松区间。", "Complaints received in the month; Poisson interval."),
    ),
    Indicator(
        key="feedback.right_first_time",
        names=Text("一次办结率", "resolved at first contact"),
        measure=None,
        risks={"R1": "main", "R3": "main"},
        kind="proportion",
        x=Term("contact", "rows", (_SERVED, Cond("resolved", "eq", True))),
        n=Term("contact", "rows", (_SERVED, Cond("resolved", "not_null"))),
        cuts=("all", "unit", "channel", "service"),
        source="ISO 18295-1:2017",
        note=Text("一次办结的接触 ÷ 已服务且有办结结果的接触。", "Contacts resolved at once ÷ contacts served whose outcome is known."),
    ),
    Indicator(
        key="feedback.promise_kept",
        names=Text("承诺时限兑现", "service delivered within its promise"),
        measure=None,
        risks={"R1": "main"},
        kind="proportion",
        x=Term("case", "rows", (Cond("closed", "eq", True), Cond("promise_kept", "eq", True))),
        n=Term("case", "rows", (Cond("closed", "eq", True), Cond("promised", "eq", True))),
        cuts=("all", "unit", "service"),
        source="GB/T 32320",
        note=Text("在承诺时限内办结的案件 ÷ 有承诺时限的已办结案件。", "Cases closed within their promise ÷ closed cases with a promise."),
    ),
)

TARGETS = {
    "feedback.responses": {"target": 500, "limit": 400, "weight": 1, "owner_zh": "客户体验部", "owner_en": "Customer experience"},
    "feedback.satisfied": {"target": 0.88, "limit": 0.80, "weight": 1.5, "owner_zh": "客户体验部", "owner_en": "Customer experience"},
    "feedback.nps": {"weight": 0, "owner_zh": "客户体验部", "owner_en": "Customer experience"},
    "feedback.complaints": {"weight": 0, "owner_zh": "消费者权益保护部", "owner_en": "Consumer protection"},
    "feedback.right_first_time": {"target": 0.85, "limit": 0.75, "weight": 1, "owner_zh": "运营管理部", "owner_en": "Operations"},
    "feedback.promise_kept": {"target": 0.95, "limit": 0.90, "weight": 1, "owner_zh": "运营管理部", "owner_en": "Operations"},
}
