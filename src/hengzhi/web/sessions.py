"""How long a session lasts: so many minutes without a request, and twelve hours at most."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from hengzhi.spine.access.grants import is_administrator
from hengzhi.spine.people.sessions import note_session
from hengzhi.web.signed_in import me

SINCE, SEEN = "signed_in_at", "seen_at"
# The time of the last request is written at most once a minute: reading a page stays cheap.
GRAIN_SECONDS = 60


class SessionLimits:
    """End a session on the server when it has been idle, or has lasted, too long."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._check(request, now=int(time.time()))
        return self.get_response(request)

    def _check(self, request: HttpRequest, *, now: int) -> None:
        session = request.session
        since, seen = int(session.get(SINCE, now)), int(session.get(SEEN, now))
        if now - seen > _idle_seconds(request) or now - since > settings.SESSION_COOKIE_AGE:
            logout(request)
            return
        if SINCE not in session:
            session[SINCE] = now
        if SEEN not in session or now - seen >= GRAIN_SECONDS:
            session[SEEN] = now


def remember_session(request: HttpRequest) -> None:
    """Note from where a session that has just begun is used, so that its owner can tell it from others."""
    if not request.session.session_key:
        request.session.save()
    key = request.session.session_key or ""
    note_session(
        person=me(request), session_key=key, device=request.headers.get("User-Agent", ""), address=request.META.get("REMOTE_ADDR", "")
    )


def _idle_seconds(request: HttpRequest) -> int:
    administrator = request.user.is_authenticated and is_administrator(me(request))
    minutes: int = settings.SESSION_IDLE_MINUTES_ADMINISTRATOR if administrator else settings.SESSION_IDLE_MINUTES
    return 60 * minutes
