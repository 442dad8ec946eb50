"""The one-time address from the console: the first person chooses a password and is signed in."""

from __future__ import annotations

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from hengzhi.spine.people.services import first_person, set_first_password
from hengzhi.web.frame import bare

BACKEND = "django.contrib.auth.backends.ModelBackend"


@login_not_required
@sensitive_post_parameters()
def first_login(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form while the address is good; a password that passes spends it."""
    person = first_person(token)
    form = SetPasswordForm(person, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "first_login.html", {"frame": bare(request, title=_("Choose your password")), "form": form})
    login(request, set_first_password(token=token, password=form.cleaned_data["new_password1"]), backend=BACKEND)
    return HttpResponseRedirect("/")
