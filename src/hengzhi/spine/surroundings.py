"""What surrounds every figure: the units and periods there are, and how fresh the data is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from hengzhi.core import Period, Text
from hengzhi.spine.access.grants import Actor
from hengzhi.spine.access.services import reach
from hengzhi.spine.datasets.models import Batch, BatchState
from hengzhi.spine.datasets.versions import current_version
from hengzhi.spine.runs.models import Run
from hengzhi.spine.scopes.models import OrgUnit


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the institution with its depth in the tree."""

    code: str
    names: Text
    depth: int


@dataclass(frozen=True, slots=True)
class Freshness:
    """Up to which day the data reaches, in which version, and when it was last assessed."""

    until: date
    version: int
    assessed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the selectors offer and the freshness line says."""

    units: tuple[Unit, ...] = ()
    periods: tuple[Period, ...] = ()
    freshness: Freshness | None = None
    whole: bool = True  # whether the institution as a whole may be looked at


def surroundings(*, on: date, by: Actor) -> Surroundings:
    """The units as of ``on`` whose figures ``by`` sees, the months that hold facts (newest first), and the freshness of the data."""
    done = Batch.objects.filter(state=BatchState.DONE)
    months = sorted({month for months in done.values_list("months", flat=True) for month in months}, reverse=True)
    held = reach(by, "risk.figure.view")
    units = tuple(unit for unit in _units(on) if held.covers(unit.code))
    return Surroundings(
        units=units, whole=held.whole, periods=tuple(Period.month(int(month)) for month in months), freshness=_freshness(months)
    )


def _freshness(months: list[int]) -> Freshness | None:
    if not months:
        return None
    assessed = Run.objects.filter(state="done").aggregate(last=Max("at"))["last"]
    return Freshness(Period.month(months[0]).last_day, current_version(), assessed)


def _units(on: date) -> tuple[Unit, ...]:
    rows = [row for row in OrgUnit.objects.filter(start__lte=on).order_by("code") if row.end is None or row.end > on]
    children: dict[str, list[OrgUnit]] = {}
    codes = {row.code for row in rows}
    for row in rows:
        children.setdefault(row.parent if row.parent in codes else "", []).append(row)
    return tuple(_walk("", children, 0))


def _walk(parent: str, children: dict[str, list[OrgUnit]], depth: int) -> list[Unit]:
    found: list[Unit] = []
    for row in children.get(parent, ()):
        found += [Unit(row.code, Text(row.name_zh, row.name_en), depth), *_walk(row.code, children, depth + 1)]
    return found
