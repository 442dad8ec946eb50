"""Arrow columns made from positions, numbers and instants, in the order and types of a fact table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hengzhi.core import Period
from hengzhi.lake.tables import ARROW_TYPES, FactTable

OFFSET_MINUTES = 480  # Asia/Shanghai, no daylight saving time
_TO_UTC = np.timedelta64(-OFFSET_MINUTES, "m")
Instants = NDArray[np.datetime64]
Mask = NDArray[np.bool_]


def schema_of(table: FactTable) -> pa.Schema:
    """The Arrow schema of the rows of ``table`` as a source delivers them: without batch, line and month."""
    return pa.schema([pa.field(c.key, ARROW_TYPES[c.type], nullable=not c.required) for c in table.columns])


def rows_of(table: FactTable, rows: int, /, **columns: Any) -> pa.Table:
    """``columns`` (arrays, or one value for all rows) as Arrow rows of ``table``; a column not named is empty."""
    schema = schema_of(table)
    unknown = set(columns) - set(schema.names)
    if unknown:
        raise KeyError(*sorted(unknown))
    return pa.Table.from_arrays([_column(columns.get(field.name), rows, field.type) for field in schema], schema=schema)


def _column(values: Any, rows: int, kind: pa.DataType) -> pa.Array[Any]:
    if values is None:
        return pa.nulls(rows, kind)
    if isinstance(values, pa.Array):
        return values if values.type == kind else values.cast(kind)
    if isinstance(values, np.ndarray):
        return pa.array(values).cast(kind)
    return pa.repeat(pa.scalar(values, kind), rows)


def pick(codes: Sequence[str] | pa.StringArray, at: NDArray[Any], *, empty: Mask | None = None) -> pa.Array[Any]:
    """The code at each position; none where ``empty``."""
    listed = codes if isinstance(codes, pa.Array) else pa.array(codes, pa.string())
    return listed.take(pa.array(at, mask=empty))


def blank(values: NDArray[Any], empty: Mask) -> pa.Array[Any]:
    """The values, none where ``empty``."""
    return pa.array(values, mask=empty)


def numbered(prefix: str, numbers: NDArray[Any]) -> pa.Array[Any]:
    """Record numbers such as ``V202610-0000012``."""
    digits = pc.utf8_lpad(pc.cast(pa.array(numbers), pa.string()), 7, "0")
    return pc.binary_join_element_wise(prefix, digits, "-")


def first_day(month: int) -> np.datetime64:
    """The first day of a month written yyyymm."""
    return np.datetime64(Period.month(month).start)


def days_in(month: int) -> int:
    """How many days a month has."""
    period = Period.month(month)
    return (period.end - period.start).days


def utc(local: Instants) -> Instants:
    """Instants of the institution's zone as naive UTC microseconds."""
    found: Instants = np.add(local.astype("datetime64[us]"), _TO_UTC)
    return found


def received(month: int) -> date:
    """The day on which the files of ``month`` arrive: the third of the next month."""
    return Period.month(month).end.replace(day=3)


def random_instants(chance: np.random.Generator, month: int, rows: int, *, opens: int, closes: int) -> Instants:
    """Local instants within ``month``, between two hours of the day, to the second."""
    days = chance.integers(0, days_in(month), rows).astype("timedelta64[D]")
    seconds = chance.integers(opens * 3600, closes * 3600, rows).astype("timedelta64[s]")
    found: Instants = first_day(month) + days + seconds
    return found
