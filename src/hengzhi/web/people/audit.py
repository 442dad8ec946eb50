"""The audit log as a list, the latest first."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hengzhi.spine.people.audit import EntrySeen, entries
from hengzhi.web.parts import Pager, pager
from hengzhi.web.render import show
from hengzhi.web.signed_in import me


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry in words; control characters are written out."""

    at: str
    by: str
    verb: str
    kind: str
    of: str
    change: str


@dataclass(frozen=True, slots=True)
class AuditView:
    """All that audit.html draws."""

    lines: tuple[EntryLine, ...]
    pager: Pager
    search: str


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The entries that contain the words looked for."""
    search, number = request.GET.get("q", "")[:100], request.GET.get("page", "")
    found = entries(by=me(request), search=search, number=int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 1)
    content = AuditView(
        tuple(_line(entry) for entry in found.rows),
        pager(total=found.total, number=found.number, size=found.size, query=request.GET.dict()),
        search,
    )
    return show(request, "people/audit.html", page="audit", title=_("Audit log"), content=content)


def _line(entry: EntrySeen) -> EntryLine:
    parts = [json.dumps(value, ensure_ascii=False) for value in (entry.before, entry.after) if value is not None]
    at = f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}"
    return EntryLine(
        at, visible_text(entry.by), visible_text(entry.verb), entry.kind, visible_text(entry.of), visible_text(" → ".join(parts))
    )


def visible_text(text: str) -> str:
    r"""The text with what can't be seen written out, so that no name breaks a line or turns its direction.

    >>> visible_text("a\nb\u202e")
    'a\\nb\\u202e'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
