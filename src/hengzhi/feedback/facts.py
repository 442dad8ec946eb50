"""Facts of what customers say: feedback records and contacts."""

from hengzhi.core import Text
from hengzhi.engine.facts import Column, FactTable, Unit

FEEDBACK = FactTable(
    key="feedback",
    names=Text("反馈记录", "feedback record"),
    grain=Text("每条反馈一行", "one row per record of feedback"),
    columns=(
        Column("source", Text("来源", "source"), "code", required=True),
        Column("record", Text("记录号", "record"), "code", required=True),
        Column("day", Text("日期", "day"), "day", required=True),
        Column(
            "kind",
            Text("类型", "kind"),
            "code",
            required=True,
            codes=("survey", "interview", "social_media", "complaint", "opinion", "suggestion", "rating"),
        ),
        Column("channel", Text("渠道", "channel"), "code", role="channel"),
        Column("unit", Text("机构", "unit"), "code", role="unit"),
        Column("product", Text("产品", "product"), "code", role="product"),
        Column("service", Text("服务", "service"), "code", role="service"),
        Column("group", Text("客群", "customer group"), "code", role="group"),
        Column("customer", Text("客户", "customer"), "pseudonym", role="customer", pii="pseudonym"),
        Column("satisfaction", Text("满意度评分", "satisfaction"), "int", Unit.POINTS, lowest=1, highest=5),
        Column("nps_points", Text("净推荐分值", "NPS points"), "int", Unit.POINTS, lowest=-100, highest=100),
        Column("cause", Text("原因", "cause"), "code"),
        Column("issue", Text("事项", "issue"), "code"),
        Column("state", Text("处理状态", "state"), "code"),
        Column("answered_day", Text("答复日期", "day answered"), "day"),
        Column("timely", Text("按期答复", "answered in time"), "flag"),
        Column("text", Text("原文", "text"), "text_ref", pii="mask"),
    ),
    unique=("source", "record"),
    day="day",
    level="important",
    sort=("day", "source", "record"),
)

CONTACT = FactTable(
    key="contact",
    names=Text("客户接触", "contact"),
    grain=Text("每次来电、在线会话或到店一行", "one row per call, chat or visit"),
    columns=(
        Column("source", Text("来源", "source"), "code", required=True),
        Column("record", Text("记录号", "record"), "code", required=True),
        Column("at", Text("到达时刻", "arrived at"), "instant", required=True),
        Column("kind", Text("类型", "kind"), "code", required=True, codes=("call", "chat", "visit")),
        Column("outcome", Text("结果", "outcome"), "code", required=True, codes=("served", "abandoned", "not_offered")),
        Column("channel", Text("渠道", "channel"), "code", role="channel"),
        Column("unit", Text("机构", "unit"), "code", role="unit"),
        Column("product", Text("产品", "product"), "code", role="product"),
        Column("service", Text("服务", "service"), "code", role="service"),
        Column("group", Text("客群", "customer group"), "code", role="group"),
        Column("staff", Text("员工", "staff"), "pseudonym", role="staff", pii="pseudonym"),
        Column("customer", Text("客户", "customer"), "pseudonym", role="customer", pii="pseudonym"),
        Column("wait_seconds", Text("等候秒数", "wait"), "int", Unit.SECONDS, lowest=0, highest=31 * 86400),
        Column("service_seconds", Text("服务秒数", "service time"), "int", Unit.SECONDS, lowest=0, highest=31 * 86400),
        Column("transfers", Text("转接次数", "transfers"), "int", Unit.COUNT, lowest=0, highest=1000),
        Column("resolved", Text("一次办结", "resolved at first contact"), "flag"),
    ),
    unique=("source", "record"),
    day="at",
    sort=("at", "source", "record"),
)

UNIT_MONTH = FactTable(
    key="unit_month",
    names=Text("机构花名册", "roster of units"),
    grain=Text("每机构、每月、每张应报事实表一行", "one row per unit, month and fact table it should deliver"),
    columns=(
        Column("unit", Text("机构", "unit"), "code", required=True, role="unit"),
        Column("day", Text("当月首日", "first day of the month"), "day", required=True),
        Column("delivers", Text("应报事实表", "table delivered"), "code", required=True),
        Column("expected_days", Text("应有数据天数", "days with data expected"), "int", Unit.DAYS, required=True, lowest=0, highest=31),
    ),
    unique=("unit", "day", "delivers"),
    day="day",
    roster=True,
)

SERVICE_UNIT = FactTable(
    key="service_unit",
    names=Text("服务花名册", "roster of services"),
    grain=Text("每服务、每月、每张应报事实表一行", "one row per service, month and fact table it should deliver"),
    columns=(
        Column("service", Text("服务", "service"), "code", required=True, role="service"),
        Column("day", Text("当月首日", "first day of the month"), "day", required=True),
        Column("delivers", Text("应报事实表", "table delivered"), "code", required=True),
        Column("expected_days", Text("应有数据天数", "days with data expected"), "int", Unit.DAYS, required=True, lowest=0, highest=31),
    ),
    unique=("service", "day", "delivers"),
    day="day",
    roster=True,
)

FACTS = (FEEDBACK, CONTACT, UNIT_MONTH, SERVICE_UNIT)
