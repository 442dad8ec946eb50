"""Codes, flags and free text: strings trimmed, normalised, translated and judged."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hengzhi.lake import masking
from hengzhi.lake.mapping.model import Rule
from hengzhi.lake.readers.encodings import UNDECODABLE
from hengzhi.lake.readers.judged import Faults, Judged, byte_range, fault_where, first_fault
from hengzhi.lake.tables import Column

# C0 and C1 controls; in free text a tab and line breaks belong.
_CONTROL = r"[\x00-\x1f\x7f-\x{9f}]"
_CONTROL_IN_TEXT = r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x{9f}]"
_TRUE = ("true", "1", "yes", "y", "t", "是")
_FALSE = ("false", "0", "no", "n", "f", "否")
_BOM = "\ufeff"


def translated(strings: pa.Array, rule: Rule) -> Judged:
    """The strings after the rule's ``values`` and ``others``."""
    if not rule.values:
        return Judged(strings)
    at = pc.index_in(strings, value_set=pa.array([old for old, _ in rule.values], pa.string()))
    known = np.asarray(at.is_valid())
    new = pa.array([new for _, new in rule.values], pa.string()).take(at)
    other = np.asarray(strings.is_valid()) & ~known
    if not other.any():
        return Judged(new)
    if rule.others == "reject":
        return Judged(new, fault_where(other, "unknown_value"))
    rest = strings if rule.others == "keep" else pa.scalar(rule.others, pa.string())
    return Judged(pc.if_else(pa.array(other), rest, new))


def as_codes(strings: pa.Array, column: Column, *, longest: int) -> Judged:
    """Codes in Unicode's composed form; personal data in them is masked."""
    low, high = byte_range(strings)
    faults: Faults | None = None
    if high >= 128:
        strings = pc.utf8_normalize(strings, form="NFC")
        faults = first_fault(_found(strings, UNDECODABLE, "bad_encoding"), _found(strings, _BOM, "stray_bom"))
    if low < 32 or high >= 127:
        faults = first_fault(faults, fault_where(_true(pc.match_substring_regex(strings, _CONTROL)), "control_character"))
    sizes = np.asarray(pc.utf8_length(strings).fill_null(0))
    if len(sizes) and int(sizes.max()) > longest:
        faults = first_fault(faults, fault_where(sizes > longest, "code_too_long"))
    if column.codes:
        unknown = np.asarray(strings.is_valid()) & ~_true(pc.is_in(strings, value_set=pa.array(column.codes, pa.string())))
        return Judged(strings, first_fault(faults, fault_where(unknown, "unknown_code")))
    personal = masking.personal_codes(strings)
    return Judged(strings, faults, masked=personal if personal.any() else None)


def as_flags(strings: pa.Array, rule: Rule) -> Judged:
    """True and false by the rule's words, else by the usual ones in Chinese and English."""
    if rule.true or rule.false:
        words = {**dict.fromkeys(rule.true, True), **dict.fromkeys(rule.false, False)}
        return _flags(strings, words, rule.others)
    return _flags(pc.utf8_lower(strings), {**dict.fromkeys(_TRUE, True), **dict.fromkeys(_FALSE, False)}, rule.others)


def _flags(strings: pa.Array, words: Mapping[str, bool], others: str) -> Judged:
    at = pc.index_in(strings, value_set=pa.array(list(words), pa.string()))
    values = pa.array(list(words.values()), pa.bool_()).take(at)
    other = np.asarray(strings.is_valid()) & ~np.asarray(at.is_valid())
    if not other.any():
        return Judged(values)
    if others in ("true", "false"):
        return Judged(pc.if_else(pa.array(other), pa.scalar(others == "true"), values))
    return Judged(values, fault_where(other, "invalid_flag"))


def as_texts(strings: pa.Array, *, longest: int) -> Judged:
    """Free text in composed form without control characters (NUL refuses the row: it is no text)."""
    low, high = byte_range(strings)
    faults: Faults | None = None
    if high >= 128:
        strings = pc.utf8_normalize(pc.replace_substring(strings, _BOM, ""), form="NFC")
        faults = _found(strings, UNDECODABLE, "bad_encoding")
    if low == 0:
        faults = first_fault(faults, fault_where(_true(pc.match_substring_regex(strings, r"\x00")), "control_character"))
    if low < 32 or high >= 127:
        strings = pc.replace_substring_regex(strings, _CONTROL_IN_TEXT, " ")
    strings = pc.utf8_trim_whitespace(strings)
    sizes = np.asarray(pc.utf8_length(strings).fill_null(0))
    if len(sizes) and int(sizes.max()) > longest:
        faults = first_fault(faults, fault_where(sizes > longest, "text_too_long"))
    return Judged(strings, faults)


def usual_form(value: str) -> str:
    """A value in ASCII where Unicode knows a compatible form (full-width digits, ideographic space)."""
    return unicodedata.normalize("NFKC", value).strip()


def undecodable(strings: pa.Array) -> Faults | None:
    """Faults that are not about the type: bytes that could not be decoded, a stray byte order mark, control characters."""
    low, high = byte_range(strings)
    if low >= 32 and high < 127:
        return None
    faults = first_fault(_found(strings, UNDECODABLE, "bad_encoding"), _found(strings, _BOM, "stray_bom"))
    return first_fault(faults, fault_where(_true(pc.match_substring_regex(strings, _CONTROL)), "control_character"))


def _found(strings: pa.Array, mark: str, code: str) -> Faults | None:
    return fault_where(_true(pc.match_substring(strings, mark)), code)


def _true(mask: pa.Array) -> npt.NDArray[np.bool_]:
    return np.asarray(mask.fill_null(False))
