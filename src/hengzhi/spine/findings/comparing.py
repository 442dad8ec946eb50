"""Comparing stored observations before and after an action, with untreated units where there are some."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np

from hengzhi.core import Period
from hengzhi.engine.scopes import Scope
from hengzhi.methods.effect_comparison import did_panel
from hengzhi.methods.effect_ratio import ratio_t
from hengzhi.spine.runs.models import Observation
from hengzhi.spine.runs.queries import current_observations
from hengzhi.spine.scopes.services import current_tree

Verdict = Literal["met", "missed", "not_shown", "no_data"]
Direction = Literal["improved", "no_change_shown", "worse"]
_ONE_SIDED = 0.90  # the bounds of a two-sided 90 % interval are one-sided 95 % bounds
_MOST_CELLS = 20_000


@dataclass(frozen=True, slots=True)
class Question:
    """What is compared: an indicator in the units of a scope, the months before and after, and the change that is wanted."""

    indicator: str
    scope: str
    before: tuple[int, ...]
    after: tuple[int, ...]
    controls: tuple[str, ...]
    target_change: float


@dataclass(frozen=True, slots=True)
class Effect:
    """The relative change with its one-sided 95 % bounds; ``attributable`` when untreated units were compared with."""

    verdict: Verdict
    direction: Direction = "no_change_shown"
    change: float | None = None
    lower: float | None = None
    upper: float | None = None
    units: int = 0
    control_units: int = 0
    attributable: bool = False
    reason: str = ""
    observations: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The effect as plain values."""
        return {name: list(value) if isinstance(value := getattr(self, name), tuple) else value for name in self.__slots__}


def compare(question: Question) -> Effect:
    """What the stored observations say about the question.

    The unit of chance is the organisation's unit: with controls the difference in differences of mean monthly values, without
    them the ratio of means weighted by n. ``met``: the whole one-sided 95 % region lies beyond the target; ``missed``: before it.
    """
    cells = _cells(question)
    months = (*question.before, *question.after)
    treated = _whole(cells, _units_of(question) - set(question.controls), months)
    controls = _whole(cells, set(question.controls), months)
    used = tuple(sorted(o.pk for unit in (*treated, *controls) for o in cells[unit].values()))
    if not treated or (question.controls and not controls):
        return Effect("no_data", reason="no_unit_with_all_months", observations=used)
    if question.controls:
        found = _with_controls(question, cells, treated, controls)
    elif len(treated) < 2:
        return Effect("not_shown", units=1, reason="one_unit", observations=used)
    else:
        found = _before_after(question, cells, treated)
    if found is None:
        return Effect("not_shown", units=len(treated), control_units=len(controls), reason="not_computable", observations=used)
    change, lower, upper = found
    return Effect(
        _verdict(lower, upper, question.target_change),
        _direction(lower, upper, question.target_change),
        change,
        lower if math.isfinite(lower) else None,
        upper if math.isfinite(upper) else None,
        len(treated),
        len(controls),
        attributable=bool(question.controls),
        reason="" if math.isfinite(lower) else "too_few_units",
        observations=used,
    )


Cells = Mapping[str, Mapping[int, Observation]]


def _cells(question: Question) -> dict[str, dict[int, Observation]]:
    periods = {str(Period.month(month)): month for month in (*question.before, *question.after)}
    wanted = current_observations().filter(
        key=question.indicator, period__in=list(periods), value__isnull=False, scope__text__startswith="unit="
    )
    rest = str(Scope(tuple(part for part in Scope.parse(question.scope).parts if part[0] != "unit")))
    cells: dict[str, dict[int, Observation]] = {}
    for observation in wanted.order_by("id")[:_MOST_CELLS]:
        scope = Scope.parse(observation.scope.text)
        unit = scope.code("unit")
        if unit and str(Scope(tuple(part for part in scope.parts if part[0] != "unit"))) == rest:
            cells.setdefault(unit, {})[periods[observation.period]] = observation
    return cells


def _units_of(question: Question) -> set[str]:
    """The leaves of the tree below the scope's unit: a unit above others would count their cases twice."""
    lines = current_tree().ancestors(_last_day(question))
    above = {code for line in lines.values() for code in line[1:]}
    root = Scope.parse(question.scope).code("unit")
    leaves = {code for code, line in lines.items() if code not in above and (root is None or root in line)}
    return leaves or ({root} if root else set())


def _last_day(question: Question) -> date:
    return Period.month(question.after[-1]).last_day


def _whole(cells: Cells, units: set[str], months: tuple[int, ...]) -> list[str]:
    return sorted(unit for unit in units if all(month in cells.get(unit, {}) for month in months))


def _with_controls(question: Question, cells: Cells, treated: list[str], controls: list[str]) -> tuple[float, float, float] | None:
    months = (*question.before, *question.after)
    units = [*treated, *controls]
    outcome = [[cells[unit][month].value or 0.0 for month in months] for unit in units]
    took = [unit in treated for unit in units]
    effect = did_panel(outcome, took, range(len(months)), len(question.before), confidence=_ONE_SIDED).effect
    base = float(np.mean([cells[unit][month].value or 0.0 for unit in treated for month in question.before]))
    if base <= 0:
        return None
    return effect.estimate / base, effect.ci[0] / base, effect.ci[1] / base


def _before_after(question: Question, cells: Cells, treated: list[str]) -> tuple[float, float, float] | None:
    def total(months: tuple[int, ...]) -> tuple[list[float], list[int]]:
        counts = [[cells[unit][month].n or 1 for month in months] for unit in treated]
        values = [[cells[unit][month].value or 0.0 for month in months] for unit in treated]
        return [sum(v * n for v, n in zip(vs, ns, strict=True)) for vs, ns in zip(values, counts, strict=True)], [sum(ns) for ns in counts]

    (s0, n0), (s1, n1) = total(question.before), total(question.after)
    if sum(s0) <= 0 or sum(s1) <= 0:
        return None
    found = ratio_t(sum_before=s0, n_before=n0, sum_after=s1, n_after=n1, confidence=_ONE_SIDED)
    return found.ratio - 1, found.ci[0] - 1, found.ci[1] - 1


def _verdict(lower: float, upper: float, target: float) -> Verdict:
    if not (math.isfinite(lower) and math.isfinite(upper)):
        return "not_shown"
    if target < 0:
        return "met" if upper <= target else "missed" if lower > target else "not_shown"
    return "met" if lower >= target else "missed" if upper < target else "not_shown"


def _direction(lower: float, upper: float, target: float) -> Direction:
    if not (math.isfinite(lower) and math.isfinite(upper)) or lower <= 0 <= upper:
        return "no_change_shown"
    return "improved" if (upper < 0) == (target < 0) else "worse"
