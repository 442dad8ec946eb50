"""Derived tables at rest: rebuilt by their kernel when the facts behind them change, found again by content."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hengzhi.lake import sealed
from hengzhi.lake.files import FactFileDamaged, Facts, FileRef, file_sha256, verify
from hengzhi.lake.kernels import KERNELS
from hengzhi.lake.tables import Derived
from hengzhi.lake.workspace import Workspace

_FORMAT = "3"  # of derived files; raised when a kernel gives other rows


def derive(workspace: Workspace, derived: Derived, facts: Mapping[str, Facts], *, cache: bool = True) -> Facts:
    """The rows of a derived table as facts, one file per month.

    Args:
        cache: take files built before from the same facts; a replay builds them anew, and so does whoever finds them damaged.

    Raises:
        FactFileDamaged: a file that has to be read is not what was committed.
    """
    sources, table = _sources(derived, facts), derived.as_table()
    folder = _folder(workspace, derived, sources)
    files = _built(folder, workspace) if cache else None
    if files is None:
        verify(workspace, (ref for source in sources.values() for ref in source.read()))
        files = _write(KERNELS[derived.build](workspace, sources), folder, table.schema(), workspace)
    return Facts(table, files)


def _built(folder: Path, workspace: Workspace) -> tuple[FileRef, ...] | None:
    """The files built before, where all of them are still what was built."""
    content = sealed.kept(folder / "whole")
    if content is None:
        return None
    files = tuple(FileRef(*entry) for entry in json.loads(content))
    try:
        verify(workspace, files)
    except FactFileDamaged:
        return None
    return files


def derived_files(workspace: Workspace, derived: Derived, facts: Mapping[str, Facts]) -> Facts:
    """The files in which a derived table lies, as far as it was built: nothing is computed, and no bytes are read."""
    folder = _folder(workspace, derived, _sources(derived, facts))
    paths = sorted(folder.glob("*.parquet"))
    return Facts(derived.as_table(), tuple(FileRef(p.relative_to(workspace.root).as_posix(), "", int(p.stem), 0) for p in paths))


def _sources(derived: Derived, facts: Mapping[str, Facts]) -> dict[str, Facts]:
    return {key: facts[key] for key in derived.sources if key in facts}


def _folder(workspace: Workspace, derived: Derived, sources: Mapping[str, Facts]) -> Path:
    digest = hashlib.sha256(f"{_FORMAT}:{derived.key}:{derived.build}:{workspace.zone}".encode())
    for key in sorted(sources):
        digest.update(f"{key}:{sources[key].fingerprint()}".encode())
        digest.update("".join(sorted(f"{f.batch}:{f.received_on}" for f in sources[key].read())).encode())
    return workspace.lake / "derived" / derived.key / digest.hexdigest()[:32]


def _write(rows: pa.Table, target: Path, schema: pa.Schema, workspace: Workspace) -> tuple[FileRef, ...]:
    target.mkdir(parents=True, exist_ok=True)
    names = [name for name in schema.names if name not in ("batch", "line")]
    files: list[FileRef] = []
    months = rows.column("month") if rows.num_rows else pa.chunked_array([[]], pa.int64())
    for month in sorted(pc.unique(months).to_pylist()):
        part = rows.filter(pc.equal(months, month)).select(names)
        part = part.append_column("batch", pa.array([0] * part.num_rows, pa.int64())).append_column(
            "line", pa.array(range(part.num_rows), pa.int64())
        )
        partial, path = target / f"{uuid.uuid4()}.tmp", target / f"{month}.parquet"  # two processes may build the same at once
        pq.write_table(part.select(schema.names).cast(schema), partial, compression="zstd", compression_level=1)
        partial.replace(path)
        files.append(FileRef(path.relative_to(workspace.root).as_posix(), file_sha256(path), month, part.num_rows))
    sealed.keep(target / "whole", json.dumps([[f.path, f.sha256, f.month, f.rows] for f in files]).encode())
    return tuple(files)
