"""Storing runs: rows in chunks while writing, one flip to done, never changed after."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Max

from hengzhi.engine.assess import Answer
from hengzhi.engine.indicators import Indicator
from hengzhi.engine.observe import Row
from hengzhi.engine.policy import Policy
from hengzhi.engine.rate import Rating
from hengzhi.engine.run import code_version
from hengzhi.engine.scopes import ScopeTree
from hengzhi.spine.audit.services import record
from hengzhi.spine.locks import exclusive
from hengzhi.spine.runs.models import Evaluation, IndicatorVersion, Observation, PolicyVersion, RatingPart, Run, ScopeVersion
from hengzhi.spine.runs.models import Rating as RatingRecord
from hengzhi.spine.scopes.models import Scope as ScopeRecord

_CHUNK = 5_000

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class RunSpec:
    """What a run is pinned to."""

    kind: str
    data_version: int
    parameters: Mapping[str, Any]
    engine: str = "duckdb"
    seed: int = 0
    indicators: Sequence[Indicator] = ()
    policy: Policy | None = None
    tree: ScopeTree | None = None


def start_run(*, spec: RunSpec, by: str) -> Run:
    """A run in state writing, with its definitions, policy and tree kept."""
    with transaction.atomic():
        run = Run(
            kind=spec.kind,
            code=code_version(),
            data_version=spec.data_version,
            parameters=dict(spec.parameters),
            engine=spec.engine,
            seed=spec.seed,
            by=by,
            indicator_versions=[i.version for i in spec.indicators],
        )
        if spec.policy:
            run.policy, _ = PolicyVersion.objects.get_or_create(sha256=spec.policy.sha256, defaults={"content": spec.policy.text})
        if spec.tree:
            run.scope_version, _ = ScopeVersion.objects.get_or_create(sha256=spec.tree.sha256, defaults={"content": spec.tree.as_json()})
        known = [IndicatorVersion(id=i.version, key=i.key, spec=i.spec()) for i in spec.indicators]
        IndicatorVersion.objects.bulk_create(known, ignore_conflicts=True)
        run.save()
    return run


def finish_simple_run(*, spec: RunSpec, output_sha256: str, summary: Mapping[str, Any], by: str) -> Run:
    """A run whose whole result is its summary."""
    with transaction.atomic():
        run = start_run(spec=spec, by=by)
        _flip(run, output_sha256, summary)
    return run


def store_answer(run: Run, answer: Answer) -> None:
    """Write the rows of an assessment and flip the run to done; readers see it only then."""
    scopes = _scope_ids({str(row.scope) for row in answer.rows} | {str(r.scope) for r in answer.ratings})
    observed: dict[tuple[str, str, str], int] = {}
    revisions = _revisions(answer.rows)
    for chunk in _chunks(answer.rows):
        with transaction.atomic():
            stored = [_observation(run, row, scopes, revisions) for row in chunk]
            Observation.objects.bulk_create(stored)
            Evaluation.objects.bulk_create(_evaluation(o, row) for o, row in zip(stored, chunk, strict=True))
        observed |= {(row.key, str(row.scope), row.period): o.pk for o, row in zip(stored, chunk, strict=True)}
    for ratings in _chunks(answer.ratings):
        with transaction.atomic():
            records = [_rating(run, r, scopes) for r in ratings]
            RatingRecord.objects.bulk_create(records)
            RatingPart.objects.bulk_create(p for o, r in zip(records, ratings, strict=True) for p in _parts(o, r, observed))
    with transaction.atomic():
        _flip(run, answer.sha256(), {"observations": len(answer.rows), "ratings": len(answer.ratings)})


def fail_run(run: Run) -> None:
    """Give a run up; its rows stay unseen."""
    Run.objects.filter(pk=run.pk, state="writing").update(state="failed")


def _flip(run: Run, output_sha256: str, summary: Mapping[str, Any]) -> None:
    exclusive("run")
    run.state, run.output_sha256, run.summary = "done", output_sha256, dict(summary)
    run.save()
    after = {"kind": run.kind, "data_version": run.data_version, "output_sha256": output_sha256, "parameters": run.parameters}
    record(by=run.by, verb="run", kind="run", of=run.uid, after=after)


def _scope_ids(texts: Iterable[str]) -> dict[str, int]:
    wanted = sorted(texts)
    for chunk in _chunks(wanted):
        ScopeRecord.objects.bulk_create([ScopeRecord(text=text) for text in chunk], ignore_conflicts=True)
    return dict(ScopeRecord.objects.values_list("text", "id"))


def _revisions(rows: Sequence[Row]) -> dict[tuple[str, str, str], int]:
    """The next revision of each figure that was observed by a done run before."""
    periods = {row.period for row in rows}
    known = Observation.objects.filter(run__state="done", period__in=periods).values("key", "scope__text", "period")
    return {(o["key"], o["scope__text"], o["period"]): o["last"] + 1 for o in known.annotate(last=Max("revision"))}


def _observation(run: Run, row: Row, scopes: Mapping[str, int], revisions: Mapping[tuple[str, str, str], int]) -> Observation:
    return Observation(
        run=run,
        indicator_id=row.version,
        key=row.key,
        scope_id=scopes[str(row.scope)],
        period=row.period,
        revision=revisions.get((row.key, str(row.scope), row.period), 1),
        x=row.x,
        n=row.n,
        s=row.s,
        ss=row.ss,
        value=row.value,
        lower=row.lower,
        upper=row.upper,
        method=row.method,
        flags=list(row.flags),
        data_version=run.data_version,
    )


def _evaluation(observation: Observation, row: Row) -> Evaluation:
    return Evaluation(
        observation=observation,
        target=row.target,
        limit=row.limit,
        verdict=row.verdict,
        arithmetic=row.arithmetic,
        bound=row.bound,
        needed_n=row.needed_n,
        score=row.score,
        level=row.level or "",
        proven=row.proven,
        reason=row.reason,
    )


def _rating(run: Run, rating: Rating, scopes: Mapping[str, int]) -> RatingRecord:
    return RatingRecord(
        run=run,
        risk=rating.risk,
        scope_id=scopes[str(rating.scope)],
        period=rating.period,
        score=rating.score,
        level=rating.level,
        raw_level=rating.raw_level,
        reason=rating.reason,
    )


def _parts(stored: RatingRecord, rating: Rating, observed: Mapping[tuple[str, str, str], int]) -> Iterator[RatingPart]:
    for position, part in enumerate(rating.parts):
        key = (part.observation[0], str(rating.scope), part.observation[1]) if part.observation else None
        yield RatingPart(
            rating=stored,
            position=position,
            kind=part.kind,
            key=part.key,
            observation_id=observed[key] if key else None,
            weight=part.weight,
            score=part.score,
            points=part.points,
        )


def _chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for at in range(math.ceil(len(items) / _CHUNK)):
        yield items[at * _CHUNK : (at + 1) * _CHUNK]
