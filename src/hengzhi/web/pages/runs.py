"""The list of runs, and one with its pins and how to replay it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hengzhi.core import Period
from hengzhi.spine.runs.pages.runs import RunPage, RunSeen, run, runs
from hengzhi.web.frame import Crumb
from hengzhi.web.numbers import MISSING, count
from hengzhi.web.parts import Empty, Pager, pager
from hengzhi.web.render import show
from hengzhi.web.signed_in import me


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run as a row."""

    uid: str
    url: str
    kind: str
    state: str
    months: str
    data_version: str
    observations: str
    ratings: str
    by: str
    at: str
    hash: str


@dataclass(frozen=True, slots=True)
class RunsView:
    """All that runs.html draws."""

    lines: tuple[RunLine, ...]
    pager: Pager
    empty: Empty


@dataclass(frozen=True, slots=True)
class RunView:
    """All that run.html draws."""

    pins: tuple[tuple[str, str], ...]
    counts: tuple[tuple[str, str], ...]
    parameters: str
    versions: tuple[str, ...]
    replay: str


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """All runs, the newest first."""
    found = runs(by=me(request), number=_number(request.GET.get("page", "")))
    content = RunsView(
        lines=tuple(_line(seen) for seen in found.rows),
        pager=pager(total=found.total, number=found.number, size=found.size, query=request.GET.dict()),
        empty=Empty(_("Nothing has been computed yet."), _("Import data, then run: hengzhi assess --period 2026-10")),
    )
    return show(request, "pages/runs.html", page="runs", title=_("Runs"), content=content)


@require_safe
def one(request: HttpRequest, uid: str) -> HttpResponse:
    """One run with everything it is pinned to."""
    found = run(uid=uid, by=me(request))
    title = _("Run %(uid)s") % {"uid": uid}
    trail = [Crumb(_("Runs"), reverse("runs"))]
    return show(request, "pages/run.html", page="runs", title=title, content=_view(found), trail=trail)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _line(seen: RunSeen) -> RunLine:
    return RunLine(
        uid=seen.uid,
        url=reverse("run", args=[seen.uid]),
        kind=_kind(seen.kind),
        state=_state(seen.state),
        months=_months(seen.months),
        data_version=str(seen.data_version),
        observations=count(seen.observations),
        ratings=count(seen.ratings),
        by=seen.by or MISSING,
        at=f"{timezone.localtime(seen.at):%Y-%m-%d %H:%M}",
        hash=seen.output_sha256[:12] or MISSING,
    )


def _months(months: tuple[int, ...]) -> str:
    if not months:
        return MISSING
    first, last = Period.month(months[0]), Period.month(months[-1])
    return (
        str(first) if first == last else _("%(first)s to %(last)s, %(count)s months") % {"first": first, "last": last, "count": len(months)}
    )


def _kind(kind: str) -> str:
    return {"assess": _("assessment"), "summarize": _("process summary")}.get(kind, kind)


def _state(state: str) -> str:
    return {"done": _("done"), "writing": _("being written"), "failed": _("failed")}.get(state, state)


def _view(found: RunPage) -> RunView:
    seen = _line(found.run)
    known = {"observations": _("Observations"), "ratings": _("Ratings")}
    return RunView(
        pins=(
            (_("Kind"), seen.kind),
            (_("State"), seen.state),
            (_("Months"), seen.months),
            (_("Data version"), seen.data_version),
            (_("Code"), found.run.code),
            (_("Engine"), found.engine or MISSING),
            (_("Seed"), str(found.seed)),
            (_("Policy SHA-256"), found.policy or MISSING),
            (_("Tree of units SHA-256"), found.scope_version or MISSING),
            (_("Output SHA-256"), found.run.output_sha256 or MISSING),
            (_("Started by"), seen.by),
            (_("Started at"), seen.at),
        ),
        counts=tuple((label, count(found.summary[name])) for name, label in known.items() if isinstance(found.summary.get(name), int)),
        parameters=json.dumps(dict(found.parameters), ensure_ascii=False),
        versions=found.indicator_versions,
        replay=f"hengzhi replay {found.run.uid}",
    )
