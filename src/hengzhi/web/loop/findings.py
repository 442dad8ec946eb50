"""The list of findings, and one with its causes, actions and effect checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hengzhi.app import CATALOGUE
from hengzhi.spine.findings.queries import finding_json, list_findings, whole_finding_json
from hengzhi.spine.findings.services import find_finding
from hengzhi.web.frame import Crumb
from hengzhi.web.numbers import MISSING
from hengzhi.web.parts import Column, Empty, Table
from hengzhi.web.render import show
from hengzhi.web.signed_in import me

_NAMES = {key: indicator.names for key, indicator in CATALOGUE.indicators.items()}


@dataclass(frozen=True, slots=True)
class FindingsView:
    """All that findings.html draws."""

    items: tuple[Mapping[str, Any], ...]
    empty: Empty


@dataclass(frozen=True, slots=True)
class FindingView:
    """All that finding.html draws."""

    facts: tuple[tuple[str, str], ...]
    causes: tuple[str, ...]
    actions: Table
    checks: Table


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The findings in a state (open ones by default), the gravest first."""
    found = [finding_json(f, _language(), _NAMES) for f in list_findings(state=request.GET.get("state", "open"), by=me(request))]
    items = tuple({**f, "url": reverse("finding", args=[f["uid"]])} for f in found)
    empty = Empty(_("Nothing is to be mended."), _("After an assessment run: hengzhi finding open --run latest"))
    return show(request, "loop/findings.html", page="findings", title=_("Rectification"), content=FindingsView(items, empty))


@require_safe
def one(request: HttpRequest, uid: str) -> HttpResponse:
    """One finding."""
    found = whole_finding_json(find_finding(uid, by=me(request)), _language(), _NAMES)
    view = FindingView(_facts(found), tuple(_causes(found["causes"], 0)), _actions(found["actions"]), _checks(found["actions"]))
    trail = [Crumb(_("Rectification"), reverse("findings"))]
    return show(request, "loop/finding.html", page="findings", title=found["title"], content=view, trail=trail)


def _facts(f: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return (
        (_("Severity"), f["severity_name"]),
        (_("State"), f["state_name"]),
        (_("Scope"), f["scope"] or _("Whole institution")),
        (_("Source"), f"{f['source']['kind']}:{f['source']['uid']}"),
        (_("Opened on"), f["opened_on"]),
        (_("Last seen on"), f["last_seen_on"]),
        (_("Closed on"), f["closed_on"] or MISSING),
        (_("Accepted until"), f["accepted_until"] or MISSING),
        (_("Recurrences"), str(f["recurrences"])),
        (_("Reason"), f["reason"] or MISSING),
    )


def _causes(causes: Sequence[Mapping[str, Any]], depth: int) -> list[str]:
    lines = []
    for cause in causes:
        lines += ["→ " * depth + f"{cause['text']} ({cause['kind_name']})", *_causes(cause["because"], depth + 1)]
    return lines


def _actions(actions: Sequence[Mapping[str, Any]]) -> Table:
    heads = (Column(_("Action")), Column(_("Owner")), Column(_("Due on")), Column(_("State")), Column(_("Done on")))
    return Table(heads, tuple((a["title"], a["owner"], a["due_on"], a["state_name"], a["done_on"] or MISSING) for a in actions))


def _checks(actions: Sequence[Mapping[str, Any]]) -> Table:
    heads = (Column(_("Question of effect")), Column(_("Review on")), Column(_("Conclusion")), Column(_("Checked by")))
    rows = ((_question(c), c["review_on"], c["conclusion_name"], c["checked_by"] or MISSING) for a in actions for c in a["checks"])
    return Table(heads, tuple(rows))


def _question(check: Mapping[str, Any]) -> str:
    if not check["indicator"]:
        return str(check["question"])
    name = _NAMES[check["indicator"]].in_(_language()) if check["indicator"] in _NAMES else check["indicator"]
    return f"{name}: {check['baseline']} → {check['review']}, {100 * check['target_change']:+.1f} %"


def _language() -> str:
    return get_language() or "zh-hans"
