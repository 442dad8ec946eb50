"""Figures as pages read them: an observation with its evaluation, and a rating with its parts, flat and frozen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from hengzhi.core import Period
from hengzhi.engine.indicators import Indicator
from hengzhi.spine.runs.models import Observation, Rating, RatingPart
from hengzhi.spine.runs.pages.current import Current
from hengzhi.spine.scopes.models import Scope

MOST = 20_000  # figures that one page reads


@dataclass(frozen=True, slots=True)
class Figure:
    """One observation with what it means."""

    id: int
    run_id: int
    key: str
    scope: str
    period: str
    x: int | None
    n: int | None
    value: float | None
    lower: float | None
    upper: float | None
    method: str
    flags: tuple[str, ...]
    target: float | None
    limit: float | None
    verdict: str
    arithmetic: bool | None
    needed_n: int | None
    score: float | None
    level: str
    proven: bool
    reason: str

    @property
    def figure(self) -> str:
        """The id under which trace finds it."""
        return f"obs:{self.id}"

    @property
    def is_small(self) -> bool:
        """Whether there are too few cases to colour or rank it."""
        return "small_n" in self.flags


@dataclass(frozen=True, slots=True)
class Rated:
    """The score and level of one risk."""

    id: int
    risk: str
    scope: str
    period: str
    score: float
    level: str
    raw_level: str
    reason: str


@dataclass(frozen=True, slots=True)
class Part:
    """One row of the points that add up to a score."""

    rating: int
    position: int
    kind: str
    key: str
    weight: float
    score: float
    points: float
    observation: int | None

    @property
    def figure(self) -> str:
        """The id under which trace finds it."""
        return f"rating:{self.rating}#{self.position}"


_JUDGED = ("target", "limit", "verdict", "arithmetic", "needed_n", "score", "level", "proven", "reason")
_SEEN = ("id", "run_id", "key", "scope__text", "period", "x", "n", "value", "lower", "upper", "method", "flags")
_RATED = ("id", "risk", "scope__text", "period", "score", "level", "raw_level", "reason")
_PART = ("rating_id", "position", "kind", "key", "weight", "score", "points", "observation_id")


def scope_ids(texts: Iterable[str]) -> dict[str, int]:
    """The ids of the scopes that figures were ever made for."""
    return dict(Scope.objects.filter(text__in=list(texts)).values_list("text", "id"))


def figures(where: Q) -> tuple[Figure, ...]:
    """The figures that meet a condition, by key, scope and period; at most ``MOST``."""
    columns = (*_SEEN, *(f"evaluation__{name}" for name in _JUDGED))
    rows = Observation.objects.filter(where, evaluation__isnull=False).order_by("key", "scope__text", "period")
    listed: list[Any] = list(rows.values_list(*columns)[:MOST])
    return tuple(Figure(*_flat(row)) for row in listed)


def _flat(row: Any) -> list[Any]:
    return [tuple(cell) if isinstance(cell, list) else cell for cell in row]


def figures_of(keys: Iterable[str], scopes: Iterable[int], periods: Iterable[Period], now: Current) -> tuple[Figure, ...]:
    """The figures of some indicators, scopes and periods, each from the run that speaks for its period."""
    return figures(now.rows(periods) & Q(key__in=list(keys), scope_id__in=list(scopes)))


def worst_systems(keys: Iterable[str], periods: Iterable[Period], now: Current) -> dict[tuple[str, str], Figure]:
    """Of each indicator and period the system that misses its target most, by proof: it speaks for the whole institution."""
    missed = Q(key__in=list(keys), scope__text__startswith="system=", evaluation__proven=True)
    found = sorted(figures(now.rows(periods) & missed), key=lambda f: f.score or 0.0)
    return {(f.key, f.period): f for f in found}


def ratings_of(risks: Iterable[str], scopes: Iterable[int], periods: Iterable[Period], now: Current) -> tuple[Rated, ...]:
    """The ratings of some risks, scopes and months."""
    where = now.rows(periods) & Q(risk__in=list(risks), scope_id__in=list(scopes))
    rows = Rating.objects.filter(where).order_by("risk", "scope__text", "period").values_list(*_RATED)
    return tuple(Rated(*row) for row in rows[:MOST])


def parts_of(ratings: Iterable[int]) -> tuple[Part, ...]:
    """The parts of some ratings, in their order."""
    rows = RatingPart.objects.filter(rating_id__in=list(ratings)).order_by("rating_id", "position").values_list(*_PART)
    return tuple(Part(*row) for row in rows[:MOST])


def speaks_for(indicator: Indicator, month: Period) -> Period:
    """The period of an indicator that is shown for a month: the last quarter or year that was over by then."""
    if indicator.period == "month":
        return month
    whole = month.containing(indicator.period)
    return whole if whole.end == month.end else whole.shifted(-len(whole.months()))
