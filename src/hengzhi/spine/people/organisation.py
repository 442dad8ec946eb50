"""The institution's units as a person sees them: today's tree with its history, and units that are no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hengzhi.engine.scopes import UnitSpan
from hengzhi.spine.access.grants import Actor
from hengzhi.spine.access.services import require
from hengzhi.spine.scopes.services import current_tree


@dataclass(frozen=True, slots=True)
class UnitSeen:
    """A unit in its latest span, with the spans before it."""

    span: UnitSpan
    depth: int
    before: tuple[UnitSpan, ...]
    now: bool


def units(*, by: Actor, on: date) -> tuple[UnitSeen, ...]:
    """The units that ``by`` sees, in the order of the tree of a day.

    Raises:
        Forbidden: they see none.
    """
    held = require(by, "people.unit.view", None)
    spans: dict[str, list[UnitSpan]] = {}
    for span in sorted(current_tree().spans, key=lambda s: (s.code, s.start)):
        spans.setdefault(span.code, []).append(span)
    latest = {code: _at(listed, on) for code, listed in spans.items()}
    children: dict[str, list[str]] = {}
    for code, span in latest.items():
        children.setdefault(span.parent if span.parent in latest and span.parent != code else "", []).append(code)
    found = []
    for code, depth in _walk("", children, 0):
        span = latest[code]
        if held.covers(code):
            before = tuple(reversed([s for s in spans[code] if s is not span]))
            found.append(UnitSeen(span, depth, before, span.start <= on and (span.end is None or on < span.end)))
    return tuple(found)


def _at(listed: list[UnitSpan], on: date) -> UnitSpan:
    begun = [span for span in listed if span.start <= on]
    return begun[-1] if begun else listed[0]


def _walk(parent: str, children: dict[str, list[str]], depth: int) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for code in children.get(parent, ()):
        found += [(code, depth), *_walk(code, children, depth + 1)]
    return found
