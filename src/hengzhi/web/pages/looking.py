"""What the pages share: the place an address names, the workspace, and links that keep unit and period."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from hengzhi.app import CATALOGUE
from hengzhi.core import Period, Text
from hengzhi.spine.access.services import require
from hengzhi.spine.runs.pages.place import Place
from hengzhi.spine.scopes.labels import Labels, labels
from hengzhi.spine.workspaces import Workspace
from hengzhi.web.pages.telling import named
from hengzhi.web.parts import Empty
from hengzhi.web.render import show
from hengzhi.web.selection import Selection
from hengzhi.web.signed_in import me


def workspace() -> Workspace:
    """The workspace that is served.

    Raises:
        ImproperlyConfigured: the site was started without one.
    """
    served: Workspace | None = settings.WORKSPACE
    if served is None:
        raise ImproperlyConfigured("a site needs a workspace")
    return served


@dataclass(frozen=True, slots=True)
class Look:
    """A selection made whole: the month that is really shown, and the query that every link carries on."""

    unit: str
    month: Period | None
    against: Period | None
    selection: Selection
    names: Labels

    @property
    def query(self) -> str:
        """The query of every link."""
        return self.selection.query()

    def url(self, name: str, *args: str, **more: str) -> str:
        """The address of a page of the same unit and period."""
        query = "&".join(filter(None, (self.query, urlencode(more))))
        return f"{reverse(name, args=args)}?{query}" if query else reverse(name, args=args)

    def csv(self, request: HttpRequest, table: str = "") -> str:
        """The address of the same page as a file."""
        kept = {name: value for name, value in request.GET.items() if name not in ("format", "table")}
        return "?" + urlencode({**kept, "format": "csv", **({"table": table} if table else {})})


def look(chosen: Selection, at: Place | None) -> Look:
    """The look of a page: what the address named, filled up with what is shown."""
    names = labels(workspace())
    shown = Selection(at.unit if at else chosen.unit, at.month if at else chosen.period, chosen.against)
    return Look(shown.unit, at.month if at else None, at.against if at else None, shown, names)


def wants_file(request: HttpRequest) -> bool:
    """Whether the address asks for the figures as a file, which not everyone may take away.

    Raises:
        Forbidden: this person may not.
    """
    wanted = request.GET.get("format") == "csv"
    if wanted:
        require(me(request), "risk.figure.export", None)
    return wanted


def indicator_names() -> dict[str, str]:
    """The names of all indicators in the reader's language."""
    return {key: named(indicator.names) for key, indicator in CATALOGUE.indicators.items()}


def name_of(key: str) -> str:
    """The name of an indicator; its key where it is no longer in the catalogue."""
    indicator = CATALOGUE.indicators.get(key)
    return named(indicator.names if indicator else Text(key, key))


def not_assessed(request: HttpRequest, *, page: str, title: str, chosen: Selection, at: Place | None = None) -> HttpResponse:
    """The page of a place without figures: why, and what to do."""
    if at is None:
        empty = Empty(_("Nothing has been assessed yet."), _("Import data, then run: hengzhi assess --period 2026-10"))
    else:
        empty = Empty(
            _("%(period)s has not been assessed.") % {"period": at.month},
            _("Show the last month assessed"),
            f"?{Selection(chosen.unit, at.now.last()).query()}",
        )
    return show(request, "pages/empty.html", page=page, title=title, content=empty, selection=chosen)
