"""Which files may come in through the web: by their ending, their first bytes and their size."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from hengzhi.core import HengzhiError

ENDINGS = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".parquet", ".xes")
_SHEETS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ods", ".numbers")
_ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".tgz", ".bz2", ".xz", ".zst")
_HEADS = ((b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"\xd0\xcf\x11\xe0", "sheet"), (b"Rar!", "zip"), (b"7z\xbc\xaf", "zip"))
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\'`$&;!#%{}\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')
_ENDING = re.compile(r"\.[A-Za-z]{1,10}(\.gz)?$", re.IGNORECASE)
_LONGEST = 40


class UploadTooLarge(HengzhiError):
    """A file is larger than the site takes."""

    code = "upload_too_large"


class UploadEmpty(HengzhiError):
    """A file has no bytes at all."""

    code = "upload_empty"


class SpreadsheetRefused(HengzhiError):
    """A workbook of a spreadsheet; reading these comes later."""

    code = "spreadsheet_refused"


class ArchiveRefused(HengzhiError):
    """A packed folder of files."""

    code = "archive_refused"


class EndingRefused(HengzhiError):
    """A file whose ending names no format that can be read."""

    code = "ending_refused"


class UploadsPending(HengzhiError):
    """A person has too much lying about that was neither imported nor cancelled."""

    code = "uploads_pending"


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """How much the site takes: of one file, of one that is judged and imported while the browser waits, and of one person."""

    file_bytes: int
    at_once_bytes: int
    person_bytes: int


def refusal(*, name: str, head: bytes, size: int, limits: UploadLimits) -> HengzhiError | None:
    """Why a file of this name, beginning and size is not taken; None where it is."""
    lower = name.lower()
    kind = next((kind for start, kind in _HEADS if head.startswith(start)), "")
    if lower.endswith(_SHEETS) or kind == "sheet":
        return SpreadsheetRefused(name=name)
    if lower.endswith(_ARCHIVES) or kind == "zip":
        return ArchiveRefused(name=name)
    if not lower.removesuffix(".gz").endswith(ENDINGS):
        return EndingRefused(name=name, known=" ".join(ENDINGS))
    if not size:
        return UploadEmpty(name=name)
    if size > limits.file_bytes:
        return UploadTooLarge(limit=limits.file_bytes // 1_000_000)
    return None


def shown_name(name: str) -> str:
    """The last part of a file's name as the person knows it, without what can't be seen."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if unicodedata.category(c)[0] != "C")[-255:].strip() or "file"


def stored_name(name: str) -> str:
    """A name that is harmless on any disk and in any shell, with the endings of ``name``."""
    plain = _UNSAFE.sub("_", unicodedata.normalize("NFC", shown_name(name)))
    ending = _ENDING.search(plain)
    at = ending.start() if ending else len(plain)
    return f"f-{plain[:at][:_LONGEST]}{plain[at:]}"
