"""From a formula to SQL: conditions, terms, and the query that a person can run by hand."""

from __future__ import annotations

from collections.abc import Iterable

from hengzhi.lake.engines import named, quoted
from hengzhi.lake.formula import AnyOf, Cond, Scalar, Term

_COMPARE = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


def where_sql(nodes: Iterable[Cond | AnyOf]) -> str:
    """All conditions joined by AND; an unknown (null) column meets no comparison."""
    parts = [_node(node) for node in nodes]
    return " AND ".join(parts) if parts else "true"


def count_sql(term: Term) -> str:
    """How many rows the term takes: those whose summed column is known, or all that meet the conditions."""
    known = f" AND {named(term.summed)} IS NOT NULL" if term.summed else ""
    return f"count(*) FILTER (WHERE {where_sql(term.where)}{known})"


def sum_sql(term: Term) -> str:
    """The exact sum of the term's column, or the number of rows."""
    if term.summed is None:
        return f"CAST({count_sql(term)} AS DECIMAL(38,0))"
    return f"CAST(coalesce(sum({named(term.summed)}) FILTER (WHERE {where_sql(term.where)}), 0) AS DECIMAL(38,0))"


def squares_sql(term: Term) -> str:
    """The exact sum of squares of the term's column."""
    column = named(str(term.summed))
    return f"CAST(coalesce(sum(CAST({column} AS HUGEINT) * {column}) FILTER (WHERE {where_sql(term.where)}), 0) AS DECIMAL(38,0))"


def bin_sql(term: Term) -> str:
    """The log-histogram bin of the term's column (contracts.md §6)."""
    return f"CAST(floor(ln({named(str(term.summed))} + 0.5) / ln(1.01)) AS BIGINT)"


def literal(value: Scalar) -> str:
    """A constant as SQL."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else quoted(value)


def _node(node: Cond | AnyOf) -> str:
    if isinstance(node, AnyOf):
        return "(" + " OR ".join(_cond(cond) for cond in node.conditions) + ")"
    return _cond(node)


def _cond(cond: Cond) -> str:
    column, value = named(cond.column), cond.value
    if cond.op in ("null", "not_null"):
        return f"{column} IS {'NOT ' if cond.op == 'not_null' else ''}NULL"
    if isinstance(value, tuple):
        items = [literal(item) for item in value]
        if cond.op == "between":
            return f"{column} BETWEEN {items[0]} AND {items[1]}"
        return f"{column} {'NOT ' if cond.op == 'not_in' else ''}IN ({', '.join(items)})"
    return f"{column} {_COMPARE[cond.op]} {literal(value)}"  # type: ignore[arg-type]
