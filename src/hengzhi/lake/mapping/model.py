"""What a mapping says, once it has been judged: one rule per column of the fact table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

FORMATS = ("csv", "tsv", "jsonl", "parquet", "xes")
# Names of encodings in mapping files → Python codecs.
CODECS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "gb18030": "gb18030",
    "gbk": "gb18030",  # GB 18030 contains GBK and GB 2312
    "gb2312": "gb18030",
    "cp936": "gb18030",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "latin-1": "latin-1",
    "iso-8859-1": "latin-1",
    "cp1252": "cp1252",
    "windows-1252": "cp1252",
    "big5": "big5",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """How one column of the fact table is filled.

    A rule reads ``parts`` (joined by ``join``), or gives the constant ``value``, or the number of the line.
    Each part is a tuple of alternative names; the first one the file has is read.
    """

    column: str
    parts: tuple[tuple[str, ...], ...] = ()
    join: str = " "
    value: str | None = None
    line: bool = False
    formats: tuple[str, ...] = ()
    values: tuple[tuple[str, str | None], ...] = ()
    others: str = "keep"  # keep | reject | a value
    true: tuple[str, ...] = ()
    false: tuple[str, ...] = ()
    bands: tuple[tuple[int, int, int], ...] = ()
    round: bool = False
    missing: tuple[str, ...] = ()
    optional: bool = False  # the file may lack the column

    @property
    def file_column(self) -> str:
        """The name by which problems call what the rule reads."""
        return " + ".join(part[0] for part in self.parts)


@dataclass(frozen=True, slots=True)
class Mapping_:  # noqa: N801  (typing's and collections' Mapping is in scope nearly everywhere)
    """How a file becomes rows of ``table``; frozen and known by the hash of its content."""

    table: str
    source: str = ""  # empty = the file's name without its endings
    rules: tuple[Rule, ...] = ()
    format: str = ""  # empty = by the file's ending
    encoding: str = "auto"
    delimiter: str = "auto"
    zone: str = ""  # empty = the institution's
    period: str = ""
    skip_lines: tuple[int, ...] = ()
    names: tuple[str, ...] = ()  # of the columns of a file without header
    only: tuple[tuple[str, tuple[str, ...]], ...] = ()
    by_name: bool = False  # nobody wrote it: columns go where their names say

    @property
    def sha256(self) -> str:
        """The hash of what the mapping says, the same however its file is laid out."""
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def rule(self, column: str) -> Rule | None:
        """The rule that fills ``column``, if any."""
        return next((rule for rule in self.rules if rule.column == column), None)


class MappingProblem(str):
    """One fault of a mapping file, reading ``file:line: sentence`` in English; ``code`` and ``args`` give any language."""

    source: str
    line: int
    code: str
    args: Mapping[str, Any]

    @classmethod
    def at(cls, source: str, line: int, code: str, sentence: str, args: Mapping[str, Any]) -> MappingProblem:
        """The fault ``code`` on ``line`` of ``source``."""
        made = cls(f"{source}:{line}: {sentence}")
        made.source, made.line, made.code, made.args = source, line, code, dict(args)
        return made
