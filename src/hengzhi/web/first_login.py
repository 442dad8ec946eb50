"""The one-time address from the console: the first person chooses a password and is signed in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from hengzhi.spine.people.second_factor import has_second_factor
from hengzhi.spine.people.services import first_person, set_first_password
from hengzhi.web.frame import bare
from hengzhi.web.sessions import remember_session

BACKEND = "django.contrib.auth.backends.ModelBackend"


class FirstPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """The password twice; what is wrong with it is said below the first field, that the two differ below the second."""

    error_messages = {"password_mismatch": _("The two passwords differ.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = _("Enter the password twice.")

    def clean(self) -> dict[str, Any]:
        self.validate_passwords("new_password1", "new_password2")
        self.validate_password_for_user(self.user, "new_password1")
        return self.cleaned_data


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def first_login(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form while the address is good; a password that passes spends it."""
    form = FirstPasswordForm(first_person(token), request.POST if request.method == "POST" else None)
    if not form.is_valid():
        drawn = {"frame": bare(request, title=_("Choose your password")), "form": form}
        return render(request, "first_login.html", drawn, status=422 if form.is_bound else 200)
    person = set_first_password(token=token, password=form.cleaned_data["new_password1"])
    if has_second_factor(person):  # a new password alone lets nobody past it
        return HttpResponseRedirect("/login")
    login(request, person, backend=BACKEND)
    remember_session(request)
    return HttpResponseRedirect("/")
