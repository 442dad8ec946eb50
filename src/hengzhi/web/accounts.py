"""Sign in, sign out, and choose a language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from hengzhi.spine.access.grants import Actor
from hengzhi.spine.audit.services import record
from hengzhi.spine.people.second_factor import has_second_factor
from hengzhi.web.asking import ask_code
from hengzhi.web.frame import bare
from hengzhi.web.sessions import remember_session


class SignInForm(AuthenticationForm):
    """User name and password; one sentence for every refusal, so that none tells which part was wrong."""

    error_messages = {
        "invalid_login": _("User name or password is wrong, or the account is locked for 15 minutes after five wrong tries."),
        "inactive": _("User name or password is wrong, or the account is locked for 15 minutes after five wrong tries."),
    }


class SignIn(LoginView):
    """The login page."""

    template_name = "login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "frame": bare(self.request, title=_("Sign in"))}

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        person = form.get_user()
        if has_second_factor(cast(Actor, person)):
            return ask_code(self.request, person, onward=self.get_success_url())
        response = super().form_valid(form)
        signed_in(self.request, response)
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        _note(self.request, "sign_in_refused", by=form.data.get("username", "")[:150])
        return super().form_invalid(form)


class SignOut(LogoutView):
    """Ends the session (POST only) and tells the browser to forget what it kept."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            _note(request, "sign_out", by=request.user.get_username())
        response = super().post(request, *args, **kwargs)
        # Cookies are not listed: the language stays, and the session is dead on the server anyway.
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language chosen and show the same page again."""
    chosen = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    if chosen in dict(settings.LANGUAGES):
        _remember(response, chosen)
        if request.user.is_authenticated:
            get_user_model().objects.filter(pk=request.user.pk).update(language=chosen)
    return response


def signed_in(request: HttpRequest, response: HttpResponse) -> None:
    """What follows every sign-in: it is noted, the session is known to its owner, and the page speaks their language."""
    _note(request, "sign_in", by=request.user.get_username())
    remember_session(request)
    chosen = getattr(request.user, "language", "")
    if chosen in dict(settings.LANGUAGES):
        _remember(response, chosen)


def locked_out(request: HttpRequest, response: HttpResponse, credentials: Mapping[str, str]) -> HttpResponse:
    """Answer a locked account as a wrong password is answered, and as slowly."""
    get_user_model()().set_password(credentials.get("password", "") if credentials else "")
    return response


def _note(request: HttpRequest, verb: str, *, by: str) -> None:
    record(by=by, verb=verb, kind="session", of="", after={"from": request.META.get("REMOTE_ADDR", "")})


def _remember(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
