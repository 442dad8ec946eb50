"""Scopes: the places figures belong to, and the tree by which units roll up."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from hengzhi.core import HengzhiError, Text
from hengzhi.lake.tables import SCOPE_ROLES, Role

UNKNOWN = "?"  # unit codes the tree does not know: 未归属


class InvalidScope(HengzhiError, ValueError):
    """A scope is not written as ``unit=0110;channel=phone`` with each role once and in order."""

    code = "invalid_scope"


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """A set of roles with their codes; none = the whole institution.

    >>> str(Scope.of(channel="phone", unit="0110"))
    'unit=0110;channel=phone'
    """

    parts: tuple[tuple[Role, str], ...] = ()

    @classmethod
    def of(cls, **codes: str) -> Self:
        """The scope with these codes, in the order of the house."""
        return cls(tuple((role, codes[role]) for role in SCOPE_ROLES if role in codes))

    @classmethod
    def parse(cls, text: str) -> Self:
        """The scope written as text.

        Raises:
            InvalidScope: an unknown role, one twice, or no code.
        """
        codes: dict[str, str] = {}
        for part in filter(None, text.split(";")):
            role, equals, code = part.partition("=")
            if role not in SCOPE_ROLES or not equals or not code or role in codes:
                raise InvalidScope(text=text)
            codes[role] = code
        return cls.of(**codes)

    @property
    def cut(self) -> str:
        """The cut the scope belongs to, such as unit.channel (``all`` for the root)."""
        return ".".join(role for role, _ in self.parts) or "all"

    def code(self, role: Role) -> str | None:
        """The code under ``role``, None = all."""
        return dict(self.parts).get(role)

    def __str__(self) -> str:
        return ";".join(f"{role}={code}" for role, code in self.parts)


@dataclass(frozen=True, slots=True, order=True)
class UnitSpan:
    """One unit under one parent in one span of days, ``end`` excluded."""

    code: str
    names: Text
    parent: str
    start: date
    end: date | None
    kind: str = "branch"


@dataclass(frozen=True, slots=True)
class ScopeTree:
    """The institution's units over time; a month rolls up by the tree of its last day."""

    spans: tuple[UnitSpan, ...] = ()

    def ancestors(self, on: date) -> dict[str, tuple[str, ...]]:
        """Each unit that exists on a day, with itself and all units above it."""
        parents = {s.code: s.parent for s in self.spans if s.start <= on and (s.end is None or on < s.end)}
        return {code: tuple(_line(code, parents)) for code in parents}

    def within(self, unit: str, on: date) -> tuple[str, ...]:
        """The unit and all units below it on a day."""
        return tuple(sorted(code for code, line in self.ancestors(on).items() if unit in line))

    def names(self) -> dict[str, Text]:
        """The latest name of every unit that ever was."""
        return {span.code: span.names for span in sorted(self.spans, key=lambda s: s.start)}

    def as_json(self) -> list[list[Any]]:
        """The tree as plain lists, in a fixed order."""
        return [
            [s.code, s.names.zh, s.names.en, s.parent, s.start.isoformat(), s.end.isoformat() if s.end else None, s.kind]
            for s in sorted(self.spans, key=lambda s: (s.code, s.start))
        ]

    @classmethod
    def from_json(cls, rows: Iterable[list[Any]]) -> Self:
        """The tree that ``as_json`` gave."""
        return cls(
            tuple(
                UnitSpan(code, Text(zh, en), parent, date.fromisoformat(start), date.fromisoformat(end) if end else None, kind)
                for code, zh, en, parent, start, end, kind in rows
            )
        )

    @property
    def sha256(self) -> str:
        """The version of the tree."""
        return hashlib.sha256(json.dumps(self.as_json(), ensure_ascii=False).encode()).hexdigest()


def _line(code: str, parents: Mapping[str, str]) -> Iterable[str]:
    seen: set[str] = set()
    while code in parents and code not in seen:  # a ring in the tree ends where it began
        seen.add(code)
        yield code
        code = parents[code]
