"""Views of what a file must look like: the columns of every table, and an empty file of each."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from hengzhi.app import CATALOGUE
from hengzhi.spine.datasets.guides import ColumnGuide, TableGuide, table_guides, template_csv
from hengzhi.web.frame import Crumb
from hengzhi.web.intake.uploads import BATCHES, TITLE
from hengzhi.web.intake.words import said
from hengzhi.web.parts import Column, Table
from hengzhi.web.render import show

TYPES: dict[str, str | Promise] = {
    "code": _("a code or name"),
    "int": _("a number"),
    "flag": _("yes or no"),
    "day": _("a date, such as 2026-10-05"),
    "instant": _("a time, such as 2026-10-05 09:30:00"),
    "pseudonym": _("a person's id; only a pseudonym is stored"),
    "text_ref": _("free text; stored masked"),
}
UNITS: dict[str, str | Promise] = {
    "share": _("a share"),
    "count": _("a count"),
    "seconds": _("in seconds"),
    "minutes": _("in minutes"),
    "hours": _("in hours"),
    "days": _("in days"),
    "points": _("in points"),
    "per_10k": _("per ten thousand"),
    "money": _("an amount of money"),
}


@dataclass(frozen=True, slots=True)
class Guide:
    """One table as it is shown."""

    key: str
    name: str
    grain: str
    unique: str
    columns: Table


@require_safe
def tables(request: HttpRequest) -> HttpResponse:
    """The columns of every table."""
    page = tuple(_guide(table) for table in table_guides(catalogue=CATALOGUE))
    trail = (BATCHES, Crumb(TITLE, "/imports"))
    return show(request, "intake/tables.html", page="batches", title=_("Columns and empty files"), content=page, trail=trail)


@require_safe
def template(request: HttpRequest, table: str) -> HttpResponse:
    """An empty file of one table, its columns named in the reader's language."""
    content = template_csv(catalogue=CATALOGUE, table=table, language=get_language() or "zh")
    return HttpResponse(
        content, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{table}.csv"'}
    )


def _guide(table: TableGuide) -> Guide:
    titles = (_("Column"), _("Key"), _("Required"), _("What goes in"))
    rows = tuple((said(c.names), c.key, _("yes") if c.required else "", _content(c)) for c in table.columns)
    columns = Table(tuple(Column(title) for title in titles), rows)
    return Guide(table.key, said(table.names), said(table.grain), ", ".join(said(names) for names in table.unique), columns)


def _content(column: ColumnGuide) -> str:
    parts = [str(TYPES.get(column.type, column.type)), str(UNITS.get(column.unit, "")), " / ".join(column.codes)]
    return " · ".join(part for part in parts if part)
