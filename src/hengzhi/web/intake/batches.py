"""Views of batches: the list, the receipt, undo, and assessing what a batch changed."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from hengzhi.app import CATALOGUE
from hengzhi.spine.datasets import queries
from hengzhi.spine.runs.affected import assess_batch
from hengzhi.web.frame import Crumb
from hengzhi.web.intake.lists import batches_page
from hengzhi.web.intake.pages import receipt_page
from hengzhi.web.intake.posted import posted
from hengzhi.web.intake.receiving import workspace
from hengzhi.web.intake.uploads import BATCHES, csv_file
from hengzhi.web.numbers import count
from hengzhi.web.render import show
from hengzhi.web.signed_in import me

SIZE = 50
RECEIPT = gettext_lazy("Import receipt")


@require_safe
def batches(request: HttpRequest) -> HttpResponse:
    """The list, the latest first."""
    table, state = _known(request, "table", tuple(CATALOGUE.facts)), _known(request, "state", queries.STATES)
    number = _page_number(request.GET.get("page", ""))
    found = queries.batch_page(by=me(request), table=table, state=state, number=number, size=SIZE)
    page = batches_page(found, table=table, state=state, number=number, size=SIZE, query=request.GET.dict())
    return show(request, "intake/batches.html", page="batches", title=_("Import"), content=page)


@require_safe
def batch(request: HttpRequest, uid: str) -> HttpResponse:
    """The receipt of one batch."""
    page = receipt_page(queries.batch_view(workspace=workspace(), uid=uid, by=me(request)))
    return show(request, "intake/receipt.html", page="batches", title=RECEIPT, content=page, trail=(BATCHES,))


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, uid: str) -> HttpResponse:
    """Ask first; a POST takes the batch out of all later versions."""
    if request.method == "POST":
        queries.take_back(uid=uid, by=me(request))
        return redirect("batch", uid)
    page = receipt_page(queries.batch_view(workspace=workspace(), uid=uid, by=me(request)))
    trail = (BATCHES, Crumb(RECEIPT, f"/batches/{uid}"))
    return show(request, "intake/undo.html", page="batches", title=_("Undo an import"), content=page, trail=trail)


@posted("batch")
def assess(request: HttpRequest, uid: str) -> HttpResponse:
    """Assess the months the batch has rows in, by the policy in force."""
    run = assess_batch(workspace=workspace(), catalogue=CATALOGUE, uid=uid, on=timezone.localdate(), by=me(request))
    words = _("Assessed: run %(run)s, %(observations)s observations.")
    messages.success(request, words % {"run": run.uid, "observations": count(run.summary.get("observations"))})
    return redirect("batch", uid)


@posted("batch")
def problems(request: HttpRequest, uid: str) -> FileResponse:
    """All problems of a batch as a file; a POST, because who takes it away is noted."""
    path = queries.problems_of_batch(workspace=workspace(), uid=uid, by=me(request))
    return csv_file(path, f"problems-{uid}.csv")


def _known(request: HttpRequest, name: str, known: tuple[str, ...]) -> str:
    said = request.GET.get(name, "")
    return said if said in known else ""


def _page_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
