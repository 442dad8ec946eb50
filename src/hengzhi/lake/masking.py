"""Masking of what identifies a person: resident ids, bank cards, mobile numbers and e-mail addresses in any text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_Span = tuple[int, int, str]

_WIDE = str.maketrans("０１２３４５６７８９Ｘｘ＠．－　＋＿", "0123456789Xx@.- +_")
_GAP = "[ .·-]"
# At least eleven digits, each perhaps behind one separator; a check character X may end a resident id.
_RUN = re.compile(rf"[0-9](?:{_GAP}?[0-9]){{10,199}}(?:{_GAP}?[Xx])?")
_EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}")
# The same for Arrow (RE2), before any Python runs: what could hold personal data at all.
_MAYBE = r"[@＠]|[0-9０-９](?:[ 　.．·－-]?[0-9０-９]){10}"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999, 6.1
_CHECKS = "10X98765432"
_SHORTEST_NUMBER = 11
_LONGEST_SHOWN = 80
# Issuer ranges of ISO/IEC 7812: UnionPay 62, Visa 4, Mastercard 51–55 and 2221–2720, American Express, JCB; and older
# domestic ranges 60 and 68.
_CARDS = re.compile(
    r"(?:62\d{14,17}|4\d{15}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|35\d{14}|6[08]\d{14,17})"
)


def mask(text: str) -> str:
    """``text`` with each identifier replaced by its kind in brackets, also where it is part of a longer run of digits.

    >>> mask("卡号4111 1111 1111 1111, 电话13800138000")
    '卡号[CARD], 电话[MOBILE]'
    """
    return _replaced(text, _spans(text.translate(_WIDE), _in_run))


@lru_cache(maxsize=4096)
def shown(text: str) -> str:
    """``text`` masked and cut, as problems show it."""
    hidden = mask(text[:400])
    return hidden if len(hidden) <= _LONGEST_SHOWN else hidden[: _LONGEST_SHOWN - 1] + "…"


def masked(texts: pa.Array) -> pa.Array:
    """Free texts with each identifier replaced by its kind in brackets."""
    return _mapped(texts, mask)


def masked_codes(codes: pa.Array) -> pa.Array:
    """Codes with each identifier replaced by its kind; in a code a whole run of digits must be one.

    Order numbers of twenty digits hold what could be a mobile number as often as not.
    """
    return _mapped(codes, lambda code: _replaced(code, _spans(code.translate(_WIDE), _whole_run)))


def personal_codes(codes: pa.Array) -> npt.NDArray[np.bool_]:
    """Which codes hold an identifier."""
    maybe = _maybe(codes)
    found = np.zeros(len(codes), np.bool_)
    if len(maybe):
        some = codes.take(pa.array(maybe)).to_pylist()
        found[maybe] = [any(True for _ in _spans(code.translate(_WIDE), _whole_run)) for code in some]
    return found


def _mapped(texts: pa.Array, change: Callable[[str], str]) -> pa.Array:
    maybe = _maybe(texts)
    if not len(maybe):
        return texts
    where = np.zeros(len(texts), np.bool_)
    where[maybe] = True
    new = pa.array([change(text) for text in texts.take(pa.array(maybe)).to_pylist()], pa.string())
    return pc.replace_with_mask(texts, pa.array(where), new)


def _replaced(text: str, spans: Iterator[_Span]) -> str:
    pieces, at = [], 0
    for start, end, kind in sorted(spans):
        if start >= at:
            pieces += [text[at:start], f"[{kind}]"]
            at = end
    return "".join([*pieces, text[at:]])


def _maybe(texts: pa.Array) -> npt.NDArray[np.int64]:
    if len(texts) == 0:
        return np.empty(0, np.int64)
    longest = pc.max(pc.binary_length(texts)).as_py() or 0
    if longest < _SHORTEST_NUMBER and not _has_at_sign(texts):
        return np.empty(0, np.int64)
    return np.flatnonzero(np.asarray(pc.match_substring_regex(texts, _MAYBE).fill_null(False)))


def _has_at_sign(texts: pa.Array) -> bool:
    buffer = texts.buffers()[2]
    data = b"" if buffer is None else buffer.to_pybytes()
    return b"@" in data or "＠".encode() in data


def _spans(text: str, in_run: Callable[[re.Match[str]], Iterator[_Span]]) -> Iterator[_Span]:
    if "@" in text:
        for found in _EMAIL.finditer(text):
            yield (*found.span(), "EMAIL")
    for run in _RUN.finditer(text):
        yield from in_run(run)


def _in_run(run: re.Match[str]) -> Iterator[_Span]:
    """Identifiers within one run of digits, looked for at every digit; the longest and best-checked kind first."""
    places = [at for at in range(*run.span()) if run.string[at] in "0123456789Xx"]
    digits = "".join(run.string[at] for at in places).upper()
    # A group is what stands between two separators; a mobile number must fill its groups.
    breaks = {0, len(places), *(at for at, (one, other) in enumerate(pairwise(places), start=1) if other - one > 1)}
    at = 0
    while at < len(digits):
        kind, size = _at(digits, at, breaks)
        if size:
            yield places[at], places[at + size - 1] + 1, kind
        at += size or 1


def _whole_run(run: re.Match[str]) -> Iterator[_Span]:
    """The identifier that a whole run of digits is, a country code in front of a mobile number left aside."""
    digits = re.sub("[^0-9X]", "", run[0].upper())
    number = re.sub("^(?:00)?86(?=1[3-9][0-9]{9}$)", "", digits)
    kind, size = _at(number, 0, {0, len(number)})
    if size == len(number):
        yield (*run.span(), kind)


def _at(digits: str, at: int, breaks: set[int]) -> tuple[str, int]:
    if _is_resident_id(digits[at : at + 18]):
        return "ID", 18
    for size in (19, 18, 17, 16, 15):
        number = digits[at : at + size]
        if len(number) == size and _CARDS.fullmatch(number) and _luhn(number):
            return "CARD", size
    if _is_mobile(digits[at : at + 11]) and _fills_groups(at, at + 11, breaks):
        return "MOBILE", 11
    return "", 0


def _is_mobile(number: str) -> bool:
    return len(number) == 11 and number[0] == "1" and number[1] in "3456789" and number.isdigit()


def _fills_groups(start: int, end: int, breaks: set[int]) -> bool:
    inner = sorted(at for at in breaks if start < at < end)
    if not inner:
        return True
    edges = [start, *inner, end]
    aligned = end in breaks and (start in breaks or start - 2 in breaks or start - 4 in breaks)
    return aligned and len(inner) <= 3 and min(b - a for a, b in pairwise(edges)) >= 2


def _is_resident_id(number: str) -> bool:
    """By GB 11643: region, a date of birth, an order number and the check character of ISO 7064 MOD 11-2."""
    if len(number) != 18 or not number[:17].isdigit() or number[0] not in "12345678":
        return False
    if _CHECKS[sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False)) % 11] != number[17]:
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return 1850 <= born.year <= 2100


def _luhn(number: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    doubled = (int(digit) * (2 if at % 2 else 1) for at, digit in enumerate(reversed(number)))
    return number.isdigit() and sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
