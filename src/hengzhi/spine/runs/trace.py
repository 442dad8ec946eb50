"""Tracing: from any figure to its formula, data, files, exclusions and run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from hengzhi.core import Period, UnknownKey
from hengzhi.engine.assess import last_month
from hengzhi.engine.catalogue import Catalogue
from hengzhi.engine.evidence import base_of
from hengzhi.engine.indicators import Indicator
from hengzhi.engine.scopes import UNKNOWN, Scope, ScopeTree
from hengzhi.engine.windows import windows
from hengzhi.lake.derive import derive
from hengzhi.lake.explain import Place, figure_sql, run_sql
from hengzhi.lake.files import Facts, FileRef
from hengzhi.lake.workspace import Workspace
from hengzhi.spine.datasets.models import Batch
from hengzhi.spine.datasets.versions import counted
from hengzhi.spine.runs.assessments import pinned
from hengzhi.spine.runs.models import Observation, Rating, RatingPart
from hengzhi.spine.runs.queries import current_observations


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything behind one figure."""

    figure: str
    observation: Observation
    indicator: Indicator
    sql: str
    recomputed: dict[str, int | None]
    files: tuple[FileRef, ...]  # that the query reads
    sources: tuple[FileRef, ...]  # fact files behind a derived table
    batches: tuple[Batch, ...]
    part: RatingPart | None = None

    def agrees(self) -> bool:
        """Whether the query gives the stored counts."""
        o = self.observation
        stored: dict[str, int | None] = {"x": o.x, "n": o.n}
        stored |= {"s": int(o.s) if o.s else None, "ss": int(o.ss) if o.ss else None}
        return all(stored.get(name) in (None, value) for name, value in self.recomputed.items() if name != "value")


def find_observation(figure: str) -> tuple[Observation, RatingPart | None]:
    """The observation behind a figure id: ``obs:7``, ``rating:3#0`` or ``feedback.satisfied@unit=0110@2026-10``.

    Raises:
        UnknownKey: no such figure was computed.
    """
    done = Observation.objects.filter(run__state="done").select_related(
        "evaluation", "scope", "run__policy", "run__scope_version", "indicator"
    )
    kind, _, rest = figure.partition(":")
    if kind == "obs" and rest.isdigit():
        found = done.filter(pk=int(rest)).first()
        if found:
            return found, None
    elif kind == "rating" and rest.partition("#")[0].isdigit():
        return _of_part(figure, rest)
    elif figure.count("@") == 2:
        key, scope, period = figure.split("@")
        at = current_observations().filter(key=key, scope__text=str(Scope.parse(scope)), period=str(Period.parse(period))).first()
        if at:
            return at, None
    raise UnknownKey("figure", figure)


def trace(*, workspace: Workspace, catalogue: Catalogue, figure: str) -> Trace:
    """Follow a figure to its files, and compute its counts again from them."""
    observation, part = find_observation(figure)
    indicator = catalogue.indicator(observation.key)
    facts = pinned(catalogue, observation.data_version)
    sources = catalogue.sources(indicator.x.table)
    tables = {term.table for term in (indicator.x, indicator.n) if term}
    known = dict(facts) | {key: derive(workspace, catalogue.derived[key], facts) for key in tables & set(catalogue.derived)}
    place = place_of(indicator, observation)
    n = None if indicator.n is None else base_of(indicator)
    sql = figure_sql(indicator.x, n, known, place, workspace.root, kind=indicator.kind, quantile=indicator.quantile)
    read = tuple(ref for key in sorted(tables) for ref in known[key].of_months(place.units).opened())
    behind = _behind(facts, sources, tables & set(catalogue.derived))
    batches = Batch.objects.filter(table__in=sources).filter(counted(observation.data_version)).order_by("id")
    return Trace(figure, observation, indicator, sql, run_sql(workspace, sql), read, behind, tuple(batches), part)


def trace_json(found: Trace, root: str) -> dict[str, Any]:
    """The trace under the names of the API."""
    o, e = found.observation, found.observation.evaluation
    names = ("x", "n", "value", "lower", "upper", "method", "flags", "period", "revision", "data_version")
    judged = ("target", "limit", "verdict", "arithmetic", "bound", "needed_n", "score", "level", "reason")
    return {
        "figure": found.figure,
        "observation": f"obs:{o.pk}",
        "indicator": {"key": o.key, "version": o.indicator_id, **_texts(found.indicator)},
        "formula": found.indicator.spec(),
        "scope": o.scope.text,
        **{name: getattr(o, name) for name in names},
        "s": o.s or None,
        "ss": o.ss or None,
        "evaluation": {name: getattr(e, name) for name in judged},
        "sql": found.sql,
        "recomputed": found.recomputed,
        "agrees": found.agrees(),
        "files": [_file(ref, root) for ref in found.files],
        "sources": [_file(ref, root) for ref in found.sources],
        "batches": [
            {"batch": b.uid, "name": b.name, "rows": b.rows, "rejected": b.rejected, "duplicates": b.duplicates, "version": b.version}
            for b in found.batches
        ],
        "run": o.run.uid,
        "code": o.run.code,
        "policy_sha256": o.run.policy_id,
        "scope_version": o.run.scope_version_id,
    } | ({"points": found.part.points, "weight": found.part.weight} if found.part else {})


def _of_part(figure: str, rest: str) -> tuple[Observation, RatingPart]:
    number, _, position = rest.partition("#")
    rating = Rating.objects.filter(run__state="done", pk=int(number)).first()
    parts = rating.parts.select_related("observation__run", "observation__evaluation", "observation__scope") if rating else None
    part = parts.filter(position=int(position or 0)).first() if parts and (position or "0").isdigit() else None
    if part is None or part.observation is None:
        raise UnknownKey("figure", figure)
    return part.observation, part


def place_of(indicator: Indicator, observation: Observation) -> Place:
    """Where a figure looks: its codes, and the units that belonged to it in each month of its window."""
    scope, period = Scope.parse(observation.scope.text), Period.parse(observation.period)
    asked = observation.run.parameters
    last = last_month(sorted(asked["months"]), date.fromisoformat(asked["on"]))
    window = next(w for w in windows(indicator, [min(last, period.months()[-1])], last) if w.period == period)
    stored = observation.run.scope_version
    tree = ScopeTree.from_json(stored.content) if stored else ScopeTree()
    unit = scope.code("unit")
    units: dict[int, tuple[str, ...] | None] = {}
    for month in window.months:
        on = Period.month(month).last_day
        units[month] = None if unit is None else tuple(sorted(tree.ancestors(on))) if unit == UNKNOWN else tree.within(unit, on)
    return Place({role: code for role, code in scope.parts if role != "unit"}, units, unknown=unit == UNKNOWN)


def _behind(facts: dict[str, Facts], sources: tuple[str, ...], derived: set[str]) -> tuple[FileRef, ...]:
    return tuple(ref for key in sources for ref in facts[key].read()) if derived else ()


def _file(ref: FileRef, root: str) -> dict[str, Any]:
    return {"path": f"{root}/{ref.path}", "sha256": ref.sha256, "month": ref.month, "rows": ref.rows}


def _texts(indicator: Indicator) -> dict[str, str]:
    names, note = indicator.names, indicator.note
    return {"name_zh": names.zh, "name_en": names.en, "note_zh": note.zh, "note_en": note.en, "unit": indicator.unit.value}
