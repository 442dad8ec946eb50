"""A formula as data: conditions on columns and what is taken of the rows that meet them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from hengzhi.core import InvalidFormula
from hengzhi.lake.tables import FactTable

Op = Literal["eq", "ne", "in", "not_in", "lt", "le", "gt", "ge", "between", "null", "not_null"]
Scalar = str | int | bool
Value = Scalar | tuple[Scalar, ...] | None


@dataclass(frozen=True, slots=True)
class Cond:
    """One comparison; measures compare in stored units (seconds, not minutes)."""

    column: str
    op: Op
    value: Value = None


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the conditions holds."""

    conditions: tuple[Cond, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """What is counted: the rows of ``table`` that meet all of ``where``, or the sum of one of their columns."""

    table: str
    take: str  # "rows" | "sum:<column>"
    where: tuple[Cond | AnyOf, ...] = ()

    @property
    def summed(self) -> str | None:
        """The column that is summed, or None where rows are counted."""
        return self.take.removeprefix("sum:") if self.take.startswith("sum:") else None

    def conditions(self) -> Iterator[Cond]:
        """Every comparison in the tree."""
        for node in self.where:
            yield from node.conditions if isinstance(node, AnyOf) else (node,)

    def check(self, table: FactTable) -> None:
        """Judge the term against its table.

        Raises:
            InvalidFormula: an unknown column, or a value that does not fit it.
        """
        if self.summed is None and self.take != "rows":
            raise InvalidFormula(table=table.key, take=self.take)
        if self.summed is not None and (not table.has(self.summed) or table.column(self.summed).type != "int"):
            raise InvalidFormula(table=table.key, column=self.summed)
        for cond in self.conditions():
            if not table.has(cond.column):
                raise InvalidFormula(table=table.key, column=cond.column)
            _check_value(cond, table)

    def as_json(self) -> dict[str, Any]:
        """The term as plain lists and dicts, for hashing, storing and showing."""
        return {"table": self.table, "take": self.take, "where": [_node_json(node) for node in self.where]}


def _check_value(cond: Cond, table: FactTable) -> None:
    kind = table.column(cond.column).type
    allowed: tuple[type, ...] = {"int": (int,), "flag": (bool,), "text_ref": (int,)}.get(kind, (str,))
    many = cond.op in ("in", "not_in", "between")
    if cond.op in ("null", "not_null"):
        fits = cond.value is None
    elif many:
        fits = isinstance(cond.value, tuple) and len(cond.value) > 0 and (cond.op != "between" or len(cond.value) == 2)
        fits = fits and all(isinstance(v, allowed) and (kind != "int" or not isinstance(v, bool)) for v in cond.value or ())  # type: ignore[union-attr]
    else:
        fits = isinstance(cond.value, allowed) and (kind != "int" or not isinstance(cond.value, bool))
    if not fits:
        raise InvalidFormula(table=table.key, column=cond.column, op=cond.op, value=cond.value)


def _node_json(node: Cond | AnyOf) -> dict[str, Any]:
    if isinstance(node, AnyOf):
        return {"any": [_node_json(cond) for cond in node.conditions]}
    value = list(node.value) if isinstance(node.value, tuple) else node.value
    return {"column": node.column, "op": node.op, "value": value}
