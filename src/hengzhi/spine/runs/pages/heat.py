"""Units by indicators: the worst units of a place with their scores side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import F, Max, Q

from hengzhi.engine.indicators import Indicator
from hengzhi.spine.runs.models import Observation
from hengzhi.spine.runs.pages.figures import Figure, figures_of, speaks_for
from hengzhi.spine.runs.pages.place import Place

MOST_UNITS = 15


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One unit and its figures in the order of the indicators; None where none was expected."""

    unit: str
    cells: tuple[Figure | None, ...]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """The worst units, and how many there are with any figure."""

    keys: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    units: int


def heat_map(indicators: Iterable[Indicator], units: Mapping[str, str], ids: Mapping[str, int], at: Place) -> HeatMap:
    """The worst of ``units`` (codes by scope) by the indicators that have a target and can be held side by side.

    Args:
        ids: the ids of the scopes.
    """
    listed = [i for i in indicators if "unit" in i.cuts and _comparable(i)]
    periods = sorted({speaks_for(i, at.month) for i in listed})
    order = _worst_first(listed, [ids[scope] for scope in units], at)
    shown = order[:MOST_UNITS]
    found = figures_of([i.key for i in listed], [ids[scope] for scope in shown], periods, at.now)
    seen = {(f.key, f.scope, f.period): f for f in found}
    targeted = {f.key for f in found if f.target is not None}
    judged = [i for i in listed if i.key in targeted]
    rows = [HeatRow(units[scope], tuple(seen.get((i.key, scope, str(speaks_for(i, at.month)))) for i in judged)) for scope in shown]
    return HeatMap(tuple(i.key for i in judged), tuple(row for row in rows if any(row.cells)), len(order))


def _worst_first(indicators: Iterable[Indicator], scopes: Iterable[int], at: Place) -> list[str]:
    """The scopes with any judged figure, by their worst score; those with too few cases everywhere come last."""
    listed = list(indicators)
    where = at.now.rows(sorted({speaks_for(i, at.month) for i in listed}))
    rows = Observation.objects.filter(
        where & Q(key__in=[i.key for i in listed], scope_id__in=list(scopes), evaluation__target__isnull=False)
    )
    worst = rows.values("scope__text").annotate(worst=Max("evaluation__score", filter=~Q(evaluation__level="")))
    return list(worst.order_by(F("worst").desc(nulls_last=True), "scope__text").values_list("scope__text", flat=True))


def _comparable(indicator: Indicator) -> bool:
    """Whether units can be held side by side: a plain count grows with the unit."""
    return indicator.n is not None or indicator.kind in ("mean", "quantile")
