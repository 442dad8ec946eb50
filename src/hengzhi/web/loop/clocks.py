"""The list of deadlines, the soonest due first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hengzhi.spine.clocks.queries import clock_json, list_clocks
from hengzhi.web.parts import Column, Empty, Table
from hengzhi.web.render import show
from hengzhi.web.signed_in import me


@dataclass(frozen=True, slots=True)
class ClocksView:
    """All that clocks.html draws."""

    table: Table
    empty: Empty


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The deadlines in a state (open ones by default)."""
    language = get_language() or "zh-hans"
    found = [clock_json(down, language) for down in list_clocks(state=request.GET.get("state", "open"), at=timezone.now(), by=me(request))]
    heads = (
        Column(_("Deadline")),
        Column(_("Belongs to")),
        Column(_("State")),
        Column(_("Started at")),
        Column(_("Due at")),
        Column(_("Days left"), number=True),
        Column(_("Basis")),
    )
    empty = Empty(_("No deadline is running."), _("Start those of the current periods: hengzhi clock periods"))
    return show(
        request, "loop/clocks.html", page="clocks", title=_("Deadlines"), content=ClocksView(Table(heads, tuple(map(_row, found))), empty)
    )


def _row(c: Mapping[str, Any]) -> tuple[str, ...]:
    state = _("overdue") if c["overdue"] else c["state_name"]
    whose = f"{c['of']['kind']}:{c['of']['uid']}"
    return c["name"], whose, state, _moment(c["started_at"]), _moment(c["due_at"]), str(c["days_left"]), c["source"]


def _moment(text: str) -> str:
    return text[:16].replace("T", " ")
