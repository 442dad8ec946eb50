"""The loop: one finding per key, no end without another person's effect check, and decisions that stand."""

import csv
import io
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from hengzhi.spine.audit.models import AuditEntry
from hengzhi.spine.findings.actions import add_action, add_cause, add_need, cancel_action, finish_action, plan_action, start_action
from hengzhi.spine.findings.effects import ask_effect, compute_effect, conclude_effect, find_check
from hengzhi.spine.findings.ledger import LedgerInvalid, ledger_csv, reconcile_ledger
from hengzhi.spine.findings.models import Action, EffectCheck, Finding
from hengzhi.spine.findings.queries import list_findings, whole_finding_json
from hengzhi.spine.findings.services import (
    FindingRefused,
    accept_finding,
    close_finding,
    expire_acceptances,
    find_finding,
    mark_duplicate,
    mark_false,
    open_finding,
    reopen_finding,
)
from hengzhi.spine.record import Ref

pytestmark = pytest.mark.both_databases

SEEN = date(2026, 9, 30)
NOW = datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(days=400)


def seen(on=SEEN, key="slow@unit=0110", **more):
    given = {"scope": "unit=0110", "severity": "high", "title": ("stated", {"text": "slow"}), "source": Ref("inspection", "I1"), **more}
    return open_finding(key=key, on=on, **given)


@pytest.fixture
def finding(database):
    return seen()


def act(finding, owner="lin", **more):
    return add_action(finding=finding, title="one desk", owner=owner, due_on=date(2026, 12, 31), by="chief", **more)


def evidence(action):
    return ask_effect(action=action, review_on=date(2027, 3, 31), question="is the queue shorter?", by="chief")


@pytest.fixture
def done(finding):
    """An action of lin's with its question, started and done."""
    action = act(finding)
    evidence(action)
    start_action(action=action, on=date(2026, 10, 8), by="lin")
    return finish_action(action=action, on=date(2026, 11, 8), by="lin")


def conclude(action, *, by="wang", effective=True, reason="seen on site"):
    return conclude_effect(check=find_check(action.checks.get().uid), effective=effective, at=NOW, by=by, reason=reason)


def test_the_same_key_seen_again_is_the_same_finding(finding):
    assert seen(date(2026, 10, 31)) == finding
    assert find_finding(finding.uid).last_seen_on == date(2026, 10, 31)
    assert Finding.objects.count() == 1
    assert AuditEntry.objects.filter(kind="finding").count() == 1


def test_the_database_holds_one_open_finding_per_key(finding):
    finding.pk, finding.uid = None, "other"
    with pytest.raises(IntegrityError), transaction.atomic():
        finding.save()


def test_a_finding_closes_after_another_persons_check_and_only_then(finding, done):
    with pytest.raises(FindingRefused, match="effect_unchecked"):
        close_finding(finding=finding, on=date(2027, 4, 1), by="chief")
    conclude(done)
    assert close_finding(finding=finding, on=date(2027, 4, 1), by="chief").state == "closed"


def test_the_owner_does_not_check_the_own_action(finding, done):
    with pytest.raises(FindingRefused, match="own_action"):
        conclude(done, by="lin")
    with pytest.raises(IntegrityError), transaction.atomic():
        EffectCheck.objects.update(conclusion="effective", checked_by="lin", checked_at=NOW, reason="x")


def test_the_database_refuses_an_end_without_a_check(finding, done):
    for _ in range(2):
        with pytest.raises(IntegrityError, match="somebody else"), transaction.atomic():
            Finding.objects.update(state="closed", closed_on=SEEN)
        if not done.checks.get().checked_at:
            conclude(done, effective=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.create(
            key="x", source_kind="x", source_uid="x", scope=finding.scope, severity="low", title_code="x", state="closed",
            opened_on=SEEN, last_seen_on=SEEN, closed_on=SEEN, created_by="x", changed_by="x",
        )  # fmt: skip


def test_a_check_can_not_be_made_somebody_elses_by_changing_the_owner(finding, done):
    conclude(done)
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.update(owner="wang")
    with pytest.raises(IntegrityError), transaction.atomic():
        EffectCheck.objects.update(checked_by="zhao")


def test_an_open_action_keeps_the_finding_open(finding, done):
    conclude(done)
    other = act(finding)
    with pytest.raises(FindingRefused, match="action_open"):
        close_finding(finding=finding, on=date(2027, 4, 1), by="chief")
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.update(state="closed", closed_on=SEEN)
    cancel_action(action=other, reason="not needed", by="chief")
    close_finding(finding=finding, on=date(2027, 4, 1), by="chief")


def test_an_action_starts_only_when_its_question_stands_and_the_question_stays(finding):
    action = act(finding)
    with pytest.raises(FindingRefused, match="effect_unasked"):
        start_action(action=action, on=SEEN, by="lin")
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.update(state="started", started_on=SEEN)
    check = evidence(action)
    EffectCheck.objects.update(question="is the queue shorter by a fifth?")
    start_action(action=action, on=SEEN, by="lin")
    for change in ({"question": "anything better?"}, {"review_on": date(2030, 1, 1)}, {"target_change": -0.01}):
        with pytest.raises(IntegrityError), transaction.atomic():
            EffectCheck.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        EffectCheck.objects.filter(pk=check.pk)._raw_delete("default")
    with pytest.raises(FindingRefused, match="action_started"):
        evidence(action)


def test_actions_wait_for_what_they_need_and_never_in_a_ring(finding):
    first, second = act(finding), act(finding)
    third = act(finding, needs=[second])
    add_need(action=second, needs=first, by="chief")
    for needed in (third, second, first):
        with pytest.raises(FindingRefused, match="ring"):
            add_need(action=first, needs=needed, by="chief")
    evidence(second)
    with pytest.raises(FindingRefused, match="needs_open"):
        start_action(action=second, on=SEEN, by="lin")


@pytest.fixture
def closed(finding, done):
    conclude(done)
    return close_finding(finding=finding, on=date(2027, 4, 1), by="chief")


def test_a_closed_finding_comes_back_when_it_is_seen_again_and_needs_a_new_check(closed):
    assert seen(date(2027, 4, 1)).state == "closed"
    back = seen(date(2027, 4, 30))
    assert (back, back.state, back.recurrences) == (closed, "open", 1)
    Finding.objects.update(reopened_at=NOW + timedelta(days=1))
    again = find_finding(back.uid)
    with pytest.raises(FindingRefused, match="effect_unchecked"):
        close_finding(finding=again, on=date(2027, 6, 1), by="chief")
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.update(state="closed", closed_on=SEEN)


def test_after_the_recurrence_window_a_new_finding_follows_the_old(closed):
    new = seen(date(2027, 12, 31))
    assert new != closed and new.earlier == closed and find_finding(closed.uid).state == "closed"


def test_what_a_person_decided_stands(finding):
    mark_false(finding=finding, reason="a test record", by="officer")
    other = seen(key="other")
    twin = seen(key="twin")
    mark_duplicate(finding=twin, of=other, reason="same queue", by="officer")
    for key in ("slow@unit=0110", "twin"):
        assert seen(date(2028, 1, 1), key=key).state in ("false", "duplicate")
    assert Finding.objects.count() == 3
    assert reopen_finding(finding=find_finding(finding.uid), on=SEEN, reason="was real", by="officer").state == "open"


def test_an_acceptance_holds_until_its_day(finding):
    with pytest.raises(FindingRefused, match="until_past"):
        accept_finding(finding=finding, until=SEEN, reason="cost", on=SEEN, by="chief")
    accept_finding(finding=finding, until=date(2026, 12, 31), reason="cost", on=SEEN, by="chief")
    assert seen(date(2026, 12, 30)).state == "accepted"
    assert expire_acceptances(on=date(2026, 12, 30)) == []
    assert [f.state for f in expire_acceptances(on=date(2026, 12, 31))] == ["open"]


def test_an_acceptance_without_end_is_refused_by_the_database(finding):
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.update(state="accepted", decided_by="x", reason="x")


def test_a_finding_reads_with_its_tree_of_causes(finding, done):
    first = add_cause(finding=finding, kind="process", text="two queues", at=NOW, by="lin")
    add_cause(finding=finding, kind="staff", text="one desk untrained", at=NOW, by="lin", parent=first, is_root=True)
    told = whole_finding_json(find_finding(finding.uid), "en")
    assert told["causes"][0]["because"][0]["text"] == "one desk untrained"
    assert told["actions"][0]["checks"][0]["conclusion_name"] == "not checked"
    assert list(list_findings(state="open")) == [finding]


# --- The ledger ---------------------------------------------------------------------------------------------------------------------------


def table(text):
    return list(csv.reader(io.StringIO(text)))


def written(rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_ledger_that_comes_back_unchanged_changes_nothing(finding, language):
    plan_action(action=act(finding), title="=cmd|' /C calc'!A0", by="chief")
    text = ledger_csv(language=language)
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in table(text) for cell in row)
    found = reconcile_ledger(text="\ufeff" + text, by="chief", dry_run=False)
    assert [line.outcome for line in found.lines] == ["unchanged"]


def test_a_returned_ledger_adds_and_changes_plans_but_no_decisions(finding):
    action = act(finding)
    rows = table(ledger_csv(language="en"))
    at = {name: rows[0].index(name) for name in rows[0]}
    rows[1][at["due on"]], rows[1][at["owner"]], rows[1][at["finding state"]] = "2027-01-31", "zhao", "closed"
    new = [*rows[1]]
    new[at["action"]], new[at["action version"]], new[at["what is done"]] = "", "", "second desk"
    bad = [*rows[1]]
    bad[at["due on"]] = "soon"
    text = written([*rows, new, bad])
    dry = reconcile_ledger(text=text, by="chief", dry_run=True)
    assert [line.outcome for line in dry.lines] == ["changed", "added", "refused"]
    assert dry.lines[0].changes["due_on"] == ("2026-12-31", "2027-01-31")
    assert Action.objects.get().owner == "lin"
    reconcile_ledger(text=text, by="chief", dry_run=False)
    assert set(Action.objects.values_list("title", "owner")) == {("one desk", "zhao"), ("second desk", "zhao")}
    assert find_finding(finding.uid).state == "open"
    plan_action(action=Action.objects.get(uid=action.uid), due_on=date(2027, 6, 30), by="chief")
    rows[1][at["due on"]] = "2027-02-28"
    stale = reconcile_ledger(text=written(rows), by="chief", dry_run=False)
    assert [(line.outcome, line.reason) for line in stale.lines] == [("conflict", "changed_since")]


def test_a_ledger_without_its_columns_is_refused(database):
    with pytest.raises(LedgerInvalid):
        reconcile_ledger(text="a,b\n1,2\n", by="chief", dry_run=True)


def test_evidence_alone_wants_no_figures(finding):
    with pytest.raises(FindingRefused, match="evidence_only"):
        compute_effect(check=evidence(act(finding)), by="chief")
