"""A table as a CSV file: whole numbers, marked as example data where they are, and no cell a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.translation import gettext as _

from hengzhi.web.frame import is_demo

Value = str | int | float | bool | None
_RUNS = ("=", "+", "-", "@", "\t", "\r", "|")


def sheet(name: str, heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> HttpResponse:
    """A CSV file in UTF-8 with a byte-order mark, so that spreadsheets read it in any language."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    demo = is_demo()
    extra = [_("Example data")] if demo else []
    writer.writerow([safe(head) for head in [*heads, *extra]])
    for row in rows:
        writer.writerow([safe(cell) for cell in [*row, *extra]])
    response = HttpResponse("﻿" + text.getvalue(), content_type="text/csv; charset=utf-8")
    file = f"{_('Example data')}-{name}.csv" if demo else f"{name}.csv"
    response.headers["Content-Disposition"] = f"attachment; filename=\"{_plain(name)}.csv\"; filename*=UTF-8''{quote(file)}"
    return response


def safe(cell: Value) -> str:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers, missing stays empty.

    >>> safe("=1+1"), safe(-0.5), safe(None)
    ("'=1+1", '-0.5', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, int | float):
        return repr(cell)
    return f"'{cell}" if cell.lstrip(" ").startswith(_RUNS) or cell.startswith(_RUNS) else cell


def _plain(name: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "-._") else "_" for c in name)
