"""Reading runs: current figures, ratings with their parts, and the rows behind a hash."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from hengzhi.core import UnknownKey
from hengzhi.engine.observe import Row
from hengzhi.engine.run import output_sha256
from hengzhi.spine.runs.models import Observation, Rating, RatingPart, Run

RATED_ORDER = ("risk", "scope__text", "period")


def find_run(name: str) -> Run:
    """The done run with this uid, or the ``latest`` one.

    Raises:
        UnknownKey: there is none.
    """
    done = Run.objects.filter(state="done")
    run = done.order_by("-id").first() if name == "latest" else done.filter(uid=name).first()
    if run is None:
        raise UnknownKey("run", name)
    return run


def current_observations() -> QuerySet[Observation]:
    """Of every figure the observation of the latest done run."""
    same = Observation.objects.filter(run__state="done", key=OuterRef("key"), scope=OuterRef("scope"), period=OuterRef("period"))
    latest = same.order_by("-revision", "-id").values("id")[:1]
    return Observation.objects.filter(run__state="done", id=Subquery(latest)).select_related("evaluation", "scope", "run", "indicator")


def current_ratings() -> QuerySet[Rating]:
    """Of every risk, scope and month the rating of the latest done run."""
    same = Rating.objects.filter(run__state="done", risk=OuterRef("risk"), scope=OuterRef("scope"), period=OuterRef("period"))
    latest = same.order_by("-id").values("id")[:1]
    return Rating.objects.filter(run__state="done", id=Subquery(latest)).select_related("scope", "run").prefetch_related("parts")


def stored_sha256(run: Run) -> str:
    """The output hash over the rows as they are stored now."""
    return output_sha256([*_rows(run), *_ratings(run)])


def _rows(run: Run) -> Iterator[tuple[Any, ...]]:
    stored = Observation.objects.filter(run=run).select_related("evaluation", "scope").order_by("id")
    names: Sequence[str] = [name for name in Row.__slots__ if name != "scope"]
    for o in stored.iterator(chunk_size=2000):
        e = o.evaluation
        values = {
            "key": o.key,
            "version": o.indicator_id,
            "flags": tuple(o.flags),
            "level": e.level or None,
            **{name: getattr(o, name) for name in ("period", "x", "n", "s", "ss", "value", "lower", "upper", "method")},
            **{
                name: getattr(e, name)
                for name in ("target", "limit", "verdict", "arithmetic", "bound", "needed_n", "score", "proven", "reason")
            },
        }
        yield (o.scope.text, *(values[name] for name in names))


def _ratings(run: Run) -> Iterator[tuple[Any, ...]]:
    # One query a chunk, whatever the number of parts: a list of thousands of ids is more than SQLite takes.
    parts_of = Prefetch("parts", RatingPart.objects.select_related("observation"))
    rated = Rating.objects.filter(run=run).select_related("scope").prefetch_related(parts_of).order_by("id")
    for r in rated.iterator(chunk_size=500):
        parts = [
            (p.kind, p.key, p.weight, p.score, p.points, (p.observation.key, p.observation.period) if p.observation else None)
            for p in sorted(r.parts.all(), key=lambda p: p.position)
        ]
        yield (r.risk, r.scope.text, r.period, r.score, r.level, r.raw_level, r.reason, parts)
