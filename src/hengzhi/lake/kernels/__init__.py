"""Kernels: derived tables rebuilt from pinned facts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import pyarrow as pa

from hengzhi.lake.files import Facts
from hengzhi.lake.kernels.case import build_case
from hengzhi.lake.kernels.expectation import build_expectation
from hengzhi.lake.workspace import Workspace


class Kernel(Protocol):
    """Facts of the source tables in, the derived rows out (with their month)."""

    def __call__(self, workspace: Workspace, facts: dict[str, Facts], /) -> pa.Table: ...


KERNELS: dict[str, Callable[[Workspace, dict[str, Facts]], pa.Table]] = {"case": build_case, "expectation": build_expectation}
