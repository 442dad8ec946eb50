"""Facts about the facts: who should have delivered data, and who did."""

from hengzhi.core import Text
from hengzhi.engine.facts import Column, Derived, Unit

EXPECTATION = Derived(
    key="expectation",
    names=Text("应报与实报", "expectation"),
    grain=Text("花名册每行一行", "one row per roster entry"),
    sources=("unit_month", "service_unit", "system_month", "feedback", "contact", "process_event", "probe"),
    columns=(
        Column("source", Text("花名册", "roster"), "code", required=True),
        Column("delivers", Text("应报事实表", "table delivered"), "code", required=True),
        Column("unit", Text("机构", "unit"), "code", role="unit"),
        Column("service", Text("服务", "service"), "code", role="service"),
        Column("system", Text("系统", "system"), "code", role="system"),
        Column("day", Text("当月首日", "first day of the month"), "day", required=True),
        Column("expected_days", Text("应有天数", "days expected"), "int", Unit.DAYS, required=True),
        Column("present_days", Text("实有天数", "days present"), "int", Unit.DAYS, required=True),
        Column("timely_days", Text("按期天数", "days present in time"), "int", Unit.DAYS, required=True),
    ),
    day="day",
    build="expectation",
)

DERIVED = (EXPECTATION,)
