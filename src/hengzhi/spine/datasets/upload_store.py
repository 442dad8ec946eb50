"""Uploads that wait for a decision: a folder each under tmp/uploads, with the file and what was found in it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from hengzhi.core import Text
from hengzhi.lake.workspace import Workspace

Cell = str | bool | None
_UID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
_PAPER = "upload.json"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person says about a file: its table, its mapping ("" = columns by name) and the day it was received."""

    table: str
    mapping: str
    received_on: date


@dataclass(frozen=True, slots=True)
class SampleColumn:
    """A column of the sample."""

    key: str
    names: Text
    number: bool


@dataclass(frozen=True, slots=True)
class Sample:
    """The first rows as they would be stored; each row begins with its line in the file."""

    columns: tuple[SampleColumn, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    unfilled: tuple[Text, ...] = ()  # columns of the table that none of these rows fills


@dataclass(frozen=True, slots=True)
class Findings:
    """What is known of a file before it is imported.

    ``refused``: nothing of it can be read (``what`` and ``remedy`` say why). ``sampled``: too large to be judged whole here.
    """

    state: Literal["judged", "sampled", "refused"]
    what: Text = field(default_factory=lambda: Text("", ""))
    remedy: Text = field(default_factory=lambda: Text("", ""))
    rows_in_file: int = 0
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    warnings: int = 0
    months: tuple[int, ...] = ()
    unknown_units: Mapping[str, int] = field(default_factory=dict)
    sample: Sample = field(default_factory=Sample)
    earlier: str = ""  # the batch that has this very content already


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way in; ``batch`` is set once it was imported and the file itself is gone."""

    uid: str
    name: str
    file: str
    bytes: int
    by: str
    at: datetime
    choice: Choice
    findings: Findings
    batch: str = ""


def folder_of(workspace: Workspace, uid: str) -> Path | None:
    """The folder of an upload; None where ``uid`` can't be one."""
    return workspace.tmp / "uploads" / uid if _UID.fullmatch(uid) else None


def write_upload(workspace: Workspace, upload: Upload) -> None:
    """Keep what is known of an upload, all or nothing."""
    folder = workspace.tmp / "uploads" / upload.uid
    partial = folder / f"{_PAPER}.tmp"
    partial.write_text(json.dumps(asdict(upload), default=str), encoding="utf-8")
    partial.replace(folder / _PAPER)


def read_upload(folder: Path) -> Upload | None:
    """What is known of the upload in ``folder``; None where there is none, or one of another version of this program."""
    try:
        values: dict[str, Any] = json.loads((folder / _PAPER).read_text(encoding="utf-8"))
        choice, findings = values.pop("choice"), values.pop("findings")
        choice["received_on"] = date.fromisoformat(choice["received_on"])
        values["at"] = datetime.fromisoformat(values["at"])
        return Upload(**values, choice=Choice(**choice), findings=_findings(findings))
    except (OSError, ValueError, LookupError, TypeError):
        return None


def uploads(workspace: Workspace) -> Iterator[Upload]:
    """Every upload there is, the latest first."""
    for folder in sorted((workspace.tmp / "uploads").glob("*"), reverse=True):
        found = read_upload(folder)
        if found:
            yield found


def remove_old(workspace: Workspace, *, before: float) -> tuple[int, int]:
    """Remove whole uploads last touched at or before that time (seconds since 1970); the number and bytes of their files."""
    files, size = 0, 0
    for folder in (workspace.tmp / "uploads").glob("*"):
        if folder.is_dir() and folder.stat().st_mtime <= before:
            inside = [p for p in folder.rglob("*") if p.is_file()]
            files, size = files + len(inside), size + sum(p.stat().st_size for p in inside)
            shutil.rmtree(folder)
    return files, size


def _findings(values: dict[str, Any]) -> Findings:
    sample = values.pop("sample")
    columns = tuple(SampleColumn(c["key"], Text(**c["names"]), c["number"]) for c in sample["columns"])
    rows = tuple(tuple(row) for row in sample["rows"])
    values["what"], values["remedy"] = Text(**values["what"]), Text(**values["remedy"])
    values["months"] = tuple(values["months"])
    return Findings(**values, sample=Sample(columns, rows, tuple(Text(**t) for t in sample["unfilled"])))
