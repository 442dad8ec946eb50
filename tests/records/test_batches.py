"""Batches: what is committed counts once, at every version, whatever comes before or after."""

import pytest

from hengzhi.app import CATALOGUE
from hengzhi.spine.datasets.models import Batch, FactFile
from hengzhi.spine.datasets.services import undo_batch
from hengzhi.spine.datasets.versions import current_version, facts_at

pytestmark = pytest.mark.both_databases

JULY = """
    record,day,kind,satisfaction
    1,2026-07-01,survey,5
    2,2026-07-02,survey,4
    3,2026-07-03,survey,3
    """
OVERLAP = """
    record,day,kind,satisfaction,source
    3,2026-07-03,survey,1,july
    4,2026-07-04,survey,2,july
    """


@pytest.fixture
def seen(workspace):
    """The rows of feedback that count at a version, as {record: satisfaction}."""
    from hengzhi.lake.engines import duck

    def at(version=None, months=None):
        facts = facts_at(CATALOGUE.table("feedback"), current_version() if version is None else version)
        facts = facts if months is None else facts.of_months(months)
        with duck(workspace) as connection:
            rows = connection.execute(f"SELECT record, satisfaction FROM ({facts.sql(workspace.root)}) ORDER BY 1").fetchall()
        assert len({record for record, _ in rows}) == len(rows), "a record counts twice"
        return dict(rows)

    return at


def test_a_file_counts_when_its_batch_is_done(load, seen):
    receipt = load(text=JULY, name="july")
    assert (receipt.state, receipt.rows_in_file, receipt.accepted, receipt.duplicates, receipt.rejected) == ("done", 3, 3, 0, 0)
    assert (receipt.months, receipt.version) == ((202607,), 1)
    assert seen() == {"1": 5, "2": 4, "3": 3}
    assert seen(0) == {}


def test_the_same_content_is_imported_once(load, seen):
    first = load(text=JULY, name="july")
    again = load(text=JULY, name="july")
    assert (again.state, again.accepted, again.batch) == ("already_imported", 0, first.batch)
    assert Batch.objects.count() == 1
    assert current_version() == 1


def test_rows_repeated_in_a_file_count_once_and_are_told(load, seen, workspace):
    """
    record,day,kind,satisfaction
    1,2026-07-01,survey,5
    2,2026-07-02,survey,4
    1,2026-07-01,survey,1
    """
    receipt = load()
    assert (receipt.accepted, receipt.duplicates, receipt.rejected) == (2, 1, 0)
    assert seen() == {"1": 5, "2": 4}, "the first line counts"
    problems = (workspace.root / receipt.problems_file).read_text(encoding="utf-8-sig").splitlines()
    assert len(problems) == 2
    assert ",4,," in problems[1]
    assert "duplicate_in_file" in problems[1]


def test_the_earliest_batch_wins_and_later_ones_are_told(load, seen):
    load(text=JULY, name="july")
    receipt = load(text=OVERLAP)
    assert (receipt.accepted, receipt.duplicates) == (1, 1)
    assert seen() == {"1": 5, "2": 4, "3": 3, "4": 2}


def test_a_file_that_holds_an_earlier_one_adds_only_what_is_new(load, seen):
    load(text=JULY, name="july")
    more = JULY.rstrip() + "\n    9,2026-08-09,survey,1\n"
    receipt = load(text=more, name="july")
    assert receipt.accepted == 1
    assert receipt.duplicates == 3
    assert receipt.months == (202608,)
    assert len(seen()) == 4


def test_undo_takes_a_batch_out_of_later_versions_only(load, seen):
    receipt = load(text=JULY, name="july")
    undone = undo_batch(uid=receipt.batch, by="test")
    assert (undone.state, undone.undone_version) == ("undone", 2)
    assert seen() == {}
    assert seen(1) == {"1": 5, "2": 4, "3": 3}


def test_undoing_twice_changes_nothing_more(load):
    receipt = load(text=JULY, name="july")
    undo_batch(uid=receipt.batch, by="test")
    undo_batch(uid=receipt.batch, by="test")
    assert current_version() == 2


def test_after_an_undo_shared_rows_count_from_the_later_batch(load, seen):
    receipt = load(text=JULY, name="july")
    load(text=OVERLAP)
    undo_batch(uid=receipt.batch, by="test")
    assert seen() == {"3": 1, "4": 2}
    assert seen(2) == {"1": 5, "2": 4, "3": 3, "4": 2}


def test_an_undo_elsewhere_does_not_bring_shadows_to_light(load, seen):
    load(text=JULY, name="july")
    load(text=OVERLAP)
    other = load(text="record,day,kind\n7,2026-07-07,survey", name="other")
    undo_batch(uid=other.batch, by="test")
    assert seen() == {"1": 5, "2": 4, "3": 3, "4": 2}


def test_a_shadow_stays_dark_while_its_row_counts_in_another_month(load, seen):
    """A record that was sent again under another day counts in the month of the earliest batch, in every part of the data."""
    load(text="record,day,kind,satisfaction\n1,2026-06-30,survey,5", name="june")
    load(text="record,day,kind,satisfaction,source\n1,2026-07-01,survey,1,june", name="corrected")
    other = load(text="record,day,kind\n7,2026-07-07,survey", name="other")
    undo_batch(uid=other.batch, by="test")
    assert seen() == {"1": 5}
    assert seen(months=[202606]) == {"1": 5}
    assert seen(months=[202607]) == {}


def test_an_undone_file_can_be_imported_again(load, seen):
    first = load(text=JULY, name="july")
    undo_batch(uid=first.batch, by="test")
    again = load(text=JULY, name="july")
    assert (again.state, again.accepted, again.version) == ("done", 3, 3)
    assert again.batch != first.batch
    assert seen() == {"1": 5, "2": 4, "3": 3}


def test_imported_again_after_an_undo_a_file_does_not_displace_what_came_between(load, seen):
    first = load(text=JULY, name="july")
    load(text=OVERLAP)
    undo_batch(uid=first.batch, by="test")
    again = load(text=JULY, name="july")
    assert (again.accepted, again.duplicates) == (2, 1)
    assert seen() == {"1": 5, "2": 4, "3": 1, "4": 2}


def test_the_batch_that_was_committed_first_wins_whatever_its_number(load, seen, workspace, csv_file):
    """Two importers at once: the one that claimed first commits last; after an undo elsewhere the order of commits still decides."""
    from hengzhi.spine.datasets import claims

    slow = {}
    commit = claims.commit

    def committed_late(batch, files, texts, *, seen_version):
        if batch.name == "july.csv" and "inner" not in slow:
            slow["inner"] = load(text=OVERLAP)
        return commit(batch, files, texts, seen_version=seen_version)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(claims, "commit", committed_late)
        outer = load(text=JULY, name="july")
    assert (slow["inner"].version, outer.version) == (1, 2)
    assert (outer.accepted, outer.duplicates) == (2, 1)
    assert seen() == {"1": 5, "2": 4, "3": 1, "4": 2}
    other = load(text="record,day,kind\n7,2026-07-07,survey", name="other")
    undo_batch(uid=other.batch, by="test")
    assert seen() == {"1": 5, "2": 4, "3": 1, "4": 2}
    problems = (workspace.root / outer.problems_file).read_text(encoding="utf-8-sig").splitlines()
    assert len(problems) == 2, "settling twice tells each problem once"


def test_a_pinned_reader_reads_the_same_files_after_everything(load, workspace):
    first = load(text=JULY, name="july")
    load(text=OVERLAP)
    table = CATALOGUE.table("feedback")
    pinned = facts_at(table, 2)
    undo_batch(uid=first.batch, by="test")
    load(text="record,day,kind\n7,2026-07-07,survey", name="other")
    load(text=JULY, name="july")
    assert facts_at(table, 2) == pinned
    assert facts_at(table, 2).fingerprint() == pinned.fingerprint()


def test_several_sources_in_one_file_are_told_apart(load, seen):
    """
    source,record,day,kind,satisfaction
    branch,1,2026-07-01,survey,5
    phone,1,2026-07-01,survey,2
    branch,1,2026-07-01,survey,4
    """
    receipt = load()
    assert (receipt.accepted, receipt.duplicates) == (2, 1)
    assert CATALOGUE.table("feedback").unique == ("source", "record")
    again = load(text="source,record,day,kind\nphone,1,2026-07-09,survey\nphone,2,2026-07-09,survey", name="phone only")
    assert (again.accepted, again.duplicates) == (1, 1)


def test_rejected_rows_are_not_duplicates_and_every_row_has_an_end(load, workspace):
    """
    record,day,kind,satisfaction
    1,2026-07-01,survey,5
    2,2026-13-01,survey,5
    3,2026-07-03,song,5
    4,2026-07-04,survey,9
    1,2026-07-01,survey,5
    """
    receipt = load()
    assert (receipt.rows_in_file, receipt.accepted, receipt.duplicates, receipt.rejected) == (5, 1, 1, 3)
    assert receipt.accepted + receipt.duplicates + receipt.rejected == receipt.rows_in_file


def test_a_dry_run_says_the_same_and_leaves_nothing(load, workspace, csv_file):
    from hengzhi.spine.datasets.services import import_path

    load(text=JULY, name="july")
    before = sorted(p for p in workspace.lake.rglob("*") if p.is_file())
    told = import_path(
        workspace=workspace, catalogue=CATALOGUE, table="feedback", path=csv_file("more.csv", OVERLAP), mapping=None, by="test",
        received_on=Batch.objects.get().received_on, dry_run=True,
    )  # fmt: skip
    assert (told.state, told.accepted, told.duplicates, told.version) == ("dry_run", 1, 1, None)
    assert Batch.objects.count() == 1
    assert sorted(p for p in workspace.lake.rglob("*") if p.is_file()) == before
    assert list(workspace.tmp.glob("batch-*")) == []


def test_all_rows_of_a_file_are_in_the_files_its_batch_names(load, workspace):
    import pyarrow.parquet as pq

    load(text=JULY, name="july")
    load(text=OVERLAP)
    named = {f.path: f for f in FactFile.objects.all()}
    on_disk = {p.relative_to(workspace.root).as_posix() for p in workspace.lake.rglob("*.parquet")}
    assert set(named) == on_disk
    assert all(pq.read_metadata(workspace.root / path).num_rows == file.rows for path, file in named.items())
    assert {f.shadow: f.rows for f in named.values() if f.batch.name == "feedback.csv"} == {False: 1, True: 1}
