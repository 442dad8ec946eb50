"""Claiming a content before it is written, and committing it in one transaction."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils import timezone

from hengzhi.core import HengzhiError
from hengzhi.lake.files import FileRef
from hengzhi.spine.audit.services import record
from hengzhi.spine.datasets.models import Batch, BatchState, DataVersion, FactFile
from hengzhi.spine.locks import exclusive

LEASE = timedelta(minutes=2)


class ImportRunning(HengzhiError):
    """Another process is importing the same content and is still at it."""

    code = "import_running"


class LeaseLost(HengzhiError):
    """Another process took the import over because this one was silent for too long."""

    code = "lease_lost"


@dataclass(frozen=True, slots=True)
class Content:
    """What makes an import the same import again."""

    table: str
    content_sha256: str
    mapping_sha256: str


def claim(content: Content, *, name: str, source: str, by: str, received_on: date) -> tuple[Batch, bool]:
    """The batch to write, and whether it is ours; not ours means that it is done already.

    A claim whose holder has died is taken over at once, one whose lease ran out as well.

    Raises:
        ImportRunning: somebody else is importing the same content right now.
    """
    same = Batch.objects.filter(table=content.table, content_sha256=content.content_sha256, mapping_sha256=content.mapping_sha256)
    try:
        with transaction.atomic():
            found = same.select_for_update().filter(state__in=[BatchState.CLAIMED, BatchState.DONE]).first()
            if found and found.state == BatchState.DONE:
                return found, False
            if found and _holder_lives(found):
                raise ImportRunning(name=found.name, holder=found.holder, batch=found.uid)
            batch = found or Batch(table=content.table, content_sha256=content.content_sha256, mapping_sha256=content.mapping_sha256)
            batch.name, batch.source, batch.by, batch.received_on = name[:255], source, by, received_on
            batch.holder, batch.lease_until = _myself(), timezone.now() + LEASE
            batch.save()
            return batch, True
    except IntegrityError as error:  # both found nothing, the other was first
        raise ImportRunning(name=name, holder="", batch="") from error


def running_since() -> datetime | None:
    """When the oldest import that is still running was first claimed."""
    claimed = Batch.objects.filter(state=BatchState.CLAIMED).order_by("at")
    return next((batch.at for batch in claimed if _holder_lives(batch)), None)


def keep_alive(batch: Batch) -> None:
    """Renew the lease of a long import.

    Raises:
        LeaseLost: somebody took it over.
    """
    mine = Batch.objects.filter(pk=batch.pk, state=BatchState.CLAIMED, holder=_myself())
    if not mine.update(lease_until=timezone.now() + LEASE):
        raise LeaseLost(name=batch.name, batch=batch.uid)


def release(batch: Batch) -> None:
    """Give up a claim after a failure, so that the next try need not wait."""
    Batch.objects.filter(pk=batch.pk, state=BatchState.CLAIMED, holder=_myself()).update(state=BatchState.FAILED)


def next_version() -> int:
    """Give out the next data version; call inside the committing transaction."""
    exclusive("data_version")
    row, _ = DataVersion.objects.select_for_update().get_or_create(only=True)
    row.last += 1
    row.save()
    return row.last


def commit(batch: Batch, files: Iterable[FileRef], texts: Iterable[FileRef], *, seen_version: int) -> bool:
    """Make the batch count: its files and its state in one transaction.

    Returns:
        False where another batch of the table was committed or undone after ``seen_version``: look again for duplicates.

    Raises:
        LeaseLost: somebody else holds the claim.
    """
    with transaction.atomic():
        exclusive("data_version")
        others = Batch.objects.filter(table=batch.table).exclude(pk=batch.pk)
        if others.filter(version__gt=seen_version).exists() or others.filter(undone_version__gt=seen_version).exists():
            return False
        if not Batch.objects.select_for_update().filter(pk=batch.pk, state=BatchState.CLAIMED, holder=_myself()).exists():
            raise LeaseLost(name=batch.name, batch=batch.uid)
        rows = [_file_row(batch, batch.table, ref) for ref in files] + [_file_row(batch, "text", ref) for ref in texts]
        FactFile.objects.bulk_create(rows, batch_size=500)
        batch.version = next_version()
        batch.state, batch.holder = BatchState.DONE, ""
        batch.save()
        record(by=batch.by, verb="import", kind="batch", of=batch.uid, after=_facts_of(batch))
    return True


def undo(batch: Batch, *, by: str) -> Batch:
    """Let a batch disappear from later versions; earlier ones keep it."""
    with transaction.atomic():
        exclusive("data_version")
        done = Batch.objects.select_for_update().filter(pk=batch.pk, state=BatchState.DONE)
        if done.exists():
            done.update(state=BatchState.UNDONE, undone_version=next_version())
            batch.refresh_from_db()
            record(by=by, verb="undo", kind="batch", of=batch.uid, after=_facts_of(batch))
    batch.refresh_from_db()
    return batch


def _facts_of(batch: Batch) -> dict[str, object]:
    names = ("table", "name", "content_sha256", "state", "rows", "duplicates", "rejected", "version", "undone_version")
    return {name: getattr(batch, name) for name in names}


def _file_row(batch: Batch, table: str, ref: FileRef) -> FactFile:
    return FactFile(batch=batch, table=table, month=ref.month, path=ref.path, sha256=ref.sha256, rows=ref.rows, shadow=ref.shadow)


def _myself() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}"


def _started(pid: int) -> str:
    """When a process of this machine started, in clock ticks; empty where that can't be told."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except (OSError, IndexError):
        return ""


def _holder_lives(batch: Batch) -> bool:
    host, _, rest = batch.holder.partition(":")
    pid, _, started = rest.partition(":")
    if host == socket.gethostname() and pid.isdigit() and Path("/proc").is_dir():
        return _started(int(pid)) == started != ""
    return batch.lease_until > timezone.now()
