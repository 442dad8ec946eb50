"""The movement of a risk between two months, read from stored ratings and explained to the last point."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch

from hengzhi.core import Period
from hengzhi.engine.catalogue import Catalogue
from hengzhi.engine.movement import CellMoved, Moved, Stand, movement, spread_over_cells
from hengzhi.engine.policy import Policy, read_policy
from hengzhi.engine.scopes import ScopeTree
from hengzhi.spine.runs.models import Observation, Rating, RatingPart, Run

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a risk moved from one month to another; ``cells`` are the branches behind the largest level of a share."""

    before: str
    after: str
    moved: Moved
    cells_of: str
    cells_role: str
    cells: tuple[CellMoved, ...]
    further: float  # points of the branches that are not listed


def explain_movement(*, catalogue: Catalogue, before: int, after: int) -> Explained:
    """The movement between two ratings of the same risk and scope."""
    parts = Prefetch("parts", RatingPart.objects.select_related("observation"))
    ratings = Rating.objects.select_related("scope", "run__policy", "run__scope_version").prefetch_related(parts)
    return _explained(catalogue, *(ratings.get(pk=pk) for pk in (before, after)))


def _explained(catalogue: Catalogue, before: Rating, after: Rating) -> Explained:
    policy = _policy(after.run, catalogue)
    definitions = {key: (i, policy.target(key)) for key, i in catalogue.indicators.items()}
    moved = movement(
        _stands(before),
        _stands(after),
        definitions,
        floor_before=_floor(before),
        floor_after=_floor(after),
        score_before=before.score,
        score_after=after.score,
    )
    shares = (row for row in moved.rows if _is_share(catalogue, row.key) and abs(row.level) > 1e-9)
    largest = max(shares, key=lambda row: abs(row.level), default=None)
    role, cells = _cells(before, after, largest.key, largest.level) if largest and not after.scope.text else ("", ())
    further = sum(cell.own + cell.mix for cell in cells[_SHOWN:])
    key = largest.key if largest and cells else ""
    return Explained(before.period, after.period, moved, key, role, cells[:_SHOWN], further)


def _policy(run: Run, catalogue: Catalogue) -> Policy:
    return read_policy(run.policy.content if run.policy else "{}", catalogue, known_only=True)


def _is_share(catalogue: Catalogue, key: str) -> bool:
    indicator = catalogue.indicators.get(key)
    return indicator is not None and indicator.kind in ("proportion", "rate")


def _stands(rating: Rating) -> dict[str, Stand]:
    return {part.key: _stand(part) for part in rating.parts.all() if part.kind in ("indicator", "missing")}


def _stand(part: RatingPart) -> Stand:
    o = part.observation
    return Stand(
        weight=part.weight,
        score=part.score,
        missing=part.kind == "missing",
        value=o.value if o else None,
        n=o.n if o else None,
        lower=o.lower if o else None,
        upper=o.upper if o else None,
    )


def _floor(rating: Rating) -> float:
    return sum(part.points for part in rating.parts.all() if part.kind in ("floor", "uplift"))


def _cells(before: Rating, after: Rating, key: str, level_points: float) -> tuple[str, tuple[CellMoved, ...]]:
    """The branches (units without units below; systems where there are none) behind an indicator's level, and the rest."""
    for role in ("unit", "system"):
        then, now = (_leaves(rating, key, role) for rating in (before, after))
        if len(then) > 1 or len(now) > 1:
            return role, spread_over_cells(level_points, then, now)
    return "", ()


def _leaves(rating: Rating, key: str, role: str) -> dict[str, tuple[float, float]]:
    """Numerator and denominator of every leaf of a role; what belongs to none of them stands under ""."""
    tree = ScopeTree.from_json(rating.run.scope_version.content) if rating.run.scope_version else ScopeTree()
    above = {unit for line in tree.ancestors(Period.parse(rating.period).last_day).values() for unit in line[1:]}
    seen = Observation.objects.filter(run=rating.run, key=key, period=rating.period).values_list("scope__text", "x", "n")
    found = {text: (float(x or 0), float(n or 0)) for text, x, n in seen if ";" not in text and (not text or text.startswith(f"{role}="))}
    whole = found.pop("", (0.0, 0.0))
    leaves = {code: xn for text, xn in found.items() if (code := text.partition("=")[2]) not in above and xn[1] > 0}
    rest = (whole[0] - sum(x for x, _ in leaves.values()), whole[1] - sum(n for _, n in leaves.values()))
    return leaves | ({"": rest} if leaves and rest[1] > 0 else {})
