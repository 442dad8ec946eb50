"""The frame around every page: menu, breadcrumb, selectors, freshness, language and who is signed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hengzhi.core import Period, Text
from hengzhi.spine.surroundings import Freshness, Surroundings
from hengzhi.web.menu import Section, sections
from hengzhi.web.selection import Selection

Words = str | Promise

INSTITUTION = Text("示例金融机构", "Example institution")


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a selector."""

    value: str
    label: Words
    chosen: bool


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the breadcrumb; the last has no address."""

    title: Words
    url: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """All that base.html draws around a page."""

    title: Words
    institution: str
    demo: bool
    menu: tuple[Section, ...]
    trail: tuple[Crumb, ...]
    units: tuple[Choice, ...]
    periods: tuple[Choice, ...]
    kept: tuple[tuple[str, str], ...]  # what else stands in the address, and stays when a selector changes
    freshness: Freshness | None
    here: str
    query: str
    person: str


def frame(
    request: HttpRequest,
    *,
    page: str,
    title: Words,
    around: Surroundings,
    trail: Iterable[Crumb] = (),
    selection: Selection | None = None,
    held: frozenset[str] | None = None,
) -> Frame:
    """The frame of the page named ``page`` in the menu.

    Args:
        trail: the steps between the home page and this one.
        selection: what the page shows, when it differs from the address (say, the latest period).
        held: the reader's permissions; the menu shows what they open.
    """
    chosen = selection or Selection.of(request.GET)
    return Frame(
        title=title,
        institution=institution(),
        demo=is_demo(),
        menu=sections(page, query=chosen.query(), held=held),
        trail=_trail(page, title, trail),
        units=_units(around, chosen.unit),
        periods=_periods(around, chosen.period),
        kept=tuple((name, str(value)) for name, value in request.GET.items() if name not in ("unit", "period", "page")),
        freshness=around.freshness,
        here=request.get_full_path(),
        query=chosen.query(),
        person=_person(request),
    )


def bare(request: HttpRequest, *, title: Words) -> Frame:
    """The frame of a page outside the house: no menu, no selectors, and nothing read from the database."""
    return Frame(
        title=title,
        institution=institution(),
        demo=is_demo(),
        menu=(),
        trail=(),
        units=(),
        periods=(),
        kept=(),
        freshness=None,
        here=request.get_full_path(),
        query="",
        person="",
    )


def institution() -> str:
    """The name of the institution in the reader's language."""
    workspace = getattr(settings, "WORKSPACE", None)
    name = workspace.institution if workspace else INSTITUTION
    return name.in_(get_language() or "zh") or INSTITUTION.in_(get_language() or "zh")


def is_demo() -> bool:
    """Whether what is shown is example data."""
    return bool(getattr(settings, "DEMO", False))


def _trail(page: str, title: Words, between: Iterable[Crumb]) -> tuple[Crumb, ...]:
    if page == "home":
        return (Crumb(title),)
    return (Crumb(_("Home"), "/"), *between, Crumb(title))


def _units(around: Surroundings, chosen: str) -> tuple[Choice, ...]:
    language = get_language() or "zh"
    whole = (Choice("", _("Whole institution"), chosen == ""),) if around.whole else ()
    return (*whole, *(Choice(unit.code, f"{'　' * unit.depth}{unit.names.in_(language)}", unit.code == chosen) for unit in around.units))


def _periods(around: Surroundings, chosen: Period | None) -> tuple[Choice, ...]:
    listed = list(around.periods)
    if chosen and chosen not in listed:
        listed.insert(0, chosen)
    return tuple(Choice(str(period), str(period), period == chosen) for period in listed)


def _person(request: HttpRequest) -> str:
    user = request.user
    return (user.display_name or user.get_username()) if user.is_authenticated else ""
