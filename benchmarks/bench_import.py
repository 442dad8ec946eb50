"""Importing many events from CSV and Parquet, against a bare DuckDB copy of the same file.

HENGZHI_BENCH_ROWS sets the number of events (10 million by default). Aim: at most 4 times the bare copy, at most 2 GB.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from benchmarks.measure import process, tell

ROWS = int(os.environ.get("HENGZHI_BENCH_ROWS", "10000000"))
_STEPS = 8
_BLOCK = 1_000_000
_COPY = "import duckdb, sys; c = duckdb.connect(config={'threads': 2}); c.execute(sys.argv[1])"


def main() -> None:
    """Make the files, copy them bare, import them."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        # In a process of its own: a child's peak memory begins with that of its parent.
        process("make the files", [sys.executable, "-m", "benchmarks.bench_import", str(root)])
        for kind, reader in (("csv", "read_csv"), ("parquet", "read_parquet")):
            source = root / f"events.{kind}"
            copy = f"COPY (SELECT * FROM {reader}('{source}')) TO '{root / 'copy.parquet'}' (FORMAT parquet)"
            bare = process(f"bare DuckDB copy ({kind})", [sys.executable, "-c", _COPY, copy])
            tell(bare, work=ROWS, unit="rows")
            home = root / f"workspace-{kind}"
            cli = [sys.executable, "-c", "from hengzhi.cli import main; main()", "-C", str(home)]
            process("init", [*cli, "init"])
            ours = process(f"hengzhi import ({kind})", [*cli, "import", "process_event", str(source), "--json"])
            tell(ours, work=ROWS, unit="rows", against=bare)
            log = process("hengzhi process summary", [*cli, "process", "summary", "events", "--json"])
            tell(log, work=ROWS, unit="rows", against=bare)


def _make(root: Path) -> None:
    """Events of a two-year log in 8 columns, the same in both formats."""
    activities = np.array([f"step {i}" for i in range(12)])
    start = np.datetime64("2024-01-01T00:00:00", "us")
    with pc.CSVWriter(root / "events.csv", _schema()) as csv, pq.ParquetWriter(root / "events.parquet", _schema()) as parquet:
        for first in range(0, ROWS, _BLOCK):
            rows = min(_BLOCK, ROWS - first)
            chance = np.random.Generator(np.random.Philox(first))
            case = (first + np.arange(rows)) // _STEPS
            entered = (case * 7_919) % (700 * 86_400)
            offset = np.cumsum(chance.integers(60, 40_000, rows)) % 900_000
            at = start + ((entered + offset) * 1_000_000).astype("timedelta64[us]")
            columns = [
                np.char.add("K", case.astype(str)),
                activities[chance.integers(0, 12, rows)],
                np.datetime_as_string(at, unit="s"),
                np.char.add("team ", chance.integers(0, 30, rows).astype(str)),
                np.char.add("01", np.char.zfill(chance.integers(0, 60, rows).astype(str), 2)),
                np.array(["branch", "online", "phone"])[chance.integers(0, 3, rows)],
                np.array(["loan", "card", "account"])[chance.integers(0, 3, rows)],
                chance.integers(1_000, 900_000, rows).astype(str),
            ]
            batch = pa.record_batch([_text(c) for c in columns], schema=_schema())
            csv.write(batch)
            parquet.write_batch(batch)


def _text(values: np.ndarray) -> pa.Array:
    found = pa.array(values)
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def _schema() -> pa.Schema:
    return pa.schema([(name, pa.string()) for name in ("case", "activity", "at", "team", "unit", "channel", "service", "amount")])


if __name__ == "__main__":
    _make(Path(sys.argv[1]))
