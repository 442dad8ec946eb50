"""Whether the house is open: ok, or not ok, and nothing more to strangers."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer ``ok`` when the database answers, else ``not ok`` with status 503."""
    try:
        connection.ensure_connection()
    except OperationalError:
        return HttpResponse("not ok", content_type="text/plain", status=503, headers={"Retry-After": "5"})
    return HttpResponse("ok", content_type="text/plain")
