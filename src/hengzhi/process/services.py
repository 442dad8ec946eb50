"""Use cases of the process room."""

from __future__ import annotations

from dataclasses import dataclass

from hengzhi.core import HengzhiError
from hengzhi.engine.run import output_sha256
from hengzhi.lake.files import verify
from hengzhi.lake.kernels.eventlog import load_events
from hengzhi.lake.workspace import Workspace
from hengzhi.process.facts import PROCESS_EVENT
from hengzhi.process.summary import Summary, summarise
from hengzhi.spine.datasets.models import Batch
from hengzhi.spine.datasets.versions import current_version, facts_at
from hengzhi.spine.runs.models import Run
from hengzhi.spine.runs.services import RunSpec, finish_simple_run


class LogMissing(HengzhiError):
    """No event log of that name has been imported; ``known`` lists those that have."""

    code = "log_missing"


@dataclass(frozen=True, slots=True)
class LogSummary:
    """A summary and the run that it came from."""

    log: str
    run: str
    data_version: int
    summary: Summary


def summarise_log(*, workspace: Workspace, log: str, by: str, version: int | None = None) -> LogSummary:
    """The summary of the log named ``log`` at a data version (the current one by default), as a run.

    Raises:
        LogMissing: nothing of that name was imported.
    """
    at = current_version() if version is None else version
    summary = compute_summary(workspace, log, at)
    spec = RunSpec(kind="process_summary", data_version=at, parameters={"log": log})
    run = finish_simple_run(spec=spec, output_sha256=summary_sha256(summary), summary=summary.rounded(), by=by)
    return LogSummary(log, run.uid, at, summary)


def compute_summary(workspace: Workspace, log: str, version: int) -> Summary:
    """The summary computed from the fact files of one version."""
    facts = facts_at(PROCESS_EVENT, version, source=log)
    verify(workspace, facts.read())
    events = load_events(workspace, facts, source=log)
    if not len(events.case):
        known = Batch.objects.filter(table=PROCESS_EVENT.key, state="done").values_list("source", flat=True).distinct()
        raise LogMissing(log=log, known=sorted(known))
    return summarise(events)


def summary_sha256(summary: Summary) -> str:
    """The hash of the unrounded figures."""
    plain = (summary.cases, summary.events, summary.activities, summary.variants, summary.mean_days, summary.median_days)
    edges = [(e.source, e.target, e.n, e.mean_hours, e.median_hours) for e in summary.waits]
    return output_sha256([plain, *edges, *summary.rework])


def replay_summary(workspace: Workspace, run: Run) -> str:
    """The output hash of a summary run, computed anew."""
    return summary_sha256(compute_summary(workspace, str(run.parameters["log"]), run.data_version))
