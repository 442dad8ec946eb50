"""The five risks side by side: score, level and why, change, and the measures that bear on them."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hengzhi.app import CATALOGUE
from hengzhi.engine.words import RISK_NAMES
from hengzhi.spine.runs.pages.overview import RiskCard
from hengzhi.spine.runs.pages.risks import risks
from hengzhi.web.numbers import MISSING, decimal
from hengzhi.web.pages import telling
from hengzhi.web.pages.looking import Look, indicator_names, look, not_assessed
from hengzhi.web.pages.overview import Tile, tiles
from hengzhi.web.pages.points import PLACES
from hengzhi.web.render import show
from hengzhi.web.selection import Selection
from hengzhi.web.signed_in import me


@dataclass(frozen=True, slots=True)
class RiskLine:
    """One risk as a row: why it has its level, and the measures that bear on it."""

    code: str
    name: str
    url: str
    score: str
    level: str
    change_kind: str
    change: str
    why: str
    measures: tuple[tuple[str, str], ...]  # code, address


@dataclass(frozen=True, slots=True)
class RisksList:
    """The five risks as cards and as a table."""

    tiles: tuple[Tile, ...]
    lines: tuple[RiskLine, ...]


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The five risks of a unit and month."""
    chosen = Selection.of(request.GET)
    found = risks(by=me(request), unit=chosen.unit, month=chosen.period, against=chosen.against)
    if found is None or found.place.pin is None:
        return not_assessed(request, page="risks", title=_("Five risks"), chosen=chosen, at=found.place if found else None)
    here = look(chosen, found.place)
    content = RisksList(tiles(found.cards, here), tuple(_line(card, here) for card in found.cards))
    return show(request, "pages/risks.html", page="risks", title=_("Five risks"), content=content, selection=here.selection)


def _line(card: RiskCard, here: Look) -> RiskLine:
    kind, words = telling.moved(card.now, card.before)
    bearing = sorted({i.measure for i in CATALOGUE.indicators.values() if card.risk in i.risks and i.measure})
    return RiskLine(
        code=card.risk,
        name=telling.said(RISK_NAMES[card.risk]),
        url=here.url("risk", card.risk),
        score=decimal(card.now.score if card.now else None, PLACES),
        level=card.now.level if card.now else "",
        change_kind=kind,
        change=words or MISSING,
        why=telling.why_level(card.now, indicator_names(), here.names) if card.now else _("too few cases, or no data expected"),
        measures=tuple((m, here.url("measure", m)) for m in bearing),
    )
