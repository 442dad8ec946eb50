"""People, roles and units in words, as their pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hengzhi.core import Text
from hengzhi.spine.people.directory import Held, PersonSeen
from hengzhi.spine.scopes.services import current_tree
from hengzhi.web.numbers import MISSING


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One role that a person holds, with where and when."""

    uid: str
    role: str
    where: str
    start: str
    end: str
    state: str
    open: bool
    by: str


def said(text: Text) -> str:
    """A text in the reader's language."""
    return text.in_(get_language() or "zh")


def unit_name(code: str, names: dict[str, Text]) -> str:
    """A unit with its code; the whole institution where there is none."""
    if not code:
        return _("Whole institution")
    return f"{said(names[code])} {code}" if code in names else code


def held_lines(person: PersonSeen) -> tuple[HeldLine, ...]:
    """The roles of a person, those that hold first."""
    names, today = current_tree().names(), timezone.localdate()
    lines = [_line(held, names, today) for held in person.held]
    return tuple(sorted(lines, key=lambda line: not line.open))


def _line(held: Held, names: dict[str, Text], today: date) -> HeldLine:
    over = held.end is not None and held.end <= today
    state = _("over") if over else _("from then on") if held.start > today else _("holds")
    end = held.end.isoformat() if held.end else MISSING
    return HeldLine(held.uid, said(held.role), unit_name(held.unit, names), held.start.isoformat(), end, state, not over, held.by)
