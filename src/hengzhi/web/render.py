"""Draw a page: its own content inside the frame."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise

from hengzhi.spine.access.grants import permissions_of
from hengzhi.spine.surroundings import surroundings
from hengzhi.web.frame import Crumb, bare, frame
from hengzhi.web.selection import Selection
from hengzhi.web.signed_in import me


def show(
    request: HttpRequest,
    template: str,
    *,
    page: str,
    title: str | Promise,
    content: object,
    trail: Iterable[Crumb] = (),
    selection: Selection | None = None,
) -> HttpResponse:
    """The page ``template``, which finds its frozen value as ``page`` and the frame as ``frame``.

    Args:
        page: the name of the page in the menu that is marked as current.
        trail: the steps of the breadcrumb between home and this page.
        selection: what is shown, when it differs from the address.
    """
    around = surroundings(on=timezone.localdate(), by=me(request))
    held = frozenset(permissions_of(me(request)))
    drawn = frame(request, page=page, title=title, around=around, trail=trail, selection=selection, held=held)
    return render(request, template, {"frame": drawn, "page": content})


def show_bare(request: HttpRequest, template: str, *, title: str | Promise, content: object, status: int = 200) -> HttpResponse:
    """A page outside the house, such as an error."""
    return render(request, template, {"frame": bare(request, title=title), "page": content}, status=status)
