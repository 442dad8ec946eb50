"""Opening and making workspaces, for the entrances; no database is touched here."""

from __future__ import annotations

import os
from pathlib import Path

from hengzhi.core import Text
from hengzhi.lake import workspace as lake

Workspace = lake.Workspace


def open_workspace(given: str | None) -> Workspace:
    """The workspace named by the flag or HENGZHI_HOME, or lying nearest above the current folder.

    Raises:
        WorkspaceMissing: there is none.
    """
    return lake.find(given, os.environ, Path.cwd())


def make_workspace(*, root: Path, institution: Text, language: str, zone: str, policy: str) -> Workspace:
    """A new workspace with the policy it begins with.

    Raises:
        WorkspaceExists: there is one already.
    """
    workspace = lake.create(root, institution=institution, language=language, zone=zone)
    (root / "policy" / "policy.yaml").write_text(policy, encoding="utf-8")
    return workspace


def exists(root: Path) -> bool:
    """Whether a workspace lies there."""
    return (root / lake.CONFIG).is_file()
