"""The problems of an import as a person reads them, from the file that keeps them."""

from __future__ import annotations

import csv
import itertools
from dataclasses import dataclass
from pathlib import Path

from hengzhi.core import Text


@dataclass(frozen=True, slots=True)
class ToldProblem:
    """One problem: where it is, what it is, what to do."""

    line: str
    column: str
    value: str
    severity: str
    what: Text
    remedy: Text


@dataclass(frozen=True, slots=True)
class ToldProblems:
    """The first problems, and whether there are more."""

    first: tuple[ToldProblem, ...] = ()
    more: bool = False


def told_problems(path: Path | None, *, limit: int = 20) -> ToldProblems:
    """The first ``limit`` problems of a problems file; none where there is no file."""
    if path is None or not path.is_file():
        return ToldProblems()
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(itertools.islice(csv.DictReader(file), limit + 1))
    return ToldProblems(tuple(_told(row) for row in rows[:limit]), len(rows) > limit)


def _told(row: dict[str, str]) -> ToldProblem:
    what = Text(_plain(row["problem_zh"]), _plain(row["problem_en"]))
    remedy = Text(_plain(row["remedy_zh"]), _plain(row["remedy_en"]))
    return ToldProblem(row["line"], _plain(row["column"]), _plain(row["value"]), row["severity"], what, remedy)


def _plain(cell: str) -> str:
    """The cell without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in set("=+-@\t\r＝＋－＠") else cell
