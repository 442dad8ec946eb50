"""Taking a list of units into the tree: what is new, what moved, what contradicts; history stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from django.db import transaction

from hengzhi.core import HengzhiError, Problem
from hengzhi.engine.scopes import ScopeTree, UnitSpan
from hengzhi.spine.audit.services import record
from hengzhi.spine.locks import exclusive
from hengzhi.spine.scopes.services import current_tree, save_units
from hengzhi.spine.scopes.unit_files import UnitFile

OnConflict = Literal["stop", "skip", "update"]


class UnitConflicts(HengzhiError):
    """Units of the file stand in the tree already, and differ."""

    code = "unit_conflicts"


class UnitRing(HengzhiError):
    """A unit would stand above itself."""

    code = "unit_ring"


@dataclass(frozen=True, slots=True)
class UnitReceipt:
    """What an import of units did, or would do."""

    state: str  # done, dry_run
    rows: int
    added: tuple[str, ...]
    changed: tuple[str, ...]  # moved, renamed or closed: a new row, or the same row put right
    unchanged: int
    skipped: tuple[str, ...]
    problems: tuple[Problem, ...]


def import_units(*, file: UnitFile, on_conflict: OnConflict = "stop", dry_run: bool = False, by: str) -> UnitReceipt:
    """Take the units of a file into the tree, in one transaction.

    A unit with a later start than the one known is a move: the old row ends where the new one starts.

    Raises:
        UnitConflicts: with ``stop``, where a unit of the file differs from the one known.
        UnitRing: a unit would stand above itself.
    """
    with transaction.atomic():
        exclusive("units")
        tree = current_tree()
        plan = _plan(tree, file, on_conflict)
        if on_conflict == "stop" and plan.skipped:
            raise UnitConflicts(units=", ".join(plan.skipped[:10]), count=len(plan.skipped))
        _check_rings(tree, plan.writes)
        if plan.writes and not dry_run:
            save_units(units=plan.writes, by=by)
            record(by=by, verb="import_units", kind="org_unit", of="", after={"added": len(plan.added), "changed": len(plan.changed)})
    rows = len(file.units) + len({p.line for p in file.problems})
    state = "dry_run" if dry_run else "done"
    return UnitReceipt(state, rows, plan.added, plan.changed, plan.unchanged, plan.skipped, (*file.problems, *plan.problems))


@dataclass(frozen=True, slots=True)
class _Plan:
    writes: tuple[UnitSpan, ...]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int
    skipped: tuple[str, ...]
    problems: tuple[Problem, ...]


def _plan(tree: ScopeTree, file: UnitFile, on_conflict: OnConflict) -> _Plan:
    known: dict[str, list[UnitSpan]] = {}
    for span in tree.spans:
        known.setdefault(span.code, []).append(span)
    codes = {*known, *(unit.code for unit in file.units)}
    writes: dict[tuple[str, str], UnitSpan] = {}
    added: list[str] = []
    changed: list[str] = []
    skipped: list[str] = []
    problems: list[Problem] = []
    unchanged = 0
    for unit in sorted(file.units, key=lambda u: (u.code, u.start)):
        spans = known.setdefault(unit.code, [])
        if unit.parent and unit.parent not in codes:
            problems.append(Problem("", 0, "parent", "unknown_code", unit.parent))
            continue
        fresh = _writes(unit, spans)
        if not fresh:
            unchanged += 1
        elif spans and on_conflict != "update":
            skipped.append(unit.code)
        else:
            (changed if spans else added).append(unit.code)
            known[unit.code] = _with(spans, fresh)
            writes |= {(span.code, span.start.isoformat()): span for span in fresh}
    return _Plan(tuple(writes.values()), tuple(added), tuple(changed), unchanged, tuple(skipped), tuple(problems))


def _writes(unit: UnitSpan, spans: list[UnitSpan]) -> list[UnitSpan]:
    """The rows that take ``unit`` in: itself, and the row before it that now ends where it starts."""
    same = next((s for s in spans if s.start == unit.start), None)
    before = max((s for s in spans if s.start < unit.start), key=lambda s: s.start, default=None)
    after = min((s.start for s in spans if s.start > unit.start), default=None)
    wanted = replace(unit, end=min(filter(None, (unit.end, after)), default=None))
    if same == wanted or (same is None and before is not None and replace(before, start=unit.start) == wanted):
        return []
    cut = same is None and before is not None and (before.end is None or before.end > unit.start)
    return [*([replace(before, end=unit.start)] if cut and before else []), wanted]


def _with(spans: list[UnitSpan], fresh: list[UnitSpan]) -> list[UnitSpan]:
    rest = {span.start: span for span in (*spans, *fresh)}
    return sorted(rest.values(), key=lambda s: s.start)


def _check_rings(tree: ScopeTree, writes: Iterable[UnitSpan]) -> None:
    """Every unit's line upwards must end, on every day on which something changes."""
    spans = {(s.code, s.start): s for s in (*tree.spans, *writes)}
    for day in sorted({s.start for s in spans.values()}):
        parents = {s.code: s.parent for s in spans.values() if s.start <= day and (s.end is None or day < s.end)}
        for code in parents:
            seen, at = {code}, parents[code]
            while at in parents:
                if at in seen:
                    raise UnitRing(unit=at, day=day.isoformat())
                seen.add(at)
                at = parents[at]
