"""Reading clocks: countdowns, what is due, and the reminders and escalations of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from django.db.models import QuerySet
from django.utils import timezone

from hengzhi.core import Text, UnknownKey
from hengzhi.spine.access.grants import Actor
from hengzhi.spine.access.services import require, visible
from hengzhi.spine.calendars.china import CALENDARS
from hengzhi.spine.clocks.models import STATES, Clock
from hengzhi.spine.clocks.rulebook import as_rule, rules_on
from hengzhi.spine.clocks.rules import Rule

STATE_NAMES = {
    "running": Text("运行中", "running"),
    "paused": Text("已暂停", "paused"),
    "met": Text("按时完成", "met"),
    "breached": Text("已超时", "breached"),
    "cancelled": Text("已取消", "cancelled"),
}


@dataclass(frozen=True, slots=True)
class Countdown:
    """A clock at one moment: what is left (negative when it is over), and whether the holidays it crosses are known."""

    clock: Clock
    rule: Rule
    at: datetime

    @property
    def left(self) -> timedelta:
        """Time until it is due; of a stopped clock what was left, of a paused one what was left when it stopped."""
        return self.clock.due_at - (self.clock.stopped_at or self._paused_at or self.at)

    @property
    def is_overdue(self) -> bool:
        """Whether it is open and over."""
        return self.clock.stopped_at is None and self.clock.state != "paused" and self.clock.due_at < self.at

    @property
    def days_left(self) -> int:
        """Calendar days from today to the day it is due."""
        zone = timezone.get_default_timezone()
        return (self.clock.due_at.astimezone(zone).date() - self.at.astimezone(zone).date()).days

    @property
    def calendar_known(self) -> bool:
        """Whether the holidays up to the due day are announced."""
        return CALENDARS[self.rule.calendar].knows(self.clock.due_at.astimezone(timezone.get_default_timezone()).date())

    @property
    def _paused_at(self) -> datetime | None:
        if self.clock.state != "paused":
            return None
        return max(p.paused_at for p in self.clock.pauses.all())


@dataclass(frozen=True, slots=True)
class Reminder:
    """A message that is due: ``days`` before the due day, or after it for an escalation; ``key`` is the same each time."""

    clock: Clock
    kind: Literal["remind", "escalate"]
    days: int

    @property
    def key(self) -> str:
        """By which a sender knows that it was sent."""
        return f"{self.clock.uid}:{self.clock.due_at.isoformat()}:{self.kind}:{self.days}"


def countdowns(clocks: QuerySet[Clock], *, at: datetime) -> list[Countdown]:
    """The clocks as they stand at one moment."""
    rows = clocks.select_related("rule", "scope").prefetch_related("pauses", "extensions")
    return [Countdown(clock, as_rule(clock.rule), at) for clock in rows]


def stands(clock: Clock, *, at: datetime) -> Countdown:
    """One clock as it stands at one moment."""
    return Countdown(clock, as_rule(clock.rule), at)


def list_clocks(*, state: str = "", of_kind: str = "", at: datetime, by: Actor | None = None) -> list[Countdown]:
    """The clocks in a state (or ``open``, or ``overdue``), soonest due first; those that ``by`` may see (None: the console).

    Raises:
        UnknownKey: there is no such state.
    """
    if state not in ("", "open", "overdue", *STATES):
        raise UnknownKey("clock_state", state)
    found = Clock.objects.order_by("due_at", "id")
    if by is not None:
        require(by, "loop.finding.view", None)
        found = visible(found, by, "loop.finding.view")
    if of_kind:
        found = found.filter(of_kind=of_kind)
    if state in STATES:
        found = found.filter(state=state)
    elif state:
        found = found.filter(stopped_at=None)
    downs = countdowns(found, at=at)
    return [down for down in downs if down.is_overdue] if state == "overdue" else downs


def clocks_due(on: date, *, within_days: int = 0) -> list[Countdown]:
    """The open clocks that are due by the end of ``on``, or so many days later; overdue ones included, paused ones not."""
    end = _end(on + timedelta(days=within_days))
    return countdowns(Clock.objects.filter(stopped_at=None, due_at__lte=end).exclude(state="paused").order_by("due_at", "id"), at=_end(on))


def due_reminders(on: date) -> list[Reminder]:
    """Of each open clock the latest reminder, or else escalation, whose day has come by ``on``; the most urgent first."""
    found = []
    for down in countdowns(Clock.objects.filter(stopped_at=None).exclude(state="paused").order_by("due_at", "id"), at=_end(on)):
        late = [days for days in down.rule.escalates if -down.days_left > 0 and days <= -down.days_left]
        soon = [days for days in down.rule.reminds if 0 <= down.days_left <= days]
        if late:
            found.append(Reminder(down.clock, "escalate", max(late)))
        elif soon:
            found.append(Reminder(down.clock, "remind", min(soon)))
    return found


def clock_json(down: Countdown, language: str) -> dict[str, Any]:
    """A clock in the words of the API."""
    clock, rule = down.clock, down.rule
    return {
        "uid": clock.uid,
        "rule": rule.key,
        "name": rule.names.in_(language),
        "rule_version": clock.rule.digest,
        "source": rule.source,
        "of": {"kind": clock.of_kind, "uid": clock.of_uid},
        "scope": clock.scope.text,
        "state": clock.state,
        "state_name": STATE_NAMES[clock.state].in_(language),
        "overdue": down.is_overdue,
        "started_at": _local(clock.started_at),
        "due_at": _local(clock.due_at),
        "stopped_at": _local(clock.stopped_at),
        "left_hours": round(down.left.total_seconds() / 3600, 2),
        "days_left": down.days_left,
        "calendar_known": down.calendar_known,
        "extensions": [
            {"step": e.step, "due_before": _local(e.due_before), "due_after": _local(e.due_after), "by": e.by, "approved_by": e.approved_by}
            for e in clock.extensions.all()
        ],
        "owner": clock.owner,
        "version": clock.version,
    }


def rule_json(rule: Rule, language: str) -> dict[str, Any]:
    """A rule in the words of the API."""
    return {
        "key": rule.key,
        "name": rule.names.in_(language),
        "source": rule.source,
        "amount": rule.limit.amount,
        "unit": rule.limit.unit,
        "extensions": [{"amount": step.amount, "wants": step.wants.in_(language)} for step in rule.extensions],
        "starts_on": rule.starts_on,
        "stops_on": list(rule.stops_on),
        "every": rule.every,
        "valid_from": rule.valid_from.isoformat(),
        "valid_until": rule.valid_until.isoformat() if rule.valid_until else None,
        "enabled": rule.enabled,
        "version": rule.version,
        "note": rule.note.in_(language),
    }


def list_rules(on: date, language: str) -> list[dict[str, Any]]:
    """The rules that hold on a day."""
    return [rule_json(as_rule(row), language) for row in rules_on(on)]


def _end(day: date) -> datetime:
    return datetime.combine(day, time.max, timezone.get_default_timezone())


def _local(at: datetime | None) -> str | None:
    return at.astimezone(timezone.get_default_timezone()).isoformat() if at else None
