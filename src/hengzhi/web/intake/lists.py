"""What the list of batches shows, prepared as a frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hengzhi.app import CATALOGUE
from hengzhi.spine.datasets.queries import STATES as ALL_STATES
from hengzhi.spine.datasets.queries import BatchPage, BatchView
from hengzhi.web.frame import Choice
from hengzhi.web.intake.words import STATES, months_words, table_name
from hengzhi.web.numbers import count
from hengzhi.web.parts import Empty, Pager, pager

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Line:
    """A batch in the list."""

    batch: BatchView
    table: str
    state: Words
    months: str
    accepted: str
    duplicates: str
    rejected: str


@dataclass(frozen=True, slots=True)
class BatchesPage:
    """The list of batches with its filter."""

    tables: tuple[Choice, ...]
    states: tuple[Choice, ...]
    kept: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    pager: Pager
    empty: Empty | None


def batches_page(found: BatchPage, *, table: str, state: str, number: int, size: int, query: Mapping[str, str]) -> BatchesPage:
    """The page of the list."""
    tables = (Choice("", _("All tables"), not table), *(Choice(key, table_name(key), key == table) for key in CATALOGUE.facts))
    states = (Choice("", _("All states"), not state), *(Choice(key, STATES[key], key == state) for key in ALL_STATES))
    kept = tuple((name, value) for name, value in query.items() if name in ("unit", "period", "against"))
    return BatchesPage(
        tables=tables,
        states=states,
        kept=kept,
        lines=tuple(_line(batch) for batch in found.items),
        pager=pager(total=found.total, number=number, size=size, query=query),
        empty=None if found.items else _empty(found),
    )


def _empty(found: BatchPage) -> Empty:
    if found.any:
        return Empty(_("No batch matches this choice."), _("Show all batches"), "/batches")
    return Empty(_("Nothing has been imported yet."), _("Upload a file"), "/imports")


def _line(batch: BatchView) -> Line:
    numbers = (count(batch.accepted), count(batch.duplicates), count(batch.rejected))
    return Line(batch, table_name(batch.table), STATES.get(batch.state, batch.state), months_words(batch.months), *numbers)
