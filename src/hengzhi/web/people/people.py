"""The list of people, and one of them with their roles."""

from __future__ import annotations

from dataclasses import dataclass, field

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from hengzhi.spine.access.grants import permissions_of
from hengzhi.spine.people.directory import PersonSeen, add_person, new_address, people, person, set_active
from hengzhi.spine.people.roles import give, role_choices, take
from hengzhi.spine.people.sessions import SessionSeen, end_sessions_of
from hengzhi.spine.scopes.services import current_tree
from hengzhi.web.frame import Crumb
from hengzhi.web.parts import Pager, pager
from hengzhi.web.people.rows import HeldLine, held_lines, said, unit_name
from hengzhi.web.render import show
from hengzhi.web.signed_in import me

TITLE = gettext_lazy("People and roles")
PEOPLE = Crumb(TITLE, "/people")
Options = tuple[tuple[str, str], ...]


class PersonForm(forms.Form):
    """A new person."""

    username = forms.CharField(max_length=150)
    name = forms.CharField(max_length=100)
    unit = forms.CharField(max_length=64, required=False)


class GrantForm(forms.Form):
    """A role to be given."""

    role = forms.CharField(max_length=64)
    unit = forms.CharField(max_length=64, required=False)
    start = forms.DateField(input_formats=["%Y-%m-%d"])
    end = forms.DateField(input_formats=["%Y-%m-%d"], required=False)


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person as a row."""

    uid: str
    username: str
    name: str
    unit: str
    active: bool
    roles: tuple[str, ...]
    second_factor: bool
    last_login: str


@dataclass(frozen=True, slots=True)
class PeopleView:
    """All that people.html draws."""

    lines: tuple[PersonLine, ...]
    pager: Pager
    search: str
    may_add: bool
    units: Options
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PersonView:
    """All that person.html draws."""

    person: PersonSeen
    unit: str
    held: tuple[HeldLine, ...]
    sessions: tuple[SessionSeen, ...]
    may_grant: bool
    may_manage: bool
    may_end: bool
    roles: Options
    units: Options
    today: str
    errors: dict[str, str] = field(default_factory=dict)


@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: HttpRequest) -> HttpResponse:
    """The people one sees; a POST adds one and shows the address by which they choose a password."""
    form = PersonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        uid, token = add_person(**form.cleaned_data, by=me(request))
        return _address(request, uid, form.cleaned_data["username"], token)
    search, number = request.GET.get("q", "")[:100], request.GET.get("page", "")
    found = people(by=me(request), search=search, number=int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1)
    names = current_tree().names()
    content = PeopleView(
        lines=tuple(_line(row, unit_name(row.unit, names) if row.unit else "") for row in found.rows),
        pager=pager(total=found.total, number=found.number, size=found.size, query=request.GET.dict()),
        search=search,
        may_add="people.person.manage" in permissions_of(me(request)),
        units=_units(),
        errors=_errors(form),
    )
    return _answer(show(request, "people/people.html", page="people", title=TITLE, content=content), form)


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, uid: str) -> HttpResponse:
    """One person; a POST gives them a role."""
    form = GrantForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        give(uid=uid, **form.cleaned_data, by=me(request))
        messages.success(request, _("The role is given."))
        return redirect("person", uid)
    found = person(uid=uid, by=me(request))
    content = PersonView(
        person=found.person,
        unit=unit_name(found.person.unit, current_tree().names()) if found.person.unit else "",
        held=held_lines(found.person),
        sessions=found.sessions,
        may_grant="people.role.grant" in found.may and not found.oneself,
        may_manage="people.person.manage" in found.may and not found.oneself,
        may_end="people.session.end" in found.may,
        roles=tuple((role.key, said(role.names)) for role in role_choices()),
        units=_units(),
        today=timezone.localdate().isoformat(),
        errors=_errors(form),
    )
    return _answer(show(request, "people/person.html", page="people", title=found.person.name, content=content, trail=(PEOPLE,)), form)


@require_POST
def withdraw(request: HttpRequest, uid: str, assignment: str) -> HttpResponse:
    """Withdraw a role from today on."""
    take(uid=uid, assignment=assignment, on=timezone.localdate(), by=me(request))
    messages.success(request, _("The role is withdrawn."))
    return redirect("person", uid)


@require_POST
def active(request: HttpRequest, uid: str) -> HttpResponse:
    """Disable or enable a person."""
    wanted = request.POST.get("active") == "1"
    set_active(uid=uid, active=wanted, by=me(request))
    messages.success(request, _("The person can sign in again.") if wanted else _("The person is disabled; their sessions have ended."))
    return redirect("person", uid)


@require_POST
def address(request: HttpRequest, uid: str) -> HttpResponse:
    """A new one-time address for a person who can't sign in."""
    name, token = new_address(uid=uid, by=me(request))
    return _address(request, uid, name, token)


@require_POST
def end_sessions(request: HttpRequest, uid: str) -> HttpResponse:
    """End all sessions of a person."""
    end_sessions_of(person=uid, by=me(request))
    messages.success(request, _("Their sessions have ended."))
    return redirect("person", uid)


def _address(request: HttpRequest, uid: str, name: str, token: str) -> HttpResponse:
    page = {"name": name, "address": request.build_absolute_uri(f"/first-login/{token}"), "uid": uid}
    return show(request, "people/address.html", page="people", title=_("One-time address"), content=page, trail=(PEOPLE,))


def _line(row: PersonSeen, unit: str) -> PersonLine:
    held = tuple(f"{line.role} · {line.where}" for line in held_lines(row) if line.open)
    seen = f"{timezone.localtime(row.last_login):%Y-%m-%d %H:%M}" if row.last_login else ""
    return PersonLine(row.uid, row.username, row.name, unit, row.active, held, row.second_factor, seen)


def _units() -> Options:
    names = current_tree().names()
    return tuple((code, unit_name(code, names)) for code in sorted(names))


def _errors(form: forms.Form) -> dict[str, str]:
    return {name: " ".join(str(e) for e in found) for name, found in form.errors.items()}


def _answer(response: HttpResponse, form: forms.Form) -> HttpResponse:
    response.status_code = 422 if form.is_bound else 200
    return response
