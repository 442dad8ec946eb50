"""Starting, extending, pausing and stopping clocks, each in one transaction with its audit entry."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from hengzhi.core import HengzhiError, UnknownKey
from hengzhi.spine.audit.services import record
from hengzhi.spine.calendars.china import CALENDARS
from hengzhi.spine.calendars.limits import due
from hengzhi.spine.clocks.models import Clock, ClockExtension, ClockPause
from hengzhi.spine.clocks.rulebook import ApprovalNeeded, as_rule, rule_in_force
from hengzhi.spine.clocks.rules import Rule
from hengzhi.spine.locks import exclusive
from hengzhi.spine.record import Named, Ref, name_of, scope_row

HOUSE = "house"


class ClockRefused(HengzhiError):
    """A clock can't do that in its state; ``reason`` says why."""

    code = "clock_refused"


def start_clock(
    *, rule: str, of: Ref, at: datetime, by: str | Named = HOUSE, scope: str = "", owner: str = "", after: Clock | None = None
) -> Clock:
    """The clock of ``of`` under the rule in force on the day of ``at``; the open one where it has one already.

    Raises:
        UnknownKey: there is no such rule.
        RuleNotInForce: not on that day, or it is disabled.
    """
    with transaction.atomic():
        exclusive(f"clock {rule} {of}")
        known = Clock.objects.filter(rule_key=rule, of_kind=of.kind, of_uid=of.uid, stopped_at=None).select_related("rule").first()
        if known is not None:
            return known
        row = rule_in_force(rule, at.astimezone(_zone()).date())
        clock = Clock.objects.create(
            rule=row,
            rule_key=rule,
            of_kind=of.kind,
            of_uid=of.uid,
            scope=scope_row(scope),
            started_at=at,
            due_at=_due(as_rule(row), at, 0, ()),
            owner=owner,
            after=after,
            created_by=name_of(by),
            changed_by=name_of(by),
        )
        _record(
            "start_clock", clock, by, after={"rule": rule, "of": str(of), "started_at": at, "due_at": clock.due_at, "version": row.digest}
        )
    return clock


def extend_clock(*, clock: Clock, reason: str, at: datetime, by: str | Named, approved_by: str | Named | None) -> Clock:
    """The clock, due later by the next step of its rule.

    Raises:
        ApprovalNeeded: nobody approved, or the same person who asks.
        ClockRefused: it does not run, was due before, or its rule has no further step.
    """
    asked, approved = name_of(by), name_of(approved_by or "")
    if not approved or approved == asked:
        raise ApprovalNeeded(by=asked)
    with transaction.atomic():
        exclusive(f"clock {clock.uid}")
        rule, step = as_rule(clock.rule), clock.extensions.count()
        _must(clock.state == "running", clock, "not_running")
        _must(at <= clock.due_at, clock, "past_due")
        _must(step < len(rule.extensions), clock, "no_extension_left")
        later = _due(rule, clock.started_at, step + 1, _pauses(clock))
        ClockExtension.objects.create(
            clock=clock, step=step + 1, due_before=clock.due_at, due_after=later, reason=reason, by=asked, approved_by=approved, at=at
        )
        before = clock.change(by=asked, due_at=later)
        _record("extend_clock", clock, asked, before=before, after={"due_at": later, "approved_by": approved, "reason": reason})
    return clock


def pause_clock(*, clock: Clock, reason: str, at: datetime, by: str | Named) -> Clock:
    """The clock, standing still from ``at`` on.

    Raises:
        ClockRefused: its rule knows no pause, it does not run, or it was due before.
    """
    with transaction.atomic():
        exclusive(f"clock {clock.uid}")
        _must(as_rule(clock.rule).pausable, clock, "not_pausable")
        _must(clock.state == "running", clock, "not_running")
        _must(clock.started_at <= at, clock, "before_start")
        _must(at <= clock.due_at, clock, "past_due")
        _must(not clock.pauses.filter(resumed_at__gt=at).exists(), clock, "before_start")
        ClockPause.objects.create(clock=clock, paused_at=at, reason=reason, by=name_of(by))
        clock.change(by=name_of(by), state="paused")
        _record("pause_clock", clock, by, before={"state": "running"}, after={"state": "paused", "at": at, "reason": reason})
    return clock


def resume_clock(*, clock: Clock, at: datetime, by: str | Named) -> Clock:
    """The clock, running again and due later by what was paused.

    Raises:
        ClockRefused: it does not stand still, or did so only later.
    """
    with transaction.atomic():
        exclusive(f"clock {clock.uid}")
        pause = clock.pauses.filter(resumed_at=None).first()
        if clock.state != "paused" or pause is None:
            raise ClockRefused(uid=clock.uid, state=clock.state, reason="not_paused")
        _must(at >= pause.paused_at, clock, "before_start")
        pause.resumed_at = at
        pause.save(update_fields=["resumed_at"])
        later = _due(as_rule(clock.rule), clock.started_at, clock.extensions.count(), _pauses(clock))
        before = clock.change(by=name_of(by), state="running", due_at=later)
        _record("resume_clock", clock, by, before=before, after={"state": "running", "due_at": later, "at": at})
    return clock


def stop_clock(*, clock: Clock, at: datetime, by: str | Named, event: str = "") -> Clock:
    """The clock, met when ``at`` is not after its due moment, else breached; a paused one resumes first.

    Raises:
        ClockRefused: it was stopped before, or would stop before it started.
    """
    with transaction.atomic():
        exclusive(f"clock {clock.uid}")
        _must(clock.stopped_at is None, clock, "stopped")
        _must(at >= clock.started_at, clock, "before_start")
        if clock.state == "paused":
            resume_clock(clock=clock, at=at, by=by)
        state = "met" if at <= clock.due_at else "breached"
        before = clock.change(by=name_of(by), state=state, stopped_at=at, stopped_on=event)
        _record("stop_clock", clock, by, before=before, after={"state": state, "stopped_at": at, "event": event})
    return clock


def cancel_clock(*, clock: Clock, at: datetime, reason: str, by: str | Named) -> Clock:
    """The clock, no longer counted: it was started in error.

    Raises:
        ClockRefused: it was stopped before.
    """
    with transaction.atomic():
        exclusive(f"clock {clock.uid}")
        _must(clock.stopped_at is None, clock, "stopped")
        clock.pauses.filter(resumed_at=None).update(resumed_at=at)
        before = clock.change(by=name_of(by), state="cancelled", stopped_at=at)
        _record("cancel_clock", clock, by, before=before, after={"state": "cancelled", "at": at, "reason": reason})
    return clock


def mark_breached(*, at: datetime, by: str | Named = HOUSE) -> list[Clock]:
    """The running clocks that were due before ``at``, now breached and still open."""
    with transaction.atomic():
        late = list(Clock.objects.filter(state="running", due_at__lt=at).select_related("rule").order_by("id"))
        for clock in late:
            clock.change(by=name_of(by), state="breached")
            _record("breach_clock", clock, by, before={"state": "running"}, after={"state": "breached", "due_at": clock.due_at})
    return late


def find_clock(uid: str) -> Clock:
    """The clock with this uid.

    Raises:
        UnknownKey: there is none.
    """
    clock = Clock.objects.filter(uid=uid).select_related("rule", "scope").first()
    if clock is None:
        raise UnknownKey("clock", uid)
    return clock


def open_clocks_of(of: Ref) -> list[Clock]:
    """The clocks of a record that were not stopped."""
    return list(Clock.objects.filter(of_kind=of.kind, of_uid=of.uid, stopped_at=None).select_related("rule", "scope").order_by("id"))


def _due(rule: Rule, start: datetime, extensions: int, pauses: tuple[tuple[datetime, datetime], ...]) -> datetime:
    return due(start, rule.limit_with(extensions), calendar=CALENDARS[rule.calendar], zone=_zone(), pauses=pauses)


def _pauses(clock: Clock) -> tuple[tuple[datetime, datetime], ...]:
    spans = clock.pauses.exclude(resumed_at=None).order_by("paused_at")
    return tuple((span.paused_at, span.resumed_at) for span in spans if span.resumed_at)


def _zone() -> Any:
    return timezone.get_default_timezone()


def _must(holds: bool, clock: Clock, reason: str) -> None:
    if not holds:
        raise ClockRefused(uid=clock.uid, state=clock.state, reason=reason)


def _record(verb: str, clock: Clock, by: str | Named, *, after: dict[str, Any], before: dict[str, Any] | None = None) -> None:
    record(by=name_of(by), verb=verb, kind="clock", of=clock.uid, before=before, after=after)
