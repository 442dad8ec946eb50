"""Which run speaks for a month: the latest done assessment that contains it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

from hengzhi.core import Period
from hengzhi.spine.runs.models import Run

_LOOKED_AT = 500  # assessments that a page looks back at


@dataclass(frozen=True, slots=True)
class Pin:
    """A run as a page names it."""

    id: int
    uid: str
    data_version: int
    policy: str | None


@dataclass(frozen=True, slots=True)
class Current:
    """The run that speaks for each month; a newer run of one month speaks for that month alone."""

    by_month: Mapping[int, Pin]

    @property
    def months(self) -> tuple[Period, ...]:
        """The months assessed, in order."""
        return tuple(Period.month(month) for month in sorted(self.by_month))

    def last(self) -> Period | None:
        """The last month assessed."""
        return self.months[-1] if self.by_month else None

    def of(self, period: Period) -> Pin | None:
        """The run of a period: that of its last month assessed.

        A quarter or year without one is read from the run of the month after it, which looks back on it.
        """
        months = period.months()
        after = period.shifted(len(months)).months()[:1] if len(months) > 1 else ()
        return next((self.by_month[m] for m in (*reversed(months), *after) if m in self.by_month), None)

    def rows(self, periods: Iterable[Period]) -> Q:
        """The condition on rows of runs: each of ``periods`` in the run that speaks for it."""
        wanted: dict[int, list[str]] = {}
        for period in periods:
            pin = self.of(period)
            if pin:
                wanted.setdefault(pin.id, []).append(str(period))
        return reduce(or_, (Q(run_id=run, period__in=listed) for run, listed in wanted.items()), Q(pk__in=[]))


def current() -> Current:
    """The runs in force, by one query."""
    runs = Run.objects.filter(state="done", kind="assess").order_by("-id")
    by_month: dict[int, Pin] = {}
    for run in runs.values("id", "uid", "data_version", "policy_id", "parameters")[:_LOOKED_AT]:
        pin = Pin(run["id"], run["uid"], run["data_version"], run["policy_id"])
        for month in run["parameters"].get("months", ()):
            by_month.setdefault(int(month), pin)
    return Current(by_month)


def current_run_for(period: Period) -> Pin | None:
    """The run that speaks for ``period``; None where it was never assessed."""
    return current().of(period)
