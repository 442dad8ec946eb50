"""Words of the intake: states, severities, sizes and months as a reader sees them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hengzhi.app import CATALOGUE
from hengzhi.core import Period, Text
from hengzhi.web.numbers import MISSING, count

STATES: dict[str, str | Promise] = {
    "done": _("imported"),
    "undone": _("undone"),
    "claimed": _("being imported"),
    "failed": _("failed"),
}
SEVERITIES: dict[str, str | Promise] = {
    "error": _("row rejected"),
    "duplicate": _("duplicate"),
    "warning": _("warning"),
}


def said(text: Text) -> str:
    """A text in the reader's language."""
    return text.in_(get_language() or "zh")


def table_name(key: str) -> str:
    """The name of a fact table; its key where it is no longer in the catalogue."""
    table = CATALOGUE.facts.get(key)
    return said(table.names) if table else key


def column_name(table: str, column: str) -> str:
    """A column as problems name it, with its name beside where it is one of the table's own."""
    shape = CATALOGUE.facts.get(table)
    names = [said(known.names) for known in shape or () if known.key == column]
    return f"{names[0]} · {column}" if names and names[0] != column else column


def size_words(size: int) -> str:
    """A size in kB or MB."""
    number, unit = (size / 1_000_000, "MB") if size >= 1_000_000 else (max(size / 1000, 0.1), "kB")
    return f"{number:,.0f} {unit}" if number == int(number) else f"{number:,.1f} {unit}"


def months_words(months: Sequence[int]) -> str:
    """Months as spans: 2026-08–2026-10."""
    if not months:
        return MISSING
    ordered = [Period.month(month) for month in sorted(months)]
    breaks = [at for at, (a, b) in enumerate(pairwise(ordered), 1) if a.end != b.start]
    spans = [ordered[start:end] for start, end in pairwise([0, *breaks, len(ordered)])]
    words = [str(span[0]) if len(span) == 1 else f"{span[0]}–{span[-1]}" for span in spans]
    return ", ".join(words[:6]) + (f" … ({count(len(ordered))})" if len(words) > 6 else "")
