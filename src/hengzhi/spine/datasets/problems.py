"""The problems file of an import: one line per problem, in both languages, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import itertools
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from hengzhi.core import Problem
from hengzhi.lake.sentences import remedy, sentence

_COLUMNS = ("file", "line", "column", "severity", "code", "value", "problem_zh", "remedy_zh", "problem_en", "remedy_en")
_FIRST = 50
_RISKY = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


class ProblemsFile:
    """Problems written as they come; the file exists only when there are some."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.first: tuple[Problem, ...] = ()
        self.warnings = 0
        self.written = 0
        self._late: list[Problem] = []
        self._early: tuple[int, int] | None = None  # bytes and lines before the late problems were written
        self._file: TextIO | None = None

    def __enter__(self) -> ProblemsFile:
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def add(self, problems: Iterable[Problem]) -> None:
        """Write problems found while reading."""
        for problem in problems:
            self._remember(problem)
            self._write(problem)

    def add_late(self, problems: Iterable[Problem]) -> None:
        """Note problems found while settling; ``forget_late`` takes them back."""
        for problem in problems:
            self._late.append(problem)
            self._remember(problem)

    def forget_late(self) -> None:
        """Settling starts anew: what it found before no longer holds."""
        self.warnings -= sum(p.severity == "warning" for p in self._late)
        self.first = tuple(p for p in self.first if p not in self._late)
        self._late.clear()
        if self._early is not None:
            size, self.written = self._early
            self._early = None
            if size:
                os.truncate(self.path, size)
            else:
                self.path.unlink(missing_ok=True)

    def finish(self, root: Path) -> str:
        """Write the late problems and return the file's path below ``root``, or "" where there were none."""
        self.__exit__()
        self._early = (self.path.stat().st_size if self.path.exists() else 0, self.written)
        for problem in self._late:
            self._write(problem)
        self.__exit__()
        return self.path.relative_to(root).as_posix() if self.written else ""

    def _remember(self, problem: Problem) -> None:
        self.warnings += problem.severity == "warning"
        if len(self.first) < _FIRST:
            self.first = (*self.first, problem)

    def _write(self, problem: Problem) -> None:
        if self._file is None:
            fresh = not self.path.exists()
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # utf-8-sig: Excel reads Chinese in a CSV only behind a BOM.
            self._file = self.path.open("a", encoding="utf-8-sig" if fresh else "utf-8", newline="")
            if fresh:
                csv.writer(self._file).writerow(_COLUMNS)
        csv.writer(self._file).writerow([safe_cell(str(cell)) for cell in _row(problem)])
        self.written += 1


def told_problem(problem: Problem, language: str) -> tuple[str, str]:
    """The sentence and the remedy of a problem."""
    return sentence(problem, language), remedy(problem, language)


def safe_cell(text: str) -> str:
    """``text`` so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_RISKY) else text


def _row(problem: Problem) -> Iterable[object]:
    told = ((sentence(problem, language), remedy(problem, language)) for language in ("zh", "en"))
    head = (problem.source, problem.line or "", problem.column, problem.severity, problem.code, problem.value)
    return itertools.chain(head, itertools.chain.from_iterable(told))
