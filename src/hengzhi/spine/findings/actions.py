"""Causes and actions: why it is so, who does what about it by when, and what must be done before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction

from hengzhi.core import UnknownKey
from hengzhi.spine.audit.services import record
from hengzhi.spine.findings.models import Action, ActionNeed, Cause, Finding
from hengzhi.spine.findings.services import FindingRefused
from hengzhi.spine.locks import exclusive
from hengzhi.spine.record import Named, name_of


def add_cause(
    *, finding: Finding, kind: str, text: str, at: datetime, by: str | Named, parent: Cause | None = None, is_root: bool = False
) -> Cause:
    """An answer to "why" the finding is, or why its ``parent`` cause is.

    Raises:
        FindingRefused: the parent belongs to another finding.
    """
    if parent is not None and parent.finding_id != finding.pk:
        raise FindingRefused(uid=finding.uid, state=finding.state, reason="cause_elsewhere")
    with transaction.atomic():
        cause = Cause.objects.create(finding=finding, parent=parent, kind=kind, text=text, is_root=is_root, by=name_of(by), at=at)
        after = {"kind": kind, "text": text, "is_root": is_root, "parent": parent.pk if parent else None}
        record(by=name_of(by), verb="add_cause", kind="finding", of=finding.uid, after=after)
    return cause


def add_action(
    *,
    finding: Finding,
    title: str,
    owner: str | Named,
    due_on: date,
    by: str | Named,
    effort_hours: int = 0,
    cost_cents: int = 0,
    needs: Iterable[Action] = (),
) -> Action:
    """A planned action about an open finding.

    Raises:
        FindingRefused: the finding is not open.
    """
    with transaction.atomic():
        if finding.state != "open":
            raise FindingRefused(uid=finding.uid, state=finding.state, reason="not_open")
        action = Action.objects.create(
            finding=finding,
            scope=finding.scope,
            title=title,
            owner=name_of(owner),
            due_on=due_on,
            effort_hours=effort_hours,
            cost_cents=cost_cents,
            created_by=name_of(by),
            changed_by=name_of(by),
        )
        after = {"finding": finding.uid, "title": title, "owner": action.owner, "due_on": due_on, "cost_cents": cost_cents}
        record(by=name_of(by), verb="add_action", kind="action", of=action.uid, after=after)
        for need in needs:
            add_need(action=action, needs=need, by=by)
    return action


def add_need(*, action: Action, needs: Action, by: str | Named) -> None:
    """Let an action start only when another is done.

    Raises:
        FindingRefused: the other waits for this one already, be it over several steps.
    """
    with transaction.atomic():
        exclusive("action_needs")
        if action.pk in _waits_for(needs.pk):
            raise FindingRefused(uid=action.uid, state=action.state, reason="ring")
        ActionNeed.objects.get_or_create(action=action, needs=needs)
        record(by=name_of(by), verb="add_need", kind="action", of=action.uid, after={"needs": needs.uid})


def plan_action(*, action: Action, by: str | Named, **fields: Any) -> Action:
    """The action with another title, owner, due day, effort or cost.

    Raises:
        FindingRefused: it is over, or such a field is not planned.
    """
    with transaction.atomic():
        if action.state in ("done", "cancelled"):
            raise FindingRefused(uid=action.uid, state=action.state, reason="action_over")
        if set(fields) - {"title", "owner", "due_on", "effort_hours", "cost_cents"}:
            raise FindingRefused(uid=action.uid, state=action.state, reason="not_planned")
        before = action.change(by=name_of(by), **fields)
        record(by=name_of(by), verb="plan_action", kind="action", of=action.uid, before=before, after=fields)
    return action


def start_action(*, action: Action, on: date, by: str | Named) -> Action:
    """The action, started: from now on the question of its effect stands.

    Raises:
        FindingRefused: it was started before, no question is asked yet, or something it needs is not done.
    """
    with transaction.atomic():
        _must(action.state == "planned", action, "not_planned")
        _must(action.checks.exists(), action, "effect_unasked")
        _must(not action.needs.exclude(state__in=["done", "cancelled"]).exists(), action, "needs_open")
        return _moved(action, "start_action", by, state="started", started_on=on)


def finish_action(*, action: Action, on: date, by: str | Named) -> Action:
    """The action, done.

    Raises:
        FindingRefused: it does not run, or would end before it started.
    """
    with transaction.atomic():
        _must(action.state == "started" and action.started_on is not None and on >= action.started_on, action, "not_started")
        return _moved(action, "finish_action", by, state="done", done_on=on)


def cancel_action(*, action: Action, reason: str, by: str | Named) -> Action:
    """The action, given up.

    Raises:
        FindingRefused: it is over.
    """
    with transaction.atomic():
        _must(action.state in ("planned", "started"), action, "action_over")
        return _moved(action, "cancel_action", by, told={"reason": reason}, state="cancelled")


def find_action(uid: str) -> Action:
    """The action with this uid.

    Raises:
        UnknownKey: there is none.
    """
    action = Action.objects.filter(uid=uid).select_related("finding", "scope").first()
    if action is None:
        raise UnknownKey("action", uid)
    return action


def _moved(action: Action, verb: str, by: str | Named, told: dict[str, Any] | None = None, **fields: Any) -> Action:
    before = action.change(by=name_of(by), **fields)
    record(by=name_of(by), verb=verb, kind="action", of=action.uid, before=before, after={**fields, **(told or {})})
    return action


def _waits_for(action: int) -> set[int]:
    """The action itself and all it needs, over any number of steps."""
    found, fresh = {action}, {action}
    while fresh:
        fresh = set(ActionNeed.objects.filter(action__in=fresh).values_list("needs_id", flat=True)) - found
        found |= fresh
    return found


def _must(holds: bool, action: Action, reason: str) -> None:
    if not holds:
        raise FindingRefused(uid=action.uid, state=action.state, reason=reason)
