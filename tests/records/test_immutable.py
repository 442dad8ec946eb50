"""What was recorded never changes: the database itself refuses, whoever asks."""

import pytest
from django.db import IntegrityError, connection, transaction

from hengzhi.app import CATALOGUE
from hengzhi.core import Period
from hengzhi.spine.audit.models import AuditEntry
from hengzhi.spine.audit.services import record
from hengzhi.spine.datasets.models import Batch, FactFile
from hengzhi.spine.datasets.services import undo_batch
from hengzhi.spine.immutable import RULES, lay, lift, missing
from hengzhi.spine.policies import current_policy
from hengzhi.spine.runs.assessments import assess_period
from hengzhi.spine.runs.models import Evaluation, IndicatorVersion, Observation, PolicyVersion, Rating, RatingPart, Run, ScopeVersion

pytestmark = pytest.mark.both_databases

RECORDED = {
    Observation: "period",
    Evaluation: "verdict",
    Rating: "level",
    RatingPart: "key",
    Run: "output_sha256",
    IndicatorVersion: "key",
    PolicyVersion: "content",
    ScopeVersion: "sha256",
    FactFile: "sha256",
    Batch: "content_sha256",
    AuditEntry: "by",
}


@pytest.fixture
def assessed(load, workspace):
    """A workspace with one batch and one assessment of it."""
    load(text="record,day,kind,satisfaction\n1,2026-07-01,survey,5\n2,2026-07-02,survey,4")
    assess_period(
        workspace=workspace,
        catalogue=CATALOGUE,
        policy=current_policy(workspace, CATALOGUE),
        periods=(Period.parse("2026-07"),),
        on=Period.parse("2026-09").start,
        by="test",
    )


def _refused(write):
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        write()


@pytest.mark.parametrize("model", RECORDED, ids=lambda model: model.__name__)
def test_recorded_rows_are_neither_changed_nor_removed(assessed, model):
    row = model.objects.order_by("pk").last()
    _refused(lambda: model.objects.filter(pk=row.pk).update(**{RECORDED[model]: "changed"}))
    _refused(lambda: model.objects.filter(pk=row.pk)._raw_delete("default"))
    kept = model.objects.get(pk=row.pk)
    assert getattr(kept, RECORDED[model]) == getattr(row, RECORDED[model])


def test_a_run_that_failed_can_be_cleared_away(assessed):
    done = Run.objects.get()
    failed = Run.objects.create(kind="assess", code="x", data_version=1, policy=done.policy, scope_version=done.scope_version)
    known = Observation.objects.select_related("evaluation").first()
    known.pk, known.run = None, failed
    known.save()
    rating = Rating.objects.create(run=failed, risk="R1", scope=known.scope, period="2026-07", score=1, level="normal", raw_level="normal")
    Evaluation.objects.create(observation=known, verdict="no_data")
    RatingPart.objects.create(rating=rating, position=0, kind="missing", key="x", weight=1, score=1, points=1)
    Run.objects.filter(pk=failed.pk).update(state="failed")
    for rows in (
        RatingPart.objects.filter(rating=rating),
        Evaluation.objects.filter(observation=known),
        Rating.objects.filter(run=failed),
        Observation.objects.filter(run=failed),
        Run.objects.filter(pk=failed.pk),
    ):
        assert rows._raw_delete("default") == 1
    assert Run.objects.get() == done


def test_a_run_becomes_done_once_and_never_something_else(assessed):
    run = Run.objects.create(kind="assess", code="x", data_version=1)
    Run.objects.filter(pk=run.pk).update(state="done", output_sha256="x")
    _refused(lambda: Run.objects.filter(pk=run.pk).update(state="failed"))


def test_a_definition_nobody_used_may_go(assessed):
    IndicatorVersion.objects.create(id="x@1", key="x", spec={})
    assert IndicatorVersion.objects.filter(id="x@1").update(key="y") == 1
    assert IndicatorVersion.objects.filter(id="x@1")._raw_delete("default") == 1


def test_a_batch_is_undone_once(assessed):
    batch = Batch.objects.get()
    undo_batch(uid=batch.uid, by="test")
    _refused(lambda: Batch.objects.filter(pk=batch.pk).update(undone_version=None, state="done"))
    _refused(lambda: Batch.objects.filter(pk=batch.pk).update(undone_version=99))


def test_a_fact_file_is_superseded_once(assessed):
    assert FactFile.objects.update(superseded_version=7) == 1
    _refused(lambda: FactFile.objects.update(superseded_version=None))


def test_an_entry_is_sealed_once_and_its_words_stand_before_that(assessed):
    with transaction.atomic():
        entry = record(by="test", verb="look", kind="x", of="y")
        _refused(lambda: AuditEntry.objects.filter(pk=entry.pk).update(verb="else"))
        _refused(lambda: AuditEntry.objects.filter(pk=entry.pk)._raw_delete("default"))
    assert AuditEntry.objects.get(pk=entry.pk).position is not None
    _refused(lambda: AuditEntry.objects.filter(pk=entry.pk).update(position=None, hash=""))


def test_all_rules_stand_after_all_migrations(database):
    assert missing(connection) == []
    lift(connection)
    assert missing(connection) == sorted({rule.name for rule in RULES})
    lay(connection)
    lay(connection)
    assert missing(connection) == []


def test_rules_that_were_removed_stand_again_at_the_next_command(database, hengzhi):
    lift(connection)
    assert hengzhi("batch", "list").code == 0
    assert missing(connection) == []


def test_postgresql_refuses_to_empty_whole_tables(assessed, database):
    if database.vendor == "sqlite":
        return  # knows no TRUNCATE
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE hengzhi_auditentry")
