"""Who is signed in, as services take it."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from hengzhi.spine.access.grants import MEMO, Actor


def me(request: HttpRequest) -> Actor:
    """The person of a request; pages behind the login only."""
    if not hasattr(request.user, MEMO):
        setattr(request.user, MEMO, {})
    return cast(Actor, request.user)
