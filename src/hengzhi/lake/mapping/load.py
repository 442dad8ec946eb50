"""Mapping files read and judged as a whole: every fault is listed with its line, then refused."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from yaml.nodes import MappingNode, Node

from hengzhi.core import InvalidMapping, InvalidPeriod, Period
from hengzhi.lake.mapping.model import CODECS, FORMATS, Mapping_, MappingProblem, Rule
from hengzhi.lake.mapping.rules import read_rules
from hengzhi.lake.mapping.yaml_tree import Unreadable, entries, line_of, scalar, scalars, tree
from hengzhi.lake.problems import PROBLEMS
from hengzhi.lake.tables import FactTable

_KEYS = (
    "table",
    "source",
    "format",
    "encoding",
    "delimiter",
    "zone",
    "period",
    "skip_lines",
    "header",
    "names",
    "missing",
    "columns",
    "only",
)
_DELIMITERS = {
    "auto": "auto",
    "tab": "\t",
    "\\t": "\t",
    "\t": "\t",
    ",": ",",
    ";": ";",
    "|": "|",
    "comma": ",",
    "semicolon": ";",
    "pipe": "|",
}
_LAST_SKIPPED = 1000


class Faults:
    """The faults found so far in one mapping file."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.found: list[MappingProblem] = []

    def add(self, code: str, line: int, **args: Any) -> None:
        """Note a fault."""
        sentence = PROBLEMS[code].message.en.format(**args)
        self.found.append(MappingProblem.at(self.source, line, code, sentence, args))

    def unknown(self, code: str, line: int, key: str, known: tuple[str, ...] | list[str]) -> None:
        """Note a name that is not in a list, with the nearest that is."""
        near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
        self.add(code, line, key=key, near=near[0] if near else "-", known=", ".join(known))


def load_mapping(path_or_text: Path | str, tables: Mapping[str, FactTable]) -> Mapping_:
    """The mapping in a YAML file (a path, or a string without line breaks that ends in .yaml) or in a text.

    Raises:
        InvalidMapping: with every fault, each naming file and line.
    """
    name, text = _text(path_or_text)
    faults = Faults(name)
    try:
        root = tree(text)
    except Unreadable as error:
        faults.add(error.code, error.line, said=error.said)
        raise InvalidMapping(name, tuple(faults.found)) from error
    made = None
    if isinstance(root, MappingNode):
        made = _mapping(root, tables, faults)
    else:
        faults.add("mapping_not_a_mapping", 1)
    if made is None:
        faults.found.sort(key=lambda fault: (fault.line, fault.code))
        raise InvalidMapping(name, tuple(faults.found))
    return made


def _text(given: Path | str) -> tuple[str, str]:
    if isinstance(given, str) and ("\n" in given or not given.endswith((".yaml", ".yml"))):
        return "mapping", given
    path = Path(given)
    try:
        return path.name, path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        faults = Faults(path.name)
        faults.add("mapping_not_yaml", 1, said="not UTF-8")
        raise InvalidMapping(path.name, tuple(faults.found)) from error


def _mapping(root: MappingNode, tables: Mapping[str, FactTable], faults: Faults) -> Mapping_ | None:
    nodes: dict[str, Node] = {}
    for entry in entries(root):
        if entry.key not in _KEYS:
            faults.unknown("mapping_unknown_key", entry.line, entry.key, list(_KEYS))
        elif entry.key in nodes:
            faults.add("mapping_twice", entry.line, key=entry.key)
        nodes[entry.key] = entry.value
    table = _table(nodes, tables, faults)
    fields = {key: read(nodes[key], faults) for key, read in _READERS.items() if key in nodes}
    missing = _texts("missing", nodes["missing"], faults) if "missing" in nodes else ()
    _check_header(nodes, faults)
    only = _only(nodes["only"], faults) if "only" in nodes else ()
    if table is None:
        return None
    rules = _rules(nodes, table, missing, faults, dated="period" in nodes)
    if faults.found:
        return None
    return Mapping_(table=table.key, rules=rules, only=only, **fields)


def _table(nodes: Mapping[str, Node], tables: Mapping[str, FactTable], faults: Faults) -> FactTable | None:
    key = scalar(nodes["table"]) if "table" in nodes else None
    if key is None:
        faults.add("mapping_no_table", 1, known=", ".join(tables))
        return None
    if key not in tables:
        faults.unknown("mapping_unknown_table", line_of(nodes["table"]), key, list(tables))
        return None
    return tables[key]


def _rules(nodes: Mapping[str, Node], table: FactTable, missing: tuple[str, ...], faults: Faults, *, dated: bool) -> tuple[Rule, ...]:
    node = nodes.get("columns")
    if not isinstance(node, MappingNode):
        faults.add("mapping_no_columns", line_of(node) if node else 1)
        return ()
    rules = read_rules(node, table, missing, faults)
    filled = {rule.column for rule in rules} | {"source"} | ({table.day} if dated else set())
    filled |= {table.sequence[0]} if table.sequence else set()
    # A rule with a fault of its own fills its column all the same.
    filled |= {entry.key for entry in entries(node)}
    for column in table.columns:
        if column.required and column.key not in filled:
            faults.add("mapping_required", line_of(node), key=column.key, table=table.key)
    return rules


def _check_header(nodes: Mapping[str, Node], faults: Faults) -> None:
    if "header" not in nodes:
        return
    line, said = line_of(nodes["header"]), scalar(nodes["header"])
    if said not in ("true", "false"):
        faults.add("mapping_bad_value", line, key="header", value=said or "", known="true, false")
    elif (said == "false") != ("names" in nodes):
        faults.add("mapping_names_or_header", line)


def _one_of(key: str, known: tuple[str, ...]) -> Callable[[Node, Faults], str]:
    def read(node: Node, faults: Faults) -> str:
        said = scalar(node) or ""
        if said.lower() not in known:
            faults.add("mapping_bad_value", line_of(node), key=key, value=said, known=", ".join(known))
        return said.lower()

    return read


def _delimiter(node: Node, faults: Faults) -> str:
    said = scalar(node) or ""
    if said not in _DELIMITERS:
        faults.add("mapping_bad_value", line_of(node), key="delimiter", value=said, known="auto , ; tab |")
    return _DELIMITERS.get(said, ",")


def _zone(node: Node, faults: Faults) -> str:
    said = scalar(node) or ""
    try:
        ZoneInfo(said)
    except (ValueError, OSError, LookupError):
        faults.add("mapping_bad_zone", line_of(node), value=said)
    return said


def _period(node: Node, faults: Faults) -> str:
    said = scalar(node) or ""
    try:
        Period.parse(said)
    except InvalidPeriod:
        faults.add("mapping_bad_period", line_of(node), value=said)
    return said


def _skip_lines(node: Node, faults: Faults) -> tuple[int, ...]:
    said = scalars(node)
    numbers = tuple(int(text) for text in said or () if text.isascii() and text.isdigit() and 0 < int(text) <= _LAST_SKIPPED)
    if said is None or len(numbers) != len(said):
        faults.add("mapping_bad_value", line_of(node), key="skip_lines", value=", ".join(said or ()), known=f"1…{_LAST_SKIPPED}")
    return tuple(sorted(set(numbers)))


def _texts(key: str, node: Node, faults: Faults) -> tuple[str, ...]:
    said = scalars(node)
    if said is None:
        faults.add("mapping_bad_value", line_of(node), key=key, value="", known="[…]")
    return said or ()


def _source(node: Node, faults: Faults) -> str:
    said = (scalar(node) or "").strip()
    if not said:
        faults.add("mapping_bad_value", line_of(node), key="source", value="", known="a name")
    return said


def _only(node: Node, faults: Faults) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(node, MappingNode):
        faults.add("mapping_bad_value", line_of(node), key="only", value="", known="{column: [values]}")
        return ()
    return tuple((entry.key, _texts("only", entry.value, faults)) for entry in entries(node))


_READERS: dict[str, Callable[[Node, Faults], Any]] = {
    "source": _source,
    "format": _one_of("format", FORMATS),
    "encoding": _one_of("encoding", ("auto", *CODECS)),
    "delimiter": _delimiter,
    "zone": _zone,
    "period": _period,
    "skip_lines": _skip_lines,
    "names": lambda node, faults: _texts("names", node, faults),
}
