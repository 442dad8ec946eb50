"""What the address says is looked at: a unit, a period, and the period it is held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from hengzhi.core import Period


@dataclass(frozen=True, slots=True)
class Selection:
    """The unit ("" = whole institution) and the periods of a page; None where the address names none."""

    unit: str = ""
    period: Period | None = None
    against: Period | None = None

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Selection:
        """The selection in the query of an address.

        Raises:
            InvalidPeriod: a period is not written as 2026-10, 2026Q4 or 2026.
        """
        return cls(query.get("unit", "")[:64], _period(query.get("period", "")), _period(query.get("against", "")))

    def query(self) -> str:
        """The selection as the query of an address; what is not chosen is not written."""
        chosen = {"unit": self.unit, "period": self.period, "against": self.against}
        return urlencode({name: str(value) for name, value in chosen.items() if value})


def _period(text: str) -> Period | None:
    return Period.parse(text) if text else None
