"""Errors as pages: what happened, what to do, and an id for support; never the inside."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import requires_csrf_token

from hengzhi.core import HengzhiError
from hengzhi.spine.access.errors import Forbidden, OutOfScope
from hengzhi.spine.access.services import note_refusal
from hengzhi.spine.messages import tell
from hengzhi.web.render import show_bare


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What went wrong, in words, and what the reader can do."""

    status: int
    what: str | Promise
    do: str | Promise
    id: str


WORDS: dict[int, tuple[str | Promise, str | Promise]] = {
    400: (_("The address or the form can't be read"), _("Check the address, or go back and send the form again.")),
    403: (_("You may not do this"), _("Ask the system administrator for the permission, or sign in again.")),
    404: (_("There is no such page"), _("Check the address, or start from the risk overview.")),
    500: (_("Something failed on our side"), _("Try again; if it fails again, give the id below to support.")),
    503: (_("The database is away for a moment"), _("Try again in a few seconds.")),
}


class HouseErrors:
    """Answer the errors of the house by the table of their sentences, so that views hold no ``try``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for an error of the house; others go on to the 500 page."""
        if not isinstance(exception, HengzhiError):
            return None
        if isinstance(exception, Forbidden | OutOfScope) and request.user.is_authenticated:
            note_refusal(by=request.user, error=exception, at=f"{request.method} {request.path}")
        told = tell(exception, get_language() or "zh")
        return _answer(request, ErrorPage(status=told.status, what=told.what, do=told.remedy, id=_id(request)))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for a request that can't be read."""
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for what a person may not do."""
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for an address that leads nowhere, or to something of others."""
    return _page(request, 404)


@requires_csrf_token
def failed(request: HttpRequest) -> HttpResponse:
    """The page for our own failure, or for a database that is away for a moment; it says nothing of the inside."""
    if not isinstance(sys.exc_info()[1], OperationalError):
        return _page(request, 500)
    response = _page(request, 503)
    response.headers["Retry-After"] = "5"
    return response


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form without a valid token."""
    return _page(request, 403, detail=_("The form was open too long or came from elsewhere. Reload the page and send it again."))


def _page(request: HttpRequest, status: int, *, detail: str | Promise = "") -> HttpResponse:
    what, do = WORDS[status]
    return _answer(request, ErrorPage(status=status, what=what, do=detail or do, id=_id(request)))


def _answer(request: HttpRequest, page: ErrorPage) -> HttpResponse:
    return show_bare(request, "error.html", title=page.what, content=page, status=page.status)


def _id(request: HttpRequest) -> str:
    return getattr(request, "id", "")
