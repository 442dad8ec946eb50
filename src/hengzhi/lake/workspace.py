"""A workspace: the folder in which one institution's data, records, secrets and settings live."""

from __future__ import annotations

import os
import re
import secrets
import tomllib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hengzhi.core import HengzhiError, Text

CONFIG = "hengzhi.toml"
FOLDERS = ("policy", "mappings", "db", "lake", "files", "secrets", "run", "tmp", "log")
KEYS = ("django", "pseudonym", "audit")


class WorkspaceMissing(HengzhiError):
    """No workspace was named and none lies above the current folder."""

    code = "workspace_missing"


class WorkspaceExists(HengzhiError):
    """The folder already holds a workspace."""

    code = "workspace_exists"


class WorkspaceInvalid(HengzhiError):
    """A setting of hengzhi.toml can't be used, or lake and database belong to different workspaces."""

    code = "workspace_invalid"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process may use."""

    threads: int = 2
    memory: str = "1GB"


@dataclass(frozen=True, slots=True)
class Workspace:
    """The place and the settings that everything below the entrances takes as an argument."""

    root: Path
    id: str
    institution: Text
    language: str
    zone: ZoneInfo
    engine: str
    limits: Limits

    @property
    def lake(self) -> Path:
        """The folder of the fact files."""
        return self.root / "lake"

    @property
    def tmp(self) -> Path:
        """The folder of unfinished work."""
        return self.root / "tmp"

    @property
    def database(self) -> Path:
        """The SQLite file used where no DATABASE_URL is given."""
        return self.root / "db" / "hengzhi.sqlite3"

    def secret(self, name: str) -> bytes:
        """One of the keys made by ``create``: django, pseudonym or audit."""
        return (self.root / "secrets" / f"{name}.key").read_bytes()


def create(
    root: Path, *, institution: Text, language: str, zone: str, threads: int = 2, memory: str = "1GB", workspace_id: str | None = None
) -> Workspace:
    """Make the folders, the settings and the secrets of a new workspace.

    Raises:
        WorkspaceExists: there is one already.
        WorkspaceInvalid: an unknown time zone.
    """
    if (root / CONFIG).exists():
        raise WorkspaceExists(root=str(root))
    _zone(zone)
    for folder in FOLDERS:
        (root / folder).mkdir(parents=True, exist_ok=True)
    identity = workspace_id or str(uuid.uuid4())
    for name in KEYS:
        _write_secret(root / "secrets" / f"{name}.key")
    (root / "lake" / "workspace_id").write_text(identity + "\n", encoding="utf-8")
    lines = [
        f'workspace_id = "{identity}"',
        f"institution_zh = {_quoted(institution.zh)}",
        f"institution_en = {_quoted(institution.en)}",
        f'language = "{language}"',
        f'zone = "{zone}"',
        'engine = "duckdb"',
        f"threads = {threads}",
        f'memory = "{memory}"',
    ]
    # The settings come last: a folder without them is no workspace, so a killed init can be repeated.
    partial = root / f"{CONFIG}.tmp"
    partial.write_text("\n".join(lines) + "\n", encoding="utf-8")
    partial.replace(root / CONFIG)
    return load(root)


def find(given: str | None, environment: Mapping[str, str], start: Path) -> Workspace:
    """The workspace named by the flag, by HENGZHI_HOME, or lying nearest above ``start``.

    Raises:
        WorkspaceMissing: there is none.
    """
    named = given or environment.get("HENGZHI_HOME")
    if named:
        return load(Path(named).resolve(), environment)
    for folder in (start, *start.parents):
        if (folder / CONFIG).is_file():
            return load(folder, environment)
    raise WorkspaceMissing(root=str(start))


def load(root: Path, environment: Mapping[str, str] = os.environ) -> Workspace:
    """Read the settings of ``root``; HENGZHI_THREADS, HENGZHI_MEMORY and HENGZHI_ZONE override the file.

    Raises:
        WorkspaceMissing: no hengzhi.toml there.
        WorkspaceInvalid: a setting that can't be used.
    """
    path = root / CONFIG
    if not path.is_file():
        raise WorkspaceMissing(root=str(root))
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        identity = str(values["workspace_id"])
    except (tomllib.TOMLDecodeError, KeyError, UnicodeDecodeError) as error:
        raise WorkspaceInvalid(root=str(root), reason=str(error)) from error
    stamp = root / "lake" / "workspace_id"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8").strip() != identity:
        raise WorkspaceInvalid(root=str(root), reason="lake/workspace_id differs from hengzhi.toml")
    memory = environment.get("HENGZHI_MEMORY", str(values.get("memory", "1GB")))
    if not re.fullmatch(r"\d+(\.\d+)?\s*(KB|MB|GB|KiB|MiB|GiB)", memory):
        raise WorkspaceInvalid(root=str(root), reason=f"memory = {memory}")
    threads = str(environment.get("HENGZHI_THREADS", values.get("threads", 2)))
    if not re.fullmatch(r"[1-9]\d{0,3}", threads):
        raise WorkspaceInvalid(root=str(root), reason=f"threads = {threads}")
    return Workspace(
        root=root,
        id=identity,
        institution=Text(str(values.get("institution_zh", "")), str(values.get("institution_en", ""))),
        language=str(values.get("language", "zh")),
        zone=_zone(environment.get("HENGZHI_ZONE", str(values.get("zone", "Asia/Shanghai")))),
        engine=str(values.get("engine", "duckdb")),
        limits=Limits(threads=int(threads), memory=memory),
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise WorkspaceInvalid(root="", reason=f"zone = {name}") from error


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ").replace("\r", " ")
    return f'"{escaped}"'


def _write_secret(path: Path) -> None:
    if path.exists():
        return
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_hex(32).encode())
