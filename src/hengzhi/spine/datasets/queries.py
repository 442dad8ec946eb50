"""Batches as pages show them: a page of the list, and one batch with its problems."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from hengzhi.core import UnknownKey
from hengzhi.lake.workspace import Workspace
from hengzhi.spine.access.grants import Actor
from hengzhi.spine.access.services import require, visible
from hengzhi.spine.audit.services import record
from hengzhi.spine.datasets.models import Batch, BatchState
from hengzhi.spine.datasets.services import batches, find_batch, undo_batch
from hengzhi.spine.datasets.told_problems import ToldProblems, told_problems
from hengzhi.spine.datasets.versions import SEVERAL

_SEE = "data.batch.view"
STATES = tuple(BatchState.values)


@dataclass(frozen=True, slots=True)
class BatchView:
    """One batch as it is shown."""

    uid: str
    table: str
    name: str
    source: str
    state: str
    rows_in_file: int
    accepted: int
    duplicates: int
    rejected: int
    warnings: int
    months: tuple[int, ...]
    version: int | None
    undone_version: int | None
    content_sha256: str
    received_on: date
    by: str
    at: datetime
    unknown_units: tuple[tuple[str, int], ...]
    problems: ToldProblems

    @property
    def can_be_undone(self) -> bool:
        """Whether it counts now."""
        return self.state == BatchState.DONE

    @property
    def several_sources(self) -> bool:
        """Whether each row names its own source."""
        return self.source == SEVERAL


@dataclass(frozen=True, slots=True)
class BatchPage:
    """A page of the list, with the number of all that match and whether there is any batch at all."""

    total: int
    items: tuple[BatchView, ...]
    any: bool


def batch_page(*, by: Actor, table: str = "", state: str = "", number: int = 1, size: int = 50) -> BatchPage:
    """Batches of a table and state ("" = any), the latest first; ``number`` counts pages from 1, one beyond the last shows the last."""
    require(by, _SEE)
    found = visible(batches(), by, _SEE)
    if table:
        found = found.filter(table=table)
    if state:
        found = found.filter(state=state)
    total = found.count()
    first = (min(max(number, 1), max(-(-total // size), 1)) - 1) * size
    items = tuple(_view(batch, ToldProblems()) for batch in found[first : first + size])
    return BatchPage(total, items, bool(total) or Batch.objects.exists())


def batch_view(*, workspace: Workspace, uid: str, by: Actor) -> BatchView:
    """One batch with its first problems.

    Raises:
        UnknownKey: there is none.
    """
    require(by, _SEE, what="batch", key=uid)
    batch = find_batch(uid)
    return _view(batch, told_problems(_problems_path(workspace, batch)))


def problems_of_batch(*, workspace: Workspace, uid: str, by: Actor) -> Path:
    """The file of all problems of a batch; who took it away is noted.

    Raises:
        UnknownKey: no such batch, or it has no problems.
    """
    require(by, _SEE, what="batch", key=uid)
    path = _problems_path(workspace, find_batch(uid))
    if path is None:
        raise UnknownKey("problems_file", uid)
    record(by=by.get_username(), verb="download_problems", kind="batch", of=uid)
    return path


def take_back(*, uid: str, by: Actor) -> Batch:
    """Undo a batch for a person who may.

    Raises:
        Forbidden, UnknownKey: they may not, or there is none.
    """
    require(by, "data.batch.undo", what="batch", key=uid)
    return undo_batch(uid=uid, by=by.get_username())


def _problems_path(workspace: Workspace, batch: Batch) -> Path | None:
    path = workspace.root / batch.problems_file
    return path if batch.problems_file and path.is_file() else None


def _view(batch: Batch, problems: ToldProblems) -> BatchView:
    return BatchView(
        uid=batch.uid,
        table=batch.table,
        name=batch.name,
        source=batch.source,
        state=batch.state,
        rows_in_file=batch.rows_in_file,
        accepted=batch.rows,
        duplicates=batch.duplicates,
        rejected=batch.rejected,
        warnings=batch.warnings,
        months=tuple(batch.months),
        version=batch.version,
        undone_version=batch.undone_version,
        content_sha256=batch.content_sha256,
        received_on=batch.received_on,
        by=batch.by,
        at=batch.at,
        unknown_units=tuple(sorted(batch.unknown_units.items())),
        problems=problems,
    )
