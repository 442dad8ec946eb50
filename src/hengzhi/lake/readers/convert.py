"""Raw columns turned into facts: each rule applied to whole arrays, bad rows refused with their reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hengzhi.core import Period, Problem
from hengzhi.lake import masking
from hengzhi.lake.mapping.model import Rule
from hengzhi.lake.readers.block import Block, Raw
from hengzhi.lake.readers.codes import as_codes, as_flags, as_texts, translated
from hengzhi.lake.readers.facts import facts_of, typed
from hengzhi.lake.readers.instants import as_days, as_instants
from hengzhi.lake.readers.judged import CODES, Judged, compacted, fault_where, first_fault, over_unique, trimmed, without
from hengzhi.lake.readers.measures import as_measures
from hengzhi.lake.readers.task import Cells, Mask, Task
from hengzhi.lake.tables import ARROW_TYPES, Column

_NOT_NUMBERED = -1  # the store numbers such rows later, in file order


def converted(raw: Raw, task: Task) -> Block:
    """The facts, texts and problems of ``raw``."""
    kept = _kept(raw, task)
    lines = raw.lines if kept is None else raw.lines[kept]
    columns = raw.columns if kept is None else {name: cells.filter(pa.array(kept)) for name, cells in raw.columns.items()}
    cells = tuple(_cells(column, columns, lines, task) for column in task.table.columns)
    bad, problems = _problems(cells, lines, task)
    accepted = None if bad is None else ~bad
    refused = 0 if bad is None else int(bad.sum())
    facts, texts = facts_of(cells, lines, accepted, task)
    told = tuple(sorted((*raw.problems, *problems), key=lambda problem: problem.line))
    filtered = len(raw.lines) - len(lines)
    rows = len(raw.lines) + raw.refused
    return Block(facts, texts, told, rows, raw.bytes_read, raw.refused + refused, filtered)


def _kept(raw: Raw, task: Task) -> Mask | None:
    """Which rows the mapping's ``only`` keeps; the others are counted."""
    kept: Mask | None = None
    for name, values in task.mapping.only:
        cells = pc.utf8_trim_whitespace(raw.columns[name].cast(pa.string())).fill_null("")
        here = np.asarray(pc.is_in(cells, value_set=pa.array(values, pa.string())))
        out = ~here if kept is None else kept & ~here
        task.tally.add("rows_filtered", name, raw.lines[out])
        kept = here if kept is None else kept & here
    return kept


def _cells(column: Column, columns: Mapping[str, pa.Array], lines: npt.NDArray[np.int64], task: Task) -> Cells:
    rule = task.mapping.rule(column.key)
    given = None if rule is None else _given(rule, columns, lines)
    if rule is None or given is None:
        return Cells(column, None, pa.nulls(0, pa.string()), Judged(_default(column, len(lines), task)))
    given = compacted(given)
    judged = over_unique(given, lambda strings: _judge(strings, column, rule, task))
    return Cells(column, rule, given, _completed(judged, column, task) if rule.optional else judged)


def _completed(judged: Judged, column: Column, task: Task) -> Judged:
    """What is judged of a column that a file may lack, with the column's default where the file gives nothing."""
    if not column.required or not judged.values.null_count:
        return judged
    values = pc.coalesce(typed(judged.values, ARROW_TYPES[column.type]), _default(column, len(judged.values), task))
    absent = np.asarray(values.is_null())
    return replace(judged, values=values, faults=first_fault(judged.faults, fault_where(absent, "missing_value")))


def _given(rule: Rule, columns: Mapping[str, pa.Array], lines: npt.NDArray[np.int64]) -> pa.Array | None:
    """The strings the rule reads: a constant, the line, one column or several joined; None where the file has none."""
    if rule.value is not None:
        return pa.DictionaryArray.from_arrays(pa.array(np.zeros(len(lines), np.int32)), pa.array([rule.value], pa.string()))
    if rule.line:
        return pa.array(lines).cast(pa.string())
    parts = [part for names in rule.parts if (part := _part(names, columns)) is not None]
    if len(parts) < len(rule.parts):
        return None
    if len(parts) == 1:
        return parts[0]
    strings = [without(trimmed(part.cast(pa.string())), rule.missing) for part in parts]
    return pc.binary_join_element_wise(*strings, rule.join)


def _part(names: tuple[str, ...], columns: Mapping[str, pa.Array]) -> pa.Array | None:
    found = [columns[name] for name in names if name in columns]
    if len(found) < 2:
        return found[0] if found else None
    return pc.coalesce(*(cells.cast(pa.string()) for cells in found))


def _default(column: Column, count: int, task: Task) -> pa.Array:
    """What a column holds that no rule fills."""
    kind = ARROW_TYPES[column.type]
    if column.key == "source":
        return _repeated(task.source, count)
    if task.table.sequence is not None and column.key == task.table.sequence[0]:
        return pa.repeat(pa.scalar(_NOT_NUMBERED, pa.int64()), count)
    if column.key == task.table.day and task.mapping.period:
        return pa.repeat(pa.scalar(_first_day(column, task), kind), count)
    return pa.nulls(count, kind)


def _repeated(text: str, count: int) -> pa.Array:
    data = text.encode()
    offsets = np.arange(count + 1, dtype=np.int32) * np.int32(len(data))
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(data * count))


def _first_day(column: Column, task: Task) -> object:
    start = Period.parse(task.mapping.period).start
    if column.type == "day":
        return start
    return datetime(start.year, start.month, start.day, tzinfo=task.zones.file).astimezone(UTC).replace(tzinfo=None)


def _judge(strings: pa.Array, column: Column, rule: Rule, task: Task) -> Judged:
    strings = without(trimmed(strings), rule.missing)
    named = translated(strings, rule)
    judged = _typed(named.values, column, rule, task)
    faults = first_fault(named.faults, judged.faults)
    if column.required and not rule.optional:
        absent = np.asarray(judged.values.is_null())
        faults = first_fault(faults, fault_where(absent, "missing_value"))
    return Judged(judged.values, faults, judged.offsets, judged.masked)


def _typed(strings: pa.Array, column: Column, rule: Rule, task: Task) -> Judged:
    if column.type == "int":
        return as_measures(strings, column, rule)
    if column.type == "flag":
        return as_flags(strings, rule)
    if column.type == "day":
        return as_days(strings, rule, task.zones)
    if column.type == "instant":
        return as_instants(strings, rule, task.zones)
    if column.type == "text_ref":
        return as_texts(strings, longest=task.limits.text_chars)
    return as_codes(strings, column, longest=task.limits.code_chars)


# --- problems ---------------------------------------------------------------------------------------------------------


def _problems(cells: tuple[Cells, ...], lines: npt.NDArray[np.int64], task: Task) -> tuple[Mask | None, list[Problem]]:
    bad: Mask | None = None
    problems: list[Problem] = []
    for one in cells:
        faults = one.judged.faults
        if one.rule is None and one.column.required and one.judged.values.null_count:
            faults = fault_where(np.ones(len(lines), np.bool_), "missing_value")
        if faults is None or not faults.any():
            continue
        wrong = faults != 0
        bad = wrong if bad is None else bad | wrong
        args = {code: _args(code, one.column, task) for code in CODES[1:]}
        told = ((at, CODES[faults[at]]) for at in np.flatnonzero(wrong).tolist())
        problems.extend(_told(one, at, code, int(lines[at]), args[code], task) for at, code in told)
    return bad, problems


def _told(one: Cells, at: int, code: str, line: int, args: Mapping[str, object], task: Task) -> Problem:
    column = one.rule.file_column if one.rule is not None else ""
    value = one.given[at].as_py() if one.rule is not None else None
    text = "" if value is None else "***" if one.column.type == "pseudonym" else masking.shown(value)
    return Problem(task.file, line, column or one.column.key, code, text, args)


def _args(code: str, column: Column, task: Task) -> dict[str, object]:
    args: dict[str, object] = {"field": column.key}
    if code in ("below_lowest", "above_highest"):
        args["limit"] = column.lowest if code == "below_lowest" else column.highest
    if code == "unknown_code":
        args["known"] = ", ".join(column.codes)
    if code in ("code_too_long", "text_too_long"):
        args["limit"] = task.limits.code_chars if code == "code_too_long" else task.limits.text_chars
    if code == "too_many_decimals":
        args["scale"] = column.scale
    return args
