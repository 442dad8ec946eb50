"""Use cases of datasets: import by name, list, undo and clean up."""

from __future__ import annotations

import difflib
import time
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from django.db.models import QuerySet

from hengzhi.core import HengzhiError, UnknownKey
from hengzhi.engine.catalogue import Catalogue
from hengzhi.lake.mapping import Mapping_, default_mapping, load_mapping
from hengzhi.lake.workspace import Workspace
from hengzhi.spine.datasets import claims
from hengzhi.spine.datasets.imports import Progress, Source, import_file
from hengzhi.spine.datasets.models import Batch, FactFile
from hengzhi.spine.datasets.receipts import Receipt
from hengzhi.spine.datasets.upload_store import remove_old

SHIPPED = Path(__file__).resolve().parents[2] / "examples" / "mappings"
_ENDINGS = (".gz", ".csv", ".tsv", ".txt", ".jsonl", ".json", ".parquet", ".xes", ".xml")


class FileMissing(HengzhiError):
    """There is no such file."""

    code = "file_missing"


def import_path(
    *,
    workspace: Workspace,
    catalogue: Catalogue,
    table: str,
    path: Path,
    mapping: str | None,
    by: str,
    received_on: date,
    name: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Receipt:
    """Import the file at ``path`` into ``table`` by a mapping's name or file; without one columns go by name.

    Raises:
        UnknownKey: no such table or mapping.
        FileMissing: no such file.
        InvalidFile, InvalidMapping: nothing was imported.
    """
    source = source_of(workspace=workspace, catalogue=catalogue, table=table, path=path, mapping=mapping, name=name)
    return import_file(workspace=workspace, source=source, by=by, received_on=received_on, dry_run=dry_run, progress=progress)


def source_of(*, workspace: Workspace, catalogue: Catalogue, table: str, path: Path, mapping: str | None, name: str | None) -> Source:
    """The file at ``path`` with the table it goes to and the mapping that leads there.

    Raises:
        UnknownKey: no such table or mapping.
        FileMissing: no such file.
        InvalidMapping: with every problem in it.
    """
    shape = catalogue.table(table)
    if not path.is_file():
        raise FileMissing(path=str(path))
    chosen = find_mapping(workspace, catalogue, mapping) if mapping else default_mapping(shape)
    if chosen.table != table:
        raise UnknownKey("mapping", f"{mapping} ({chosen.table})", table)
    known_as = name or path.name
    if not chosen.source:
        chosen = replace(chosen, source=stem(known_as))
    return Source(path, known_as, chosen, shape)


def find_mapping(workspace: Workspace, catalogue: Catalogue, name: str) -> Mapping_:
    """A mapping by file, by name in the workspace, or by name among those that come with the product.

    Raises:
        UnknownKey: there is none of that name.
        InvalidMapping: with every problem in it.
    """
    known = {p.stem: p for folder in (SHIPPED, workspace.root / "mappings") for p in sorted(folder.glob("*.yaml"))}
    path = Path(name) if name.endswith((".yaml", ".yml")) else known.get(name)
    if path is None or not path.is_file():
        raise UnknownKey("mapping", name, _nearest(name, known))
    return load_mapping(path, catalogue.facts)


def known_mappings(workspace: Workspace, catalogue: Catalogue) -> list[tuple[str, str]]:
    """Name and table of every mapping that can be used here."""
    names = {p.stem: p for folder in (SHIPPED, workspace.root / "mappings") for p in sorted(folder.glob("*.yaml"))}
    return sorted((name, load_mapping(path, catalogue.facts).table) for name, path in names.items())


def stem(name: str) -> str:
    """A file's name without its endings."""
    while name.lower().endswith(_ENDINGS):
        name = name[: name.rindex(".")]
    return name


def batches() -> QuerySet[Batch]:
    """All batches, the latest first."""
    return Batch.objects.order_by("-id")


def find_batch(uid: str) -> Batch:
    """The batch with this uid.

    Raises:
        UnknownKey: there is none.
    """
    found = Batch.objects.filter(uid=uid).first()
    if found is None:
        raise UnknownKey("batch", uid)
    return found


def undo_batch(*, uid: str, by: str) -> Batch:
    """Take a batch out of all later versions; earlier runs keep what they saw."""
    return claims.undo(find_batch(uid), by=by)


@dataclass(frozen=True, slots=True)
class Collected:
    """What ``collect_garbage`` removed."""

    files: int
    bytes: int


def collect_garbage(*, workspace: Workspace, older_than_seconds: float = 86_400) -> Collected:
    """Remove fact files that no row names, what unfinished work left in tmp, and forgotten uploads; running imports lose nothing."""
    before, files, size = time.time() - older_than_seconds, 0, 0
    oldest = claims.running_since()
    if oldest is not None:
        before = min(before, oldest.timestamp())
    uploads, uploaded = remove_old(workspace, before=before)
    stray = [*_lake_files(workspace), *(p for p in workspace.tmp.rglob("*") if p.is_file())]
    named = set(FactFile.objects.values_list("path", flat=True))  # read last: what was listed and then committed is named
    for path in stray:
        if path.relative_to(workspace.root).as_posix() not in named and path.stat().st_mtime <= before:
            files, size = files + 1, size + path.stat().st_size
            path.unlink()
    return Collected(files + uploads, size + uploaded)


def _lake_files(workspace: Workspace) -> list[Path]:
    """Fact files and unfinished ones; derived tables and cells keep house for themselves."""
    found = [p for p in workspace.lake.rglob("*") if p.is_file() and p.suffix in (".parquet", ".tmp")]
    return [p for p in found if p.relative_to(workspace.lake).parts[0] not in ("derived", "cells")]


def _nearest(name: str, known: dict[str, Path]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return near[0] if near else ", ".join(sorted(known))
