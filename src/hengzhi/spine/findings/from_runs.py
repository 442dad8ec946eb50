"""Opening findings for what a run has proven to lie past its limit."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from hengzhi.core import Period
from hengzhi.spine.findings.models import Finding
from hengzhi.spine.findings.services import HOUSE, open_finding
from hengzhi.spine.record import Named, Ref
from hengzhi.spine.runs.models import Observation, Run

_SEVERITY = {"red": "critical", "orange": "high", "yellow": "medium"}


@dataclass(frozen=True, slots=True)
class Opened:
    """What a run's misses came to: findings that are new, those that came back, and those that stood already."""

    run: str
    misses: int
    opened: tuple[Finding, ...]
    reopened: tuple[Finding, ...]
    known: tuple[Finding, ...]


def open_from_run(*, run: Run, by: str | Named = HOUSE) -> Opened:
    """One finding per indicator and scope that the run has proven past its limit; a second time it opens none.

    The finding is of the last day of the observed period: what was mended after that day does not come back by it.
    """
    missed = (
        Observation.objects.filter(run=run, evaluation__verdict="missed", evaluation__proven=True, evaluation__limit__isnull=False)
        .select_related("evaluation", "scope")
        .order_by("id")
    )
    past = sorted((o for o in missed if _is_past_limit(o)), key=lambda o: (Period.parse(o.period).end, o.pk))
    before = {
        key: (pk, state)
        for pk, key, state in Finding.objects.filter(key__in={_key(o) for o in past}).order_by("id").values_list("id", "key", "state")
    }
    found: dict[str, Finding] = {}
    with transaction.atomic():
        for observation in past:
            found[_key(observation)] = _open(observation, by)
    fresh = tuple(f for key, f in found.items() if before.get(key, (0, ""))[0] != f.pk)
    back = tuple(f for key, f in found.items() if f not in fresh and before[key][1] != f.state)
    return Opened(run.uid, len(past), fresh, back, tuple(f for f in found.values() if f not in fresh and f not in back))


def _open(observation: Observation, by: str | Named) -> Finding:
    e = observation.evaluation
    args = {
        "indicator": observation.key,
        "period": observation.period,
        "value": observation.value,
        "limit": e.limit,
        "n": observation.n,
        "figure": f"obs:{observation.pk}",
    }
    return open_finding(
        source=Ref("observation", str(observation.pk)),
        key=_key(observation),
        scope=observation.scope.text,
        severity=_SEVERITY.get(e.level, "low"),
        title=("indicator_missed", args),
        on=Period.parse(observation.period).last_day,
        by=by,
    )


def _key(observation: Observation) -> str:
    return f"{observation.key}@{observation.scope.text}"


def _is_past_limit(observation: Observation) -> bool:
    """Whether the whole shown interval lies on the bad side of the limit, which is that of the target seen from good."""
    # The stored one-sided bound is the one that would prove "met"; the two-sided interval is the stricter proof of a miss.
    e, value = observation.evaluation, observation.value
    if value is None or e.limit is None or e.target is None:
        return False
    lower = value if observation.lower is None else observation.lower
    upper = value if observation.upper is None else observation.upper
    # Where the limit is the target, the verdict itself says that it is missed.
    return upper < e.limit if e.limit < e.target else lower > e.limit if e.limit > e.target else True
