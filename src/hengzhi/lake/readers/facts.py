"""Judged cells put together as rows of the fact table, without anything that identifies a person."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hengzhi.lake import language, masking
from hengzhi.lake.readers.instants import months_of
from hengzhi.lake.readers.task import Cells, Mask, Task
from hengzhi.lake.tables import ARROW_TYPES, TEXT_SCHEMA

_OFFSET_COLUMN = "offset_minutes"  # belongs to the instant that dates the table


def facts_of(
    cells: tuple[Cells, ...], lines: npt.NDArray[np.int64], accepted: Mask | None, task: Task
) -> tuple[pa.RecordBatch, pa.RecordBatch | None]:
    """The accepted rows as facts, and their texts for table ``text`` where there are any."""
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
    values = [typed(arrays[one.column.key], ARROW_TYPES[one.column.type]) for one in cells]
    schema = task.table.schema()
    return pa.RecordBatch.from_arrays([*values, batch, pa.array(lines), pa.array(months)], schema=schema), texts


def typed(values: pa.Array, kind: pa.DataType) -> pa.Array:
    """``values`` as ``kind``, unless they are that already."""
    return values if values.type == kind else values.cast(kind)


def _pseudonyms(raw: pa.Array, role: str, task: Task) -> pa.Array:
    encoded = raw.dictionary_encode()
    return task.pseudonymiser.pseudonyms(role, encoded.dictionary).take(encoded.indices)


def _unlinked(one: Cells, codes: pa.Array, accepted: Mask | None, lines: npt.NDArray[np.int64], task: Task) -> pa.Array:
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
