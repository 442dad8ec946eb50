"""Reading a file of units: each row judged, nothing written."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hengzhi.core import HengzhiError, InvalidFile, Problem, Text
from hengzhi.engine.scopes import UnitSpan

COLUMNS = ("code", "name_zh", "name_en", "parent", "kind", "start", "end")
_NEEDED = ("code", "name_zh", "start")


class UnitFileMissing(HengzhiError):
    """There is no file of units at that place."""

    code = "unit_file_missing"


@dataclass(frozen=True, slots=True)
class UnitFile:
    """The units of a file, and what is wrong with its other rows."""

    units: tuple[UnitSpan, ...]
    problems: tuple[Problem, ...]


def read_unit_file(path: Path) -> UnitFile:
    """The units in the file at ``path``.

    Raises:
        UnitFileMissing: there is none.
        InvalidFile: it can't be read.
    """
    if not path.is_file():
        raise UnitFileMissing(path=str(path))
    return read_units(path.read_bytes(), path.name)


def read_units(raw: bytes, source: str) -> UnitFile:
    """The units in a CSV file in UTF-8 or GB 18030, with a heading.

    Raises:
        InvalidFile: a column is missing, or it is no text.
    """
    rows = csv.DictReader(io.StringIO(_text(raw, source)))
    missing = [name for name in _NEEDED if name not in (rows.fieldnames or ())]
    if missing:
        raise InvalidFile(
            "missing_column", source, column=", ".join(missing), line=1, names="", near="", present=", ".join(rows.fieldnames or ())
        )
    units: list[UnitSpan] = []
    problems: list[Problem] = []
    for line, row in enumerate(rows, start=2):
        found = _unit({name: (row.get(name) or "").strip() for name in COLUMNS}, source, line)
        (problems if isinstance(found, Problem) else units).append(found)  # type: ignore[arg-type]
    return UnitFile(tuple(units), tuple(problems))


def _unit(row: Mapping[str, str], source: str, line: int) -> UnitSpan | Problem:
    for name in _NEEDED:
        if not row[name]:
            return Problem(source, line, name, "missing_value")
    days: dict[str, date | None] = {}
    for name in ("start", "end"):
        try:
            days[name] = date.fromisoformat(row[name]) if row[name] else None
        except ValueError:
            return Problem(source, line, name, "invalid_date", row[name])
    start, end = days["start"], days["end"]
    if start is None or (end is not None and end <= start):
        return Problem(source, line, "end", "invalid_date", row["end"])
    if row["parent"] == row["code"]:
        return Problem(source, line, "parent", "unknown_code", row["parent"])
    return UnitSpan(row["code"], Text(row["name_zh"], row["name_en"] or row["name_zh"]), row["parent"], start, end, row["kind"] or "branch")


def _text(raw: bytes, source: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidFile("unknown_encoding", source)
