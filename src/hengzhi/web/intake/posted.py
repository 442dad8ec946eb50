"""Views that change something: they take a POST, and lead back to their page whoever comes by another way."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

View = Callable[[HttpRequest, str], HttpResponseBase]


def posted(back: str) -> Callable[[View], View]:
    """Let only a POST through; others (a login in between turns a POST into a GET) are shown the page named ``back``."""

    def wrapped(view: View) -> View:
        @wraps(view)
        def either(request: HttpRequest, uid: str) -> HttpResponseBase:
            return view(request, uid) if request.method == "POST" else redirect(back, uid)

        return either

    return wrapped
