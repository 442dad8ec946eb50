"""Reading findings: lists, and one with all its causes, actions and checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When

from hengzhi.core import Text, UnknownKey
from hengzhi.spine.access.grants import Actor
from hengzhi.spine.access.services import require, visible
from hengzhi.spine.findings.models import SEVERITIES, STATES, Action, Cause, EffectCheck, Finding
from hengzhi.spine.findings.titles import (
    ACTION_STATE_NAMES,
    CAUSE_KIND_NAMES,
    CONCLUSION_NAMES,
    SEVERITY_NAMES,
    STATE_NAMES,
    title,
)

Names = Mapping[str, Text]
_URGENCY = Case(*(When(severity=s, then=Value(-at)) for at, s in enumerate(SEVERITIES)), default=Value(0), output_field=IntegerField())


def list_findings(*, state: str = "open", scope: str | None = None, most: int = 500, by: Actor | None = None) -> QuerySet[Finding]:
    """The findings in a state (all when empty), the gravest first; those that ``by`` may see (None: the console).

    Raises:
        UnknownKey: there is no such state.
    """
    if state and state not in STATES:
        raise UnknownKey("finding_state", state)
    found = Finding.objects.select_related("scope").order_by(_URGENCY, "opened_on", "id")
    if by is not None:
        require(by, "loop.finding.view", None)
        found = visible(found, by, "loop.finding.view")
    found = found.filter(state=state) if state else found
    return (found if scope is None else found.filter(scope__text=scope))[:most]


def finding_json(finding: Finding, language: str, names: Names | None = None) -> dict[str, Any]:
    """A finding's header in the words of the API."""
    return {
        "uid": finding.uid,
        "key": finding.key,
        "title": title(finding.title_code, finding.title_args, language, names),
        "title_code": finding.title_code,
        "title_args": finding.title_args,
        "source": {"kind": finding.source_kind, "uid": finding.source_uid},
        "scope": finding.scope.text,
        "severity": finding.severity,
        "severity_name": SEVERITY_NAMES[finding.severity].in_(language),
        "state": finding.state,
        "state_name": STATE_NAMES[finding.state].in_(language),
        "owner": finding.owner,
        "opened_on": finding.opened_on.isoformat(),
        "last_seen_on": finding.last_seen_on.isoformat(),
        "closed_on": finding.closed_on.isoformat() if finding.closed_on else None,
        "accepted_until": finding.accepted_until.isoformat() if finding.accepted_until else None,
        "recurrences": finding.recurrences,
        "reason": finding.reason,
        "version": finding.version,
    }


def whole_finding_json(finding: Finding, language: str, names: Names | None = None) -> dict[str, Any]:
    """A finding with its tree of causes, its actions and their checks."""
    causes: dict[int | None, list[Cause]] = {}
    for cause in finding.causes.order_by("id"):
        causes.setdefault(cause.parent_id, []).append(cause)
    actions = finding.actions.prefetch_related("checks__scope", "needs").order_by("due_on", "id")
    return {
        **finding_json(finding, language, names),
        "causes": _tree(None, causes, language),
        "actions": [action_json(action, language) for action in actions],
    }


def action_json(action: Action, language: str) -> dict[str, Any]:
    """An action with its checks in the words of the API."""
    return {
        "uid": action.uid,
        "title": action.title,
        "owner": action.owner,
        "due_on": action.due_on.isoformat(),
        "effort_hours": action.effort_hours,
        "cost_cents": action.cost_cents,
        "state": action.state,
        "state_name": ACTION_STATE_NAMES[action.state].in_(language),
        "started_on": action.started_on.isoformat() if action.started_on else None,
        "done_on": action.done_on.isoformat() if action.done_on else None,
        "needs": sorted(need.uid for need in action.needs.all()),
        "checks": [check_json(check, language) for check in action.checks.all()],
        "version": action.version,
    }


def check_json(check: EffectCheck, language: str) -> dict[str, Any]:
    """An effect check: its question and its answer."""
    names = (
        "uid",
        "indicator",
        "baseline",
        "review",
        "comparison",
        "controls",
        "target_change",
        "question",
        "verdict",
        "conclusion",
        "reason",
    )
    return {
        **{name: getattr(check, name) for name in names},
        "scope": check.scope.text,
        "review_on": check.review_on.isoformat(),
        "conclusion_name": CONCLUSION_NAMES[check.conclusion].in_(language),
        "checked_by": check.checked_by,
        "computed": check.computed,
    }


def _tree(parent: int | None, causes: Mapping[int | None, list[Cause]], language: str) -> list[dict[str, Any]]:
    return [
        {
            "text": cause.text,
            "kind": cause.kind,
            "kind_name": CAUSE_KIND_NAMES[cause.kind].in_(language),
            "is_root": cause.is_root,
            "because": _tree(cause.pk, causes, language),
        }
        for cause in causes.get(parent, ())
    ]
