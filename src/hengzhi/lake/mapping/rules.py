"""The column rules of a mapping file, each judged against the type of the column it fills."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from yaml.nodes import MappingNode, Node, SequenceNode

from hengzhi.lake.mapping.dates import pattern_of
from hengzhi.lake.mapping.model import Rule
from hengzhi.lake.mapping.yaml_tree import entries, is_null, line_of, scalar, scalars
from hengzhi.lake.tables import Column, FactTable

_ANY = ("from", "join", "value", "line", "values", "others", "missing", "optional")
_BY_TYPE: dict[str, tuple[str, ...]] = {
    "int": (*_ANY, "bands", "round"),
    "flag": (*_ANY, "true", "false"),
    "day": (*_ANY, "format"),
    "instant": (*_ANY, "format"),
    "code": _ANY,
    "pseudonym": _ANY,
    "text_ref": _ANY,
}


class FaultList(Protocol):
    """Where faults are noted."""

    def add(self, code: str, line: int, **args: Any) -> None:
        """Note a fault."""

    def unknown(self, code: str, line: int, key: str, known: tuple[str, ...] | list[str]) -> None:
        """Note a name that is not in a list."""


def read_rules(node: MappingNode, table: FactTable, missing: tuple[str, ...], faults: FaultList) -> tuple[Rule, ...]:
    """The rules under ``columns``; ``missing`` holds for every column beside its own."""
    known = [column.key for column in table.columns]
    given: dict[str, Node] = {}
    for entry in entries(node):
        if entry.key == "missing" and "missing" not in known:
            missing = (*missing, *(scalars(entry.value) or ()))
        elif entry.key not in known:
            faults.unknown("mapping_unknown_column", entry.line, entry.key, known)
        elif entry.key in given:
            faults.add("mapping_twice", entry.line, key=entry.key)
        else:
            given[entry.key] = entry.value
    rules = (_rule(table.column(key), value, missing, faults) for key, value in given.items())
    return tuple(rule for rule in rules if rule is not None)


def _rule(column: Column, node: Node, missing: tuple[str, ...], faults: FaultList) -> Rule | None:
    name = scalar(node)
    if name is not None:  # short for {from: name}
        return Rule(column.key, parts=((name,),), missing=missing)
    if not isinstance(node, MappingNode):
        faults.add("mapping_bad_rule", line_of(node), key=column.key)
        return None
    allowed = _BY_TYPE[column.type]
    nodes: dict[str, Node] = {}
    for entry in entries(node):
        if entry.key not in allowed:
            faults.unknown("mapping_unknown_setting", entry.line, entry.key, allowed)
        elif entry.key in nodes:
            faults.add("mapping_twice", entry.line, key=entry.key)
        nodes[entry.key] = entry.value
    if sum(key in nodes for key in ("from", "value", "line")) != 1:
        faults.add("mapping_from_or_value", line_of(node), key=column.key)
        return None
    if column.pii == "drop":
        faults.add("mapping_dropped", line_of(node), key=column.key)
        return None
    fields = {field: read(nodes[key], key, faults) for key, (field, read) in _READERS.items() if key in nodes}
    fields["missing"] = (*missing, *fields.get("missing", ()))
    rule = Rule(column.key, **fields)
    _check(rule, column, line_of(node), faults)
    return rule


def _check(rule: Rule, column: Column, line: int, faults: FaultList) -> None:
    """Judge what only the column can tell: constants and translations must be values it takes."""
    fixed = [value for _, value in rule.values if value is not None]
    fixed += [rule.value] if rule.value is not None and not rule.values else []
    fixed += [rule.others] if rule.others not in ("keep", "reject") and column.type != "flag" else []
    for value in fixed if column.codes else ():
        if value not in column.codes:
            faults.unknown("mapping_unknown_code", line, value, column.codes)
    if column.type == "flag" and rule.others not in ("keep", "reject", "true", "false"):
        faults.add("mapping_bad_value", line, key="others", value=rule.others, known="true, false, reject")
    if set(rule.true) & set(rule.false):
        faults.add("mapping_both", line, key=column.key, value=", ".join(sorted(set(rule.true) & set(rule.false))))


def _from(node: Node, key: str, faults: FaultList) -> tuple[tuple[str, ...], ...]:
    names = scalars(node)
    if not names or not all(names):
        faults.add("mapping_bad_value", line_of(node), key=key, value="", known="a column, or [columns]")
    return tuple((name,) for name in names or ())


def _text(node: Node, key: str, faults: FaultList) -> str | None:
    said = scalar(node)
    if said is None:
        faults.add("mapping_bad_value", line_of(node), key=key, value="", known="a text")
    return said


def _others(node: Node, key: str, faults: FaultList) -> str:
    return "" if is_null(node) else _text(node, key, faults) or ""


def _yes(node: Node, key: str, faults: FaultList) -> bool:
    said = scalar(node)
    if said not in ("true", "false"):
        faults.add("mapping_bad_value", line_of(node), key=key, value=said or "", known="true, false")
    return said == "true"


def _many(node: Node, key: str, faults: FaultList) -> tuple[str, ...]:
    said = scalars(node)
    if said is None:
        faults.add("mapping_bad_value", line_of(node), key=key, value="", known="[values]")
    return said or ()


def _formats(node: Node, key: str, faults: FaultList) -> tuple[str, ...]:
    said = _many(node, key, faults)
    for text in said:
        try:
            pattern_of(text)
        except ValueError:
            faults.add("mapping_bad_format", line_of(node), value=text)
    return said


def _values(node: Node, key: str, faults: FaultList) -> tuple[tuple[str, str | None], ...]:
    if not isinstance(node, MappingNode):
        faults.add("mapping_bad_value", line_of(node), key=key, value="", known="{old: new}")
        return ()
    pairs: dict[str, str | None] = {}
    for entry in entries(node):
        if entry.key in pairs:
            faults.add("mapping_twice", entry.line, key=entry.key)
        pairs[entry.key] = None if is_null(entry.value) else _text(entry.value, entry.key, faults)
    return tuple(pairs.items())


def _bands(node: Node, key: str, faults: FaultList) -> tuple[tuple[int, int, int], ...]:
    bands = [_band(item) for item in node.value] if isinstance(node, SequenceNode) else [None]
    right = [band for band in bands if band is not None and band[0] <= band[1]]
    overlap = any(one[0] <= other[1] and other[0] <= one[1] for at, one in enumerate(right) for other in right[:at])
    if len(right) != len(bands) or overlap:
        faults.add("mapping_bad_value", line_of(node), key=key, value="", known="[[from, to, points], …] without overlap")
    return tuple(right)


def _band(node: Node) -> tuple[int, int, int] | None:
    said = scalars(node)
    try:
        low, high, points = (int(text) for text in said or ())
    except ValueError:
        return None
    return low, high, points


# Setting in the file → field of the rule, and how it is read.
_READERS: Mapping[str, tuple[str, Callable[[Node, str, FaultList], Any]]] = {
    "from": ("parts", _from),
    "join": ("join", _text),
    "value": ("value", _text),
    "line": ("line", _yes),
    "format": ("formats", _formats),
    "values": ("values", _values),
    "others": ("others", _others),
    "true": ("true", _many),
    "false": ("false", _many),
    "bands": ("bands", _bands),
    "round": ("round", _yes),
    "missing": ("missing", _many),
    "optional": ("optional", _yes),
}
