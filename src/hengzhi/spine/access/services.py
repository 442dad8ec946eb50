"""The choke point: from a person to rows, and from a person to an act."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from hengzhi.engine.scopes import Scope as Written
from hengzhi.spine.access.errors import Forbidden, OutOfScope
from hengzhi.spine.access.grants import NOWHERE, Actor, Reach, permissions_of
from hengzhi.spine.audit.services import record
from hengzhi.spine.scopes.models import Scope

Row = TypeVar("Row", bound=Model)

# Where a row says which unit it belongs to: a column with the unit's code, or a scope.
BY_UNIT = {"hengzhi.person": "unit", "hengzhi.assignment": "unit", "hengzhi.orgunit": "code"}
BY_SCOPE = {"hengzhi.observation": "scope", "hengzhi.rating": "scope", "hengzhi.finding": "scope", "hengzhi.clock": "scope"}
# Rows of the house as a whole: seen by those who hold the permission institution-wide.
OF_ALL = frozenset({"hengzhi.batch", "hengzhi.run", "hengzhi.auditentry", "hengzhi.role"})


def reach(by: Actor, permission: str) -> Reach:
    """Where a person holds a permission today."""
    return permissions_of(by).get(permission, NOWHERE)


def visible(queryset: QuerySet[Row], by: Actor, permission: str) -> QuerySet[Row]:
    """Those rows of ``queryset`` on which ``by`` holds ``permission``; none where nowhere.

    Raises:
        LookupError: nobody has said yet by what such rows belong to units, so nobody sees them.
    """
    label = queryset.model._meta.label_lower
    if label not in BY_UNIT and label not in BY_SCOPE and label not in OF_ALL:
        raise LookupError(f"no rule says who sees {label}")
    held = reach(by, permission)
    if held.whole:
        return queryset
    if not held.units or label in OF_ALL:
        return queryset.none()
    if label in BY_UNIT:
        return queryset.filter(Q((f"{BY_UNIT[label]}__in", sorted(held.units))))
    return queryset.filter(Q((f"{BY_SCOPE[label]}_id__in", _scopes(held.units))))


def require(by: Actor, permission: str, scope: str | None = "", *, what: str = "unit", key: str | None = None) -> Reach:
    """Go on only where ``by`` holds ``permission`` on ``scope``.

    Args:
        scope: written as text; "" = the whole institution, None = anywhere at all.
        what: the kind of thing asked for, as the refusal names it.
        key: its name, where it is not the scope's.

    Raises:
        Forbidden: the person holds it nowhere.
        OutOfScope: the person holds it, but not there.
    """
    held = reach(by, permission)
    if not held.whole and not held.units:
        raise Forbidden(permission)
    if scope is not None and not held.covers(Written.parse(scope).code("unit") or ""):
        raise OutOfScope(what, scope if key is None else key)
    return held


def note_refusal(*, by: Actor, error: Forbidden | OutOfScope, at: str) -> None:
    """Record that a person was refused, and where they asked."""
    permission = str(error.fields.get("permission", ""))
    record(
        by=by.get_username(), verb="refused", kind="access", of=at[:200], after={"reason": type(error).__name__, "permission": permission}
    )


def _scopes(units: frozenset[str]) -> list[int]:
    known = Scope.objects.filter(text__startswith="unit=").values_list("id", "text")
    return [pk for pk, text in known if Written.parse(text).code("unit") in units]
