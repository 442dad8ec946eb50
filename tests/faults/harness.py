"""Kill the real import at many points and look at what is left; run as a program of its own: harness.py ROOT FILES POINTS SEED."""

import json
import os
import random
import sqlite3
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE.parents[2] / "src"))
os.environ["HENGZHI_THREADS"] = "1"


def main(root, folder, points, seed):
    # Loaded once, before any child is forked; no connection is opened here.
    os.environ["HENGZHI_HOME"], os.environ["DJANGO_SETTINGS_MODULE"] = str(root), "hengzhi.settings"
    import django

    django.setup()
    import conftest
    import hengzhi.cli.main
    import hengzhi.engine.assess
    import hengzhi.lake.mapping
    import hengzhi.lake.readers
    import hengzhi.lake.store
    import hengzhi.spine.datasets.services
    import hengzhi.spine.schema  # noqa: F401

    chance, victim = random.Random(seed), conftest.Victim(root)
    took = _measure(victim, folder, conftest)
    killed, done = 0, 0
    for point in range(points):
        file = folder / f"part{point}.csv"
        file.write_text(conftest.survey_rows(conftest.ROWS if point % 10 == 0 else 2_000, first=(point + 1) * 1_000_000), encoding="utf-8")
        words = ("import", "feedback", file)
        before = _state(root)
        alive = victim.kill(*words, after=took * (point + chance.random()) / points * 1.1)
        killed += alive
        between = _state(root)
        assert between["batches"] in (before["batches"], before["batches"] + 1)
        done += between["batches"] > before["batches"]
        assert between["whole"], "every committed batch has all its files"
        began = time.monotonic()
        assert victim.run(*words) == 0, f"the retry of point {point} failed"
        assert time.monotonic() - began < max(20.0, took * 10), "the retry had to wait"
        after = _state(root)
        assert after["batches"] == before["batches"] + 1
        assert after["rows"] == before["rows"] + (conftest.ROWS if point % 10 == 0 else 2_000), f"point {point}: {before} {after}"
        assert after["whole"]
        file.unlink()
    assert victim.run("audit", "verify") == 0
    assert victim.run("doctor") == 0
    assert victim.run("gc", "--older-than-hours", "0") == 0
    left = _state(root)
    assert left["orphans"] == 0, left
    assert left["unfinished"] == [], left
    print(json.dumps({"points": points, "killed": killed, "committed_before_the_kill": done, "took": round(took, 3)}))


def _measure(victim, folder, conftest):
    """How long an import takes, loading what every later one has loaded."""
    spans = []
    for at in range(2):
        file = folder / f"warm{at}.csv"
        file.write_text(conftest.survey_rows(2_000, first=at * 100_000), encoding="utf-8")
        began = time.monotonic()
        assert victim.run("import", "feedback", file) == 0
        spans.append(time.monotonic() - began)
    return min(spans)


def _state(root):
    """What a reader of the database would count, and what lies on the disk."""
    import pyarrow.parquet as pq

    database = sqlite3.connect(root / "db" / "hengzhi.sqlite3", timeout=20)
    try:
        assert database.execute("PRAGMA quick_check").fetchone() == ("ok",)
        batches = database.execute("SELECT id, rows FROM hengzhi_batch WHERE state = 'done'").fetchall()
        files = database.execute('SELECT batch_id, path, rows, shadow, "table" FROM hengzhi_factfile').fetchall()
    finally:
        database.close()
    done = {batch for batch, _ in batches}
    counted = dict.fromkeys(done, 0)
    whole = True
    for batch, path, rows, shadow, table in files:
        whole &= batch in done and pq.read_metadata(root / path).num_rows == rows
        if table == "feedback" and not shadow:
            counted[batch] += rows
    whole &= all(counted[batch] == rows for batch, rows in batches)
    named = {path for _, path, *_ in files}
    lake = [p for p in (root / "lake").rglob("*") if p.suffix in (".parquet", ".tmp")]
    return {
        "batches": len(batches),
        "rows": sum(rows for _, rows in batches),
        "whole": whole,
        "orphans": sum(p.relative_to(root).as_posix() not in named for p in lake),
        "unfinished": sorted(p.name for p in (root / "tmp").glob("batch-*/*")),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
