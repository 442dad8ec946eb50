"""Date and time texts read by shape: all values whose digits stand in the same places are read at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hengzhi.lake.readers.judged import text_bytes, value_offsets

Ints = npt.NDArray[np.int64]
Grid = npt.NDArray[np.uint8]  # one row per value, one column per byte

_LONGEST = 64
_MOST_SHAPES = 200


@dataclass(frozen=True, slots=True)
class Stamps:
    """What was read of some values: fields as numbers, and the offset in minutes where it was written (else ``NO_OFFSET``)."""

    rows: Ints
    year: Ints
    month: Ints
    day: Ints
    hour: Ints
    minute: Ints
    second: Ints
    microsecond: Ints
    offset: Ints
    timed: bool  # whether a time was written at all


NO_OFFSET = -(10**6)


def read_shapes(strings: pa.Array, patterns: tuple[re.Pattern[bytes], ...]) -> Iterator[Stamps]:
    """The values that fit one of ``patterns`` (the first that fits counts), in groups of equal shape."""
    if len(strings) == 0:
        return
    sizes = np.diff(value_offsets(strings))
    valid = np.asarray(strings.is_valid()) if strings.null_count else np.ones(len(strings), np.bool_)
    starts = value_offsets(strings)[:-1] - value_offsets(strings)[0]
    data = text_bytes(strings)
    for size in np.unique(sizes[valid]):
        if not 0 < size <= _LONGEST:
            continue
        rows = np.flatnonzero(valid & (sizes == size))
        whole = len(rows) == len(strings)
        grid = data.reshape(-1, size) if whole else data[starts[rows][:, None] + np.arange(size)]
        yield from _by_shape(rows, grid, patterns)


def _by_shape(rows: Ints, grid: Grid, patterns: tuple[re.Pattern[bytes], ...]) -> Iterator[Stamps]:
    digit = (grid >= 48) & (grid <= 57)
    shapes = np.where(digit, np.uint8(48), grid)
    for _ in range(_MOST_SHAPES):
        same = (shapes == shapes[0]).all(axis=1)
        everywhere = bool(same.all())
        found = next((found for pattern in patterns if (found := pattern.fullmatch(shapes[0].tobytes()))), None)
        if found is not None:
            yield _stamps(rows if everywhere else rows[same], grid if everywhere else grid[same], found)
        if everywhere:
            return
        rows, grid, shapes = rows[~same], grid[~same], shapes[~same]


def _stamps(rows: Ints, grid: Grid, found: re.Match[bytes]) -> Stamps:
    names = found.re.groupindex

    def number(*keys: str) -> Ints:
        for key in keys:
            if key in names and found.start(key) >= 0:
                return _number(grid, *found.span(key))
        return np.zeros(len(rows), np.int64)

    year = number("Y", "Y2", "Y3")
    if "y" in names:
        short = number("y")
        year = np.where(short < 69, 2000 + short, 1900 + short)  # POSIX strptime: 69–99 is 19xx
    month, day = number("m", "m2", "m3"), number("d", "d2", "d3")
    return Stamps(
        rows,
        year,
        month,
        day,
        hour=number("H"),
        minute=number("M"),
        second=number("S"),
        microsecond=_microsecond(grid, found),
        offset=_offset(grid, found),
        timed="H" in names and found.start("H") >= 0,
    )


def _number(grid: Grid, start: int, end: int) -> Ints:
    value = np.zeros(len(grid), np.int64)
    for at in range(start, end):
        value = value * 10 + (grid[:, at] - 48)
    return value


def _microsecond(grid: Grid, found: re.Match[bytes]) -> Ints:
    if "f" not in found.re.groupindex or found.start("f") < 0:
        return np.zeros(len(grid), np.int64)
    start, end = found.span("f")
    digits = min(end - start, 6)
    return _number(grid, start, start + digits) * int(10 ** (6 - digits))


def _offset(grid: Grid, found: re.Match[bytes]) -> Ints:
    if "z" not in found.re.groupindex or found.start("z") < 0:
        return np.full(len(grid), NO_OFFSET, np.int64)
    text = found["z"]
    if text in (b"Z", b"z"):
        return np.zeros(len(grid), np.int64)
    start, end = found.span("z")
    minutes = _number(grid, start + 1, start + 3) * 60
    if len(text) > 3:
        minutes = minutes + _number(grid, end - 2, end)
    return -minutes if text[:1] == b"-" else minutes
