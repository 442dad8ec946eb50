"""A formula in words: what is counted or summed, of which rows, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from hengzhi.core import Text
from hengzhi.engine.catalogue import Catalogue
from hengzhi.engine.indicators import AnyOf, Cond, Indicator, Term

_OPERATIONS = {
    "eq": Text("等于", "is"),
    "ne": Text("不等于", "is not"),
    "in": Text("属于", "is one of"),
    "not_in": Text("不属于", "is none of"),
    "lt": Text("小于", "is less than"),
    "le": Text("不超过", "is at most"),
    "gt": Text("大于", "is more than"),
    "ge": Text("不少于", "is at least"),
    "between": Text("介于", "is between"),
    "null": Text("为空", "is empty"),
    "not_null": Text("有值", "is known"),
}
_YES, _NO = Text("是", "yes"), Text("否", "no")


@dataclass(frozen=True, slots=True)
class TermWords:
    """One term: what is taken of which table, and the conditions that its rows meet."""

    letter: str  # x or n
    take: Text
    conditions: tuple[Text, ...]


def formula(indicator: Indicator, catalogue: Catalogue) -> tuple[TermWords, ...]:
    """The terms of an indicator in words; numbers compare in the units in which they are stored."""
    terms = [("x", indicator.x), *([("n", indicator.n)] if indicator.n else [])]
    return tuple(TermWords(letter, _take(term, indicator, catalogue), _conditions(term, catalogue)) for letter, term in terms)


def _take(term: Term, indicator: Indicator, catalogue: Catalogue) -> Text:
    table = catalogue.shape(term.table)
    if term.summed is None:
        return Text(f"「{table.names.zh}」的行数", f"rows of “{table.names.en}”")
    column = table.column(term.summed).names
    if indicator.kind == "mean":
        return Text(f"「{table.names.zh}」中「{column.zh}」的平均", f"the mean of “{column.en}” over “{table.names.en}”")
    if indicator.kind == "quantile":
        share = f"{100 * (indicator.quantile or 0.5):g} %"
        return Text(
            f"「{table.names.zh}」中「{column.zh}」的 {share} 分位数", f"the {share} quantile of “{column.en}” over “{table.names.en}”"
        )
    return Text(f"「{table.names.zh}」中「{column.zh}」的合计", f"the sum of “{column.en}” over “{table.names.en}”")


def _conditions(term: Term, catalogue: Catalogue) -> tuple[Text, ...]:
    return tuple(_any(node, term, catalogue) if isinstance(node, AnyOf) else _one(node, term, catalogue) for node in term.where)


def _any(node: AnyOf, term: Term, catalogue: Catalogue) -> Text:
    parts = [_one(cond, term, catalogue) for cond in node.conditions]
    return Text(" 或 ".join(p.zh for p in parts), " or ".join(p.en for p in parts))


def _one(cond: Cond, term: Term, catalogue: Catalogue) -> Text:
    column = catalogue.shape(term.table).column(cond.column).names
    operation = _OPERATIONS[cond.op]
    if cond.op in ("null", "not_null"):
        return Text(f"「{column.zh}」{operation.zh}", f"“{column.en}” {operation.en}")
    value = _value(cond.value)
    return Text(f"「{column.zh}」{operation.zh} {value.zh}", f"“{column.en}” {operation.en} {value.en}")


def _value(value: object) -> Text:
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, tuple):
        parts = [_value(item) for item in value]
        return Text("、".join(p.zh for p in parts), ", ".join(p.en for p in parts))
    return Text(str(value), str(value))
