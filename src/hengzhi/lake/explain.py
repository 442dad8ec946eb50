"""The query behind one figure, as a person can run it by hand over the listed files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hengzhi.lake.compile import literal, where_sql
from hengzhi.lake.engines import duck, named
from hengzhi.lake.files import Facts
from hengzhi.lake.formula import Term
from hengzhi.lake.tables import Role
from hengzhi.lake.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure looks: codes per role, and the units that belong to it in each month (None: all units)."""

    codes: Mapping[Role, str]
    units: Mapping[int, tuple[str, ...] | None]
    unknown: bool = False  # the units are those that are *not* to be taken: the scope is ``?``


def figure_sql(
    x: Term, n: Term | None, facts: Mapping[str, Facts], place: Place, root: Path, *, kind: str, quantile: float | None = None
) -> str:
    """One SELECT that gives x and n (a mean also s and ss) in DuckDB."""
    source = _from(x, facts[x.table], place, root)
    if kind == "mean":
        column = named(str(x.summed))
        squares = f"sum(CAST({column} AS HUGEINT) * {column})"
        return f"SELECT count({column}) AS n, sum({column}) AS s, {squares} AS ss\n{source}"
    if kind == "quantile":
        column = named(str(x.summed))
        return f"SELECT count({column}) AS n, quantile_disc({column}, {quantile}) AS value\n{source}"
    parts = [f"(SELECT {_take(x)}\n{source}) AS x"]
    if n is not None:
        parts.append(f"(SELECT {_take(n)}\n{_from(n, facts[n.table], place, root)}) AS n")
    return "SELECT " + ",\n".join(parts)


def run_sql(workspace: Workspace, sql: str) -> dict[str, int | None]:
    """The result of such a query."""
    with duck(workspace) as connection:
        found = connection.execute(sql)
        names = [column[0] for column in found.description]
        row = found.fetchone() or ()
    return {name: None if value is None else int(value) for name, value in zip(names, row, strict=False)}


def _take(term: Term) -> str:
    return f"coalesce(sum({named(term.summed)}), 0)" if term.summed else "count(*)"


def _from(term: Term, facts: Facts, place: Place, root: Path) -> str:
    months = facts.of_months(place.units)
    conditions = [where_sql(term.where)] if term.where else []
    conditions += [f"{named(_column(facts, role))} = {literal(code)}" for role, code in place.codes.items()]
    units = _units(facts, place)
    return f"FROM ({months.sql(root)})\nWHERE " + "\n  AND ".join([*conditions, *units] or ["true"])


def _units(facts: Facts, place: Place) -> list[str]:
    if all(units is None for units in place.units.values()):
        return []
    column, word = named(_column(facts, "unit")), "NOT IN" if place.unknown else "IN"
    spans: dict[tuple[str, ...], list[int]] = {}
    for month, units in place.units.items():
        spans.setdefault(units or (), []).append(month)
    parts = [_span(column, word, units, months, alone=len(spans) == 1) for units, months in spans.items()]
    return ["(" + " OR ".join(parts) + ")"] if len(parts) > 1 else parts


def _span(column: str, word: str, units: tuple[str, ...], months: Sequence[int], *, alone: bool) -> str:
    nothing = f"{column} IS NOT NULL" if word == "NOT IN" else "false"
    test = f"{column} {word} ({', '.join(literal(unit) for unit in units)})" if units else nothing
    return test if alone else f"(month IN ({', '.join(map(str, months))}) AND {test})"


def _column(facts: Facts, role: Role) -> str:
    column = facts.table.role(role)
    if column is None:
        raise KeyError(role)
    return column.key
