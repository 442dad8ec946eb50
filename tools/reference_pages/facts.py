"""The reference page of the facts: every table that can be imported, and those derived from them."""

from __future__ import annotations

from collections.abc import Iterable

from hengzhi.app import CATALOGUE
from hengzhi.core import Text
from hengzhi.lake.tables import PROVENANCE, Column, Derived, FactTable
from reference_pages.markdown import code, codes, head, table

_TITLE = Text("事实表", "Fact tables")
_INTRO = Text(
    "可以导入的表，以及由它们推得的表。度量一律是整数：一列的值等于存储的整数 × 10 的负“小数位”次方。"
    "代码列没有列出取值的，可用任何代码；标识个人的列只存假名。每行还带有批次、行号与月份。",
    "The tables that can be imported, and those derived from them. A measure is always an integer: its value is the stored integer "
    "times ten to the power of minus its scale. A code column without listed codes takes any code; columns that identify persons "
    "hold pseudonyms only. Every row also carries its batch, line and month.",
)
_TYPES = {
    "code": Text("代码", "code"),
    "int": Text("整数", "integer"),
    "flag": Text("是/否", "yes/no"),
    "day": Text("日期", "day"),
    "instant": Text("时刻（UTC）", "instant (UTC)"),
    "pseudonym": Text("假名", "pseudonym"),
    "text_ref": Text("文本引用", "reference to a text"),
}
_PII = {
    "none": Text("", ""),
    "pseudonym": Text("换成假名", "made a pseudonym"),
    "mask": Text("脱敏", "masked"),
    "drop": Text("不导入", "never imported"),
}
_LEVELS = {"core": Text("核心", "core"), "important": Text("重要", "important"), "general": Text("一般", "general")}


def page(language: str) -> str:
    """The page in one language."""
    stored = "\n".join(_stored(one, language) for one in CATALOGUE.facts.values())
    derived = "\n".join(_derived(one, language) for one in CATALOGUE.derived.values())
    titles = (Text("可导入的表", "Tables to import"), Text("推得的表", "Derived tables"), Text("每行都有", "In every row"))
    provenance = _columns(PROVENANCE, language)
    parts = zip(titles, (stored, derived, provenance), strict=True)
    return head(_TITLE, _INTRO, language) + "".join(f"\n## {title.in_(language)}\n\n{body}" for title, body in parts)


def _stored(one: FactTable, language: str) -> str:
    facts = (
        (Text("粒度", "Grain"), one.grain.in_(language)),
        (Text("唯一键", "Unique by"), codes(one.unique, language)),
        (Text("日期列", "Dated by"), code(one.day)),
        (Text("文件内排序", "Sorted by"), codes(one.sort or one.unique, language)),
        (Text("花名册", "Roster"), (Text("是", "yes") if one.roster else Text("否", "no")).in_(language)),
        (Text("数据级别", "Data level"), _LEVELS[one.level].in_(language)),
        (Text("保存天数", "Kept for days"), f"{one.keep_days:,}"),
        (Text("用于指标", "Read by"), codes(_readers(one.key), language)),
    )
    return _section(one.key, one.names, facts, one.columns, language)


def _derived(one: Derived, language: str) -> str:
    facts = (
        (Text("粒度", "Grain"), one.grain.in_(language)),
        (Text("来源表", "Built from"), codes(one.sources, language)),
        (Text("由", "Built by"), code(f"lake.kernels: {one.build}")),
        (Text("日期列", "Dated by"), code(one.day)),
        (Text("用于指标", "Read by"), codes(_readers(one.key), language)),
    )
    return _section(one.key, one.names, facts, one.columns, language)


def _readers(key: str) -> list[str]:
    return [i.key for i in CATALOGUE.indicators.values() if key in {term.table for term in (i.x, i.n) if term}]


def _section(key: str, names: Text, facts: Iterable[tuple[Text, str]], columns: Iterable[Column], language: str) -> str:
    colon = Text("：", ": ").in_(language)
    said = "\n".join(f"- {name.in_(language)}{colon}{value}" for name, value in facts)
    return f"### {key}\n\n**{names.in_(language)}**\n\n{said}\n\n{_columns(columns, language)}"


def _columns(columns: Iterable[Column], language: str) -> str:
    header = (
        Text("列", "column"),
        Text("名称", "name"),
        Text("类型", "type"),
        Text("单位", "unit"),
        Text("小数位", "scale"),
        Text("必填", "required"),
        Text("角色", "role"),
        Text("个人信息", "personal data"),
        Text("取值", "values"),
    )
    return table([text.in_(language) for text in header], (_row(column, language) for column in columns))


def _row(column: Column, language: str) -> tuple[object, ...]:
    return (
        code(column.key),
        column.names.in_(language),
        _TYPES[column.type].in_(language),
        column.unit.value if column.unit else "",
        column.scale if column.type == "int" else "",
        Text("是", "yes").in_(language) if column.required else "",
        column.role or "",
        _PII[column.pii].in_(language),
        codes(column.codes, language) if column.codes else _span(column),
    )


def _span(column: Column) -> str:
    if column.lowest is None and column.highest is None:
        return ""
    low = "" if column.lowest is None else f"{column.lowest:,}"
    high = "" if column.highest is None else f"{column.highest:,}"
    return f"{low} … {high}".strip()
