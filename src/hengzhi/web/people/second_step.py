"""Signing in with a code, and setting the second factor up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from django.contrib.auth import get_user_model, login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from hengzhi.spine.access.grants import Actor
from hengzhi.spine.people.second_factor import (
    CodeRefused,
    begin_second_factor,
    check_code,
    codes_left,
    confirm_second_factor,
    give_up_second_factor,
    has_second_factor,
    must_set_up,
)
from hengzhi.spine.people.totp import address, typed
from hengzhi.web.accounts import signed_in
from hengzhi.web.asking import asked, forget
from hengzhi.web.first_login import BACKEND
from hengzhi.web.frame import Crumb, bare, institution
from hengzhi.web.render import show
from hengzhi.web.signed_in import me

_OPEN = ("/account", "/logout", "/language", "/static/", "/health", "/login")


class SecondFactorAsked:
    """Lead a person whose role asks for a second factor to where it is set up, before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and not request.path.startswith(_OPEN) and must_set_up(me(request)):
            return redirect("second_factor")
        return self.get_response(request)


@dataclass(frozen=True, slots=True)
class FactorPage:
    """All that second_factor.html draws."""

    on: bool
    asked: bool  # a role asks for it
    left: int
    wrong: str = ""
    seed: str = ""
    address: str = ""
    codes: tuple[str, ...] = ()


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def login_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code; a right one signs in."""
    waiting = asked(request)
    person = get_user_model().objects.filter(pk=waiting[0], is_active=True).first() if waiting else None
    if waiting is None or person is None:
        return redirect("login")
    wrong = ""
    if request.method == "POST":
        wrong = _refusal(lambda: check_code(person=cast(Actor, person), code=request.POST.get("code", "")[:40]))
        if not wrong:
            forget(request)
            login(request, person, backend=BACKEND)
            response = redirect(waiting[1])
            signed_in(request, response)
            return response
    return render(request, "people/login_code.html", {"frame": bare(request, title=_("One-time code")), "page": wrong})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set the second factor up, or give it up; either takes the password."""
    act, by = request.POST.get("act", ""), me(request)
    if not act:
        return _draw(request)
    if act == "confirm":
        return _confirm(request)
    if not request.user.check_password(request.POST.get("password", "")):
        return _draw(request, wrong=_("The password is wrong."))
    if act == "give_up":
        give_up_second_factor(by=by)
        return redirect("account")
    return _seed(request)


def _seed(request: HttpRequest, *, wrong: str = "") -> HttpResponse:
    seed = begin_second_factor(by=me(request))
    where = address(seed, person=request.user.get_username(), house=institution())
    return _draw(request, wrong=wrong, seed=typed(seed), where=where)


def _confirm(request: HttpRequest) -> HttpResponse:
    codes: list[str] = []
    wrong = _refusal(lambda: codes.extend(confirm_second_factor(code=request.POST.get("code", "")[:40], by=me(request))))
    return _seed(request, wrong=wrong) if wrong else _draw(request, codes=tuple(codes))


def _refusal(act: Callable[[], object]) -> str:
    """The sentence beside the field where a code was refused; "" where it was right."""
    try:
        act()
    except CodeRefused:
        return _("The code is wrong, was used, or there were too many wrong ones: wait a quarter of an hour.")
    return ""


def _draw(request: HttpRequest, *, wrong: str = "", seed: str = "", where: str = "", codes: tuple[str, ...] = ()) -> HttpResponse:
    by = me(request)
    page = FactorPage(has_second_factor(by), must_set_up(by), codes_left(by), wrong, seed, where, codes)
    trail = (Crumb(_("My account"), "/account"),)
    answer = show(request, "people/second_factor.html", page="account", title=_("Second factor"), content=page, trail=trail)
    answer.status_code = 422 if wrong else 200
    return answer
