"""Several importers at once, leftovers, and databases that don't fit."""

import json
import os
import subprocess
import sys
import time
from datetime import date, timedelta

import pytest

from hengzhi.app import CATALOGUE
from hengzhi.lake.engines import duck
from hengzhi.spine.datasets import claims
from hengzhi.spine.datasets.models import Batch
from hengzhi.spine.datasets.services import collect_garbage
from hengzhi.spine.datasets.versions import current_version, facts_at

HEAD = "record,day,kind,satisfaction,source\n"


def _rows(first, last):
    return HEAD + "".join(f"{n},2026-07-{n % 28 + 1:02d},survey,{n % 5 + 1},survey\n" for n in range(first, last))


def _counted(workspace):
    facts = facts_at(CATALOGUE.table("feedback"), current_version())
    with duck(workspace) as connection:
        return connection.execute(f"SELECT count(*), count(DISTINCT record) FROM ({facts.sql(workspace.root)})").fetchone()


@pytest.fixture
def importers(workspace):
    """Start the real command on several files at once; gives the answers in their order."""

    def run(*files):
        words = [sys.executable, "-c", "from hengzhi.cli import main; main()", "-C", str(workspace.root), "import", "feedback", "--json"]
        around = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "HENGZHI_THREADS": "1"}
        running = [subprocess.Popen([*words, str(f)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=around) for f in files]
        return [(one.communicate(timeout=240), one.returncode) for one in running]

    return run


@pytest.mark.both_databases
def test_of_importers_of_the_same_file_one_wins_and_the_others_are_told(workspace, database, importers, tmp_path):
    file = tmp_path / "survey.csv"
    file.write_text(_rows(0, 3000))
    said = [(json.loads(out), code) for (out, _), code in importers(file, file, file)]
    assert [code for _, code in said] == [0, 0, 0]
    states = sorted(answer["data"]["state"] for answer, _ in said)
    assert states == ["already_imported", "already_imported", "done"]
    assert sorted(answer["data"]["accepted"] for answer, _ in said) == [0, 0, 3000]
    assert len({answer["data"]["batch"] for answer, _ in said}) == 1
    assert _counted(workspace) == (3000, 3000)


@pytest.mark.both_databases
def test_overlapping_files_imported_at_once_count_each_row_once(workspace, database, importers, tmp_path):
    files = []
    for at in range(4):
        files.append(tmp_path / f"part{at}.csv")
        files[-1].write_text(_rows(at * 1000, at * 1000 + 2000))
    said = [json.loads(out) for (out, _), _ in importers(*files)]
    assert [answer["ok"] for answer in said] == [True] * 4
    assert sum(answer["data"]["accepted"] for answer in said) == 5000
    assert sum(answer["data"]["duplicates"] for answer in said) == 3000
    assert _counted(workspace) == (5000, 5000)
    assert sorted(answer["data"]["version"] for answer in said) == [1, 2, 3, 4]


def test_the_claim_of_a_dead_process_is_taken_over_at_once(database):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    content = claims.Content("feedback", "c" * 64, "m" * 64)
    batch, ours = claims.claim(content, name="x", source="*", by="test", received_on=date(2026, 11, 1))
    assert ours
    host = batch.holder.partition(":")[0]
    Batch.objects.filter(pk=batch.pk).update(holder=f"{host}:{dead.pid}:12345")
    again, ours = claims.claim(content, name="x", source="*", by="test", received_on=date(2026, 11, 1))
    assert ours
    assert again.pk == batch.pk


def test_the_claim_of_a_living_process_is_not(database):
    content = claims.Content("feedback", "c" * 64, "m" * 64)
    claims.claim(content, name="x", source="*", by="test", received_on=date(2026, 11, 1))
    with pytest.raises(claims.ImportRunning):
        claims.claim(content, name="x", source="*", by="test", received_on=date(2026, 11, 1))


def test_on_another_machine_a_claim_lasts_as_long_as_its_lease(database):
    from django.utils import timezone

    content = claims.Content("feedback", "c" * 64, "m" * 64)
    batch, _ = claims.claim(content, name="x", source="*", by="test", received_on=date(2026, 11, 1))
    Batch.objects.filter(pk=batch.pk).update(holder="elsewhere:1:1")
    with pytest.raises(claims.ImportRunning):
        claims.claim(content, name="x", source="*", by="test", received_on=date(2026, 11, 1))
    Batch.objects.filter(pk=batch.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    again, ours = claims.claim(content, name="x", source="*", by="test", received_on=date(2026, 11, 1))
    assert (again.pk, ours) == (batch.pk, True)
    with pytest.raises(claims.LeaseLost):
        claims.keep_alive(_held(batch))


def _held(batch):
    batch.refresh_from_db()
    Batch.objects.filter(pk=batch.pk).update(holder="elsewhere:1:1")
    return batch


def _old(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"left over")
    day = time.time() - 3 * 86_400
    os.utime(path, (day, day))
    return path


def test_gc_removes_orphans_only(load, workspace):
    """
    record,day,kind
    1,2026-07-01,survey
    2,2026-08-01,survey
    """
    load()
    kept = sorted(workspace.lake.rglob("*.parquet"))
    for path in kept:
        os.utime(path, (0, 0))
    orphans = [
        _old(workspace.lake / "feedback" / "202607" / "orphan.parquet"),
        _old(workspace.lake / "feedback" / "202607" / "torn.tmp"),
        _old(workspace.tmp / "batch-99" / "facts.parquet"),
        _old(workspace.tmp / "duckdb" / "duckdb_temp_storage_DEFAULT-0.tmp"),
    ]
    fresh = workspace.lake / "feedback" / "202607" / "being-written.tmp"
    fresh.write_bytes(b"")
    found = collect_garbage(workspace=workspace)
    assert found.files == len(orphans)
    assert not any(path.exists() for path in orphans)
    assert fresh.exists()
    assert sorted(workspace.lake.rglob("*.parquet")) == kept


def test_gc_leaves_the_files_of_a_running_import_whatever_their_age(load, workspace):
    """
    record,day,kind
    1,2026-07-01,survey
    """
    made = {}
    commit = claims.commit

    def collected_between(batch, files, texts, *, seen_version):
        made["found"] = collect_garbage(workspace=workspace, older_than_seconds=0)
        return commit(batch, files, texts, seen_version=seen_version)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(claims, "commit", collected_between)
        load()
    assert made["found"].files == 0
    assert _counted(workspace) == (1, 1)


def test_gc_leaves_undone_batches_because_old_runs_read_them(load, workspace):
    """
    record,day,kind
    1,2026-07-01,survey
    """
    receipt = load()
    from hengzhi.spine.datasets.services import undo_batch

    undo_batch(uid=receipt.batch, by="test")
    assert collect_garbage(workspace=workspace, older_than_seconds=0).files == 0
    assert len(list(workspace.lake.rglob("*.parquet"))) == 1


@pytest.mark.both_databases
def test_the_database_of_another_workspace_is_refused(workspace, database, hengzhi):
    assert hengzhi("doctor").code == 0
    config = workspace.root / "hengzhi.toml"
    other = "00000000-0000-4000-8000-000000000000"
    config.write_text(config.read_text().replace(workspace.id, other))
    (workspace.lake / "workspace_id").write_text(other + "\n")
    told = hengzhi("doctor", "--json")
    assert told.code == 1
    assert told.json["problems"][0]["code"] == "wrong_database"


def test_the_lake_of_another_workspace_is_refused(workspace, database, hengzhi):
    (workspace.lake / "workspace_id").write_text("another\n")
    told = hengzhi("doctor", "--json")
    assert (told.code, told.json["problems"][0]["code"]) == (1, "workspace_invalid")


@pytest.mark.both_databases
def test_a_database_of_a_newer_version_is_refused(workspace, database, hengzhi):
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder.Migration.objects.create(app="hengzhi", name="9999_from_the_future")
    told = hengzhi("batch", "list", "--json")
    assert told.code == 1
    assert told.json["problems"][0]["code"] == "database_newer"
    assert "9999_from_the_future" in told.json["problems"][0]["sentence"]


def test_commands_that_start_at_once_on_a_new_workspace_migrate_it_once(workspace, importers, tmp_path):
    files = []
    for at in range(3):
        files.append(tmp_path / f"part{at}.csv")
        files[-1].write_text(_rows(at * 10, at * 10 + 10))
    assert [code for _, code in importers(*files)] == [0, 0, 0]
