"""Addresses of the intake."""

from django.urls import path, register_converter

from hengzhi.web.intake import batches, guides, uploads


class Uid:
    """A record's identity in an address; anything else leads nowhere."""

    regex = "[0-9A-HJKMNP-TV-Z]{26}"

    def to_python(self, value: str) -> str:
        """The uid as it is."""
        return value

    def to_url(self, value: str) -> str:
        """The uid as it is."""
        return value


register_converter(Uid, "intake_uid")

urlpatterns = [
    path("imports", uploads.imports, name="imports"),
    path("imports/tables", guides.tables, name="import_tables"),
    path("imports/tables/<slug:table>.csv", guides.template, name="import_template"),
    path("imports/<intake_uid:uid>/preview", uploads.preview, name="import_preview"),
    path("imports/<intake_uid:uid>/confirm", uploads.confirm, name="import_confirm"),
    path("imports/<intake_uid:uid>/cancel", uploads.cancel, name="import_cancel"),
    path("imports/<intake_uid:uid>/problems", uploads.problems, name="import_problems"),
    path("batches", batches.batches, name="batches"),
    path("batches/<intake_uid:uid>", batches.batch, name="batch"),
    path("batches/<intake_uid:uid>/problems", batches.problems, name="batch_problems"),
    path("batches/<intake_uid:uid>/undo", batches.undo, name="batch_undo"),
    path("batches/<intake_uid:uid>/assess", batches.assess, name="batch_assess"),
]
