"""Use cases of uploads: receive a file, judge it, import it or throw it away."""

from __future__ import annotations

import shlex
import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from hengzhi.core import HengzhiError, InvalidFile, InvalidMapping, Text, UnknownKey
from hengzhi.engine.catalogue import Catalogue
from hengzhi.lake.workspace import Workspace
from hengzhi.spine.access.grants import Actor
from hengzhi.spine.access.services import require
from hengzhi.spine.audit.services import record
from hengzhi.spine.datasets.imports import Source, import_file
from hengzhi.spine.datasets.models import Batch, BatchState
from hengzhi.spine.datasets.receipts import Receipt
from hengzhi.spine.datasets.samples import take_sample
from hengzhi.spine.datasets.services import SHIPPED, find_mapping, source_of
from hengzhi.spine.datasets.told_problems import ToldProblems, told_problems
from hengzhi.spine.datasets.upload_rules import UploadLimits, UploadsPending, refusal, shown_name, stored_name
from hengzhi.spine.datasets.upload_store import Choice, Findings, Sample, Upload, folder_of, read_upload, remove_old, uploads, write_upload
from hengzhi.spine.identity import new_uid
from hengzhi.spine.messages import tell

PROBLEMS = "problems.csv"
PERMISSION = "data.batch.import"
KEPT_SECONDS = 86_400


class TooMuchAtOnce(HengzhiError):
    """A file is too large to be imported while the browser waits."""

    code = "too_much_at_once"


@dataclass(frozen=True, slots=True)
class Offer:
    """What the form offers: tables, mappings with the table each leads to, mappings that can't be read, and what waits."""

    tables: tuple[tuple[str, Text], ...]
    mappings: tuple[tuple[str, str], ...]
    broken: tuple[str, ...] = ()
    waiting: tuple[Upload, ...] = ()


@dataclass(frozen=True, slots=True)
class UploadView:
    """An upload with its first problems, and what else could be chosen for it."""

    upload: Upload
    problems: ToldProblems
    offer: Offer


def offer(*, workspace: Workspace, catalogue: Catalogue, by: Actor) -> Offer:
    """The tables and mappings to choose from, and what this person has neither imported nor cancelled.

    A mapping with faults is named, not offered.
    """
    require(by, PERMISSION)
    names = sorted({p.stem for folder in (SHIPPED, workspace.root / "mappings") for p in folder.glob("*.yaml")})
    usable, broken = [], []
    for name in names:
        try:
            usable.append((name, find_mapping(workspace, catalogue, name).table))
        except InvalidMapping:
            broken.append(name)
    waiting = tuple(u for u in uploads(workspace) if u.by == by.get_username() and not u.batch)
    return Offer(tuple((t.key, t.names) for t in catalogue.facts.values()), tuple(usable), tuple(broken), waiting)


def why_not(*, workspace: Workspace, limits: UploadLimits, name: str, head: bytes, size: int, by: Actor) -> HengzhiError | None:
    """Why this person's file is not taken; None where it is."""
    refused = refusal(name=shown_name(name), head=head, size=size, limits=limits)
    waiting = sum(u.bytes for u in uploads(workspace) if u.by == by.get_username() and not u.batch)
    if refused is None and waiting + size > limits.person_bytes:
        return UploadsPending(limit=limits.person_bytes // 1_000_000)
    return refused


def receive_upload(
    *, workspace: Workspace, catalogue: Catalogue, limits: UploadLimits, path: Path, name: str, choice: Choice, by: Actor, at: datetime
) -> Upload:
    """Take over the file at ``path`` into a folder of its own, and judge it without importing anything; clear away old ones."""
    require(by, PERMISSION)
    remove_old(workspace, before=at.timestamp() - KEPT_SECONDS)
    uid = new_uid()
    folder = workspace.tmp / "uploads" / uid
    folder.mkdir(parents=True, mode=0o700)
    kept = folder / stored_name(name)
    shutil.move(path, kept)
    upload = Upload(uid, shown_name(name), kept.name, kept.stat().st_size, by.get_username(), at, choice, Findings("refused"))
    return _judged(workspace, catalogue, limits, upload)


def judge_again(*, workspace: Workspace, catalogue: Catalogue, limits: UploadLimits, uid: str, choice: Choice, by: Actor) -> Upload:
    """Judge the same file for another table, mapping or day.

    Raises:
        UnknownKey: this person has no such upload.
    """
    upload = find_upload(workspace=workspace, uid=uid, by=by)
    return upload if upload.batch else _judged(workspace, catalogue, limits, replace(upload, choice=choice))


def find_upload(*, workspace: Workspace, uid: str, by: Actor) -> Upload:
    """The upload ``uid`` of this person.

    Raises:
        UnknownKey: there is none, or it is somebody else's.
    """
    require(by, PERMISSION, what="upload", key=uid)
    folder = folder_of(workspace, uid)
    found = read_upload(folder) if folder else None
    if found is None or found.by != by.get_username():
        raise UnknownKey("upload", uid)
    return found


def look_at(*, workspace: Workspace, catalogue: Catalogue, uid: str, by: Actor) -> UploadView:
    """An upload as its preview shows it.

    Raises:
        UnknownKey: this person has no such upload.
    """
    upload = find_upload(workspace=workspace, uid=uid, by=by)
    problems = told_problems(workspace.tmp / "uploads" / upload.uid / PROBLEMS)
    return UploadView(upload, problems, offer(workspace=workspace, catalogue=catalogue, by=by))


def cancel_upload(*, workspace: Workspace, uid: str, by: Actor) -> Upload:
    """Throw an upload away.

    Raises:
        UnknownKey: this person has no such upload.
    """
    upload = find_upload(workspace=workspace, uid=uid, by=by)
    shutil.rmtree(workspace.tmp / "uploads" / upload.uid)
    return upload


def import_upload(*, workspace: Workspace, catalogue: Catalogue, limits: UploadLimits, uid: str, by: Actor) -> str:
    """Import an upload and return its batch; a second call returns the same batch.

    Raises:
        UnknownKey: this person has no such upload.
        TooMuchAtOnce: it must be imported on the console.
        InvalidFile, InvalidMapping: nothing was imported.
    """
    upload = find_upload(workspace=workspace, uid=uid, by=by)
    if upload.batch:
        return upload.batch
    if upload.bytes > limits.at_once_bytes:
        raise TooMuchAtOnce(name=upload.name, command=command_for(upload))
    source = _source(workspace, catalogue, upload)
    receipt = import_file(workspace=workspace, source=source, by=by.get_username(), received_on=upload.choice.received_on)
    write_upload(workspace, replace(upload, batch=receipt.batch))
    source.path.unlink(missing_ok=True)
    return receipt.batch


def problems_of_upload(*, workspace: Workspace, uid: str, by: Actor) -> Path:
    """The file of all problems found in an upload; who took it away is noted.

    Raises:
        UnknownKey: this person has no such upload, or there are no problems.
    """
    upload = find_upload(workspace=workspace, uid=uid, by=by)
    path = workspace.tmp / "uploads" / upload.uid / PROBLEMS
    if not path.is_file():
        raise UnknownKey("problems_file", uid)
    record(by=by.get_username(), verb="download_problems", kind="upload", of=upload.uid, after={"name": upload.name})
    return path


def command_for(upload: Upload) -> str:
    """The line that imports the same file on the console."""
    mapping = ["--mapping", upload.choice.mapping] if upload.choice.mapping else []
    words = ["hengzhi", "import", upload.choice.table, upload.name, *mapping, "--received", upload.choice.received_on.isoformat()]
    return shlex.join(words)


def _source(workspace: Workspace, catalogue: Catalogue, upload: Upload) -> Source:
    path = workspace.tmp / "uploads" / upload.uid / upload.file
    choice = upload.choice
    return source_of(workspace=workspace, catalogue=catalogue, table=choice.table, path=path, mapping=choice.mapping, name=upload.name)


def _judged(workspace: Workspace, catalogue: Catalogue, limits: UploadLimits, upload: Upload) -> Upload:
    problems = workspace.tmp / "uploads" / upload.uid / PROBLEMS
    problems.unlink(missing_ok=True)
    try:
        source = _source(workspace, catalogue, upload)
        sample = take_sample(source, workspace.zone)
        if upload.bytes > limits.at_once_bytes:
            findings = Findings("sampled", sample=sample)
        else:
            day = upload.choice.received_on
            receipt = import_file(workspace=workspace, source=source, by=upload.by, received_on=day, dry_run=True, problems_path=problems)
            findings = _findings(receipt, sample, source)
    except (InvalidFile, InvalidMapping) as error:
        findings = _refused(error, upload.name)
    judged = replace(upload, findings=findings)
    write_upload(workspace, judged)
    return judged


def _findings(receipt: Receipt, sample: Sample, source: Source) -> Findings:
    content = source.content()
    same = Batch.objects.filter(table=content.table, content_sha256=content.content_sha256, mapping_sha256=content.mapping_sha256)
    earlier = same.filter(state=BatchState.DONE).first()
    return Findings(
        state="judged",
        rows_in_file=receipt.rows_in_file,
        accepted=receipt.accepted,
        duplicates=receipt.duplicates,
        rejected=receipt.rejected,
        warnings=receipt.warnings,
        months=receipt.months,
        unknown_units=receipt.unknown_units,
        sample=sample,
        earlier=earlier.uid if earlier else "",
    )


def _refused(error: InvalidFile | InvalidMapping, name: str) -> Findings:
    if isinstance(error, InvalidFile):
        error = InvalidFile(**{**error.fields, "source": name})
    zh, en = tell(error, "zh"), tell(error, "en")
    return Findings("refused", what=Text(zh.what, en.what), remedy=Text(zh.remedy, en.remedy))
