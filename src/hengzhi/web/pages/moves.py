"""Why a score moved, as rows that add up to the change as it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hengzhi.spine.runs.movement import Explained
from hengzhi.web.numbers import MISSING
from hengzhi.web.pages.adding import rounded
from hengzhi.web.pages.looking import Look, name_of
from hengzhi.web.pages.points import PLACES, PointLine
from hengzhi.web.pages.telling import said


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One row: its name, what moved it, and the sum; a dash where a column does not apply."""

    name: str
    url: str
    cells: tuple[str, ...]
    total: str


@dataclass(frozen=True, slots=True)
class Moves:
    """The movement of a risk by indicator, and the level of its largest mover by branch or system."""

    lines: tuple[MoveLine, ...]
    total: str
    cells_title: str
    cells: tuple[MoveLine, ...]
    cells_total: str


def moves(explained: Explained | None, here: Look, points: Sequence[PointLine]) -> Moves | None:
    """The rows of a movement, which add up to the changes that the table of ``points`` shows; None where there is nothing to compare."""
    if explained is None:
        return None
    changes = {line.key: line.difference for line in points if line.key}
    shown = {row.key: _shares((row.weight, row.level, row.evidence), changes.get(row.key)) for row in explained.moved.rows}
    lines = [_line(name_of(key), here.url("indicator", key), parts) for key, parts in shown.items()]
    floor = sum(line.difference for line in points if not line.key)
    if floor or explained.moved.floor:
        lines.append(MoveLine(_("floor"), "", (MISSING, MISSING, MISSING), _signed(floor)))
    total = sum(sum(parts) for parts in shown.values()) + floor
    cells, cells_total = _cells(explained, here, shown.get(explained.cells_of, (0.0, None))[1])
    title = _("%(indicator)s: whose level moved") % {"indicator": name_of(explained.cells_of)} if cells else ""
    return Moves(tuple(lines), _signed(total), title, cells, cells_total)


def _shares(points: Sequence[float], shown: float | None) -> tuple[float, ...]:
    return rounded(points, sum(points), PLACES, shown=shown)


def _cells(explained: Explained, here: Look, level: float | None) -> tuple[tuple[MoveLine, ...], str]:
    rest = [explained.further] if explained.further else []
    if not explained.cells and not rest:
        return (), ""
    shown = _shares([*(point for cell in explained.cells for point in (cell.own, cell.mix)), *rest], level)
    names = [said(here.names.code(explained.cells_role, cell.label)) if cell.label else _("not assigned") for cell in explained.cells]
    lines = [_line(name, "", shown[at * 2 : at * 2 + 2]) for at, name in enumerate(names)]
    if rest:
        lines.append(MoveLine(_("all others"), "", (MISSING, MISSING), _signed(shown[-1])))
    return tuple(lines), _signed(sum(shown))


def _line(name: str, url: str, points: Sequence[float]) -> MoveLine:
    return MoveLine(name, url, tuple(_signed(point) for point in points), _signed(sum(points)))


def _signed(points: float) -> str:
    clean = round(points, PLACES) + 0.0
    return f"{clean:+,.{PLACES}f}".replace("-", "−") if clean else f"{0:.{PLACES}f}"
