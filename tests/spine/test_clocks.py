"""Clocks: they run by the rule of their day, chain, and are moved only as their rule allows."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from hengzhi.core import UnknownKey
from hengzhi.spine.audit.models import AuditEntry
from hengzhi.spine.calendars.limits import Limit
from hengzhi.spine.clocks.events import note_event, start_periodic
from hengzhi.spine.clocks.models import Clock, ClockExtension, ClockRule
from hengzhi.spine.clocks.queries import clock_json, clocks_due, countdowns, due_reminders, list_clocks
from hengzhi.spine.clocks.rulebook import ApprovalNeeded, RuleNotInForce, enable_rule, revise_rule
from hengzhi.spine.clocks.services import (
    ClockRefused,
    cancel_clock,
    extend_clock,
    find_clock,
    mark_breached,
    pause_clock,
    resume_clock,
    start_clock,
    stop_clock,
)
from hengzhi.spine.record import Ref, StaleRecord

pytestmark = pytest.mark.both_databases

ZONE = ZoneInfo("Asia/Shanghai")
COMPLAINT, INCIDENT, HOLE = Ref("complaint", "C1"), Ref("incident", "I1"), Ref("vulnerability", "V1")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def day_due(clock):
    return clock.due_at.astimezone(ZONE).date()


@pytest.fixture
def complaint(database):
    return start_clock(rule="feedback.complaint", of=COMPLAINT, at=at("2026-11-03T10:00"), by="teller")


@pytest.fixture
def hole(database):
    return start_clock(rule="technology.vulnerability_high", of=HOLE, at=at("2026-11-03T10:00"), by="scanner")


def extend(clock, *, approved_by="chief", by="teller", on="2026-11-10T10:00"):
    return extend_clock(clock=clock, reason="hard", at=at(on), by=by, approved_by=approved_by)


def test_a_complaint_is_due_in_15_then_30_then_60_days(complaint):
    assert day_due(complaint) == date(2026, 11, 18)
    assert day_due(extend(complaint)) == date(2026, 12, 3)
    assert day_due(extend(complaint)) == date(2027, 1, 2)
    with pytest.raises(ClockRefused, match="no_extension_left"):
        extend(complaint)


def test_an_extension_wants_another_persons_approval(complaint):
    for approver in (None, "", "teller"):
        with pytest.raises(ApprovalNeeded):
            extend(complaint, approved_by=approver)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClockExtension.objects.create(
            clock=complaint,
            step=1,
            due_before=complaint.due_at,
            due_after=complaint.due_at + timedelta(1),
            by="x",
            approved_by="x",
            at=at("2026-11-10"),
        )
    assert day_due(find_clock(complaint.uid)) == date(2026, 11, 18)


def test_after_the_due_moment_nothing_extends_it(complaint):
    with pytest.raises(ClockRefused, match="past_due"):
        extend(complaint, on="2026-11-19T00:00")


def test_a_clock_is_started_once_while_it_is_open(complaint):
    assert start_clock(rule="feedback.complaint", of=COMPLAINT, at=at("2026-11-05T10:00")) == complaint
    stop_clock(clock=complaint, at=at("2026-11-05T10:00"), by="teller")
    assert start_clock(rule="feedback.complaint", of=COMPLAINT, at=at("2026-11-06T10:00")) != complaint


def test_the_database_holds_one_open_clock_per_record_and_rule(complaint):
    complaint.pk, complaint.uid = None, "other"
    with pytest.raises(IntegrityError), transaction.atomic():
        complaint.save()


@pytest.mark.parametrize(("stopped", "state"), [("2026-11-18T23:59", "met"), ("2026-11-19T00:00", "breached")])
def test_the_last_day_still_counts(complaint, stopped, state):
    assert stop_clock(clock=complaint, at=at(stopped), by="teller").state == state


def test_what_was_stopped_never_changes(complaint):
    stop_clock(clock=complaint, at=at("2026-11-10T10:00"), by="teller")
    for change in ({"state": "running", "stopped_at": None}, {"due_at": at("2027-01-01T00:00")}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Clock.objects.filter(pk=complaint.pk).update(**change)
    with pytest.raises(ClockRefused, match="stopped"):
        stop_clock(clock=complaint, at=at("2026-11-11T10:00"), by="teller")


def test_a_clock_that_is_late_is_marked_and_stays_late(complaint):
    assert mark_breached(at=at("2026-11-18T12:00")) == []
    assert mark_breached(at=at("2026-11-19T12:00")) == [complaint]
    found = find_clock(complaint.uid)
    assert (found.state, found.stopped_at) == ("breached", None)
    assert stop_clock(clock=found, at=at("2026-11-20T12:00"), by="teller").state == "breached"


def test_the_database_refuses_a_met_clock_that_is_late(complaint):
    with pytest.raises(IntegrityError), transaction.atomic():
        Clock.objects.filter(pk=complaint.pk).update(state="met", stopped_at=at("2026-11-20T00:00"))


def test_a_pause_moves_the_due_day_and_a_complaint_knows_none(complaint, hole):
    with pytest.raises(ClockRefused, match="not_pausable"):
        pause_clock(clock=complaint, reason="x", at=at("2026-11-05T10:00"), by="teller")
    pause_clock(clock=hole, reason="vendor", at=at("2026-11-05T10:00"), by="ops")
    assert mark_breached(at=at("2027-11-19T12:00")) == [complaint]
    resume_clock(clock=hole, at=at("2026-11-15T09:00"), by="ops")
    assert day_due(hole) == date(2026, 12, 13)
    with pytest.raises(ClockRefused, match="not_paused"):
        resume_clock(clock=hole, at=at("2026-11-16T09:00"), by="ops")


def test_a_paused_clock_can_be_stopped_and_cancelled(hole):
    pause_clock(clock=hole, reason="vendor", at=at("2026-11-05T10:00"), by="ops")
    assert stop_clock(clock=hole, at=at("2026-11-06T10:00"), by="ops").state == "met"
    other = start_clock(rule="technology.vulnerability_low", of=HOLE, at=at("2026-11-05T10:00"))
    pause_clock(clock=other, reason="vendor", at=at("2026-11-05T10:00"), by="ops")
    assert cancel_clock(clock=other, at=at("2026-11-06T10:00"), reason="false", by="ops").state == "cancelled"


def test_each_report_of_an_incident_starts_the_next_clock(database):
    note_event(event="dora.aware", of=INCIDENT, at=at("2026-11-03T08:00"), by="it")
    note_event(event="dora.classified", of=INCIDENT, at=at("2026-11-03T12:00"), by="it")
    first = {c.rule_key: c.due_at for c in Clock.objects.all()}
    assert first["technology.dora_initial_aware"] == at("2026-11-04T08:00")
    assert first["technology.dora_initial_classified"] == at("2026-11-03T16:00")
    sent = note_event(event="dora.initial_sent", of=INCIDENT, at=at("2026-11-03T15:00"), by="it")
    assert {c.state for c in sent.stopped} == {"met"} and len(sent.stopped) == 2
    (intermediate,) = sent.started
    assert intermediate.due_at == at("2026-11-06T15:00") and intermediate.after in sent.stopped
    (final,) = note_event(event="dora.intermediate_sent", of=INCIDENT, at=at("2026-11-05T09:00"), by="it").started
    assert day_due(final) == date(2026, 12, 5)
    assert note_event(event="dora.intermediate_sent", of=INCIDENT, at=at("2026-11-06T09:00"), by="it").started == ()


def test_a_chinese_incident_is_reported_within_an_hour_or_four(database):
    (one,) = note_event(event="cn.critical_incident_known", of=INCIDENT, at=at("2026-11-03T23:30")).started
    (four,) = note_event(event="cn.incident_known", of=Ref("incident", "I2"), at=at("2026-11-03T23:30")).started
    assert (one.due_at, four.due_at) == (at("2026-11-04T00:30"), at("2026-11-04T03:30"))
    assert note_event(event="pboc.incident_known", of=INCIDENT, at=at("2026-11-03T23:30")).started == ()


def test_a_withdrawn_complaint_ends_its_clock(database):
    note_event(event="complaint.received", of=COMPLAINT, at=at("2026-11-03T10:00"))
    (clock,) = note_event(event="complaint.withdrawn", of=COMPLAINT, at=at("2026-11-05T10:00")).stopped
    assert (clock.state, clock.stopped_on) == ("met", "complaint.withdrawn")


def test_rules_hold_from_their_day_on_and_only_while_enabled(database):
    with pytest.raises(RuleNotInForce):
        start_clock(rule="technology.incident_cn_other", of=INCIDENT, at=at("2025-10-31T23:59"))
    with pytest.raises(RuleNotInForce):
        start_clock(rule="technology.pboc_report", of=INCIDENT, at=at("2026-10-31T23:59"))
    enable_rule(key="technology.pboc_report", on=date(2026, 10, 31), enabled=True, by="law")
    start_clock(rule="technology.pboc_report", of=INCIDENT, at=at("2026-10-31T23:59"))
    with pytest.raises(UnknownKey) as unknown:
        start_clock(rule="feedback.complaints", of=COMPLAINT, at=at("2026-10-31T23:59"))
    assert unknown.value.fields["near"] == "feedback.complaint"


def test_a_revised_rule_holds_for_new_clocks_only(complaint):
    with pytest.raises(ApprovalNeeded):
        revise_rule(key="feedback.complaint", from_=date(2026, 12, 1), by="law", approved_by="law", limit=Limit(10, "business_days"))
    revise_rule(key="feedback.complaint", from_=date(2026, 12, 1), by="law", approved_by="chief", limit=Limit(10, "business_days"))
    new = start_clock(rule="feedback.complaint", of=Ref("complaint", "C2"), at=at("2026-12-01T10:00"))
    old = start_clock(rule="feedback.complaint", of=Ref("complaint", "C3"), at=at("2026-11-30T10:00"))
    assert (day_due(new), day_due(old), day_due(find_clock(complaint.uid))) == (date(2026, 12, 15), date(2026, 12, 15), date(2026, 11, 18))
    assert new.rule.digest != old.rule.digest == complaint.rule.digest
    with pytest.raises(IntegrityError), transaction.atomic():
        ClockRule.objects.filter(pk=complaint.rule_id).update(spec={})


def test_periods_start_their_clocks_once(database):
    started = {clock.rule_key: clock for clock in start_periodic(on=date(2026, 11, 23))}
    due = {key.split(".")[1]: (clock.of_uid, day_due(clock).isoformat()) for key, clock in started.items()}
    assert due == {
        "first_analysis": ("2026Q3", "2026-10-30"),
        "monthly_evaluation": ("2026-10", "2026-11-30"),
        "quarterly_meeting": ("2026Q4", "2026-12-31"),
        "yearly_assessment": ("2026", "2026-12-31"),
    }
    assert start_periodic(on=date(2026, 11, 24)) == []
    assert [c.of_uid for c in start_periodic(on=date(2026, 12, 1))] == ["2026-11"]


def test_the_lists_tell_what_is_due_overdue_and_to_be_reminded_of(complaint, hole):
    assert [d.clock for d in clocks_due(date(2026, 11, 18))] == [complaint]
    assert [d.clock for d in clocks_due(date(2026, 11, 17))] == []
    assert [d.clock for d in clocks_due(date(2026, 11, 1), within_days=60)] == [complaint, hole]
    assert [d.clock for d in list_clocks(state="overdue", at=at("2026-11-19T00:00"))] == [complaint]
    assert list_clocks(state="overdue", at=at("2026-11-18T23:00")) == []

    def told(day):
        return {(r.clock.of_uid, r.kind, r.days) for r in due_reminders(date.fromisoformat(day))}

    assert told("2026-11-03") == {("C1", "remind", 30)}
    assert told("2026-11-11") == {("C1", "remind", 7)}
    assert told("2026-11-17") == {("C1", "remind", 1)}
    assert told("2026-11-19") == {("C1", "escalate", 0)}
    assert told("2026-11-26") == {("C1", "escalate", 7), ("V1", "remind", 7)}


def test_a_clock_reads_as_the_api_has_it(complaint):
    extend(complaint)
    (down,) = countdowns(Clock.objects.all(), at=at("2026-11-04T00:00"))
    told = clock_json(down, "zh")
    assert (told["name"], told["state"], told["overdue"]) == ("消费投诉处理", "running", False)
    assert told["due_at"] == "2026-12-03T23:59:59.999999+08:00" and told["days_left"] == 29
    assert told["extensions"][0]["approved_by"] == "chief"


def test_a_change_based_on_an_old_state_is_refused(complaint):
    read_before = find_clock(complaint.uid)
    extend(complaint)
    with pytest.raises(StaleRecord):
        stop_clock(clock=read_before, at=at("2026-11-10T10:00"), by="other")


def test_every_step_leaves_its_audit_entry(complaint):
    extend(complaint)
    stop_clock(clock=complaint, at=at("2026-11-10T10:00"), by="teller")
    assert list(AuditEntry.objects.filter(kind="clock", of=complaint.uid).order_by("id").values_list("verb", flat=True)) == [
        "start_clock",
        "extend_clock",
        "stop_clock",
    ]
