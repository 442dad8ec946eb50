"""What the rosters expect: days with data that should be there, and those that are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hengzhi.engine.scopes import Scope
from hengzhi.lake.aggregate import Request, aggregate
from hengzhi.lake.files import Facts
from hengzhi.lake.formula import Cond, Term
from hengzhi.lake.tables import Role
from hengzhi.lake.workspace import Workspace

ROSTER_ROLES: tuple[Role, ...] = ("unit", "service", "system")

Days = tuple[int, int]  # expected, present
Lines = Mapping[int, Mapping[str, tuple[str, ...]]]  # per month each unit with itself and all units above it


@dataclass(frozen=True, slots=True)
class Expected:
    """Days expected and present by (table, role, month) and code."""

    days: Mapping[tuple[str, Role, int], Mapping[str, Days]]
    below: dict[tuple[int, str], list[str]] = field(default_factory=dict)

    def of(self, tables: Iterable[str], scope: Scope, months: Sequence[int], lines: Lines) -> Days:
        """Days of a scope of at most one role: units with all units below, the root with all units and systems."""
        expected = present = 0
        for table in tables:
            for month in months:
                for days in self._of_month(table, scope, month, lines):
                    expected, present = expected + days[0], present + days[1]
        return expected, present

    def codes(self, tables: Iterable[str], role: Role, months: Sequence[int]) -> set[str]:
        """The codes of a role that should deliver one of the tables in one of the months."""
        known = [self.days.get((table, role, month), {}) for table in tables for month in months]
        return {code for found in known for code, days in found.items() if days[0]}

    def _of_month(self, table: str, scope: Scope, month: int, lines: Lines) -> Iterable[Days]:
        if not scope.parts:
            return [d for role in ("unit", "system") for d in self.days.get((table, role, month), {}).values()]
        role, code = scope.parts[0]
        known = self.days.get((table, role, month), {})
        codes = self._units_below(month, code, lines) if role == "unit" else [code]
        return [known[c] for c in codes if c in known]

    def _units_below(self, month: int, unit: str, lines: Lines) -> list[str]:
        key = (month, unit)
        if key not in self.below:
            self.below[key] = [code for code, line in lines[month].items() if unit in line]
        return self.below[key]


def read_expected(workspace: Workspace, facts: Facts | None, tables: Iterable[str], *, cache: bool) -> Expected:
    """Read the derived table ``expectation``; without rosters nothing is expected."""
    if facts is None or not facts.read():
        return Expected({})
    days: dict[tuple[str, Role, int], dict[str, Days]] = {}
    months = {f.month for f in facts.files}
    columns = ("expected_days", "present_days")
    asked = {
        (table, role): [Request(Term("expectation", f"sum:{c}", (Cond("delivers", "eq", table),)), (role,)) for c in columns]
        for table in tables
        for role in ROSTER_ROLES
    }
    for role in ROSTER_ROLES:
        both = [request for (_, r), requests in asked.items() if r == role for request in requests]
        found = aggregate(workspace, facts, both, months, cache=cache)
        for (table, r), requests in asked.items():
            if r != role:
                continue
            for position, request in enumerate(requests):
                cells = found[request]
                for code, month, total in zip(cells.codes[role], cells.month.tolist(), cells.total, strict=True):
                    if code is not None:
                        known = days.setdefault((table, role, month), {})
                        old = known.get(code, (0, 0))
                        known[code] = (int(total), old[1]) if position == 0 else (old[0], int(total))
    return Expected(days)
