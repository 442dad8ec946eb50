"""Facts of systems: probes, and the roster of systems that should be probed."""

from hengzhi.core import Text
from hengzhi.engine.facts import Column, FactTable, Unit

PROBE = FactTable(
    key="probe",
    names=Text("系统探测", "probe"),
    grain=Text("每系统、每探测区间一行", "one row per system and probed interval"),
    columns=(
        Column("source", Text("来源", "source"), "code", required=True),
        Column("system", Text("系统", "system"), "code", required=True, role="system"),
        Column("at", Text("区间起点", "interval start"), "instant", required=True),
        Column("seconds", Text("区间秒数", "interval length"), "int", Unit.SECONDS, required=True, lowest=1, highest=86400),
        Column("requests", Text("有效请求数", "valid requests"), "int", Unit.COUNT, required=True, lowest=0),
        Column("failed", Text("失败请求数", "failed requests"), "int", Unit.COUNT, required=True, lowest=0),
        Column("up", Text("可用", "available"), "flag", required=True),
        Column("planned", Text("计划内维护", "planned maintenance"), "flag"),
    ),
    unique=("source", "system", "at"),
    day="at",
    sort=("system", "at", "source"),
)

SYSTEM_MONTH = FactTable(
    key="system_month",
    names=Text("系统花名册", "roster of systems"),
    grain=Text("每系统、每月、每张应报事实表一行", "one row per system, month and fact table it should deliver"),
    columns=(
        Column("system", Text("系统", "system"), "code", required=True, role="system"),
        Column("day", Text("当月首日", "first day of the month"), "day", required=True),
        Column("delivers", Text("应报事实表", "table delivered"), "code", required=True),
        Column("expected_days", Text("应有数据天数", "days with data expected"), "int", Unit.DAYS, required=True, lowest=0, highest=31),
        Column("critical", Text("关键系统", "critical"), "flag", required=True),
    ),
    unique=("system", "day", "delivers"),
    day="day",
    roster=True,
)

FACTS = (PROBE, SYSTEM_MONTH)
