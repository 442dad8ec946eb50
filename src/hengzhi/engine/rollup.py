"""From leaf cells to scopes: every cell counts in the scopes of each cut that contain it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hengzhi.core import Period
from hengzhi.engine.indicators import CUTS
from hengzhi.engine.scopes import UNKNOWN, Scope, ScopeTree
from hengzhi.lake.aggregate import Cells
from hengzhi.lake.tables import Role

Ints = NDArray[np.int64]
Objects = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Placed:
    """Leaf cells spread over scopes: row i of ``cell`` counts in ``scope[i]`` (a position in ``scopes``)."""

    scopes: tuple[Scope, ...]
    cell: Ints
    scope: Ints
    month: Ints


def place(cells: Cells, cuts: Sequence[str], tree: ScopeTree) -> Placed:
    """Where each leaf cell counts.

    A cell without a code for a role of a cut counts in no scope of that cut; a unit that the tree does not know
    on the last day of the month counts under ``?``.
    """
    known: dict[Scope, int] = {}
    rows: list[tuple[Ints, Ints]] = []
    for cut in cuts:
        at, scope = _place_cut(cells, CUTS[cut], tree, known)
        rows.append((at, scope))
    cell = np.concatenate([at for at, _ in rows]) if rows else np.zeros(0, np.int64)
    scope = np.concatenate([s for _, s in rows]) if rows else np.zeros(0, np.int64)
    return Placed(tuple(known), cell, scope, cells.month[cell])


def _place_cut(cells: Cells, roles: tuple[Role, ...], tree: ScopeTree, known: dict[Scope, int]) -> tuple[Ints, Ints]:
    here = np.arange(len(cells.month))
    if not roles:
        return here, np.full(len(here), known.setdefault(Scope(), len(known)))
    present = np.ones(len(here), bool)
    for role in roles:
        present &= np.array([code is not None for code in cells.codes[role]], bool)
    here = here[present]
    columns = [cells.codes[role][here] for role in roles]
    pairs: dict[tuple[object, ...], list[int]] = {}
    at_out: list[int] = []
    scope_out: list[int] = []
    lines: dict[int, dict[str, tuple[str, ...]]] = {}
    for at, month, *codes in zip(here.tolist(), cells.month[here].tolist(), *(c.tolist() for c in columns), strict=True):
        key = (month, *codes)
        if key not in pairs:
            if month not in lines:
                lines[month] = tree.ancestors(Period.month(month).last_day)
            pairs[key] = [known.setdefault(scope, len(known)) for scope in _scopes(roles, codes, lines[month])]
        at_out += [at] * len(pairs[key])
        scope_out += pairs[key]
    return np.array(at_out, np.int64), np.array(scope_out, np.int64)


def _scopes(roles: tuple[Role, ...], codes: list[str], ancestors: dict[str, tuple[str, ...]]) -> list[Scope]:
    given = dict(zip(roles, codes, strict=True))
    if "unit" not in given:
        return [Scope.of(**given)]
    units = ancestors.get(given["unit"]) or (UNKNOWN,)
    return [Scope.of(**{**given, "unit": unit}) for unit in units]


def sums(placed: Placed, values: Ints | Objects, months: Sequence[int]) -> Ints | Objects:
    """``values`` of the leaf cells summed by scope and month: shape (scopes, months), exact integers.

    Cells of months that are not asked for are left out.
    """
    column = {month: position for position, month in enumerate(months)}
    at = np.array([column.get(month, -1) for month in placed.month.tolist()], np.int64)
    kept = at >= 0
    flat = placed.scope[kept] * len(months) + at[kept]
    out = np.zeros(len(placed.scopes) * len(months), values.dtype)
    np.add.at(out, flat, values[placed.cell[kept]])
    return np.asarray(out.reshape(len(placed.scopes), len(months)))
