"""What a finding is called: one sentence per title code, and the words of its states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hengzhi.core import Text

TITLES = {
    "indicator_missed": Text(
        "{indicator} {period}：{value}，已证实超出底线 {limit}（n={n}）",
        "{indicator} {period}: {value}, proven past its limit {limit} (n={n})",
    ),
    "complaint_cause": Text("投诉成因：{cause}", "cause of a complaint: {cause}"),
    "clock_breached": Text("时限超时：{rule}（{of}）", "deadline missed: {rule} ({of})"),
    "restate": Text("{period} 的结论因迟到数据改变，是否重述？", "late data change what {period} says: restate?"),
    "stated": Text("{text}", "{text}"),
}

STATE_NAMES = {
    "open": Text("整改中", "open"),
    "accepted": Text("已接受", "accepted"),
    "closed": Text("已关闭", "closed"),
    "false": Text("误报", "false alarm"),
    "duplicate": Text("重复", "duplicate"),
}
SEVERITY_NAMES = {
    "low": Text("低", "low"),
    "medium": Text("中", "medium"),
    "high": Text("高", "high"),
    "critical": Text("重大", "critical"),
}
ACTION_STATE_NAMES = {
    "planned": Text("计划", "planned"),
    "started": Text("进行中", "started"),
    "done": Text("已完成", "done"),
    "cancelled": Text("已取消", "cancelled"),
}
CONCLUSION_NAMES = {
    "": Text("待核验", "not checked"),
    "effective": Text("有效", "effective"),
    "not_effective": Text("无效", "not effective"),
}
CAUSE_KIND_NAMES = {
    "process": Text("内部流程", "internal process"),
    "staff": Text("人员", "staff"),
    "system": Text("系统", "IT system"),
    "external": Text("外部事件", "external event"),
}


class _Shown(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "—"


def title(code: str, args: Mapping[str, Any], language: str, names: Mapping[str, Text] | None = None) -> str:
    """The title in one language; an unknown code stands for itself. ``names`` are those of indicators."""
    shown = _Shown({key: _shown(value) for key, value in args.items()})
    indicator = (names or {}).get(str(args.get("indicator", "")))
    if indicator:
        shown["indicator"] = indicator.in_(language)
    return TITLES.get(code, Text(code, code)).in_(language).format_map(shown)


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return "—" if value is None else str(value)
