"""Recording, sealing and verifying the audit log."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from hengzhi.core import HengzhiError
from hengzhi.spine.audit.models import AuditEntry
from hengzhi.spine.locks import exclusive


class AuditBroken(HengzhiError):
    """An audit entry was changed, removed, inserted or moved; ``uid`` or ``position`` names the first one."""

    code = "audit_broken"


@dataclass(frozen=True, slots=True)
class Verified:
    """How many entries are whole, and the last hash, to be noted outside."""

    entries: int
    last_hash: str


def record(
    *, by: str, verb: str, kind: str, of: str, before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None
) -> AuditEntry:
    """Add an entry; call in the transaction of the change it speaks of. It is sealed as soon as that is committed."""
    entry = AuditEntry(by=by, verb=verb, kind=kind, of=of, before=_plain(before), after=_plain(after))
    entry.mac = _mac(_content(entry))
    entry.save()
    transaction.on_commit(_seal_now, robust=True)  # the change stands by then: a seal that fails is told by ``verify``
    return entry


def _seal_now() -> None:
    if AuditEntry.objects.filter(position=None).exists():
        seal(settings.HENGZHI_AUDIT_ANCHORS)


def seal(anchors: Path | None = None) -> int:
    """Chain all entries that are not chained yet, oldest first; append the new end to the anchors file.

    Raises:
        AuditBroken: an entry that nobody recorded, or one changed before it was sealed.
    """
    with transaction.atomic():
        exclusive("audit")
        last = AuditEntry.objects.exclude(position=None).order_by("-position").first()
        position, previous = (last.position or 0, last.hash) if last else (0, "")
        fresh = list(AuditEntry.objects.filter(position=None).order_by("id"))
        for entry in fresh:
            if not hmac.compare_digest(entry.mac, _mac(_content(entry))):
                raise AuditBroken(uid=entry.uid, position=None, reason="changed")
            position += 1
            previous = _mac(previous + entry.mac)
            AuditEntry.objects.filter(pk=entry.pk, position=None).update(position=position, hash=previous)
    if fresh and anchors is not None:
        _append(anchors, {"position": position, "hash": previous, "at": timezone.now().isoformat()})
    return len(fresh)


def verify(anchors: Path | None = None) -> Verified:
    """Recompute the chain from its first entry and compare it with the anchors.

    Raises:
        AuditBroken: the first entry that is not what was sealed.
    """
    seal(anchors)
    position, previous = 0, ""
    hashes: dict[int, str] = {}
    for entry in AuditEntry.objects.exclude(position=None).order_by("position").iterator(chunk_size=2000):
        position += 1
        if entry.position != position:
            raise AuditBroken(uid=entry.uid, position=position, reason="missing")
        if not hmac.compare_digest(entry.mac, _mac(_content(entry))):
            raise AuditBroken(uid=entry.uid, position=position, reason="changed")
        previous = _mac(previous + entry.mac)
        if not hmac.compare_digest(entry.hash, previous):
            raise AuditBroken(uid=entry.uid, position=position, reason="chain")
        hashes[position] = previous
    _compare_anchors(anchors, hashes)
    return Verified(position, previous)


def _append(anchors: Path, anchor: Mapping[str, Any]) -> None:
    torn = anchors.is_file() and anchors.read_bytes()[-1:] not in (b"", b"\n")  # by a kill or a full disk
    with anchors.open("a", encoding="utf-8") as file:
        file.write(("\n" if torn else "") + json.dumps(anchor) + "\n")


def _compare_anchors(anchors: Path | None, hashes: dict[int, str]) -> None:
    if anchors is None or not anchors.is_file():
        return
    for line in anchors.read_text(encoding="utf-8").splitlines():
        if not line.endswith("}"):
            continue  # torn while it was written: the next line stands for it
        anchor = json.loads(line)
        if hashes.get(anchor["position"]) != anchor["hash"]:
            reason = "truncated" if anchor["position"] not in hashes else "chain"
            raise AuditBroken(uid="", position=anchor["position"], reason=reason)


def _content(entry: AuditEntry) -> str:
    fields = [entry.uid, entry.at.isoformat(), entry.by, entry.verb, entry.kind, entry.of, entry.before, entry.after]
    return json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _plain(values: Mapping[str, Any] | None) -> Any:
    """Values as every database gives them back: PostgreSQL's jsonb keeps numbers as decimals, without exponents."""
    if values is None:
        return None
    return json.loads(json.dumps(values, default=str), parse_float=_number, parse_constant=str)


def _number(text: str) -> float | int:
    value = float(text)
    return int(value) if value.is_integer() else value


def _mac(text: str) -> str:
    return hmac.new(settings.HENGZHI_AUDIT_KEY, text.encode(), hashlib.sha256).hexdigest()
