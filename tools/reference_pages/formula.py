"""A formula in words: conditions and terms as a reader of the field would say them."""

from __future__ import annotations

import json
from collections.abc import Callable

from hengzhi.app import CATALOGUE
from hengzhi.core import Text
from hengzhi.engine.indicators import AnyOf, Cond, Indicator, Term
from hengzhi.engine.words import UNIT_NAMES
from hengzhi.lake.tables import Column, FactTable

_COMPARED = {
    "eq": Text("为 {value}", "is {value}"),
    "ne": Text("不为 {value}", "is not {value}"),
    "in": Text("属于 {value}", "is one of {value}"),
    "not_in": Text("不属于 {value}", "is none of {value}"),
    "lt": Text("小于 {value}", "is less than {value}"),
    "le": Text("不超过 {value}", "is at most {value}"),
    "gt": Text("大于 {value}", "is more than {value}"),
    "ge": Text("不少于 {value}", "is at least {value}"),
    "between": Text("在 {value} 之间", "lies between {value}"),
    "null": Text("为空", "is empty"),
    "not_null": Text("有值", "is known"),
}

_SAID: dict[str, Callable[[str, str, Indicator], Text]] = {
    "proportion": lambda x, n, i: Text(f"{x} ÷ {n}", f"{x} ÷ {n}"),
    "rate": lambda x, n, i: Text(f"{x} ÷ {n}", f"{x} ÷ {n}"),
    "mean": lambda x, n, i: Text(f"平均：{x}", f"mean: {x}"),
    "quantile": lambda x, n, i: Text(f"{i.quantile:.0%} 分位数：{x}", f"{i.quantile:.0%} quantile: {x}"),
    "count": lambda x, n, i: Text(x, x),
    "census": lambda x, n, i: Text(f"{x} ÷ {n}" if n else x, f"{x} ÷ {n}" if n else x),
    "computed": lambda x, n, i: Text(f"由 `{i.method}` 计算：{x}", f"computed by `{i.method}`: {x}"),
    "composed": lambda x, n, i: Text(f"由下列合成：{x}", f"composed of: {x}"),
}


def formula(indicator: Indicator, language: str) -> str:
    """The whole formula in one sentence."""
    x = term(indicator.x, language, of=indicator.kind)
    n = term(indicator.n, language) if indicator.n else ""
    return _SAID[indicator.kind](x, n, indicator).in_(language)


def term(asked: Term, language: str, of: str = "") -> str:
    """What is counted or summed, and of which rows."""
    table = CATALOGUE.shape(asked.table)
    rows = _rows(asked, table, language)
    if asked.summed is None:
        return Text(f"{rows}的行数", f"number of {rows}").in_(language)
    column = table.column(asked.summed)
    name = _named(column, language)
    if of in ("mean", "quantile"):
        return Text(f"{rows}的{name}", f"{name} over {rows}").in_(language)
    return Text(f"{rows}的{name}之和", f"sum of {name} over {rows}").in_(language)


def as_json(indicator: Indicator) -> str:
    """The terms as they are stored and hashed."""
    terms = {"x": indicator.x.as_json(), "n": indicator.n.as_json() if indicator.n else None}
    return json.dumps(terms, ensure_ascii=False)


def _rows(asked: Term, table: FactTable, language: str) -> str:
    name = table.names.in_(language)
    conditions = [_node(node, table, language) for node in asked.where]
    if not conditions:
        return Text(f"“{name}”", f"all rows of “{name}”").in_(language)
    zh, en = "，且".join(conditions), " and ".join(conditions)
    return Text(f"“{name}”中（{zh}）", f"rows of “{name}” where ({en})").in_(language)


def _node(node: Cond | AnyOf, table: FactTable, language: str) -> str:
    if isinstance(node, AnyOf):
        inside = [_cond(cond, table, language) for cond in node.conditions]
        return f"[{Text('或', ' or ').in_(language).join(inside)}]"
    return _cond(node, table, language)


def _cond(cond: Cond, table: FactTable, language: str) -> str:
    column = table.column(cond.column)
    said = _COMPARED[cond.op].in_(language).format(value=_value(cond, column, language))
    return f"{_named(column, language)} {said}" if language == "en" else f"{_named(column, language)}{said}"


def _named(column: Column, language: str) -> str:
    return f"“{column.names.in_(language)}”"


def _value(cond: Cond, column: Column, language: str) -> str:
    if isinstance(cond.value, bool):
        return (Text("是", "yes") if cond.value else Text("否", "no")).in_(language)
    if isinstance(cond.value, tuple):
        return Text("、", ", ").in_(language).join(f"`{value}`" for value in cond.value)
    if isinstance(cond.value, int):
        unit = UNIT_NAMES[column.unit].in_(language) if column.unit else ""
        return f"{cond.value * 10**-column.scale:g} {unit}".strip()
    return f"`{cond.value}`"
