"""The single-sampling plans of GB/T 2828.1, derived from one index rule over preferred numbers."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from hengzhi.core import UnknownKey
from hengzhi.methods.interval import require

Severity = Literal["normal", "tightened", "reduced"]
Level = Literal["S-1", "S-2", "S-3", "S-4", "I", "II", "III"]

LETTERS = "ABCDEFGHJKLMNPQRS"
# Source: GB/T 2828.1-2012 (ISO 2859-1:1999), table 1: upper end of each lot range, and the letter it takes on each level.
_LOT_ENDS = (8, 15, 25, 50, 90, 150, 280, 500, 1200, 3200, 10_000, 35_000, 150_000, 500_000)
_LEVELS = {
    "S-1": "AAAABBBBCCCCDDD",
    "S-2": "AAABBBCCCDDDEEE",
    "S-3": "AABBCCDDEEFFGGH",
    "S-4": "AABCCDEEFGGHJJK",
    "I": "AABCCDEFGHJKLMN",
    "II": "ABCDEFGHJKLMNPQ",
    "III": "BCDEFGHJKLMNPQR",
}
# AQLs are the preferred numbers R5 with their customary rounding, from 0.010 to 1000.
AQLS = (*(Decimal(digits).scaleb(power) for power in range(-2, 3) for digits in ("1", "1.5", "2.5", "4", "6.5")), Decimal(1000))


@dataclass(frozen=True, slots=True)
class SamplingPlan:
    """Inspect ``n`` cases; accept the lot up to ``ac`` nonconforming ones, reject it from ``re`` on."""

    letter: str
    n: int
    ac: int

    @property
    def re(self) -> int:
        """The rejection number; in single sampling the next one after acceptance."""
        return self.ac + 1

    def inspects_all_of(self, lot_size: int) -> bool:
        """Whether the sample takes in the whole lot: then every case is inspected."""
        return self.n >= lot_size


@dataclass(frozen=True, slots=True)
class _Rule:
    """Where along index(letter) + index(AQL) acceptance numbers stand: one zero, a gap, then a series cut by letter."""

    zero: int
    first: int
    series: tuple[int, ...]
    most_small: int
    most_large: int


# Source: MIL-STD-105E / GB/T 2828.1 tables 2-A, 2-B, 2-C: n x AQL is constant along a diagonal, so one series per table suffices.
_RULES = {
    "normal": _Rule(14, 17, (1, 2, 3, 5, 7, 10, 14, 21, 30, 44), 44, 21),
    "tightened": _Rule(15, 18, (1, 2, 3, 5, 8, 12, 18, 27, 41), 41, 18),
    "reduced": _Rule(14, 18, (1, 2, 3, 5, 6, 8, 10, 14, 21), 21, 10),
}
_REDUCED_SMALLEST = (1, 2, 3, 5, 7, 10, 14, 21, 30)  # letters A and B share n = 2 and keep the normal series
_LARGE = LETTERS.index("F")
_TWO = LETTERS.index("C")


def code_letter(lot_size: int, level: Level = "II") -> str:
    """The sample-size code letter of a lot.

    Raises:
        UnknownKey: there is no such level.
        InvalidNumbers: the lot has fewer than two cases.
    """
    require(lot_size >= 2, "a lot has at least two cases")
    if level not in _LEVELS:
        raise UnknownKey("inspection level", level)
    return _LEVELS[level][bisect_left(_LOT_ENDS, lot_size)]


def plan_for(lot_size: int, aql: str | Decimal, *, level: Level = "II", severity: Severity = "normal") -> SamplingPlan:
    """The single-sampling plan of a lot, arrows followed.

    >>> plan = plan_for(2000, "0.65")
    >>> plan.letter, plan.n, plan.ac, plan.re
    ('K', 125, 2, 3)
    """
    return plan_of(code_letter(lot_size, level), aql, severity=severity)


def plan_of(letter: str, aql: str | Decimal, *, severity: Severity = "normal") -> SamplingPlan:
    """The plan in the row of ``letter``; where the table has an arrow, the first plan it points to.

    Raises:
        UnknownKey: the AQL is none of the preferred numbers, or there is no such letter or severity.
    """
    if severity not in _RULES:
        raise UnknownKey("severity", severity)
    if letter not in LETTERS:
        raise UnknownKey("code letter", letter)
    column = _column(aql)
    row = LETTERS.index(letter)
    last = len(LETTERS) - 1 if severity == "tightened" else len(LETTERS) - 2
    step = _arrow(row, column, severity)
    for way in (step, -step):
        at = row
        while 0 <= at <= last:
            ac = _acceptance(at, column, severity)
            if ac is not None:
                return SamplingPlan(LETTERS[at], sample_size(LETTERS[at], severity), ac)
            at += way
    raise UnknownKey("sampling plan", f"{letter} {aql} {severity}")


def sample_size(letter: str, severity: Severity = "normal") -> int:
    """The preferred number that belongs to a letter: every second term of R10 from 2; two letters earlier when reduced.

    >>> [sample_size(letter) for letter in "AEKR"]
    [2, 13, 125, 2000]
    """
    at = LETTERS.index(letter)
    if severity == "reduced":
        at = max(at - 2, 0)
    digits = ("2", "3.15", "5", "8", "12.5")[at % 5]
    return int(Decimal(digits).scaleb(at // 5).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def aql_one_step_tighter(aql: str | Decimal) -> Decimal | None:
    """The next smaller AQL, as the switching score asks for; None below 0.010."""
    column = _column(aql)
    return AQLS[column - 1] if column else None


def _column(aql: str | Decimal) -> int:
    value = Decimal(str(aql))
    if value not in AQLS:
        near = min(AQLS, key=lambda known: abs(known - value))
        raise UnknownKey("AQL", str(aql), str(near))
    return AQLS.index(value)


def _acceptance(row: int, column: int, severity: Severity) -> int | None:
    rule = _RULES[severity]
    if LETTERS[row] == "S" and row + column != rule.first:
        return None
    if row + column == rule.zero:
        return 0
    series, most = rule.series, rule.most_large if row >= _LARGE else rule.most_small
    at = row + column - rule.first
    if severity == "reduced" and row < _TWO:
        series, most = _REDUCED_SMALLEST, _REDUCED_SMALLEST[-1]
        at = column + 1 - rule.first
    return series[at] if 0 <= at < len(series) and series[at] <= most else None


def _arrow(row: int, column: int, severity: Severity) -> int:
    """+1 for a larger sample (arrow down), -1 for a smaller one (arrow up)."""
    rule = _RULES[severity]
    just_after_zero = severity != "tightened" and row + column == rule.zero + 1
    return -1 if just_after_zero or row + column > rule.first else 1
