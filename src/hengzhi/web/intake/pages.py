"""What the pages of the intake show, prepared as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.forms import Form
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hengzhi.core import Period
from hengzhi.spine.datasets.queries import BatchView
from hengzhi.spine.datasets.told_problems import ToldProblems
from hengzhi.spine.datasets.upload_rules import ENDINGS, UploadLimits
from hengzhi.spine.datasets.upload_store import Cell, Findings, Upload
from hengzhi.spine.datasets.uploads import Offer, command_for
from hengzhi.spine.runs.affected import MOST_MONTHS, assess_command
from hengzhi.web.frame import Choice
from hengzhi.web.intake.words import SEVERITIES, STATES, column_name, months_words, said, size_words, table_name
from hengzhi.web.numbers import count
from hengzhi.web.parts import Column, Table

Words = str | Promise


@dataclass(frozen=True, slots=True)
class MappingGroup:
    """The mappings that lead to one table."""

    table: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields that say what a file is, with what was entered and what is wrong with it."""

    tables: tuple[Choice, ...]
    groups: tuple[MappingGroup, ...]
    received: str
    today: str
    errors: Mapping[str, str]
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An upload that waits for a decision."""

    uid: str
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class ImportsPage:
    """The upload form, and what was uploaded before and not finished."""

    fields: Fields
    accept: str
    endings: str
    file_bytes: int
    file_words: str
    at_once_words: str
    waiting: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its name."""

    title: Words
    value: str
    note: Words = ""


@dataclass(frozen=True, slots=True)
class ProblemsPart:
    """The first problems, and where all of them can be had."""

    table: Table
    more: bool
    shown: str


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """What would happen if the file were imported."""

    upload: Upload
    about: tuple[Figure, ...]
    state: str
    what: str
    remedy: str
    figures: tuple[Figure, ...]
    sample: Table
    unfilled: str
    problems: ProblemsPart
    units: Table
    command: str
    at_once_words: str
    fields: Fields

    @property
    def importable(self) -> bool:
        """Whether there is anything that an import would add."""
        found = self.upload.findings
        return found.state == "judged" and found.accepted > 0 and not found.earlier


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """What an import did, and what can be done next."""

    batch: BatchView
    state: Words
    figures: tuple[Figure, ...]
    about: tuple[Figure, ...]
    problems: ProblemsPart
    units: Table
    assessable: bool
    command: str
    most_months: int
    overview: str

    @property
    def rows(self) -> str:
        """The rows that count because of this batch, as written."""
        return count(self.batch.accepted)

    @property
    def undone_version(self) -> str:
        """The first data version without the batch, as written."""
        return count(self.batch.undone_version)


def fields(offer: Offer, form: Form, *, today: str, initial: Mapping[str, str]) -> Fields:
    """The fields as they stand: what was entered, else what they begin with."""
    entered = {name: str(form.data.get(name, "")) if form.is_bound else initial.get(name, "") for name in ("table", "mapping", "received")}
    names = dict(offer.tables)
    tables = tuple(Choice(key, f"{said(text)} · {key}", key == entered["table"]) for key, text in offer.tables)
    groups = tuple(
        MappingGroup(key, said(names[key]), tuple(Choice(m, m, m == entered["mapping"]) for m, leads in offer.mappings if leads == key))
        for key in names
        if any(leads == key for _m, leads in offer.mappings)
    )
    errors = {name: " ".join(str(line) for line in lines) for name, lines in form.errors.items()} if form.is_bound else {}
    return Fields(tables, groups, entered["received"], today, errors, ", ".join(offer.broken))


def imports_page(drawn: Fields, waiting: tuple[Upload, ...], limits: UploadLimits) -> ImportsPage:
    """The page of the upload form."""
    return ImportsPage(
        fields=drawn,
        accept=",".join((*ENDINGS, ".gz")),
        endings=" ".join(ENDINGS),
        file_bytes=limits.file_bytes,
        file_words=size_words(limits.file_bytes),
        at_once_words=size_words(limits.at_once_bytes),
        waiting=tuple(Waiting(u.uid, u.name, f"{table_name(u.choice.table)} · {size_words(u.bytes)}") for u in waiting),
    )


def preview_page(upload: Upload, problems: ToldProblems, drawn: Fields, limits: UploadLimits) -> PreviewPage:
    """The page of one upload."""
    found, choice = upload.findings, upload.choice
    about = (
        Figure(_("Table"), table_name(choice.table)),
        Figure(_("Mapping"), choice.mapping, "" if choice.mapping else _("columns by name")),
        Figure(_("Received on"), choice.received_on.isoformat()),
        Figure(_("Size"), size_words(upload.bytes)),
        Figure(_("Months"), months_words(found.months)),
    )
    return PreviewPage(
        upload=upload,
        about=about,
        state=found.state,
        what=said(found.what),
        remedy=said(found.remedy),
        figures=_figures(found) if found.state == "judged" else (),
        sample=_sample(found),
        unfilled=", ".join(said(names) for names in found.sample.unfilled),
        problems=_problems(problems, choice.table),
        units=_units(found.unknown_units),
        command=command_for(upload),
        at_once_words=size_words(limits.at_once_bytes),
        fields=drawn,
    )


def receipt_page(batch: BatchView) -> ReceiptPage:
    """The page of one batch."""
    months = batch.months
    about = (
        Figure(_("State"), "", STATES.get(batch.state, batch.state)),
        Figure(_("Table"), table_name(batch.table)),
        Figure(_("Months"), months_words(months)),
        Figure(_("Data version"), count(batch.version)),
        Figure(
            _("Data source"),
            "" if batch.several_sources else batch.source,
            _("named by the rows, else the file's name") if batch.several_sources else "",
        ),
        Figure(_("Received on"), batch.received_on.isoformat()),
        Figure(_("Imported by"), batch.by),
        Figure(_("Content SHA-256"), batch.content_sha256),
    )
    return ReceiptPage(
        batch=batch,
        state=STATES.get(batch.state, batch.state),
        figures=_figures(batch),
        about=about,
        problems=_problems(batch.problems, batch.table),
        units=_units(dict(batch.unknown_units)),
        assessable=1 <= len(months) <= MOST_MONTHS,
        command=assess_command(months) if months else "",
        most_months=MOST_MONTHS,
        overview=f"/?period={Period.month(max(months))}" if months else "/",
    )


def _figures(found: Findings | BatchView) -> tuple[Figure, ...]:
    return (
        Figure(_("Rows in the file"), count(found.rows_in_file)),
        Figure(_("Accepted"), count(found.accepted)),
        Figure(_("Duplicates"), count(found.duplicates), _("counted once, nothing to do")),
        Figure(_("Rejected"), count(found.rejected), _("not imported, see the problems")),
        Figure(_("Warnings"), count(found.warnings), _("imported all the same")),
    )


def _sample(found: Findings) -> Table:
    columns = (Column(_("Line"), number=True), *(Column(said(c.names), c.number) for c in found.sample.columns))
    return Table(columns, tuple(tuple(_cell(cell) for cell in row) for row in found.sample.rows))


def _cell(cell: Cell) -> Words:
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    return "" if cell is None else cell


def _problems(found: ToldProblems, table: str) -> ProblemsPart:
    titles = (_("Column"), _("Value"), _("Effect"), _("Problem"), _("What to do"))
    columns = (Column(_("Line"), number=True), *(Column(title) for title in titles))
    rows = tuple(
        (p.line, column_name(table, p.column), p.value, SEVERITIES.get(p.severity, p.severity), said(p.what), said(p.remedy))
        for p in found.first
    )
    return ProblemsPart(Table(columns, rows), found.more, count(len(rows)))


def _units(unknown: Mapping[str, int]) -> Table:
    rows = sorted(unknown.items(), key=lambda item: (-item[1], item[0]))[:50]
    return Table((Column(_("Unit code")), Column(_("Rows"), number=True)), tuple((code, count(rows_)) for code, rows_ in rows))
