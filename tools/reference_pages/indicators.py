"""The reference page of the indicators: what each is, how it is worked out and what is wanted of it."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from hengzhi.app import CAPABILITIES, CATALOGUE, DEFAULT_POLICY
from hengzhi.core import Text
from hengzhi.engine.indicators import Indicator
from hengzhi.engine.policy import Policy, Target, read_policy
from hengzhi.engine.words import UNIT_NAMES
from hengzhi.lake.tables import Unit
from reference_pages.formula import as_json, formula
from reference_pages.markdown import code, codes, head, table

_TITLE = Text("指标", "Indicators")
_INTRO = Text(
    "每个指标的定义与随产品提供的默认目标。目标、限值、权重与责任部门属于政策，"
    "机构可在 `policy/policy.yaml` 中修改（见[政策](../how-to/policy.md)）；公式不在政策中。"
    "公式中的数按列的存储单位写（见[事实表](facts.md)，如秒）。公式版本由定义内容（名称与说明除外）的哈希得出。",
    "The definition of every indicator, with the target it ships with. Targets, limits, weights and owners are policy, "
    "which the institution edits in `policy/policy.yaml` (see [policy](../how-to/policy.md)); formulas are not. "
    "Numbers in formulas are in the stored unit of their column, such as seconds (see [fact tables](facts.md)). "
    "The version of a formula is a hash of its definition without names and note.",
)
_KINDS = {
    "proportion": Text("比例", "proportion"),
    "rate": Text("发生率", "rate"),
    "mean": Text("均值", "mean"),
    "quantile": Text("分位数", "quantile"),
    "count": Text("计数", "count"),
    "census": Text("完整计数", "complete count"),
    "composed": Text("合成", "composed"),
    "computed": Text("计算", "computed"),
}
_PERIODS = {"month": Text("月", "month"), "quarter": Text("季", "quarter"), "year": Text("年", "year")}
_DIRECTIONS = {
    "up": Text("越高越好", "higher is better"),
    "down": Text("越低越好", "lower is better"),
    "target": Text("接近目标为好", "near the target"),
}
_ROLES = {"main": Text("主", "main"), "side": Text("辅", "side")}


def page(language: str) -> str:
    """The page in one language."""
    policy = read_policy(DEFAULT_POLICY, CATALOGUE)
    rooms = "\n".join(
        _room(capability.names, capability.indicators, policy, language) for capability in CAPABILITIES if capability.indicators
    )
    return f"{head(_TITLE, _INTRO, language)}\n{rooms}"


def default_owners() -> dict[str, dict[str, str]]:
    """The owners of the default policy, by indicator and language."""
    targets = yaml.safe_load(DEFAULT_POLICY)["targets"]
    return {key: {"zh": entry.get("owner_zh", ""), "en": entry.get("owner_en", "")} for key, entry in targets.items()}


def _room(names: Text, indicators: tuple[Indicator, ...], policy: Policy, language: str) -> str:
    header = (
        Text("指标", "indicator"),
        Text("名称", "name"),
        Text("措施", "measure"),
        Text("风险", "risks"),
        Text("目标", "target"),
        Text("限值", "limit"),
        Text("权重", "weight"),
        Text("责任部门", "owner"),
    )
    rows = [_row(indicator, policy.target(indicator.key), language) for indicator in indicators]
    summary = table([text.in_(language) for text in header], rows)
    return f"## {names.in_(language)}\n\n{summary}\n" + "\n".join(_one(i, policy.target(i.key), language) for i in indicators)


def _row(indicator: Indicator, target: Target, language: str) -> tuple[object, ...]:
    return (
        f"[`{indicator.key}`](#{indicator.key.replace('.', '')})",
        indicator.names.in_(language),
        indicator.measure or "—",
        _risks(indicator, language),
        wanted(target.target, indicator, language),
        wanted(target.limit, indicator, language),
        f"{target.weight:g}",
        target.owner.in_(language),
    )


def _one(indicator: Indicator, target: Target, language: str) -> str:
    facts = "\n".join(f"- {name.in_(language)}: {value}" for name, value in _facts(indicator, target, language))
    facts = facts.replace(": ", "：") if language == "zh" else facts
    note = indicator.note.in_(language)
    return f"### {indicator.key}\n\n**{indicator.names.in_(language)}** {note}\n\n{facts}\n\n```json\n{as_json(indicator)}\n```\n"


def _facts(indicator: Indicator, target: Target, language: str) -> Iterator[tuple[Text, str]]:
    yield Text("公式", "Formula"), formula(indicator, language)
    yield Text("种类", "Kind"), f"{_KINDS[indicator.kind].in_(language)} (`{indicator.kind}`)"
    yield Text("单位", "Unit"), f"{UNIT_NAMES[indicator.unit].in_(language) or '1'} (`{indicator.unit.value}`)"
    yield Text("方向", "Direction"), _DIRECTIONS[indicator.direction].in_(language)
    yield Text("期间", "Period"), _PERIODS[indicator.period].in_(language)
    yield Text("切分", "Cuts"), codes(indicator.cuts, language)
    if indicator.kind in ("proportion", "mean", "quantile"):
        yield Text("最小样本", "Least n"), f"n ≥ {indicator.floor_n}"
    if indicator.cluster:
        yield Text("聚类", "Clusters"), code(indicator.cluster)
    yield (
        Text("目标 / 限值", "Target / limit"),
        f"{wanted(target.target, indicator, language)} / {wanted(target.limit, indicator, language)}",
    )
    yield Text("来源", "Source"), indicator.source
    yield Text("版本", "Version"), code(indicator.version)


def _risks(indicator: Indicator, language: str) -> str:
    said = [f"{risk} {_ROLES[role].in_(language)}" for risk, role in sorted(indicator.risks.items())]
    return Text("、", ", ").in_(language).join(said) or "—"


def wanted(value: float | None, indicator: Indicator, language: str) -> str:
    """A target or limit with its sign and unit."""
    if value is None:
        return "—"
    sign = "≤" if indicator.direction == "down" else "≥"
    figure = f"{value * 100:g} %" if indicator.unit is Unit.SHARE else f"{value:g}"
    unit = "" if indicator.unit is Unit.SHARE else UNIT_NAMES[indicator.unit].in_(language)
    return f"{sign} {figure} {unit}".strip()
