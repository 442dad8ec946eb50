"""The n-th write, sync or rename of an import fails or is the last: the old state or the new one, and a sentence about the disk."""

import shutil
import sqlite3

import pytest

pytestmark = [pytest.mark.faults, pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")]

CALLS = {
    "write": "write",  # Parquet, problems
    "pwrite": "pwrite64",  # SQLite, DuckDB
    "sync": "fsync,fdatasync",
    "rename": "rename,renameat,renameat2",
}
ERRORS = {"write": "ENOSPC", "pwrite": "ENOSPC", "sync": "EIO", "rename": "EIO"}


@pytest.fixture
def survey(tmp_path):
    path = tmp_path / "survey.csv"
    rows = "".join(f"{n},2026-{n % 2 + 6:02d}-{n % 28 + 1:02d},survey,{n % 5 + 1},words {n}\n" for n in range(400))
    path.write_text("record,day,kind,satisfaction,text\n" + rows)
    return path


@pytest.fixture
def struck(hengzhi, workspace, survey):
    """Import with a fault at the n-th call of a kind that touches the workspace; gives what was said."""

    def run(call, inject):
        prefix = (
            "strace",
            "-f",
            "-q",
            "-o",
            "/dev/null",
            "-P",
            str(workspace.root),
            *_places(workspace),
            "-e",
            f"inject={CALLS[call]}:{inject}",
        )
        return hengzhi("import", "feedback", survey, "--json", prefix=prefix, env={"PYTHONDONTWRITEBYTECODE": "1"})

    return run


def _places(workspace):
    """strace follows files by their names: those that an import writes."""
    database = workspace.database
    for path in (database, f"{database}-wal", f"{database}-shm"):
        yield from ("-P", str(path))


def _state(workspace):
    database = sqlite3.connect(workspace.database)
    try:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        batches = database.execute("SELECT count(*), coalesce(sum(rows), 0) FROM hengzhi_batch WHERE state = 'done'").fetchone()
        paths = [row[0] for row in database.execute("SELECT path FROM hengzhi_factfile")]
    finally:
        database.close()
    assert all((workspace.root / path).is_file() for path in paths)
    return batches


def _old_or_new(told, workspace):
    assert _state(workspace) in ((0, 0), (1, 400))
    assert "Traceback" not in told.err, told.err[-2000:]
    if told.code:
        assert _state(workspace) == (0, 0) or not told.out


@pytest.mark.parametrize("call", ["pwrite", "sync"])
@pytest.mark.parametrize("nth", [1, 3, 8])
def test_a_write_of_the_database_that_fails_leaves_the_old_state_or_the_new(hengzhi, workspace, struck, survey, call, nth):
    assert hengzhi("doctor").code == 0
    told = struck(call, f"error={ERRORS[call]}:when={nth}")
    assert told.code or nth > 3, "the fault did not strike"
    _old_or_new(told, workspace)
    if told.code:
        assert told.json["problems"][0]["code"] == "disk_failed", told.out
    again = hengzhi("import", "feedback", survey, "--json")
    assert again.code == 0
    assert again.data["state"] == ("done" if told.code else "already_imported")
    assert hengzhi("audit", "verify").code == 0


@pytest.mark.parametrize("call", ["pwrite", "sync"])
@pytest.mark.parametrize("nth", [1, 4])
def test_killed_at_a_write_of_the_database_the_retry_works_at_once(hengzhi, workspace, struck, survey, call, nth):
    assert hengzhi("doctor").code == 0
    told = struck(call, f"signal=KILL:when={nth}")
    assert told.code, "the kill did not strike"
    _old_or_new(told, workspace)
    again = hengzhi("import", "feedback", survey, "--json")
    assert again.code == 0
    assert _state(workspace) == (1, 400)
    assert hengzhi("audit", "verify").code == 0
