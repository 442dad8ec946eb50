"""Raw columns turned into facts: each rule applied to whole arrays, bad rows refused with their reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hengzhi.core import Period, Problem
from hengzhi.lake import language, masking
from hengzhi.lake.mapping.model import Mapping_, Rule
from hengzhi.lake.readers.block import Block, Limits, Pseudonymiser, Raw
from hengzhi.lake.readers.codes import as_codes, as_flags, as_texts, translated
from hengzhi.lake.readers.instants import Zones, as_days, as_instants, months_of
from hengzhi.lake.readers.judged import CODES, Judged, compacted, fault_where, first_fault, over_unique, trimmed, without
from hengzhi.lake.readers.measures import as_measures
from hengzhi.lake.tables import ARROW_TYPES, TEXT_SCHEMA, Column, FactTable

Mask = npt.NDArray[np.bool_]

_OFFSET_COLUMN = "offset_minutes"  # belongs to the instant that dates the table
_NOT_NUMBERED = -1  # the store numbers such rows later, in file order


@dataclass(slots=True)
class Tally:
    """What is told once per file: how often, and where first."""

    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    first: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, code: str, column: str, lines: npt.NDArray[np.int64]) -> None:
        """Count ``code`` in ``column`` on ``lines``."""
        if len(lines):
            self.counts[code, column] = self.counts.get((code, column), 0) + len(lines)
            self.first.setdefault((code, column), int(lines[0]))

    def warnings(self, source: str) -> tuple[Problem, ...]:
        """One warning for each code and column."""
        return tuple(
            Problem(source, self.first[code, column], column, code, args={"count": count}, severity="warning")
            for (code, column), count in self.counts.items()
        )


@dataclass(frozen=True, slots=True)
class Task:
    """What stays the same for all blocks of one import."""

    file: str
    mapping: Mapping_
    table: FactTable
    batch: int
    zones: Zones
    pseudonymiser: Pseudonymiser
    limits: Limits
    source: str  # the value of the column "source" where no rule gives one
    tally: Tally = field(default_factory=Tally)


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells one rule reads, before and after judgement."""

    column: Column
    rule: Rule | None
    given: pa.Array
    judged: Judged


def converted(raw: Raw, task: Task) -> Block:
    """The facts, texts and problems of ``raw``."""
    kept = _kept(raw, task)
    lines = raw.lines if kept is None else raw.lines[kept]
    columns = raw.columns if kept is None else {name: cells.filter(pa.array(kept)) for name, cells in raw.columns.items()}
    cells = tuple(_cells(column, columns, lines, task) for column in task.table.columns)
    bad, problems = _problems(cells, lines, task)
    accepted = None if bad is None else ~bad
    refused = 0 if bad is None else int(bad.sum())
    facts, texts = _facts(cells, lines, accepted, task)
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


def _cells(column: Column, columns: Mapping[str, pa.Array], lines: npt.NDArray[np.int64], task: Task) -> _Cells:
    rule = task.mapping.rule(column.key)
    given = None if rule is None else _given(rule, columns, lines)
    if rule is None or given is None:
        return _Cells(column, None, pa.nulls(0, pa.string()), Judged(_default(column, len(lines), task)))
    given = compacted(given)
    judged = over_unique(given, lambda strings: _judge(strings, column, rule, task))
    return _Cells(column, rule, given, _completed(judged, column, task) if rule.optional else judged)


def _completed(judged: Judged, column: Column, task: Task) -> Judged:
    """What is judged of a column that a file may lack, with the column's default where the file gives nothing."""
    if not column.required or not judged.values.null_count:
        return judged
    values = pc.coalesce(_plain(judged.values, ARROW_TYPES[column.type]), _default(column, len(judged.values), task))
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


def _problems(cells: tuple[_Cells, ...], lines: npt.NDArray[np.int64], task: Task) -> tuple[Mask | None, list[Problem]]:
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


def _told(one: _Cells, at: int, code: str, line: int, args: Mapping[str, object], task: Task) -> Problem:
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


# --- facts ------------------------------------------------------------------------------------------------------------


def _facts(
    cells: tuple[_Cells, ...], lines: npt.NDArray[np.int64], accepted: Mask | None, task: Task
) -> tuple[pa.RecordBatch, pa.RecordBatch | None]:
    chosen = None if accepted is None else pa.array(accepted)
    lines = lines if accepted is None else lines[accepted]
    arrays = {one.column.key: one.judged.values if chosen is None else one.judged.values.filter(chosen) for one in cells}
    dated = next(one for one in cells if one.column.key == task.table.day)
    months = months_of(arrays[task.table.day], task.zones.institution)
    texts = None
    for one in cells:
        key = one.column.key
        if one.column.type == "pseudonym" and one.rule is not None:
            arrays[key] = _pseudonyms(arrays[key], one.column.role or key, task)
        elif one.column.type == "text_ref" and one.rule is not None:
            arrays[key], texts = _texts(arrays[key], lines, months, task)
        elif one.judged.masked is not None:
            arrays[key] = _unlinked(one, arrays[key], accepted, lines, task)
        elif key == _OFFSET_COLUMN and dated.judged.offsets is not None:
            offsets = dated.judged.offsets
            arrays[key] = pc.coalesce(arrays[key], offsets if chosen is None else offsets.filter(chosen))
    batch = pa.array(np.full(len(lines), task.batch, np.int64))
    values = [_plain(arrays[one.column.key], ARROW_TYPES[one.column.type]) for one in cells]
    schema = task.table.schema()
    return pa.RecordBatch.from_arrays([*values, batch, pa.array(lines), pa.array(months)], schema=schema), texts


def _plain(values: pa.Array, kind: pa.DataType) -> pa.Array:
    return values if values.type == kind else values.cast(kind)


def _pseudonyms(raw: pa.Array, role: str, task: Task) -> pa.Array:
    encoded = raw.dictionary_encode()
    return task.pseudonymiser.pseudonyms(role, encoded.dictionary).take(encoded.indices)


def _unlinked(one: _Cells, codes: pa.Array, accepted: Mask | None, lines: npt.NDArray[np.int64], task: Task) -> pa.Array:
    """Codes with personal data masked; where the code tells rows apart it becomes a pseudonym, so that it still does."""
    found = one.judged.masked
    assert found is not None  # noqa: S101  (the caller asked)
    found = found if accepted is None else found[accepted]
    task.tally.add("personal_data_in_code", one.rule.file_column if one.rule else one.column.key, lines[found])
    at = pa.array(np.flatnonzero(found))
    hidden = codes.take(at)
    if one.column.key in task.table.unique or one.column.role == "case":
        hidden = _pseudonyms(hidden, "customer", task)
    else:
        hidden = masking.masked_codes(hidden)
    return pc.replace_with_mask(codes, pa.array(found), hidden)


def _texts(
    texts: pa.Array, lines: npt.NDArray[np.int64], months: npt.NDArray[np.int64], task: Task
) -> tuple[pa.Array, pa.RecordBatch | None]:
    """The ids of the texts, and the rows of table ``text``: masked, with their language."""
    present = np.asarray(texts.is_valid()) & np.asarray(pc.not_equal(texts, "").fill_null(False))
    ids = (np.int64(task.batch) << np.int64(36)) | lines  # tables.text_id for whole arrays
    column = pa.array(ids, mask=~present)
    if not present.any():
        return column, None
    hidden = masking.masked(texts.filter(pa.array(present)))
    batch = np.full(int(present.sum()), task.batch, np.int64)
    arrays = [pa.array(ids[present]), pa.array(batch), pa.array(lines[present]), pa.array(months[present])]
    return column, pa.RecordBatch.from_arrays([*arrays, hidden, language.languages(hidden)], schema=TEXT_SCHEMA)


def zones_of(mapping: Mapping_, institution: ZoneInfo) -> Zones:
    """The zones an import works with."""
    return Zones(ZoneInfo(mapping.zone) if mapping.zone else institution, institution, named=bool(mapping.zone))
