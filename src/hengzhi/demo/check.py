"""Checking the demo bank: what was planted against what the stored figures say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from hengzhi.core import Period
from hengzhi.demo.manifest import Planted

State = Literal["found", "absent", "wrong", "pending"]

# Capabilities whose findings are figures with a verdict; the rest of a row's needs are still to come.
_JUDGED = ("met", "missed", "not_shown", "no_data", "not_met", "never_met", "rate", "no_row")


@dataclass(frozen=True, slots=True)
class Seen:
    """One stored figure: its value and verdict, whether it lies beyond its limit by proof, and its flags."""

    value: float | None
    verdict: str
    level: str
    past_limit: bool
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of one row of the manifest."""

    planted: Planted
    state: State
    detail: str


Look = Callable[[str, str, str], Seen | None]


def check(
    manifest: Iterable[Planted], look: Look, period_of: Callable[[str, int], str | None], without: frozenset[str] = frozenset()
) -> list[Checked]:
    """Hold every row against the stored figures; a problem that was left out must not be found.

    Args:
        look: the figure of (indicator, scope, period), if any is stored.
        period_of: the period of an indicator that ends with a month, None where none does.
    """
    kept = (row for row in manifest if row.id not in without or row.kind == "problem")
    return [_one(planted, look, period_of, left_out=planted.id in without) for planted in kept]


def _one(planted: Planted, look: Look, period_of: Callable[[str, int], str | None], *, left_out: bool) -> Checked:
    if planted.needs or not planted.in_facts or planted.verdict not in _JUDGED:
        return Checked(planted, "pending", planted.needs or planted.verdict)
    months = Period(Period.month(planted.earliest).start, Period.month(planted.latest).end).months()
    periods = [period for month in months if (period := period_of(planted.indicator, month))]
    told = [(period, look(planted.indicator, planted.scope, period)) for period in periods]
    right = [_fits(planted, seen) for _, seen in told]
    holds = any(right) if planted.kind == "problem" else bool(right) and all(right)
    detail = ", ".join(f"{period} {_told(seen)}" for period, seen in told)
    if left_out:
        return Checked(planted, "wrong" if holds else "absent", detail)
    return Checked(planted, "found" if holds else "wrong", detail)


def _told(seen: Seen | None) -> str:
    if seen is None:
        return "-"
    return seen.verdict if seen.value is None else f"{seen.verdict} {seen.value:.4g}"


def _fits(planted: Planted, seen: Seen | None) -> bool:
    if planted.verdict == "no_row":
        return seen is None
    if seen is None:
        return False
    if planted.verdict == "rate" and planted.rate is not None:
        return seen.value is not None and planted.rate[0] <= seen.value <= planted.rate[1]
    if planted.verdict == "never_met":
        return seen.verdict != "met"
    if planted.verdict == "not_met":
        return seen.verdict in ("missed", "not_shown")
    return seen.verdict == planted.verdict and (seen.past_limit or not planted.past_limit)
