"""The words of the field for risks, measures, levels and verdicts, and figures as they are shown."""

from __future__ import annotations

from hengzhi.core import Text
from hengzhi.lake.tables import Unit

RISK_NAMES = {
    "R1": Text("客户期望落差", "Expectation gap"),
    "R2": Text("服务流程缺陷", "Imperfect processes"),
    "R3": Text("人员能力不足", "Staff capability"),
    "R4": Text("技术与安全风险", "Technology and security"),
    "R5": Text("监督管理薄弱", "Weak supervision"),
}

MEASURE_NAMES = {
    "M1": Text("客户反馈机制", "Customer feedback"),
    "M2": Text("服务流程优化", "Service processes"),
    "M3": Text("培训与考核", "Training and appraisal"),
    "M4": Text("技术与安全", "Technology and security"),
    "M5": Text("服务质量监控", "Quality monitoring"),
    "M6": Text("第三方评估", "Third-party assessment"),
    "M7": Text("数字化转型", "Digital transformation"),
}

MEASURE_TARGETS = {
    "M1": Text("≥ 500 份/季；首析 ≤ 1 个月", "≥ 500 a quarter; first analysis ≤ 1 month"),
    "M2": Text("平均办理时长 −20 %", "mean handling time −20 %"),
    "M3": Text("≥ 2 次/人·年；通过率 ≥ 90 %", "≥ 2 a year each; pass rate ≥ 90 %"),
    "M4": Text("故障率 < 1 %；泄露 0", "failure rate < 1 %; leaks 0"),
    "M5": Text("每月评价；达标率 ≥ 95 %", "monthly; ≥ 95 % conform"),
    "M6": Text("≥ 1 次/年；纳入整改", "≥ 1 a year; taken up"),
    "M7": Text("满意度 ≥ 85 %；留存 +10 %", "satisfaction ≥ 85 %; retention +10 %"),
}

# The indicators by which the target of each measure is decided (mission.md); others stand beside.
MEASURE_INDICATORS = {
    "M1": ("feedback.responses", "feedback.first_analysis_days"),
    "M2": ("process.handling_minutes",),
    "M3": ("staff.two_trainings", "staff.pass_rate"),
    "M4": ("technology.failure_rate", "technology.leaks"),
    "M5": ("monitoring.evaluated", "monitoring.conformity"),
    "M6": ("thirdparty.assessments", "thirdparty.uptake"),
    "M7": ("digital.satisfied", "digital.retention"),
}

LEVEL_NAMES = {
    "red": Text("红 Ⅰ级", "red Ⅰ"),
    "orange": Text("橙 Ⅱ级", "orange Ⅱ"),
    "yellow": Text("黄 Ⅲ级", "yellow Ⅲ"),
    "blue": Text("蓝 Ⅳ级", "blue Ⅳ"),
    "normal": Text("正常", "normal"),
    "": Text("不评级", "not rated"),
}

VERDICT_NAMES = {
    "met": Text("达标（已证实）", "met (proven)"),
    "missed": Text("未达标（已证实）", "missed (proven)"),
    "not_shown": Text("尚未证实", "not shown"),
    "no_data": Text("无数据", "no data"),
    "not_due": Text("未到期", "not due"),
    "no_target": Text("无目标", "no target"),
}

UNIT_NAMES = {
    Unit.SHARE: Text("%", "%"),
    Unit.COUNT: Text("件", ""),
    Unit.SECONDS: Text("秒", "s"),
    Unit.MINUTES: Text("分钟", "min"),
    Unit.HOURS: Text("小时", "h"),
    Unit.DAYS: Text("天", "d"),
    Unit.POINTS: Text("分", "points"),
    Unit.PER_10K: Text("每万户", "per 10,000"),
    Unit.MONEY: Text("元", "CNY"),
}


def shown(value: float | None, unit: Unit | None) -> str:
    """A figure with thousands separators and fixed decimals; a missing one is a dash, never 0."""
    if value is None:
        return "—"
    if unit is Unit.SHARE:
        percent = value * 100
        digits = 2 if 0 < abs(percent) < 1 or 99 < percent < 100 else 1
        return f"{percent:,.{digits}f} %"
    if unit is Unit.COUNT and float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:,.2f}" if abs(value) < 100 else f"{value:,.1f}"
