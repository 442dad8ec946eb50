"""The values that the shared partials draw: table, chart, empty state, pager and the panel "how computed"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import Promise

from hengzhi.web.numbers import count

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Column:
    """The heading of a column; numbers stand right-aligned."""

    title: Words
    number: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, with the heading's alignment carried along for the template."""

    text: Words
    number: bool


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows of texts, formatted already."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Words, ...], ...]

    def cells(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows with each cell knowing whether it is a number."""
        return tuple(tuple(Cell(text, column.number) for text, column in zip(row, self.columns, strict=True)) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Chart:
    """An ECharts option with the finding as its title and the same numbers as a table."""

    key: str
    finding: Words
    note: Words
    option: Mapping[str, Any]
    table: Table
    csv_url: str = ""

    @property
    def data_id(self) -> str:
        """The id of the element that holds the option."""
        return f"chart-{self.key}"


@dataclass(frozen=True, slots=True)
class Empty:
    """Why there is nothing to see, and the next step."""

    why: Words
    step: Words = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Pager:
    """Where a page of rows stands among all; addresses are "" at either end."""

    total: int
    number: int
    pages: int
    previous: str
    next: str

    @property
    def total_words(self) -> str:
        """The total as it is written."""
        return count(self.total)


def pager(*, total: int, number: int, size: int, query: Mapping[str, str]) -> Pager:
    """The pager of page ``number`` (from 1); other parameters of the address stay.

    Raises:
        ValueError: ``size`` is not positive.
    """
    if size < 1:
        raise ValueError(f"size {size}")
    pages = max(-(-total // size), 1)
    at = min(max(number, 1), pages)
    kept = {name: value for name, value in query.items() if name != "page"}

    def url(page: int) -> str:
        return f"?{urlencode({**kept, 'page': page})}" if 1 <= page <= pages else ""

    return Pager(total, at, pages, url(at - 1), url(at + 1))


@dataclass(frozen=True, slots=True)
class How:
    """How a figure came about: its formula, what went in, which rows and batches, what was left out."""

    formula: Words
    inputs: tuple[tuple[Words, Words], ...]
    notes: tuple[Words, ...] = ()
    source: Words = ""
    figure: str = ""
    rows_url: str = ""
