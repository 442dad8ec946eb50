"""An indicator: what is measured, by which formula, for which risks and measure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from hengzhi.core import Text
from hengzhi.lake.formula import AnyOf, Cond, Term
from hengzhi.lake.tables import Role, Unit

__all__ = ["CUTS", "AnyOf", "Cond", "Indicator", "Term"]

Kind = Literal["proportion", "rate", "mean", "quantile", "count", "census", "composed", "computed"]
Direction = Literal["up", "down", "target"]
Cycle = Literal["month", "quarter", "year"]

# A cut is a set of roles that observations are made for; "all" is the whole institution.
CUTS: dict[str, tuple[Role, ...]] = {
    "all": (),
    "unit": ("unit",),
    "channel": ("channel",),
    "product": ("product",),
    "service": ("service",),
    "system": ("system",),
    "group": ("group",),
    "unit.channel": ("unit", "channel"),
    "unit.service": ("unit", "service"),
    "service.channel": ("channel", "service"),
}


@dataclass(frozen=True, slots=True)
class Indicator:
    """The definition of one indicator; targets, weights and owners are policy, not here (contracts.md §4).

    ``x`` and ``n`` are numerator and denominator; a mean or quantile sums ``x`` over the rows of ``x``.
    ``unit`` is the unit shown: a sum of seconds shown in minutes is converted, never stored twice.
    """

    key: str
    names: Text
    measure: str | None
    risks: Mapping[str, str]  # {"R1": "main"}
    kind: Kind
    x: Term
    n: Term | None = None
    method: str | None = None
    unit: Unit = Unit.SHARE
    direction: Direction = "up"
    period: Cycle = "month"
    window: int = 1  # months counted back from the end of the period
    cuts: tuple[str, ...] = ("all", "unit")
    floor_n: int = 20
    settle_days: int = 5
    cluster: Role | None = None
    strata: tuple[Role, ...] = ()
    quantile: float | None = None
    since: str = "2000-01"
    source: str = ""
    note: Text = field(default=Text("", ""))

    @property
    def version(self) -> str:
        """``key@hash`` over everything but names and note: the same formula has the same version anywhere."""
        spec = json.dumps(self.spec(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return f"{self.key}@{hashlib.sha256(spec.encode()).hexdigest()[:12]}"

    def spec(self) -> dict[str, Any]:
        """Everything that decides a number, as plain values."""
        return {
            "key": self.key,
            "measure": self.measure,
            "risks": dict(sorted(self.risks.items())),
            "kind": self.kind,
            "x": self.x.as_json(),
            "n": self.n.as_json() if self.n else None,
            "method": self.method,
            "unit": self.unit.value,
            "direction": self.direction,
            "period": self.period,
            "window": self.window,
            "cuts": list(self.cuts),
            "floor_n": self.floor_n,
            "settle_days": self.settle_days,
            "cluster": self.cluster,
            "strata": list(self.strata),
            "quantile": self.quantile,
            "since": self.since,
            "source": self.source,
        }
