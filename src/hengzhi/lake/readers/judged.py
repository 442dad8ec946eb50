"""Values that have been judged: the converted array, and for each value whether and why it is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Faults = npt.NDArray[np.uint8]

# The faults a single value can have; their place in this tuple is what arrays of faults hold.
CODES = (
    "",
    "missing_value",
    "invalid_int",
    "below_lowest",
    "above_highest",
    "invalid_date",
    "date_out_of_range",
    "unknown_code",
    "invalid_flag",
    "too_many_decimals",
    "bad_encoding",
    "code_too_long",
    "text_too_long",
    "control_character",
    "stray_bom",
    "no_band",
    "unknown_value",
)
FAULT = {code: at for at, code in enumerate(CODES)}


@dataclass(frozen=True, slots=True)
class Judged:
    """Converted values; where ``faults`` is not 0 the value means nothing. No faults at all = None."""

    values: pa.Array
    faults: Faults | None = None
    offsets: pa.Array | None = None  # of instants: minutes east of UTC, where known
    masked: npt.NDArray[np.bool_] | None = None  # where personal data was found in a code

    def take(self, indices: pa.Array) -> Judged:
        """The judged values at ``indices``; a null index gives null without fault."""
        at = np.asarray(indices.fill_null(0))
        none = None if indices.null_count == 0 else np.asarray(indices.is_null())
        faults = None if self.faults is None else self.faults[at]
        masked = None if self.masked is None else self.masked[at]
        if none is not None:
            faults = None if faults is None else np.where(none, np.uint8(0), faults)
            masked = None if masked is None else masked & ~none
        offsets = None if self.offsets is None else self.offsets.take(indices)
        return Judged(self.values.take(indices), faults, offsets, masked)


def over_unique(cells: pa.Array, convert: Callable[[pa.Array], Judged]) -> Judged:
    """``convert`` applied to strings, once per distinct value where ``cells`` is a dictionary."""
    if not isinstance(cells, pa.DictionaryArray):
        return convert(cells)
    if len(cells.dictionary) == 0:
        return convert(cells.cast(pa.string()))
    return convert(cells.dictionary).take(cells.indices)


def compacted(cells: pa.Array) -> pa.Array:
    """``cells`` as a dictionary where a sample says that few values repeat often."""
    if isinstance(cells, pa.DictionaryArray) or len(cells) < 2000:
        return cells
    return cells.dictionary_encode() if len(cells[:2000].unique()) <= 200 else cells


def first_fault(one: Faults | None, other: Faults | None) -> Faults | None:
    """The faults of two judgements of the same values; the first wins."""
    if one is None or other is None:
        return other if one is None else one
    return np.where(one != 0, one, other)


def fault_where(mask: npt.NDArray[np.bool_], code: str) -> Faults | None:
    """The fault ``code`` wherever ``mask`` holds."""
    return np.where(mask, np.uint8(FAULT[code]), np.uint8(0)) if mask.any() else None


def byte_range(strings: pa.Array) -> tuple[int, int]:
    """The lowest and highest byte among all values (32, 32 where there are none): a cheap first look at a column."""
    data = text_bytes(strings)
    return (int(data.min()), int(data.max())) if len(data) else (32, 32)


def text_bytes(strings: pa.Array) -> npt.NDArray[np.uint8]:
    """The bytes of all values, one behind the other, without copying."""
    buffer = strings.buffers()[2]
    if buffer is None or len(strings) == 0:
        return np.empty(0, np.uint8)
    offsets = value_offsets(strings)
    return np.frombuffer(buffer, np.uint8)[int(offsets[0]) : int(offsets[-1])]


def value_offsets(strings: pa.Array) -> npt.NDArray[np.int32]:
    """Where each value starts in the buffer of ``strings``, and where the last one ends."""
    return np.frombuffer(strings.buffers()[1], np.int32)[strings.offset : strings.offset + len(strings) + 1]


def trimmed(strings: pa.Array) -> pa.Array:
    """The values without white space around them."""
    low, high = byte_range(strings)
    return strings if low > 32 and high < 128 else pc.utf8_trim_whitespace(strings)


def without(strings: pa.Array, missing: tuple[str, ...]) -> pa.Array:
    """The values with those that mean "missing" (always the empty one) made null."""
    named = tuple(value for value in missing if value)
    if named:
        gone = pc.is_in(strings, value_set=pa.array(["", *named], pa.string()))
    else:
        if len(strings) and int(np.diff(value_offsets(strings)).min()) > 0:
            return strings
        gone = pc.equal(strings, "")
    return pc.if_else(gone, pa.scalar(None, pa.string()), strings) if pc.any(gone).as_py() else strings
