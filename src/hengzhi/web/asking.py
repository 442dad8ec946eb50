"""The second step of signing in: the password was right, a code is asked for."""

from __future__ import annotations

import time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

_PERSON, _SINCE, _ONWARD = "asked_person", "asked_since", "asked_onward"
_SECONDS = 300


def ask_code(request: HttpRequest, person: Any, *, onward: str) -> HttpResponse:
    """Lead to the page that asks for a code; nobody is signed in yet."""
    request.session.cycle_key()
    request.session.update({_PERSON: person.pk, _SINCE: int(time.time()), _ONWARD: onward})
    return redirect("login_code")


def asked(request: HttpRequest) -> tuple[int, str] | None:
    """Whose code is asked for, and where the person wanted to go; None where nobody's, or too long ago."""
    found = request.session.get(_PERSON)
    if found is None or time.time() - request.session.get(_SINCE, 0) > _SECONDS:
        return None
    return int(found), str(request.session.get(_ONWARD, "/"))


def forget(request: HttpRequest) -> None:
    """Ask no more."""
    for name in (_PERSON, _SINCE, _ONWARD):
        request.session.pop(name, None)
