"""What a code is called: units by the tree, channels as shipped, and the rest by the institution's own list."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from hengzhi.core import Text
from hengzhi.engine.scopes import UNKNOWN, Scope
from hengzhi.lake.workspace import Workspace
from hengzhi.spine.scopes.services import current_tree

FILE = "names.yaml"  # beside the policy: {service: {mortgage: {zh: 住房按揭, en: mortgage}}}

WHOLE = Text("全机构", "Whole institution")
UNASSIGNED = Text("未归属", "not assigned")

ROLE_NAMES = {
    "all": Text("全机构", "whole institution"),
    "unit": Text("机构", "unit"),
    "channel": Text("渠道", "channel"),
    "product": Text("产品", "product"),
    "service": Text("服务", "service"),
    "group": Text("客群", "customer group"),
    "system": Text("系统", "system"),
}

CHANNEL_NAMES = {
    "counter": Text("柜面", "counter"),
    "phone": Text("电话", "phone"),
    "app": Text("手机银行", "mobile app"),
    "online": Text("网上银行", "online banking"),
    "social": Text("社交媒体", "social media"),
}


@dataclass(frozen=True, slots=True)
class Labels:
    """Names by role and code; a code without a name is its own name."""

    by_role: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)

    def code(self, role: str, code: str) -> Text:
        """The name of one code."""
        if role == "unit" and code == UNKNOWN:
            return UNASSIGNED
        return self.by_role.get(role, {}).get(code, Text(code, code))

    def scope(self, text: str) -> Text:
        """The name of a scope written as text, such as 南城支行 · 柜面."""
        parts = [self.code(role, code) for role, code in Scope.parse(text).parts]
        return Text(" · ".join(p.zh for p in parts), " · ".join(p.en for p in parts)) if parts else WHOLE


def labels(workspace: Workspace) -> Labels:
    """The names in force in a workspace."""
    path = workspace.root / "policy" / FILE
    listed = _listed(path, path.stat().st_mtime_ns) if path.is_file() else {}
    own = {role: dict(names) for role, names in listed.items()}
    return Labels({**own, "channel": CHANNEL_NAMES | own.get("channel", {}), "unit": current_tree().names()})


@functools.lru_cache(maxsize=4)
def _listed(path: Path, changed: int) -> dict[str, dict[str, Text]]:
    values: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return {
        str(role): {str(code): Text(str(name.get("zh", code)), str(name.get("en", code))) for code, name in (names or {}).items()}
        for role, names in values.items()
    }


def save_names(workspace: Workspace, names: Mapping[str, Mapping[str, Text]]) -> None:
    """Write the institution's names for its codes."""
    plain = {role: {code: {"zh": text.zh, "en": text.en} for code, text in listed.items()} for role, listed in names.items()}
    path = workspace.root / "policy" / FILE
    path.write_text(yaml.safe_dump(plain, allow_unicode=True, sort_keys=False), encoding="utf-8")
