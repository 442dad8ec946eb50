"""The panel "how computed" of one figure, made of what is stored behind it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from hengzhi.spine.runs.pages.behind import Behind
from hengzhi.spine.runs.pages.formula import TermWords
from hengzhi.web.numbers import MISSING, count, decimal
from hengzhi.web.pages import telling
from hengzhi.web.pages.looking import Look
from hengzhi.web.parts import Column, Table

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TermView:
    """One term of the formula: its letter, what it takes, and the conditions on its rows."""

    letter: str
    take: str
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Computed:
    """How a figure came about, from its formula to the command that checks it."""

    note: str
    kind: str
    terms: tuple[TermView, ...]
    inputs: Pairs
    left_out: tuple[str, ...]
    source: str
    sql: str
    batches: Table
    batches_note: str
    pins: Pairs
    run_url: str
    run: str
    trace: str
    replay: str


def computed(found: Behind, here: Look) -> Computed:
    """The panel of one figure."""
    return Computed(
        note=telling.said(found.indicator.note),
        kind=_kind(found.indicator.kind),
        terms=tuple(_term(term) for term in found.terms),
        inputs=_inputs(found),
        left_out=_left_out(found),
        source=found.indicator.source,
        sql=found.sql,
        batches=_batches(found),
        batches_note=_("%(shown)s of %(all)s batches, the newest first")
        % {"shown": count(len(found.batches)), "all": count(found.all_batches)},
        pins=_pins(found),
        run_url=here.url("run", found.run),
        run=found.run,
        trace=f"hengzhi trace {found.figure.figure}",
        replay=f"hengzhi replay {found.run}",
    )


def _term(term: TermWords) -> TermView:
    return TermView(term.letter, telling.said(term.take), tuple(telling.said(condition) for condition in term.conditions))


def _kind(kind: str) -> str:
    return {
        "proportion": _("share: x out of n"),
        "rate": _("rate: x events over n of exposure"),
        "mean": _("mean: the sum over n cases"),
        "quantile": _("quantile over n cases"),
        "count": _("count, with a Poisson interval"),
        "census": _("complete count"),
    }.get(kind, kind)


def _inputs(found: Behind) -> Pairs:
    f, indicator = found.figure, found.indicator
    rows = [
        (_("Value"), telling.value(f.value, indicator)),
        ("x", count(f.x)),
        ("n", telling.sample(f)),
        (_("95% interval"), telling.bounds(f, indicator)),
        (_("Method"), f.method or MISSING),
        (_("Target"), telling.target(f.target, indicator)),
        (_("Limit"), telling.target(f.limit, indicator)),
        (_("Verdict"), " · ".join(filter(None, (telling.verdict(f.verdict), telling.hint(f, indicator))))),
        (_("Plain arithmetic"), telling.arithmetic(f)),
        (_("Risk score"), decimal(f.score, 2)),
    ]
    return tuple(row for row in rows if row[0] != "x" or f.x is not None)


def _left_out(found: Behind) -> tuple[str, ...]:
    notes = [
        _("%(rejected)s rows rejected and %(duplicates)s duplicates left out when the batches were imported; %(rows)s rows counted")
        % {"rejected": count(found.rejected), "duplicates": count(found.duplicates), "rows": count(found.rows)},
        _("the counts are of whole files in the months looked at, over: %(tables)s")
        % {"tables": _(", ").join(telling.said(name) for name in found.tables)},
    ]
    if found.figure.flags:
        notes.append(telling.reason(found.figure) or ", ".join(found.figure.flags))
    if not found.same_formula:
        notes.append(_("the formula has changed since; the version below is the one the figure was made by"))
    return tuple(notes)


def _batches(found: Behind) -> Table:
    heads = (_("Batch"), _("File"), _("Table"), _("Rows"), _("Rejected"), _("Duplicates"), _("Data version"))
    rows = tuple((b.uid, b.name, b.table, count(b.rows), count(b.rejected), count(b.duplicates), str(b.version)) for b in found.batches)
    return Table(tuple(Column(head, number=at > 2) for at, head in enumerate(heads)), rows)


def _pins(found: Behind) -> Pairs:
    return (
        (_("Data version"), str(found.data_version)),
        (_("Indicator version"), found.version),
        (_("Code"), found.code),
        (_("Policy SHA-256"), found.policy),
        (_("Tree of units SHA-256"), found.scope_version),
        (_("Output SHA-256"), found.output_sha256),
    )
