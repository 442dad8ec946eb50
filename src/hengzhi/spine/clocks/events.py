"""Events: what happens to a record ends some of its clocks and starts the next; periods start theirs by the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from hengzhi.core import Period
from hengzhi.spine.clocks.models import Clock
from hengzhi.spine.clocks.rulebook import as_rule, rules_on
from hengzhi.spine.clocks.rules import Rule
from hengzhi.spine.clocks.services import HOUSE, open_clocks_of, start_clock, stop_clock
from hengzhi.spine.record import Named, Ref


@dataclass(frozen=True, slots=True)
class Moved:
    """The clocks an event has stopped and started."""

    stopped: tuple[Clock, ...] = ()
    started: tuple[Clock, ...] = ()


def note_event(*, event: str, of: Ref, at: datetime, by: str | Named = HOUSE, scope: str = "", owner: str = "") -> Moved:
    """Stop the clocks of ``of`` that end on ``event`` and start those that begin with it; a second time it changes nothing."""
    with transaction.atomic():
        stopped = [stop_clock(clock=c, at=at, by=by, event=event) for c in open_clocks_of(of) if event in as_rule(c.rule).stops_on]
        ran = set(Clock.objects.filter(of_kind=of.kind, of_uid=of.uid).exclude(state="cancelled").values_list("rule_key", flat=True))
        wanted = [rule.key for rule in _in_force(at) if rule.starts_on == event and rule.key not in ran]
        before = stopped[0] if stopped else None
        started = [start_clock(rule=key, of=of, at=at, by=by, scope=scope, owner=owner, after=before) for key in wanted]
    return Moved(tuple(stopped), tuple(started))


def start_periodic(*, on: date, by: str | Named = HOUSE) -> list[Clock]:
    """The clocks of the months, quarters and years that stand now, started where they were not yet.

    A rule that counts within its period runs from the day before the period; one that counts from its end, from the last day
    of the latest period that has ended.
    """
    zone = timezone.get_default_timezone()
    started = []
    with transaction.atomic():
        for rule in _in_force(datetime.combine(on, time(12), zone)):
            if not rule.every:
                continue
            period = _period(rule, on)
            start = (period.shifted(-len(period.months())) if rule.counts == "within" else period).last_day
            if start < rule.valid_from or Clock.objects.filter(rule_key=rule.key, of_kind="period", of_uid=str(period)).exists():
                continue
            started.append(start_clock(rule=rule.key, of=Ref("period", str(period)), at=datetime.combine(start, time(12), zone), by=by))
    return started


def _period(rule: Rule, on: date) -> Period:
    now = Period.month(on.year * 100 + on.month)
    assert rule.every  # noqa: S101
    whole = now.containing(rule.every)
    return whole if rule.counts == "within" else whole.shifted(-len(whole.months()))


def _in_force(at: datetime) -> list[Rule]:
    """The enabled rules of that day, the latest version of each."""
    latest: dict[str, Rule] = {}
    for row in rules_on(at.astimezone(timezone.get_default_timezone()).date()):
        latest.setdefault(row.key, as_rule(row))
    return [rule for rule in latest.values() if rule.enabled]
