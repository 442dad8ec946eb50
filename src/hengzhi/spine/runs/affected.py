"""Assessing again the months that a batch has changed, while a person waits."""

from __future__ import annotations

from datetime import date

from hengzhi.core import HengzhiError, Period
from hengzhi.engine.catalogue import Catalogue
from hengzhi.lake.workspace import Workspace
from hengzhi.spine.access.grants import Actor
from hengzhi.spine.access.services import require
from hengzhi.spine.datasets.services import find_batch
from hengzhi.spine.policies import current_policy
from hengzhi.spine.runs.assessments import assess_period
from hengzhi.spine.runs.models import Run

MOST_MONTHS = 3


class TooManyMonths(HengzhiError):
    """A batch changes more months than are assessed while the browser waits."""

    code = "too_many_months"


def assess_batch(*, workspace: Workspace, catalogue: Catalogue, uid: str, on: date, by: Actor) -> Run:
    """Assess every month the batch ``uid`` has rows in.

    Raises:
        UnknownKey: there is no such batch.
        TooManyMonths: that is work for the console.
    """
    require(by, "risk.run.make", what="batch", key=uid)
    months = sorted(find_batch(uid).months)
    if not 1 <= len(months) <= MOST_MONTHS:
        raise TooManyMonths(count=len(months), most=MOST_MONTHS, command=assess_command(months))
    periods = tuple(Period.month(month) for month in months)
    policy = current_policy(workspace, catalogue)
    return assess_period(workspace=workspace, catalogue=catalogue, policy=policy, periods=periods, on=on, by=by.get_username())


def assess_command(months: list[int] | tuple[int, ...]) -> str:
    """The line that assesses ``months`` on the console."""
    if not months:
        return "hengzhi assess"
    first, last = Period.month(min(months)), Period.month(max(months))
    return f"hengzhi assess --period {first}" + (f"..{last}" if last != first else "")
