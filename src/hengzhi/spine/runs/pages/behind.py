"""What stands behind one figure: formula, query, run, batches and what they left out; nothing is computed again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db.models import Q

from hengzhi.core import Text
from hengzhi.engine.catalogue import Catalogue
from hengzhi.engine.evidence import base_of
from hengzhi.engine.indicators import Indicator
from hengzhi.lake.derive import derived_files
from hengzhi.lake.explain import Place as Where
from hengzhi.lake.explain import figure_sql
from hengzhi.lake.files import Facts
from hengzhi.lake.workspace import Workspace
from hengzhi.spine.access.errors import OutOfScope
from hengzhi.spine.access.grants import Actor
from hengzhi.spine.access.services import require, visible
from hengzhi.spine.datasets.models import Batch
from hengzhi.spine.datasets.versions import counted, facts_at
from hengzhi.spine.runs.models import Observation
from hengzhi.spine.runs.pages.figures import Figure, figures
from hengzhi.spine.runs.pages.formula import TermWords, formula
from hengzhi.spine.runs.trace import find_observation, place_of

_BATCHES = 50  # that a page lists; the sums are over all


@dataclass(frozen=True, slots=True)
class BatchSeen:
    """One batch that the figure's tables hold in its months."""

    uid: str
    table: str
    name: str
    rows: int
    rejected: int
    duplicates: int
    version: int


@dataclass(frozen=True, slots=True)
class Behind:
    """All that is stored behind one figure."""

    figure: Figure
    indicator: Indicator
    same_formula: bool  # the formula in force is the one the figure was made by
    terms: tuple[TermWords, ...]
    sql: str
    tables: tuple[Text, ...]
    batches: tuple[BatchSeen, ...]
    all_batches: int
    rows: int
    rejected: int
    duplicates: int
    run: str
    code: str
    data_version: int
    version: str
    policy: str
    scope_version: str
    output_sha256: str
    part: str  # kind of the part of a rating that led here, "" for a figure itself


def behind(*, workspace: Workspace, catalogue: Catalogue, figure: str, by: Actor) -> Behind:
    """What stands behind a figure of any form of id.

    Raises:
        Forbidden: the person sees no figures.
        UnknownKey: no such figure was computed, it is not the person's to see, or its indicator is gone.
    """
    require(by, "risk.figure.view", None)
    observation, part = find_observation(figure)
    if not visible(Observation.objects.filter(pk=observation.pk), by, "risk.figure.view").exists():
        raise OutOfScope("figure", figure)
    seen = figures(Q(pk=observation.pk))[0]
    indicator = catalogue.indicator(observation.key)
    where = place_of(indicator, observation)
    sources = tuple(dict.fromkeys(s for term in (indicator.x, indicator.n) if term for s in catalogue.sources(term.table)))
    known, counts = _batches(sources, observation, set(where.units))
    run = observation.run
    return Behind(
        figure=seen,
        indicator=indicator,
        same_formula=indicator.version == observation.indicator_id,
        terms=formula(indicator, catalogue),
        sql=_sql(workspace, catalogue, indicator, observation.data_version, where),
        tables=tuple(catalogue.table(key).names for key in sources),
        batches=known,
        all_batches=counts[0],
        rows=counts[1],
        rejected=counts[2],
        duplicates=counts[3],
        run=run.uid,
        code=run.code,
        data_version=observation.data_version,
        version=observation.indicator_id,
        policy=run.policy_id or "",
        scope_version=run.scope_version_id or "",
        output_sha256=run.output_sha256,
        part=part.kind if part else "",
    )


def _sql(workspace: Workspace, catalogue: Catalogue, indicator: Indicator, version: int, where: Where) -> str:
    """The query as text, with the files named from the workspace's folder."""
    tables = sorted({term.table for term in (indicator.x, indicator.n) if term})
    known: dict[str, Facts] = {}
    for key in tables:
        facts = {source: facts_at(catalogue.table(source), version) for source in catalogue.sources(key)}
        known[key] = derived_files(workspace, catalogue.derived[key], facts) if key in catalogue.derived else facts[key]
    n = None if indicator.n is None else base_of(indicator)
    return figure_sql(indicator.x, n, known, where, Path(), kind=indicator.kind, quantile=indicator.quantile)


def _batches(
    sources: tuple[str, ...], observation: Observation, months: set[int]
) -> tuple[tuple[BatchSeen, ...], tuple[int, int, int, int]]:
    rows = Batch.objects.filter(table__in=sources).filter(counted(observation.data_version)).order_by("-id")
    columns = ("uid", "table", "name", "rows", "rejected", "duplicates", "version", "months")
    inside = [row for row in rows.values_list(*columns) if months & {int(m) for m in row[7]} or not row[7]]
    sums = (len(inside), *(sum(row[at] for row in inside) for at in (3, 4, 5)))
    return tuple(BatchSeen(*row[:7]) for row in inside[:_BATCHES]), sums
