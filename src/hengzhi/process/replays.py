"""Replaying any kind of run that this room and the spine know."""

from __future__ import annotations

from hengzhi.engine.catalogue import Catalogue
from hengzhi.engine.run import code_version
from hengzhi.lake.files import verify
from hengzhi.lake.workspace import Workspace
from hengzhi.process.facts import PROCESS_EVENT
from hengzhi.process.services import replay_summary
from hengzhi.spine.datasets.versions import facts_at
from hengzhi.spine.runs.assessments import ReplayDiffers, Replayed, replay
from hengzhi.spine.runs.queries import find_run


def replay_any(*, workspace: Workspace, catalogue: Catalogue, name: str) -> Replayed:
    """Compute the run ``name`` (a uid or ``latest``) again from its fact files.

    Raises:
        FactFileDamaged, ReplayDiffers, NotReplayable, UnknownKey.
    """
    run = find_run(name)
    if run.kind != "process_summary":
        return replay(workspace=workspace, catalogue=catalogue, run=run)
    files = facts_at(PROCESS_EVENT, run.data_version, source=str(run.parameters["log"])).read()
    verify(workspace, files)
    again = replay_summary(workspace, run)
    if again != run.output_sha256:
        raise ReplayDiffers(run=run.uid, stored=run.output_sha256, computed=again, code_then=run.code, code_now=code_version())
    return Replayed(run.uid, again, len(files), identical=True)
