"""Views of uploads: the form, the preview, confirm and cancel."""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.forms import Form
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from hengzhi.app import CATALOGUE
from hengzhi.core import HengzhiError
from hengzhi.spine.datasets import uploads
from hengzhi.spine.datasets.upload_store import Upload
from hengzhi.web.frame import Crumb
from hengzhi.web.intake.forms import ChoiceForm, UploadForm, WhyNot
from hengzhi.web.intake.pages import fields, imports_page, preview_page
from hengzhi.web.intake.posted import posted
from hengzhi.web.intake.receiving import CappedUpload, limits, workspace
from hengzhi.web.render import show
from hengzhi.web.signed_in import me

TITLE = gettext_lazy("Upload a file")
BATCHES = Crumb(gettext_lazy("Import"), "/batches")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """The upload form. The cap must stand before anything of the form is read, its token included."""
    request.upload_handlers = [CappedUpload(request)]
    return _imports(request)


@csrf_protect
def _imports(request: HttpRequest) -> HttpResponse:
    offer = uploads.offer(workspace=workspace(), catalogue=CATALOGUE, by=me(request))
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = UploadForm(*sent, offer=offer, why_not=_why_not(request))
    if form.is_valid():
        upload = _receive(request, form)
        return redirect("import_preview", upload.uid)
    today = timezone.localdate().isoformat()
    drawn = fields(offer, form, today=today, initial={"received": today, "table": request.GET.get("table", "")})
    page = imports_page(drawn, offer.waiting, limits())
    return _with_status(show(request, "intake/imports.html", page="batches", title=TITLE, content=page, trail=(BATCHES,)), form)


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, uid: str) -> HttpResponse:
    """What an import would do; a POST judges the file again for another table, mapping or day."""
    seen = uploads.look_at(workspace=workspace(), catalogue=CATALOGUE, uid=uid, by=me(request))
    if seen.upload.batch:
        return redirect("batch", seen.upload.batch)
    form = ChoiceForm(request.POST if request.method == "POST" else None, offer=seen.offer)
    if form.is_valid():
        uploads.judge_again(workspace=workspace(), catalogue=CATALOGUE, limits=limits(), uid=uid, choice=form.choice(), by=me(request))
        return redirect("import_preview", uid)
    choice = seen.upload.choice
    initial = {"table": choice.table, "mapping": choice.mapping, "received": choice.received_on.isoformat()}
    drawn = fields(seen.offer, form, today=timezone.localdate().isoformat(), initial=initial)
    page = preview_page(seen.upload, seen.problems, drawn, limits())
    trail = (BATCHES, Crumb(TITLE, "/imports"))
    return _with_status(show(request, "intake/preview.html", page="batches", title=_("Preview"), content=page, trail=trail), form)


@posted("import_preview")
def confirm(request: HttpRequest, uid: str) -> HttpResponse:
    """Import the file and lead to the receipt."""
    batch = uploads.import_upload(workspace=workspace(), catalogue=CATALOGUE, limits=limits(), uid=uid, by=me(request))
    messages.success(request, _("The file is imported. This is the receipt."))
    return redirect("batch", batch)


@posted("import_preview")
def cancel(request: HttpRequest, uid: str) -> HttpResponse:
    """Throw the upload away."""
    upload = uploads.cancel_upload(workspace=workspace(), uid=uid, by=me(request))
    messages.info(request, _("%(name)s was thrown away; nothing was imported.") % {"name": upload.name})
    return redirect("imports")


@posted("import_preview")
def problems(request: HttpRequest, uid: str) -> FileResponse:
    """All problems of an upload as a file; a POST, because who takes it away is noted."""
    path = uploads.problems_of_upload(workspace=workspace(), uid=uid, by=me(request))
    return csv_file(path, f"problems-{uid}.csv")


def csv_file(path: Path, name: str) -> FileResponse:
    """A file to be saved, never to be shown by the browser."""
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")


def _why_not(request: HttpRequest) -> WhyNot:
    def why_not(name: str, head: bytes, size: int) -> HengzhiError | None:
        return uploads.why_not(workspace=workspace(), limits=limits(), name=name, head=head, size=size, by=me(request))

    return why_not


def _receive(request: HttpRequest, form: UploadForm) -> Upload:
    file = form.cleaned_data["file"]
    return uploads.receive_upload(
        workspace=workspace(),
        catalogue=CATALOGUE,
        limits=limits(),
        path=Path(file.temporary_file_path()),
        name=file.name,
        choice=form.choice(),
        by=me(request),
        at=timezone.now(),
    )


def _with_status(response: HttpResponse, form: Form) -> HttpResponse:
    response.status_code = 422 if form.is_bound else 200
    return response
