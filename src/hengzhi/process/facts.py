"""Facts of how services are handled: events of cases, and the case rebuilt from them."""

from hengzhi.core import Text
from hengzhi.engine.facts import Column, Derived, FactTable, Unit

PROCESS_EVENT = FactTable(
    key="process_event",
    names=Text("流程事件", "process event"),
    grain=Text("每个案件的每个事件一行", "one row per event of a case"),
    columns=(
        Column("source", Text("来源", "source"), "code", required=True),
        Column("case", Text("案件号", "case"), "code", required=True, role="case"),
        Column("seq", Text("序号", "sequence number"), "int", required=True, lowest=0),
        Column("activity", Text("活动", "activity"), "code", required=True),
        Column("at", Text("时刻", "instant"), "instant", required=True),
        Column("offset_minutes", Text("时区偏移(分)", "offset"), "int", Unit.MINUTES, lowest=-1440, highest=1440),
        Column("lifecycle", Text("生命周期", "lifecycle"), "code"),
        Column("staff", Text("经办人", "resource"), "pseudonym", role="staff", pii="pseudonym"),
        Column("team", Text("岗位", "team"), "code"),
        Column("unit", Text("机构", "unit"), "code", role="unit"),
        Column("channel", Text("渠道", "channel"), "code", role="channel"),
        Column("product", Text("产品", "product"), "code", role="product"),
        Column("service", Text("服务", "service"), "code", role="service"),
        Column("group", Text("客群", "customer group"), "code", role="group"),
        Column("amount", Text("金额", "amount"), "int", Unit.MONEY, scale=2),
        Column("due_at", Text("承诺时限", "promised by"), "instant"),
        Column("final", Text("办结事件", "ends the case"), "flag"),
    ),
    unique=("source", "case", "seq"),
    day="at",
    sort=("source", "case", "at", "seq"),
    sequence=("seq", "case"),
)

CASE = Derived(
    key="case",
    names=Text("案件", "case"),
    grain=Text("每个案件一行, 归入其最后一个事件的月份", "one row per case, in the month of its last event"),
    sources=("process_event",),
    columns=(
        Column("source", Text("来源", "source"), "code", required=True),
        Column("case", Text("案件号", "case"), "code", required=True, role="case"),
        Column("entered_at", Text("进入时刻", "entered at"), "instant", required=True),
        Column("ended_at", Text("末事件时刻", "last event at"), "instant", required=True),
        Column("closed", Text("已办结", "closed"), "flag", required=True),
        Column("unit", Text("机构", "unit"), "code", role="unit"),
        Column("channel", Text("渠道", "channel"), "code", role="channel"),
        Column("product", Text("产品", "product"), "code", role="product"),
        Column("service", Text("服务", "service"), "code", role="service"),
        Column("group", Text("客群", "customer group"), "code", role="group"),
        Column("events", Text("事件数", "events"), "int", Unit.COUNT, required=True),
        Column("handling_seconds", Text("办理秒数", "handling time"), "int", Unit.SECONDS, required=True),
        Column("transfers", Text("转办次数", "transfers"), "int", Unit.COUNT),
        Column("pingpong", Text("来回转办", "ping-pong"), "flag"),
        Column("rework", Text("返工", "rework"), "flag", required=True),
        Column("promised", Text("有承诺时限", "promise made"), "flag", required=True),
        Column("promise_kept", Text("按承诺办结", "promise kept"), "flag", required=True),
    ),
    day="ended_at",
    build="case",
)

FACTS = (PROCESS_EVENT,)
DERIVED = (CASE,)
