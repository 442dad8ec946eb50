"""What a file must look like for each fact table: its columns, and an empty file to fill in."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from hengzhi.core import Text
from hengzhi.engine.catalogue import Catalogue
from hengzhi.engine.facts import Column, FactTable


@dataclass(frozen=True, slots=True)
class ColumnGuide:
    """One column: how it may be called, what goes in, and whether it must."""

    key: str
    names: Text
    type: str
    unit: str
    required: bool
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableGuide:
    """One table; rows alike in ``unique`` count once."""

    key: str
    names: Text
    grain: Text
    columns: tuple[ColumnGuide, ...]
    unique: tuple[Text, ...]


def table_guides(*, catalogue: Catalogue) -> tuple[TableGuide, ...]:
    """Every table that can be imported."""
    return tuple(_guide(table) for table in catalogue.facts.values())


def template_csv(*, catalogue: Catalogue, table: str, language: str) -> bytes:
    """A CSV file with nothing but the names of the columns, as Excel and WPS open it.

    Raises:
        UnknownKey: there is no such table.
    """
    guide = _guide(catalogue.table(table))
    out = io.StringIO(newline="")
    csv.writer(out).writerow([column.names.in_(language) for column in guide.columns])
    return out.getvalue().encode("utf-8-sig")


def _guide(table: FactTable) -> TableGuide:
    columns = tuple(_column(column, table) for column in table.columns if column.pii != "drop")
    return TableGuide(table.key, table.names, table.grain, columns, tuple(table.column(key).names for key in table.unique))


def _column(column: Column, table: FactTable) -> ColumnGuide:
    # A file without a source is called by its own name, and events without a number are numbered in the order of the file.
    given = column.key == "source" or (table.sequence is not None and column.key == table.sequence[0])
    unit = str(column.unit) if column.unit else ""
    return ColumnGuide(column.key, column.names, column.type, unit, column.required and not given, column.codes)
