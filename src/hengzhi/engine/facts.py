"""Fact tables as the capabilities declare them, and the snapshots that turn records into facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from hengzhi.lake.tables import SCOPE_ROLES, Column, Derived, FactTable, Role, Unit

__all__ = ["SCOPE_ROLES", "Column", "Derived", "FactTable", "Role", "Snapshot", "Unit"]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A room's records as facts on the day a period is assessed."""

    key: str
    table: str
    rows: Callable[[date], pa.Table]
