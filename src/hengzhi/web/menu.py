"""The left menu: groups of pages in the officer's own words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Page:
    """One line of the menu: the name of its address, its words and its icon."""

    name: str
    title: Words
    icon: str
    permission: str = ""  # that opens it


@dataclass(frozen=True, slots=True)
class Group:
    """Pages under one heading; the first group has none."""

    title: Words
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A page as it is drawn: with its address, and whether it is the one shown."""

    url: str
    title: Words
    icon: str
    current: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A group as it is drawn."""

    title: Words
    lines: tuple[Line, ...]


_FIGURES = "risk.figure.view"

MENU = (
    Group("", (Page("home", _("Risk overview"), "layout-dashboard", _FIGURES),)),
    Group(
        _("Assess"),
        (
            Page("risks", _("Five risks"), "target-arrow", _FIGURES),
            Page("measures", _("Seven measures"), "list-check", _FIGURES),
            Page("indicators", _("Indicators"), "gauge", _FIGURES),
            Page("processes", _("Service processes"), "route"),
            Page("voices", _("Customer voice"), "message-2"),
            Page("units", _("Units"), "hierarchy-2", "people.unit.view"),
        ),
    ),
    Group(
        _("Prevent"),
        (
            Page("alerts", _("Alerts"), "alert-triangle"),
            Page("findings", _("Rectification"), "tool", "loop.finding.view"),
            Page("clocks", _("Deadlines"), "clock", "loop.finding.view"),
            Page("forms", _("Surveys and interviews"), "clipboard-check"),
            Page("trainings", _("Training and appraisal"), "school"),
            Page("technology", _("Technology and security"), "server-2"),
            Page("engagements", _("Third-party assessment"), "certificate"),
            Page("digital", _("Digital and recommendations"), "device-mobile"),
        ),
    ),
    Group(
        _("Govern"),
        (
            Page("plans", _("Plan and meetings"), "calendar-event"),
            Page("reports", _("Reports"), "report"),
        ),
    ),
    Group(
        _("Data"),
        (
            Page("batches", _("Import"), "upload", "data.batch.view"),
            Page("quality", _("Data quality"), "database"),
            Page("runs", _("Runs"), "history", "risk.run.view"),
        ),
    ),
    Group(
        _("System"),
        (
            Page("people", _("People and roles"), "users", "people.person.view"),
            Page("audit", _("Audit log"), "lock", "audit.entry.view"),
            Page("settings", _("Settings and health"), "settings"),
        ),
    ),
)


def sections(current: str, *, query: str = "", menu: Iterable[Group] = MENU, held: frozenset[str] | None = None) -> tuple[Section, ...]:
    """The menu with the page named ``current`` marked; pages without an address yet are left out.

    ``query`` is what every address carries on: the unit and the period chosen; ``held`` are the reader's permissions (None = all).
    """
    drawn = (Section(group.title, tuple(_lines([page for page in group.pages if _opens(page, held)], current, query))) for group in menu)
    return tuple(section for section in drawn if section.lines)


def _opens(page: Page, held: frozenset[str] | None) -> bool:
    return held is None or not page.permission or page.permission in held


def _lines(pages: Iterable[Page], current: str, query: str) -> Iterable[Line]:
    for page in pages:
        try:
            url = reverse(page.name)
        except NoReverseMatch:
            continue
        yield Line(f"{url}?{query}" if query else url, page.title, page.icon, page.name == current)
