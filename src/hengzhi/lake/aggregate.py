"""Aggregation: every formula on a table in one pass, exact and additive, by month and the roles asked for."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.feather as feather
from numpy.typing import NDArray

from hengzhi.lake import sealed
from hengzhi.lake.compile import bin_sql, count_sql, squares_sql, sum_sql, where_sql
from hengzhi.lake.engines import duck, named
from hengzhi.lake.files import Facts, verify
from hengzhi.lake.formula import Term
from hengzhi.lake.tables import Role
from hengzhi.lake.workspace import Workspace

_FORMAT = "2"  # of cached cells; raised when what they hold changes


@dataclass(frozen=True, slots=True)
class Request:
    """One term, by the roles of its indicators' cuts; ``bins`` asks for the log histogram of its column."""

    term: Term
    roles: tuple[Role, ...]
    bins: bool = False


@dataclass(frozen=True, slots=True)
class Cells:
    """Leaf cells of one term: rows of equal length.

    ``count``: rows taken; ``total`` and ``squares``: exact integers (objects); ``bin`` only for histograms.
    """

    month: NDArray[np.int64]
    codes: dict[Role, NDArray[np.object_]]
    count: NDArray[np.int64]
    total: NDArray[np.object_]
    squares: NDArray[np.object_]
    bin: NDArray[np.int64] | None = None


def aggregate(
    workspace: Workspace, facts: Facts, requests: Sequence[Request], months: Iterable[int], *, cache: bool = True
) -> dict[Request, Cells]:
    """The cells of all requests on one table; months without files give no rows.

    Only months whose files or formulas changed are computed; the rest come from cells kept by their content's hash.

    Raises:
        FactFileDamaged: a file that has to be read is not what was committed.
    """
    wanted = sorted({f.month for f in facts.read()} & set(months))
    groups: dict[tuple[tuple[Role, ...], Term | None], list[Request]] = {}
    for request in requests:
        groups.setdefault((request.roles, request.term if request.bins else None), []).append(request)
    found: dict[Request, Cells] = {}
    verified: set[str] = set()
    for (roles, _), group in groups.items():
        table = _group(workspace, facts, roles, group, wanted, cache=cache, verified=verified)
        for position, request in enumerate(group):
            found[request] = _cells(table, roles, position, bins=request.bins)
    return found


def group_sql(facts: Facts, root: Path, roles: tuple[Role, ...], group: Sequence[Request]) -> str:
    """The one query behind a group of requests."""
    keys = ["month", *(named(_column(facts, role)) + f" AS {named(role)}" for role in roles)]
    if group[0].bins:
        term = group[0].term
        values = [f"{bin_sql(term)} AS bin", "count(*) AS c0"]
        where = f" WHERE {where_sql(term.where)} AND {named(str(term.summed))} >= 0"
    else:
        values, where = [], ""
        for position, request in enumerate(group):
            values += [f"{count_sql(request.term)} AS c{position}", f"{sum_sql(request.term)} AS s{position}"]
            values += [f"{squares_sql(request.term)} AS q{position}"] if request.term.summed else []
    return f"SELECT {', '.join([*keys, *values])} FROM ({facts.sql(root)}){where} GROUP BY ALL"


def _group(
    workspace: Workspace,
    facts: Facts,
    roles: tuple[Role, ...],
    group: Sequence[Request],
    months: Sequence[int],
    *,
    cache: bool,
    verified: set[str],
) -> pa.Table:
    spec = json.dumps([_FORMAT, roles, [[r.term.as_json(), r.bins] for r in group]], sort_keys=True)
    paths = {month: _cache_path(workspace, facts.of_months([month]), spec) for month in months}
    kept = {month: table for month, path in paths.items() if cache and (table := _kept(path)) is not None}
    dirty = [month for month in months if month not in kept]
    if dirty:
        verify(workspace, [ref for ref in facts.of_months(dirty).opened() if ref.path not in verified])
        verified.update(ref.path for ref in facts.of_months(dirty).opened())
        with duck(workspace) as connection:
            fresh = connection.execute(group_sql(facts.of_months(dirty), workspace.root, roles, group)).to_arrow_table()
        for month in dirty:
            kept[month] = fresh.filter(pc.equal(fresh.column("month"), month))
            if cache:
                _keep(kept[month], paths[month])
    return pa.concat_tables([kept[month] for month in months]) if months else pa.table({})


def _cache_path(workspace: Workspace, facts: Facts, spec: str) -> Path:
    digest = hashlib.sha256(f"{facts.fingerprint()}\n{spec}".encode()).hexdigest()
    return workspace.lake / "cells" / facts.table.key / f"{digest}.arrow"


def _keep(table: pa.Table, path: Path) -> None:
    buffer = io.BytesIO()
    feather.write_feather(table, buffer, compression="lz4")
    sealed.keep(path, buffer.getvalue())


def _kept(path: Path) -> pa.Table | None:
    content = sealed.kept(path)
    return None if content is None else feather.read_table(io.BytesIO(content))


def _column(facts: Facts, role: Role) -> str:
    column = facts.table.role(role)
    if column is None:
        raise KeyError(role)
    return column.key


def _cells(table: pa.Table, roles: tuple[Role, ...], position: int, *, bins: bool) -> Cells:
    if not table.num_columns:
        none = np.zeros(0, np.int64)
        return Cells(
            none, {role: none.astype(object) for role in roles}, none, none.astype(object), none.astype(object), none if bins else None
        )
    count = table.column(f"c{position}").to_numpy().astype(np.int64)
    taken = np.flatnonzero(count)
    return Cells(
        month=table.column("month").to_numpy().astype(np.int64)[taken],
        codes={role: np.array(table.column(role).to_pylist(), dtype=object)[taken] for role in roles},
        count=count[taken],
        total=_exact(table, f"s{position}", taken),
        squares=_exact(table, f"q{position}", taken),
        bin=table.column("bin").to_numpy().astype(np.int64)[taken] if bins else None,
    )


def _exact(table: pa.Table, name: str, taken: NDArray[np.intp]) -> NDArray[np.object_]:
    if name not in table.column_names:
        return np.zeros(len(taken), dtype=object)
    values = table.column(name).to_pylist()
    found = np.empty(len(taken), dtype=object)
    found[:] = [int(values[at]) for at in taken]
    return found
