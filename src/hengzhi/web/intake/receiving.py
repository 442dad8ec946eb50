"""Where a file comes in: written to the disk as it arrives, and stopped at the cap."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest

from hengzhi.spine.datasets.upload_rules import UploadLimits, UploadTooLarge
from hengzhi.spine.workspaces import Workspace, open_workspace

_FIELDS_BYTES = 100_000  # what the other fields and the form's own boundaries may take


def limits() -> UploadLimits:
    """What this site takes."""
    return UploadLimits(settings.UPLOAD_FILE_BYTES, settings.UPLOAD_AT_ONCE_BYTES, settings.UPLOAD_PERSON_BYTES)


class CappedUpload(TemporaryFileUploadHandler):
    """Refuses a file that announces itself too large before a byte is read, and any other at the byte that is too many."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.cap = limits().file_bytes

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None) -> None:  # noqa: N803
        """Look at what the browser announces.

        Raises:
            UploadTooLarge: more than the cap.
        """
        if content_length > self.cap + _FIELDS_BYTES:
            raise UploadTooLarge(limit=self.cap // 1_000_000)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> Any:
        """Write one piece.

        Raises:
            UploadTooLarge: it goes beyond the cap.
        """
        if start + len(raw_data) > self.cap:
            self.file.close()  # and with it the part on the disk is gone
            raise UploadTooLarge(limit=self.cap // 1_000_000)
        return super().receive_data_chunk(raw_data, start)


def workspace() -> Workspace:
    """The workspace this process serves.

    Raises:
        WorkspaceMissing: it serves none.
    """
    served: Workspace | None = settings.WORKSPACE
    return served or open_workspace(None)
