"""What each role allows, and whether it asks for a second factor."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hengzhi.spine.access.granting import ask_second_factor
from hengzhi.spine.people.roles import RoleSeen, roles_page
from hengzhi.web.people.people import PEOPLE
from hengzhi.web.people.rows import said
from hengzhi.web.render import show
from hengzhi.web.signed_in import me


@dataclass(frozen=True, slots=True)
class RoleLine:
    """One role in words."""

    key: str
    name: str
    allows: tuple[str, ...]
    time_boxed: bool
    second_factor: bool
    shipped: bool


@dataclass(frozen=True, slots=True)
class RolesView:
    """All that roles.html draws."""

    lines: tuple[RoleLine, ...]
    may_change: bool


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Every role with what it allows."""
    found = roles_page(by=me(request))
    names = {p.key: said(p.names) for p in found.permissions}
    content = RolesView(tuple(_line(role, names) for role in found.roles), found.may_change)
    return show(request, "people/roles.html", page="people", title=_("Roles"), content=content, trail=(PEOPLE,))


@require_POST
def second_factor(request: HttpRequest, key: str) -> HttpResponse:
    """Ask those who hold a role for a second factor, or no longer."""
    ask_second_factor(role=key, wanted=request.POST.get("wanted") == "1", by=me(request))
    messages.success(request, _("Saved; it holds from the next request on."))
    return redirect("roles")


def _line(role: RoleSeen, names: dict[str, str]) -> RoleLine:
    allows = tuple(name for key, name in names.items() if key in role.permissions)
    return RoleLine(role.key, said(role.names), allows, role.time_boxed, role.second_factor, role.shipped)
