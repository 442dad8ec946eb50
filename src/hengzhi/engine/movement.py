"""Why a risk moved: weights, levels and evidence of its indicators, and the branches behind a level; exact to the point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hengzhi.engine.indicators import Indicator
from hengzhi.engine.judge import Series, expected_score
from hengzhi.engine.policy import Target
from hengzhi.methods import means
from hengzhi.methods.decompose import Corners, category_movement, rate_movement, spread

_NORMAL_975 = 1.959963984540054  # standard normal quantile: a stored interval is this many standard errors wide each side


@dataclass(frozen=True, slots=True)
class Stand:
    """Where one indicator of a risk stands in one period, as stored; ``score`` is the missing score where there are no data."""

    weight: float
    score: float
    missing: bool
    value: float | None
    n: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class MovedRow:
    """Points by which one indicator moved its risk: by its weight, its level, and its evidence (more, less or no data)."""

    key: str
    weight: float
    level: float
    evidence: float

    @property
    def total(self) -> float:
        """All three together."""
        return self.weight + self.level + self.evidence


@dataclass(frozen=True, slots=True)
class Moved:
    """The movement of one risk; rows and floor sum to ``total``."""

    rows: tuple[MovedRow, ...]
    floor: float
    total: float

    @property
    def gap(self) -> float:
        """What the rows leave unexplained: rounding only."""
        return self.total - self.floor - sum(row.total for row in self.rows)


@dataclass(frozen=True, slots=True)
class CellMoved:
    """One branch's part in an indicator's level: by its own rate, and by its share of all cases."""

    label: str
    own: float
    mix: float


def movement(
    before: Mapping[str, Stand],
    after: Mapping[str, Stand],
    definitions: Mapping[str, tuple[Indicator, Target]],
    *,
    floor_before: float,
    floor_after: float,
    score_before: float,
    score_after: float,
) -> Moved:
    """Split the movement of a risk between two periods over its indicators.

    Level and evidence follow Shapley (methods.decompose); data that came or went count as evidence. Of a mean
    that is judged by clusters the split uses the width of its stored interval.
    """
    keys = sorted({*before, *after})
    found = category_movement(
        weights_before=[before[k].weight if k in before else 0.0 for k in keys],
        weights_after=[after[k].weight if k in after else 0.0 for k in keys],
        corners=_corners(keys, before, after, definitions),
        floor_before=floor_before,
        floor_after=floor_after,
    )
    rows = [
        MovedRow(key, float(w), float(lv), float(ev))
        for key, w, lv, ev in zip(keys, found.weight, found.level, found.evidence, strict=True)
    ]
    return Moved(tuple(sorted(rows, key=lambda row: -abs(row.total))), found.floor, score_after - score_before)


def spread_over_cells(
    level_points: float, before: Mapping[str, tuple[float, float]], after: Mapping[str, tuple[float, float]]
) -> tuple[CellMoved, ...]:
    """The branches behind the level part of a share or rate: (x, n) per branch in both periods; each case in one branch.

    The rows sum to ``level_points``; a branch that opened or closed is wholly mix.
    """
    labels = sorted({*before, *after})
    none = (0.0, 0.0)
    x0, n0 = (np.array([before.get(k, none)[i] for k in labels]) for i in (0, 1))
    x1, n1 = (np.array([after.get(k, none)[i] for k in labels]) for i in (0, 1))
    groups = rate_movement(x_before=x0, n_before=n0, x_after=x1, n_after=n1, levels=[np.array(labels)])
    told = spread(level_points, groups[0])
    rows = [CellMoved(str(k), float(own), float(mix)) for k, own, mix in zip(told.labels, told.own, told.mix, strict=True)]
    return tuple(sorted(rows, key=lambda row: -abs(row.own + row.mix)))


def _corners(
    keys: Sequence[str],
    before: Mapping[str, Stand],
    after: Mapping[str, Stand],
    definitions: Mapping[str, tuple[Indicator, Target]],
) -> Corners:
    corners = [_corner(before.get(k), after.get(k), definitions.get(k)) for k in keys]
    return Corners.of(*(np.array(column) for column in zip(*corners, strict=True))) if corners else Corners.of([], [], [], [])


def _corner(old: Stand | None, new: Stand | None, definition: tuple[Indicator, Target] | None) -> tuple[float, float, float, float]:
    """Scores at (old level, old evidence), (new, old), (old, new), (new, new)."""
    nan = float("nan")
    if old is None or new is None:
        return (old.score if old else nan, nan, nan, new.score if new else nan)
    if old.missing or new.missing or definition is None:
        return (old.score, old.score, new.score, new.score)  # all of it is evidence: data came or went
    level_moved, evidence_moved = _mixed(definition[0], definition[1], new, old), _mixed(definition[0], definition[1], old, new)
    # A stored score holds more than the value when it was clipped or clustered: keep the corners on its scale.
    return (
        old.score,
        old.score + level_moved - _mixed(*definition, old, old),
        new.score + evidence_moved - _mixed(*definition, new, new),
        new.score,
    )


def _mixed(indicator: Indicator, target: Target, level: Stand, evidence: Stand) -> float:
    """The score that one period's level would have on the other period's evidence."""
    value, n = np.array([level.value if level.value is not None else np.nan]), np.array([float(evidence.n or 0)])
    if indicator.kind == "mean" and evidence.lower is not None and evidence.upper is not None:
        se = np.array([(evidence.upper - evidence.lower) / 2 / _NORMAL_975])
        return float(expected_score(indicator, Series(n, n, mean=means.MeanEstimate(value, se, np.array([1e6]))), value, target)[0])
    x = value if indicator.kind in ("count", "census") and indicator.n is None else value * n
    return float(expected_score(indicator, Series(x, n), value, target)[0])
