"""What a run is pinned to, and the hash of what it gave."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hengzhi import __version__

_ROOMS = ("core.py", "methods", "lake", "engine")


@functools.cache
def code_version() -> str:
    """The version of the product and a hash of the floors that decide numbers."""
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for room in _ROOMS:
        top = package / room
        for path in [top] if top.is_file() else sorted(top.rglob("*.py")):
            digest.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:12]}"


def output_sha256(rows: Iterable[tuple[Any, ...]]) -> str:
    """The hash of rows in key order: integers exact, floats with 12 significant digits.

    No time stamps, ids or hosts belong into the rows, so that the same data give the same hash anywhere.
    """
    digest = hashlib.sha256()
    for row in rows:
        digest.update(json.dumps([_plain(cell) for cell in row], ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    return digest.hexdigest()


def _plain(cell: Any) -> Any:
    if isinstance(cell, float):
        return f"{cell:.12g}"
    if isinstance(cell, list | tuple):
        return [_plain(item) for item in cell]
    if isinstance(cell, dict):
        return {str(key): _plain(value) for key, value in sorted(cell.items())}
    return cell
