"""Opening findings from any source, deciding about them, and closing them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from hengzhi.core import HengzhiError, UnknownKey
from hengzhi.spine.access.grants import Actor
from hengzhi.spine.access.services import require, visible
from hengzhi.spine.audit.services import record
from hengzhi.spine.findings.models import Action, EffectCheck, Finding
from hengzhi.spine.locks import exclusive
from hengzhi.spine.record import Named, Ref, name_of, scope_row

HOUSE = "house"
RECURRENCE_DAYS = 180


class FindingRefused(HengzhiError):
    """A finding, action or check can't do that now; ``reason`` says why."""

    code = "finding_refused"


def open_finding(
    *,
    source: Ref,
    key: str,
    scope: str,
    severity: str,
    title: tuple[str, Mapping[str, Any]],
    on: date,
    by: str | Named = HOUSE,
    recurrence_days: int = RECURRENCE_DAYS,
) -> Finding:
    """The one finding of ``key`` that stands for what was seen ``on`` that day.

    An open one is only touched. What a person decided (accepted and not run out, false, duplicate) stays as decided. A closed
    one reopens when it is seen again after it was closed and within the recurrence window; later, a new one follows it.
    """
    with transaction.atomic():
        exclusive(f"finding {key}")
        last = Finding.objects.filter(key=key).order_by("-id").first()
        if last is None or _is_past(last, on, recurrence_days):
            return _create(source, key, scope, severity, title, on, name_of(by), last)
        if on > last.last_seen_on:
            Finding.objects.filter(pk=last.pk).update(last_seen_on=on)
            last.last_seen_on = on
        if _returns(last, on):
            _reopen(last, on, name_of(by), "seen_again" if last.state == "closed" else "acceptance_expired")
    return last


def accept_finding(*, finding: Finding, until: date, reason: str, on: date, by: str | Named) -> Finding:
    """The finding, accepted as it is until a day.

    Raises:
        FindingRefused: it is not open, or the day is not after ``on``.
    """
    _must(until > on, finding, "until_past")
    return _decide(finding, "accept_finding", by, state="accepted", accepted_until=until, reason=reason)


def mark_false(*, finding: Finding, reason: str, by: str | Named) -> Finding:
    """The finding, which is none; no later import or run opens it again.

    Raises:
        FindingRefused: it is not open.
    """
    return _decide(finding, "mark_false", by, state="false", accepted_until=None, reason=reason)


def mark_duplicate(*, finding: Finding, of: Finding, reason: str, by: str | Named) -> Finding:
    """The finding, which is the same as another.

    Raises:
        FindingRefused: it is not open, or the other is itself, or a duplicate.
    """
    _must(of.pk != finding.pk and of.state != "duplicate", finding, "duplicate_of_itself")
    return _decide(finding, "mark_duplicate", by, state="duplicate", duplicate_of=of, accepted_until=None, reason=reason)


def reopen_finding(*, finding: Finding, on: date, reason: str, by: str | Named) -> Finding:
    """The finding, open again by somebody's decision.

    Raises:
        FindingRefused: it is open, or a later one of its key is.
    """
    with transaction.atomic():
        exclusive(f"finding {finding.key}")
        _must(finding.state != "open", finding, "open")
        _must(
            not Finding.objects.filter(key=finding.key, state__in=["open", "accepted"]).exclude(pk=finding.pk).exists(),
            finding,
            "later_one",
        )
        _reopen(finding, on, name_of(by), reason)
    return finding


def expire_acceptances(*, on: date, by: str | Named = HOUSE) -> list[Finding]:
    """The findings whose acceptance has run out by ``on``, open again."""
    with transaction.atomic():
        expired = list(Finding.objects.filter(state="accepted", accepted_until__lte=on).order_by("id"))
        for finding in expired:
            _reopen(finding, on, name_of(by), "acceptance_expired")
    return expired


def close_finding(*, finding: Finding, on: date, by: str | Named) -> Finding:
    """The finding, closed: all its actions are over and one was found effective by somebody else than its owner.

    Raises:
        FindingRefused: it is not open, an action is, or no such check has found it mended since it was (re)opened.
    """
    with transaction.atomic():
        exclusive(f"finding {finding.key}")
        _must(finding.state == "open", finding, "not_open")
        _must(not Action.objects.filter(finding=finding, state__in=["planned", "started"]).exists(), finding, "action_open")
        checks = EffectCheck.objects.filter(action__finding=finding, action__state="done", conclusion="effective").select_related("action")
        if finding.reopened_at:
            checks = checks.filter(checked_at__gt=finding.reopened_at)
        _must(any(c.checked_by != c.action.owner for c in checks), finding, "effect_unchecked")
        before = finding.change(by=name_of(by), state="closed", closed_on=on)
        after = {"state": "closed", "closed_on": on, "checks": [c.uid for c in checks]}
        record(by=name_of(by), verb="close_finding", kind="finding", of=finding.uid, before=before, after=after)
    return finding


def find_finding(uid: str, *, by: Actor | None = None) -> Finding:
    """The finding with this uid, if ``by`` may see it (None: the console).

    Raises:
        UnknownKey: there is none.
    """
    known = Finding.objects.select_related("scope")
    if by is not None:
        require(by, "loop.finding.view", None)
        known = visible(known, by, "loop.finding.view")
    finding = known.filter(uid=uid).first()
    if finding is None:
        raise UnknownKey("finding", uid)
    return finding


def _create(
    source: Ref, key: str, scope: str, severity: str, title: tuple[str, Mapping[str, Any]], on: date, by: str, earlier: Finding | None
) -> Finding:
    made = Finding.objects.create(
        key=key,
        source_kind=source.kind,
        source_uid=source.uid,
        scope=scope_row(scope),
        severity=severity,
        title_code=title[0],
        title_args=dict(title[1]),
        opened_on=on,
        last_seen_on=on,
        earlier=earlier,
        created_by=by,
        changed_by=by,
    )
    after = {"key": key, "source": str(source), "scope": scope, "severity": severity, "title": title[0], "args": dict(title[1]), "on": on}
    record(by=by, verb="open_finding", kind="finding", of=made.uid, after=after)
    return made


def _is_past(last: Finding, on: date, recurrence_days: int) -> bool:
    return last.state == "closed" and last.closed_on is not None and (on - last.closed_on).days > recurrence_days


def _returns(last: Finding, on: date) -> bool:
    # Seen on or before the day it was closed is what the closing was about, not a return of it.
    if last.state == "closed" and last.closed_on is not None:
        return on > last.closed_on
    return last.state == "accepted" and last.accepted_until is not None and on >= last.accepted_until


def _reopen(finding: Finding, on: date, by: str, reason: str) -> None:
    fields = {
        "state": "open",
        "closed_on": None,
        "accepted_until": None,
        "duplicate_of": None,
        "reopened_at": timezone.now(),
        "last_seen_on": on,
    }
    before = finding.change(by=by, recurrences=finding.recurrences + (finding.state == "closed"), **fields)
    after = {"state": "open", "on": on, "reason": reason, "recurrences": finding.recurrences}
    told = {name: value for name, value in before.items() if name in ("state", "closed_on", "accepted_until")}
    record(by=by, verb="reopen_finding", kind="finding", of=finding.uid, before=told, after=after)


def _decide(finding: Finding, verb: str, by: str | Named, **fields: Any) -> Finding:
    with transaction.atomic():
        exclusive(f"finding {finding.key}")
        _must(finding.state in ("open", "accepted"), finding, "not_open")
        _must(bool(fields["reason"].strip()), finding, "no_reason")
        before = finding.change(by=name_of(by), decided_by=name_of(by), **fields)
        record(
            by=name_of(by),
            verb=verb,
            kind="finding",
            of=finding.uid,
            before={"state": before["state"]},
            after={name: getattr(value, "uid", value) for name, value in fields.items()},
        )
    return finding


def _must(holds: bool, finding: Finding, reason: str) -> None:
    if not holds:
        raise FindingRefused(uid=finding.uid, state=finding.state, reason=reason)
