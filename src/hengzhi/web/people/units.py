"""The tree of units with its dates."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hengzhi.spine.people.organisation import UnitSeen, units
from hengzhi.web.numbers import MISSING
from hengzhi.web.parts import Empty
from hengzhi.web.people.rows import said
from hengzhi.web.render import show
from hengzhi.web.signed_in import me


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit as a row; earlier rows of the same unit are its history."""

    code: str
    name: str
    depth: int
    kind: str
    start: str
    end: str
    history: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitsView:
    """All that units.html draws."""

    lines: tuple[UnitLine, ...]
    past: tuple[UnitLine, ...]
    empty: Empty


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The units of today as a tree, with what each was before, and those that are no more."""
    found = units(by=me(request), on=timezone.localdate())
    content = UnitsView(
        lines=tuple(_line(unit) for unit in found if unit.now),
        past=tuple(_line(unit) for unit in found if not unit.now),
        empty=Empty(_("There are no units yet."), _("Import them on the server: hengzhi unit import units.csv")),
    )
    return show(request, "people/units.html", page="units", title=_("Units"), content=content)


def _line(unit: UnitSeen) -> UnitLine:
    history = tuple(
        _("%(start)s to %(end)s: %(name)s, under %(parent)s")
        % {"start": span.start, "end": span.end or MISSING, "name": said(span.names), "parent": span.parent or MISSING}
        for span in unit.before
    )
    end = unit.span.end.isoformat() if unit.span.end else MISSING
    return UnitLine(unit.span.code, said(unit.span.names), min(unit.depth, 8), unit.span.kind, unit.span.start.isoformat(), end, history)
