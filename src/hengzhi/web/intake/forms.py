"""The forms of the intake: which table, mapping and day, and the file itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hengzhi.core import HengzhiError
from hengzhi.spine.datasets.upload_store import Choice
from hengzhi.spine.datasets.uploads import Offer
from hengzhi.spine.messages import tell

WhyNot = Callable[[str, bytes, int], HengzhiError | None]


class ChoiceForm(forms.Form):
    """What is said about a file."""

    table = forms.ChoiceField(error_messages={"required": _("Choose a table."), "invalid_choice": _("Choose a table.")})
    mapping = forms.ChoiceField(required=False, error_messages={"invalid_choice": _("Choose a mapping of the list.")})
    received = forms.DateField(
        error_messages={"required": _("Give the day, such as 2026-10-31."), "invalid": _("Give the day, such as 2026-10-31.")}
    )

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer = offer
        self.fields["table"].choices = [(key, key) for key, _names in offer.tables]  # type: ignore[attr-defined]
        self.fields["mapping"].choices = [("", ""), *((name, name) for name, _table in offer.mappings)]  # type: ignore[attr-defined]

    def clean_received(self) -> Any:
        day = self.cleaned_data["received"]
        if day > timezone.localdate() or day.year < 1990:
            raise forms.ValidationError(_("A file can't have been received on that day."))
        return day

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        table, mapping = found.get("table"), found.get("mapping")
        if table and mapping and dict(self.offer.mappings).get(mapping) != table:
            self.add_error("mapping", _("This mapping leads to another table."))
        return found

    def choice(self) -> Choice:
        """What was said, once the form is valid."""
        return Choice(self.cleaned_data["table"], self.cleaned_data["mapping"], self.cleaned_data["received"])


class UploadForm(ChoiceForm):
    """The same, with the file; ``why_not`` says whether it is taken."""

    file = forms.FileField(max_length=255, allow_empty_file=True, error_messages={"required": _("Choose a file.")})

    def __init__(self, *args: Any, why_not: WhyNot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.why_not = why_not

    def clean_file(self) -> TemporaryUploadedFile:
        file: TemporaryUploadedFile = self.cleaned_data["file"]
        head = file.read(16)
        file.seek(0)
        refused = self.why_not(file.name or "", head, file.size or 0)
        if refused:
            told = tell(refused, get_language() or "zh")
            raise forms.ValidationError("%(what)s %(remedy)s", params={"what": told.what, "remedy": told.remedy})
        return file
