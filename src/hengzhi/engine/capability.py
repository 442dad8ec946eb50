"""A capability: everything one room brings to the house."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hengzhi.core import Text
from hengzhi.engine.facts import Derived, FactTable, Snapshot
from hengzhi.engine.indicators import Indicator


@dataclass(frozen=True, slots=True)
class Capability:
    """The entries of one room; catalogue pages, forms, CLI, API, docs and tests follow from them."""

    key: str
    names: Text
    facts: tuple[FactTable, ...] = ()
    derived: tuple[Derived, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    targets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    features: tuple[int, ...] = ()  # rows of docs/features.md
