"""One's own account: roles, password, sessions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hengzhi.spine.people.directory import PersonSeen, change_password, oneself
from hengzhi.spine.people.sessions import SessionSeen, end_own_session, sessions_of
from hengzhi.web.frame import Crumb
from hengzhi.web.people.rows import HeldLine, held_lines
from hengzhi.web.render import show
from hengzhi.web.sessions import remember_session
from hengzhi.web.signed_in import me


@dataclass(frozen=True, slots=True)
class AccountPage:
    """All that account.html draws."""

    person: PersonSeen
    held: tuple[HeldLine, ...]
    sessions: tuple[SessionSeen, ...]


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """One's roles, sessions and second factor."""
    seen = oneself(me(request))
    page = AccountPage(seen, held_lines(seen), sessions_of(me(request), this=request.session.session_key or ""))
    return show(request, "people/account.html", page="account", title=_("My account"), content=page)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password; it takes the old one, and ends all other sessions."""
    form = PasswordChangeForm(cast(Any, request.user), request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _changed(request, form)
    trail = (Crumb(_("My account"), "/account"),)
    content = _errors(form)
    answer = show(request, "people/password.html", page="account", title=_("Change password"), content=content, trail=trail)
    answer.status_code = 422 if form.is_bound else 200
    return answer


@require_POST
def end_session(request: HttpRequest, uid: str) -> HttpResponse:
    """End one of one's own sessions."""
    end_own_session(uid=uid, by=me(request))
    messages.success(request, _("The session has ended."))
    return redirect("account")


def _changed(request: HttpRequest, form: PasswordChangeForm) -> HttpResponse:
    change_password(person=form.user, password=form.cleaned_data["new_password1"], keep=request.session.session_key or "")
    update_session_auth_hash(request, form.user)
    remember_session(request)
    messages.success(request, _("The password is changed; all other sessions have ended."))
    return redirect("account")


def _errors(form: forms.BaseForm) -> dict[str, str]:
    return {name: " ".join(str(e) for e in found) for name, found in form.errors.items()}
