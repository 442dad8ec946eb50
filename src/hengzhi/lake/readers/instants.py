"""Days and instants: dates of many spellings as days of the institution's calendar and as naive UTC microseconds."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hengzhi.lake.mapping.dates import ISO, pattern_of
from hengzhi.lake.mapping.model import Rule
from hengzhi.lake.readers.codes import undecodable, usual_form
from hengzhi.lake.readers.judged import FAULT, Faults, Judged, first_fault
from hengzhi.lake.readers.shapes import NO_OFFSET, Stamps, read_shapes
from hengzhi.lake.readers.zones import SECOND, offsets_of_local, offsets_of_utc

Ints = npt.NDArray[np.int64]

FIRST_YEAR, LAST_YEAR = 1900, 2100
_DAY = 86_400 * SECOND
_MINUTE = 60 * SECOND


@dataclass(frozen=True, slots=True)
class Zones:
    """Where the file's stamps without offset are local, and whose calendar days and months are."""

    file: ZoneInfo
    institution: ZoneInfo
    named: bool  # whether the mapping names the file's zone, so that offsets are known


@dataclass(slots=True)
class _Read:
    """Local microseconds and offsets of values read so far."""

    local: Ints
    offset: Ints
    faults: Faults
    timed: npt.NDArray[np.bool_]

    @classmethod
    def nothing(cls, count: int) -> _Read:
        faults = np.full(count, FAULT["invalid_date"], np.uint8)
        return cls(np.zeros(count, np.int64), np.full(count, NO_OFFSET, np.int64), faults, np.zeros(count, np.bool_))


def as_instants(strings: pa.Array, rule: Rule, zones: Zones) -> Judged:
    """Instants in naive UTC microseconds, with the offset of the source where it is known."""
    read = _read(strings, rule)
    utc, offset = _utc(read, zones)
    none = read.faults != 0
    known = ~none & ((read.offset != NO_OFFSET) | zones.named)
    offsets = pa.array(offset // _MINUTE, pa.int64(), mask=~known)
    return Judged(pa.array(utc, mask=none).cast(pa.timestamp("us")), _faults(read, strings), offsets)


def as_days(strings: pa.Array, rule: Rule, zones: Zones) -> Judged:
    """Days; a stamp with a time gives the day it falls on in the institution's zone."""
    read = _read(strings, rule)
    local = read.local
    moved = read.timed & (read.faults == 0) & ((read.offset != NO_OFFSET) | (zones.file.key != zones.institution.key))
    if moved.any():
        utc, _ = _utc(read, zones)
        local = np.where(moved, utc + offsets_of_utc(utc, zones.institution), local)
    days = (local // _DAY).astype(np.int32)
    return Judged(pa.array(days, pa.int32(), mask=read.faults != 0).cast(pa.date32()), _faults(read, strings))


def months_of(values: pa.Array, zone: ZoneInfo) -> Ints:
    """The month (yyyymm) in ``zone`` of days or naive UTC instants; 0 where there is none."""
    if pa.types.is_date32(values.type):
        days = np.asarray(values.cast(pa.int32()).fill_null(0)).astype(np.int64)
    else:
        utc = np.asarray(values.cast(pa.int64()).fill_null(0))
        days = (utc + offsets_of_utc(utc, zone)) // _DAY
    count = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    months: Ints = np.where(np.asarray(values.is_valid()), (1970 + count // 12) * 100 + count % 12 + 1, 0)
    return months


def _utc(read: _Read, zones: Zones) -> tuple[Ints, Ints]:
    written = read.offset != NO_OFFSET
    if written.all():
        offset = read.offset * _MINUTE
    else:
        offset = np.where(written, read.offset * _MINUTE, offsets_of_local(np.where(read.faults == 0, read.local, 0), zones.file))
    return read.local - offset, offset


def _faults(read: _Read, strings: pa.Array) -> Faults | None:
    if not read.faults.any():
        return None
    missing = np.asarray(strings.is_null())
    return first_fault(undecodable(strings), np.where(missing, np.uint8(0), read.faults))


def _read(strings: pa.Array, rule: Rule) -> _Read:
    patterns = tuple(pattern_of(text) for text in rule.formats) or (ISO,)
    read = _Read.nothing(len(strings))
    for stamps in read_shapes(strings, patterns):
        _enter(stamps, stamps.rows, read)
    failed = np.flatnonzero((read.faults == FAULT["invalid_date"]) & np.asarray(strings.is_valid()))
    if len(failed):
        # Full-width digits and the like: once more in the usual form.
        usual = [usual_form(text) for text in strings.take(pa.array(failed)).to_pylist()]
        for stamps in read_shapes(pa.array(usual, pa.string()), patterns):
            _enter(stamps, failed[stamps.rows], read)
    return read


def _enter(stamps: Stamps, rows: Ints, read: _Read) -> None:
    in_range = (stamps.year >= FIRST_YEAR) & (stamps.year <= LAST_YEAR)
    months = np.where(in_range, (stamps.year - 1970) * 12 + stamps.month - 1, 0).astype("datetime64[M]")
    first = months.astype("datetime64[D]").astype(np.int64)
    length = (months + 1).astype("datetime64[D]").astype(np.int64) - first
    right = (stamps.month >= 1) & (stamps.month <= 12) & (stamps.day >= 1)
    right &= (stamps.hour <= 23) & (stamps.minute <= 59) & (stamps.second <= 59)
    right &= (stamps.offset == NO_OFFSET) | (np.abs(stamps.offset) <= 14 * 60)
    right &= (stamps.day <= length) | ~in_range
    time = (stamps.hour * 3600 + stamps.minute * 60 + stamps.second) * SECOND + stamps.microsecond
    read.local[rows] = np.where(right & in_range, (first + stamps.day - 1) * _DAY + time, 0)
    read.offset[rows] = stamps.offset
    read.timed[rows] = stamps.timed
    fault = np.where(right, np.uint8(0), np.uint8(FAULT["invalid_date"]))
    read.faults[rows] = np.where(right & ~in_range, np.uint8(FAULT["date_out_of_range"]), fault)
