"""Importing rows that are facts already, by the same claim and commit as any file."""

from __future__ import annotations

import hashlib
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from hengzhi.lake.store import Staging
from hengzhi.lake.tables import FactTable
from hengzhi.lake.workspace import Workspace
from hengzhi.spine.datasets import claims
from hengzhi.spine.datasets.problems import ProblemsFile
from hengzhi.spine.datasets.receipts import Receipt
from hengzhi.spine.datasets.settling import Tally, given_up_on_failure, settle_and_commit
from hengzhi.spine.datasets.versions import SEVERAL


def import_rows(*, workspace: Workspace, table: FactTable, name: str, rows: pa.Table, by: str, received_on: date) -> Receipt:
    """Import rows that are facts already (of the demo institution, of a snapshot), by the same commit.

    Args:
        rows: the table's columns without provenance; persons already pseudonymous.
    """
    digest = hashlib.sha256(str(rows.schema).encode())
    for batch in rows.to_batches():
        digest.update(b"".join(bytes(buffer) for column in batch.columns for buffer in column.buffers() if buffer))
    content = claims.Content(table.key, digest.hexdigest(), "-")
    sources = pc.unique(rows.column("source")).to_pylist() if table.has("source") else []
    source = sources[0] if len(sources) == 1 else SEVERAL
    batch, ours = claims.claim(content, name=name, source=source, by=by, received_on=received_on)
    if not ours:
        return Receipt.of(batch, "already_imported")
    with given_up_on_failure(batch), Staging(workspace, table, batch.pk) as staging:
        for part in _with_provenance(workspace, table, rows, batch.pk).to_batches(max_chunksize=250_000):
            staging.add(part)
        problems = ProblemsFile(workspace.root / "run" / f"problems-{batch.uid}.csv")
        with problems:
            tally = Tally(rows=rows.num_rows)
        settle_and_commit(staging, batch, problems, tally)
    return Receipt.of(batch)


def _with_provenance(workspace: Workspace, table: FactTable, rows: pa.Table, batch: int) -> pa.Table:
    day = table.column(table.day)
    when = rows.column(table.day)
    if day.type == "instant":
        local = pc.local_timestamp(pc.assume_timezone(when, "UTC").cast(pa.timestamp("us", str(workspace.zone))))
        year, month = pc.year(local), pc.month(local)
    else:
        year, month = pc.year(when), pc.month(when)
    whole = rows.append_column("batch", pa.array([batch] * rows.num_rows, pa.int64()))
    whole = whole.append_column("line", pa.array(range(1, rows.num_rows + 1), pa.int64()))
    whole = whole.append_column("month", pc.add(pc.multiply(year, 100), month))
    return whole.select(table.schema().names).cast(table.schema())
