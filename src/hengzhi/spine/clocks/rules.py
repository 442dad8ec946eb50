"""A clock's rule as data: how long, from which event to which, how it may be extended, and whose rule it is."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

from hengzhi.core import Text
from hengzhi.spine.calendars.limits import Limit, LimitUnit

Every = Literal["", "month", "quarter", "year"]


@dataclass(frozen=True, slots=True)
class Extension:
    """One step by which a limit may be extended, in the unit of the limit, and what the rule wants for it."""

    amount: int
    wants: Text


@dataclass(frozen=True, slots=True)
class Rule:
    """One deadline.

    ``starts_on`` is the event that starts it, ``stops_on`` the events that end it; the event that ends one clock may start
    the next. ``every``: one clock for each month, quarter or year, counted from the last day of the period named by ``counts``.
    """

    key: str
    names: Text
    source: str
    limit: Limit
    valid_from: date
    valid_until: date | None = None
    enabled: bool = True
    calendar: str = "cn"
    extensions: tuple[Extension, ...] = ()
    starts_on: str = ""
    stops_on: tuple[str, ...] = ()
    pausable: bool = False
    every: Every = ""
    counts: Literal["from_end", "within"] = "from_end"
    reminds: tuple[int, ...] = (30, 7, 1)  # days before it is due
    escalates: tuple[int, ...] = (0, 7)  # days after it was due
    note: Text = field(default=Text("", ""))

    def spec(self) -> dict[str, Any]:
        """What a clock under this rule depends on, as plain values."""
        fields = asdict(self)
        for name in ("key", "valid_from", "valid_until", "enabled"):
            del fields[name]
        plain: dict[str, Any] = json.loads(json.dumps(fields))
        return plain

    @property
    def version(self) -> str:
        """The version of the rule: a hash over what it says."""
        text = json.dumps(self.spec(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(f"{self.valid_from}{text}".encode()).hexdigest()[:12]

    def limit_with(self, extensions: int) -> Limit:
        """The limit after so many steps of extension."""
        more = sum(step.amount for step in self.extensions[:extensions])
        return Limit(self.limit.amount + more, self.limit.unit, self.limit.rolls)


def rule_of(key: str, spec: dict[str, Any], *, valid_from: date, valid_until: date | None, enabled: bool) -> Rule:
    """The rule that ``Rule.spec`` gave."""
    unit: LimitUnit = spec["limit"]["unit"]
    special: dict[str, Any] = {
        "names": Text(**spec["names"]),
        "note": Text(**spec["note"]),
        "limit": Limit(spec["limit"]["amount"], unit, spec["limit"]["rolls"]),
        "extensions": tuple(Extension(step["amount"], Text(**step["wants"])) for step in spec["extensions"]),
    }
    listed = {name: value for name, value in spec.items() if name not in special}
    plain: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in listed.items()}
    return Rule(key=key, valid_from=valid_from, valid_until=valid_until, enabled=enabled, **plain, **special)
