"""Measures: decimal text as integers of the column's scale, within the column's bounds."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hengzhi.lake.mapping.model import Rule
from hengzhi.lake.readers.codes import undecodable, usual_form
from hengzhi.lake.readers.judged import FAULT, Faults, Judged, byte_range, fault_where, first_fault
from hengzhi.lake.tables import Column

_NUMBER = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,3})?")
_LARGEST = 2**63 - 1


def as_measures(strings: pa.Array, column: Column, rule: Rule) -> Judged:
    """Integers in units of ``10**-scale``; more decimals than that are refused unless the rule rounds."""
    judged = _fast(strings, column.scale) or _slow(strings, column.scale, rounded=rule.round)
    if rule.bands:
        return _banded(judged, rule.bands)
    return _bounded(judged, column)


def _fast(strings: pa.Array, scale: int) -> Judged | None:
    """The values read by Arrow, where every one is a plain number with no more decimals than the scale."""
    if byte_range(strings)[1] > ord("9"):  # Arrow would read "0x1F" and "1e5" as well
        return None
    try:
        if scale == 0:
            return Judged(pc.cast(strings, pa.int64()))
        return Judged(_unscaled(pc.cast(strings, pa.decimal128(18, scale))))
    except pa.ArrowInvalid:
        return None


def _unscaled(decimals: pa.Array) -> pa.Array:
    words = np.frombuffer(decimals.buffers()[1], np.int64)[2 * decimals.offset : 2 * (decimals.offset + len(decimals)) : 2]
    return pa.array(words, mask=np.asarray(decimals.is_null()))


def _slow(strings: pa.Array, scale: int, *, rounded: bool) -> Judged:
    encoded = strings.dictionary_encode()
    read = [_number(text, scale, rounded=rounded) for text in encoded.dictionary.to_pylist()]
    values = pa.array([value for value, _ in read], pa.int64())
    faults = np.array([FAULT[code] for _, code in read], np.uint8)
    return Judged(values, first_fault(undecodable(encoded.dictionary), faults)).take(encoded.indices)


def _number(text: str | None, scale: int, *, rounded: bool) -> tuple[int | None, str]:
    plain = usual_form(text or "")
    if not _NUMBER.fullmatch(plain):
        return None, "invalid_int"
    try:
        exact = Decimal(plain).scaleb(scale)
        whole = exact.quantize(Decimal(1), ROUND_HALF_UP)
    except InvalidOperation:
        return None, "above_highest"
    if whole != exact and not rounded:
        return None, "too_many_decimals"
    if abs(whole) > _LARGEST:
        return None, "above_highest" if whole > 0 else "below_lowest"
    return int(whole), ""


def _bounded(judged: Judged, column: Column) -> Judged:
    faults = judged.faults
    for bound, compare, code in ((column.lowest, pc.less, "below_lowest"), (column.highest, pc.greater, "above_highest")):
        if bound is not None:
            beyond = np.asarray(compare(judged.values, bound).fill_null(False))
            faults = first_fault(faults, fault_where(beyond, code))
    return Judged(judged.values, faults)


def _banded(judged: Judged, bands: tuple[tuple[int, int, int], ...]) -> Judged:
    given = np.asarray(judged.values.fill_null(0))
    present = np.asarray(judged.values.is_valid())
    points = np.zeros(len(given), np.int64)
    hit = np.zeros(len(given), np.bool_)
    for lowest, highest, value in bands:
        inside = present & (given >= lowest) & (given <= highest)
        points[inside], hit = value, hit | inside
    faults: Faults | None = first_fault(judged.faults, fault_where(present & ~hit, "no_band"))
    return Judged(pa.array(points, mask=~hit), faults)
