"""Rating: from the scores of indicators to the score and level of each risk, as points that add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from hengzhi.core import Period
from hengzhi.engine.catalogue import Catalogue
from hengzhi.engine.indicators import Indicator
from hengzhi.engine.observe import Row
from hengzhi.engine.policy import BANDS, RISKS, Level, Policy, better_by_one, level_of, worse
from hengzhi.engine.scopes import Scope


@dataclass(frozen=True, slots=True)
class Part:
    """One row of a rating: ``points`` = weight × score; a floor adds what is missing to its level."""

    kind: Literal["indicator", "missing", "floor", "uplift"]
    key: str
    weight: float
    score: float
    points: float
    observation: tuple[str, str] | None  # (indicator key, period) in the rating's scope


@dataclass(frozen=True, slots=True)
class Rating:
    """One risk in one scope and month; the points of ``parts`` sum to ``score``."""

    risk: str
    scope: Scope
    period: str
    score: float
    level: Level
    raw_level: Level
    reason: str
    parts: tuple[Part, ...]

    def hashed(self) -> tuple[object, ...]:
        """The rating as it enters the output hash."""
        parts = [(p.kind, p.key, p.weight, p.score, p.points, p.observation) for p in self.parts]
        return (self.risk, str(self.scope), self.period, self.score, self.level, self.raw_level, self.reason, parts)


def rate(rows: Iterable[Row], catalogue: Catalogue, policy: Policy, months: Sequence[int]) -> list[Rating]:
    """Ratings of every risk for the root and every unit, for ``months`` (the first is only looked back at).

    A level worsens at once and improves only after two periods (contracts.md §6).
    """
    index = {(row.key, row.scope, row.period): row for row in rows}
    scopes = sorted({row.scope for row in index.values() if row.scope.cut in ("all", "unit")})
    systems = [row for row in index.values() if row.scope.cut == "system" and row.proven]
    found: list[Rating] = []
    for risk in RISKS:
        weighed = _weighed(risk, catalogue, policy)
        for scope in scopes:
            before: Level | None = None
            for month in months:
                rating = _rate_one(risk, scope, month, weighed, index, policy, before, systems)
                if rating is None:
                    before = None
                    continue
                if month != months[0]:
                    found.append(rating)
                seen = any(part.kind == "indicator" for part in rating.parts)
                before = rating.raw_level if seen else None  # a month without any data is no level to improve from
    return found


def _weighed(risk: str, catalogue: Catalogue, policy: Policy) -> list[tuple[Indicator, float]]:
    by_key = sorted(catalogue.indicators.values(), key=lambda i: i.key)
    chosen = [i for i in by_key if risk in i.risks and policy.target(i.key).target is not None]
    return [(i, policy.target(i.key).weight) for i in chosen if policy.target(i.key).weight > 0]


def _rate_one(
    risk: str,
    scope: Scope,
    month: int,
    weighed: list[tuple[Indicator, float]],
    index: Mapping[tuple[str, Scope, str], Row],
    policy: Policy,
    before: Level | None,
    systems: Sequence[Row],
) -> Rating | None:
    rows = [(weight, row) for indicator, weight in weighed if (row := _row_of(indicator, scope, month, index))]
    rows = [(weight, row) for weight, row in rows if row.target is not None and ("small_n" not in row.flags or row.scope == Scope())]
    total = sum(weight for weight, _ in rows)
    if not rows or total <= 0:
        return None
    parts = [_part(weight / total, row, policy) for weight, row in rows]
    score = sum(part.points for part in parts)
    floor = _floor(rows, policy)
    if floor is not None and dict(BANDS)[floor[1]] > score:
        lift = dict(BANDS)[floor[1]] - score
        parts.append(Part("floor", floor[0], 1.0, dict(BANDS)[floor[1]], lift, None))
        score += lift
    raw, reason = _level(score, [row for _, row in rows] + _systems(scope, month, weighed, systems))
    level = raw if before is None else worse(raw, before)
    return Rating(
        risk, scope, str(Period.month(month)), score, level, raw, reason if level == raw else "two_periods_to_improve", tuple(parts)
    )


def _row_of(indicator: Indicator, scope: Scope, month: int, index: Mapping[tuple[str, Scope, str], Row]) -> Row | None:
    """The row that speaks for a month: its own, or that of the last quarter or year that was over by then."""
    here = Period.month(month)
    if indicator.period == "month":
        return index.get((indicator.key, scope, str(here)))
    whole = here.containing(indicator.period)
    if whole.end != here.end:
        whole = whole.shifted(-len(whole.months()))
    return index.get((indicator.key, scope, str(whole)))


def _part(weight: float, row: Row, policy: Policy) -> Part:
    if row.score is None:
        return Part("missing", row.key, weight, policy.missing_score, weight * policy.missing_score, (row.key, row.period))
    return Part("indicator", row.key, weight, row.score, weight * row.score, (row.key, row.period))


def _systems(scope: Scope, month: int, weighed: list[tuple[Indicator, float]], systems: Sequence[Row]) -> list[Row]:
    """What is proven of single systems bears on the whole institution: everybody depends on each of them."""
    if scope.parts:
        return []
    keys, period = {indicator.key for indicator, _ in weighed}, str(Period.month(month))
    return [row for row in systems if row.key in keys and row.period == period]


def _floor(rows: Sequence[tuple[float, Row]], policy: Policy) -> tuple[str, Level] | None:
    floors = [(row.key, policy.target(row.key).floor) for _, row in rows if row.verdict == "missed"]
    known = [(key, floor) for key, floor in floors if floor is not None]
    return max(known, key=lambda f: dict(BANDS)[f[1]]) if known else None


def _level(score: float, rows: Sequence[Row]) -> tuple[Level, str]:
    """The worse of the score's band and one below the worst proven indicator, of the scope itself or of one of its systems."""
    band = level_of(score)
    proven = [(row.level, f"{row.key}@{row.scope}" if row.scope.cut == "system" else row.key) for row in rows if row.proven and row.level]
    if not proven:
        return band, "score"
    level, key = max(proven, key=lambda pair: dict(BANDS)[pair[0]])
    least = better_by_one(level)
    return (band, "score") if worse(band, least) == band else (least, f"proven:{key}")
