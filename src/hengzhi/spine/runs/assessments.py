"""Assessing a period as a recorded run, and computing a run again from its pins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from hengzhi.core import HengzhiError, Period
from hengzhi.engine.assess import Question, assess
from hengzhi.engine.catalogue import Catalogue
from hengzhi.engine.policy import Policy, read_policy
from hengzhi.engine.run import code_version
from hengzhi.engine.scopes import ScopeTree
from hengzhi.lake.files import Facts, verify
from hengzhi.lake.workspace import Workspace
from hengzhi.spine.datasets.versions import current_version, facts_at
from hengzhi.spine.runs.models import IndicatorVersion, Run
from hengzhi.spine.runs.queries import stored_sha256
from hengzhi.spine.runs.services import RunSpec, fail_run, start_run, store_answer
from hengzhi.spine.scopes.services import current_tree

Progress = Callable[[int, int], None]


class NotReplayable(HengzhiError):
    """A run can't be computed again: its definitions are no longer those of this code."""

    code = "not_replayable"


class ReplayDiffers(HengzhiError):
    """A run computed again gives other rows, or its stored rows were changed."""

    code = "replay_differs"


@dataclass(frozen=True, slots=True)
class Replayed:
    """A run that was computed again from its facts, and the hash both times."""

    run: str
    output_sha256: str
    files: int
    identical: bool


def assess_period(
    *,
    workspace: Workspace,
    catalogue: Catalogue,
    policy: Policy,
    periods: tuple[Period, ...],
    on: date,
    by: str,
    progress: Progress | None = None,
) -> Run:
    """Assess the months of ``periods`` at the current data version; the run holds all observations and ratings."""
    months = tuple(sorted({month for period in periods for month in period.months()}))
    version, tree = current_version(), current_tree()
    spec = RunSpec(
        kind="assess",
        data_version=version,
        parameters={"months": list(months), "on": on.isoformat()},
        indicators=sorted(catalogue.indicators.values(), key=lambda i: i.key),
        policy=policy,
        tree=tree,
    )
    run = start_run(spec=spec, by=by)
    try:
        question = Question(catalogue, tree, policy, months, on)
        store_answer(run, assess(workspace, question, pinned(catalogue, version), progress=progress))
    finally:
        fail_run(run)  # without effect once the run is done
    return run


def pinned(catalogue: Catalogue, version: int) -> dict[str, Facts]:
    """Every fact table at one data version."""
    return {key: facts_at(table, version) for key, table in catalogue.facts.items()}


def replay(*, workspace: Workspace, catalogue: Catalogue, run: Run) -> Replayed:
    """Compute an assessment again from its fact files, without anything kept, and compare.

    Raises:
        FactFileDamaged: a fact file is not what was committed; it is named.
        NotReplayable: an indicator's formula has changed since.
        ReplayDiffers: other rows, or stored rows that were changed.
    """
    facts = pinned(catalogue, run.data_version)
    files = [ref for table in facts.values() for ref in table.read()]
    verify(workspace, files)
    question = _question(catalogue, run)
    again = assess(workspace, question, facts, cache=False).sha256()
    if again != run.output_sha256:
        raise ReplayDiffers(run=run.uid, stored=run.output_sha256, computed=again, code_then=run.code, code_now=code_version())
    stored = stored_sha256(run)
    if stored != run.output_sha256:
        raise ReplayDiffers(run=run.uid, stored=stored, computed=again, code_then=run.code, code_now=code_version())
    return Replayed(run.uid, again, len(files), identical=True)


def _question(catalogue: Catalogue, run: Run) -> Question:
    now: Mapping[str, str] = {i.version: key for key, i in catalogue.indicators.items()}
    gone = [version for version in run.indicator_versions if version not in now]
    if gone or run.policy is None or run.scope_version is None:
        known = dict(IndicatorVersion.objects.filter(id__in=gone).values_list("id", "key"))
        raise NotReplayable(run=run.uid, indicators=sorted(known.values()))
    then = {now[version]: catalogue.indicators[now[version]] for version in run.indicator_versions}
    catalogue = replace(catalogue, indicators=then)
    policy = read_policy(run.policy.content, catalogue)
    months = tuple(int(month) for month in run.parameters["months"])
    return Question(catalogue, ScopeTree.from_json(run.scope_version.content), policy, months, date.fromisoformat(run.parameters["on"]))
