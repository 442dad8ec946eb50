"""Keeping the institution's units, and reading them as a tree."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from hengzhi.core import HengzhiError, Text
from hengzhi.engine.scopes import ScopeTree, UnitSpan
from hengzhi.lake.workspace import Workspace
from hengzhi.spine.audit.services import record
from hengzhi.spine.scopes.models import OrgUnit, WorkspaceStamp


class WrongDatabase(HengzhiError):
    """The database belongs to another workspace."""

    code = "wrong_database"


def current_tree() -> ScopeTree:
    """All units with their dates."""
    return ScopeTree(
        tuple(
            UnitSpan(u.code, Text(u.name_zh, u.name_en), u.parent, u.start, u.end, u.kind)
            for u in OrgUnit.objects.order_by("code", "start")
        )
    )


def save_units(*, units: Iterable[UnitSpan], by: str) -> int:
    """Add units, or change those of the same code and start; returns how many there were."""
    rows = [
        OrgUnit(code=u.code, name_zh=u.names.zh, name_en=u.names.en, parent=u.parent, kind=u.kind, start=u.start, end=u.end) for u in units
    ]
    with transaction.atomic():
        OrgUnit.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["code", "start"],
            update_fields=["name_zh", "name_en", "parent", "kind", "end"],
        )
        record(by=by, verb="save_units", kind="org_unit", of="", after={"units": [row.code for row in rows]})
    return len(rows)


def stamp(workspace: Workspace) -> None:
    """Tie the database to the workspace, or refuse it.

    Raises:
        WrongDatabase: it is tied to another one.
    """
    row, _ = WorkspaceStamp.objects.get_or_create(only=True, defaults={"workspace_id": workspace.id})
    if row.workspace_id != workspace.id:
        raise WrongDatabase(database=row.workspace_id, workspace=workspace.id)
