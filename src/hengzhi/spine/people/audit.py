"""The audit log for those who may read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from hengzhi.spine.access.grants import Actor
from hengzhi.spine.access.services import require, visible
from hengzhi.spine.audit.models import AuditEntry

_SEE, _SIZE = "audit.entry.view", 50


@dataclass(frozen=True, slots=True)
class EntrySeen:
    """One entry."""

    at: datetime
    by: str
    verb: str
    kind: str
    of: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class EntriesPage:
    """A page of entries, the latest first."""

    rows: tuple[EntrySeen, ...]
    total: int
    number: int
    size: int


def entries(*, by: Actor, search: str = "", number: int = 1) -> EntriesPage:
    """The entries whose person, verb or record contains ``search``.

    Raises:
        Forbidden, OutOfScope: ``by`` may not read the log.
    """
    require(by, _SEE)
    found = visible(AuditEntry.objects.all(), by, _SEE)
    if search:
        found = found.filter(Q(by__icontains=search) | Q(verb__icontains=search) | Q(of__icontains=search) | Q(kind__icontains=search))
    total = found.count()
    at = min(max(number, 1), max(-(-total // _SIZE), 1))
    columns = ("at", "by", "verb", "kind", "of", "before", "after")
    rows = found.order_by("-id").values_list(*columns)[(at - 1) * _SIZE : at * _SIZE]
    return EntriesPage(tuple(EntrySeen(*row) for row in rows), total, at, _SIZE)
