"""The health of a workspace: what works, what doesn't, what to do."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from typing import Any

from django.db import connection

from hengzhi.core import HengzhiError, Text
from hengzhi.engine.catalogue import Catalogue
from hengzhi.engine.run import code_version
from hengzhi.lake.files import verify
from hengzhi.lake.workspace import KEYS, Workspace
from hengzhi.spine.audit.services import verify as verify_audit
from hengzhi.spine.datasets.versions import committed_files, current_version
from hengzhi.spine.messages import tell
from hengzhi.spine.policies import current_policy

_LEAST_FREE = 1 << 30


def examine(workspace: Workspace, catalogue: Catalogue) -> dict[str, Any]:
    """Every check with its outcome, under the names of the API."""
    checks = [*_settings(workspace), *_data(workspace), *_records(workspace, catalogue)]
    return {"healthy": all(check["ok"] for check in checks), "code": code_version(), "checks": checks}


def _check(name: Text, language: str, *, ok: bool, detail: str) -> dict[str, Any]:
    return {"name": name.in_(language), "ok": ok, "detail": detail}


def _settings(workspace: Workspace) -> Iterator[dict[str, Any]]:
    language = workspace.language
    free = shutil.disk_usage(workspace.root).free
    yield _check(Text("磁盘空间", "disk space"), language, ok=free > _LEAST_FREE, detail=f"{free / (1 << 30):.1f} GiB")
    modes = {name: stat.S_IMODE((workspace.root / "secrets" / f"{name}.key").stat().st_mode) for name in KEYS}
    closed = all(mode == 0o600 for mode in modes.values())
    yield _check(Text("密钥文件权限", "modes of the keys"), language, ok=closed, detail=", ".join(f"{n} {m:o}" for n, m in modes.items()))
    writable = os.access(workspace.tmp, os.W_OK)
    yield _check(Text("工作区可写", "workspace writable"), language, ok=writable, detail=str(workspace.root))


def _data(workspace: Workspace) -> Iterator[dict[str, Any]]:
    files = committed_files()
    try:
        verify(workspace, files)
        ok, detail = True, f"{len(files)} · v{current_version()}"
    except HengzhiError as error:
        ok, detail = False, tell(error, workspace.language).what
    yield _check(Text("事实文件完整", "fact files whole"), workspace.language, ok=ok, detail=detail)


def _records(workspace: Workspace, catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    yield _check(Text("数据库", "database"), workspace.language, ok=True, detail=connection.vendor)
    try:
        found = verify_audit(workspace.root / "log" / "audit-anchors.jsonl")
        ok, detail = True, str(found.entries)
    except HengzhiError as error:
        ok, detail = False, tell(error, workspace.language).what
    yield _check(Text("审计链", "audit chain"), workspace.language, ok=ok, detail=detail)
    try:
        ok, detail = True, f"{len(current_policy(workspace, catalogue).targets)}"
    except HengzhiError as error:
        ok, detail = False, tell(error, workspace.language).what
    yield _check(Text("政策", "policy"), workspace.language, ok=ok, detail=detail)
