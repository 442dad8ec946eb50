"""Runs for reading: the list, and one with everything it is pinned to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hengzhi.core import UnknownKey
from hengzhi.spine.access.grants import Actor
from hengzhi.spine.access.services import require, visible
from hengzhi.spine.runs.models import Run


@dataclass(frozen=True, slots=True)
class RunSeen:
    """One run as the list shows it."""

    uid: str
    kind: str
    state: str
    months: tuple[int, ...]
    data_version: int
    code: str
    output_sha256: str
    observations: int | None
    ratings: int | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RunsPage:
    """One page of runs, the newest first."""

    rows: tuple[RunSeen, ...]
    total: int
    number: int
    size: int


@dataclass(frozen=True, slots=True)
class RunPage:
    """One run with its pins."""

    run: RunSeen
    engine: str
    seed: int
    policy: str
    scope_version: str
    indicator_versions: tuple[str, ...]
    parameters: Mapping[str, Any]
    summary: Mapping[str, Any]


def runs(*, by: Actor, number: int = 1, size: int = 50) -> RunsPage:
    """Page ``number`` (from 1) of all runs; a page beyond the last is the last."""
    require(by, "risk.run.view")
    seen = visible(Run.objects.all(), by, "risk.run.view")
    total = seen.count()
    at = min(max(number, 1), max(-(-total // size), 1))
    found = seen.defer("indicator_versions").order_by("-id")[(at - 1) * size : at * size]
    return RunsPage(tuple(_seen(run) for run in found), total, at, size)


def run(*, uid: str, by: Actor) -> RunPage:
    """The run with this uid, whatever its state.

    Raises:
        Forbidden: the person sees no runs.
        UnknownKey: there is none.
    """
    require(by, "risk.run.view", key=uid, what="run")
    found = visible(Run.objects.filter(uid=uid), by, "risk.run.view").first()
    if found is None:
        raise UnknownKey("run", uid)
    return RunPage(
        run=_seen(found),
        engine=found.engine,
        seed=found.seed,
        policy=found.policy_id or "",
        scope_version=found.scope_version_id or "",
        indicator_versions=tuple(found.indicator_versions),
        parameters=found.parameters,
        summary=found.summary,
    )


def _seen(found: Run) -> RunSeen:
    return RunSeen(
        uid=found.uid,
        kind=found.kind,
        state=found.state,
        months=tuple(int(month) for month in found.parameters.get("months", ())),
        data_version=found.data_version,
        code=found.code,
        output_sha256=found.output_sha256,
        observations=found.summary.get("observations"),
        ratings=found.summary.get("ratings"),
        by=found.by,
        at=found.at,
    )
