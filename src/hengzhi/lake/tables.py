"""What a fact table is: its columns, their types, units and roles, and the Arrow schema they give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

import pyarrow as pa

from hengzhi.core import Text

ColumnType = Literal["code", "int", "flag", "day", "instant", "pseudonym", "text_ref"]
Role = Literal["unit", "channel", "product", "service", "group", "system", "staff", "customer", "case"]
Level = Literal["core", "important", "general"]

# The roles that a scope is cut by, in the order in which a scope is written (contracts.md §5).
SCOPE_ROLES: tuple[Role, ...] = ("unit", "channel", "product", "service", "group", "system")

ARROW_TYPES: dict[ColumnType, pa.DataType] = {
    "code": pa.string(),
    "int": pa.int64(),
    "flag": pa.bool_(),
    "day": pa.date32(),
    "instant": pa.timestamp("us"),  # naive UTC
    "pseudonym": pa.string(),
    "text_ref": pa.int64(),
}


class Unit(StrEnum):
    """Units of measures; a share runs from 0 to 1 and is shown as %."""

    SHARE = "share"
    COUNT = "count"
    SECONDS = "seconds"
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    POINTS = "points"
    PER_10K = "per_10k"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; a measure of type int stands for ``value * 10**-scale`` of its unit."""

    key: str
    names: Text
    type: ColumnType
    unit: Unit | None = None
    scale: int = 0
    required: bool = False
    role: Role | None = None
    pii: Literal["none", "pseudonym", "mask", "drop"] = "none"
    codes: tuple[str, ...] = ()  # a closed list of codes; empty = open
    lowest: int | None = None  # least valid value of an int, in stored units
    highest: int | None = None


# Every stored row says where it came from and to which month of the institution's zone it belongs.
PROVENANCE: tuple[Column, ...] = (
    Column("batch", Text("批次", "batch"), "int", required=True),
    Column("line", Text("行号", "line"), "int", required=True),
    Column("month", Text("月份", "month"), "int", required=True),
)


@dataclass(frozen=True, slots=True)
class FactTable:
    """A kind of fact: one row per grain, unique by ``unique``, dated by the column ``day``."""

    key: str
    names: Text
    grain: Text
    columns: tuple[Column, ...]
    unique: tuple[str, ...]
    day: str  # a column of type day or instant
    level: Level = "general"
    keep_days: int = 3650
    sort: tuple[str, ...] = ()  # order within a file; empty = by unique
    roster: bool = False  # a roster says who should be there
    sequence: tuple[str, str] | None = None  # (column, per): numbered by file order within ``per`` where the file gives none

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def column(self, key: str) -> Column:
        """The column named ``key``, provenance included.

        Raises:
            KeyError: there is none.
        """
        for column in (*self.columns, *PROVENANCE):
            if column.key == key:
                return column
        raise KeyError(key)

    def has(self, key: str) -> bool:
        """Whether a column of that name exists, provenance included."""
        return any(column.key == key for column in (*self.columns, *PROVENANCE))

    def role(self, role: Role) -> Column | None:
        """The column that carries ``role``, if any."""
        return next((column for column in self.columns if column.role == role), None)

    def schema(self) -> pa.Schema:
        """The Arrow schema of a stored file: the columns in order, then batch, line, month."""
        fields: list[pa.Field[Any]] = [pa.field(c.key, ARROW_TYPES[c.type], nullable=not c.required) for c in (*self.columns, *PROVENANCE)]
        return pa.schema(fields)


@dataclass(frozen=True, slots=True)
class Derived:
    """A table rebuilt from pinned facts by a kernel of the lake, such as one row per case."""

    key: str
    names: Text
    grain: Text
    sources: tuple[str, ...]
    columns: tuple[Column, ...]
    day: str
    build: str  # name of a kernel in lake.kernels

    def as_table(self) -> FactTable:
        """The same columns as a fact table, so that formulas are checked and compiled alike."""
        return FactTable(self.key, self.names, self.grain, self.columns, unique=(), day=self.day)


# Free text lives in its own table, so that an erasure never touches numeric files.
_TEXT_FIELDS: list[pa.Field[Any]] = [
    pa.field("text_id", pa.int64(), nullable=False),
    pa.field("batch", pa.int64(), nullable=False),
    pa.field("line", pa.int64(), nullable=False),
    pa.field("month", pa.int64(), nullable=False),
    pa.field("masked", pa.string(), nullable=False),
    pa.field("language", pa.string(), nullable=False),
]
TEXT_SCHEMA = pa.schema(_TEXT_FIELDS)


def text_id(batch: int, line: int) -> int:
    """The id of the text that stands on ``line`` of ``batch``: unique, and the same on every retry."""
    return (batch << 36) | line
