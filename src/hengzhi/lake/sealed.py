"""Results kept beside the facts, sealed by their own hash: a damaged one counts as absent and is made anew."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path

_LENGTH = hashlib.sha256().digest_size


def keep(path: Path, content: bytes) -> None:
    """Write ``content`` under its seal, whole or not at all, whoever else is writing the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{uuid.uuid4()}.tmp")
    try:
        partial.write_bytes(hashlib.sha256(content).digest() + content)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def kept(path: Path) -> bytes | None:
    """What was kept there; None where nothing was, or where it is no longer what was kept."""
    try:
        found = path.read_bytes()
    except FileNotFoundError:
        return None
    content = found[_LENGTH:]
    return content if hashlib.sha256(content).digest() == found[:_LENGTH] else None
