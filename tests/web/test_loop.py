"""The pages on findings and deadlines, in both languages."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from hengzhi.spine.clocks.services import start_clock
from hengzhi.spine.findings.actions import add_action, add_cause
from hengzhi.spine.findings.effects import ask_effect
from hengzhi.spine.findings.services import open_finding
from hengzhi.spine.record import Ref


@pytest.fixture
def reader(client, officer, intake):
    client.force_login(officer)
    return client


def test_nothing_to_mend_and_no_deadline_say_what_to_do(reader):
    assert "hengzhi finding open" in reader.get(reverse("findings")).content.decode()
    assert "hengzhi clock periods" in reader.get(reverse("clocks")).content.decode()


def test_a_finding_is_listed_and_shown_with_cause_action_and_question(reader):
    title = ("stated", {"text": "<slow> queue"})
    finding = open_finding(source=Ref("inspection", "1"), key="x", scope="", severity="high", title=title, on=date(2026, 10, 1))
    add_cause(finding=finding, kind="staff", text="one desk untrained", at=datetime(2026, 10, 1, tzinfo=UTC), by="lin")
    action = add_action(finding=finding, title="train", owner="lin", due_on=date(2026, 12, 1), by="chief")
    ask_effect(action=action, review_on=date(2027, 1, 1), question="is the queue shorter?", by="chief")
    assert "&lt;slow&gt; queue" in reader.get(reverse("findings")).content.decode()
    page = reader.get(reverse("finding", args=[finding.uid])).content.decode()
    assert all(words in page for words in ("one desk untrained", "train", "is the queue shorter?", "2027-01-01"))
    assert reader.get(reverse("findings") + "?state=closed").content.decode().count("slow") == 0


def test_a_deadline_is_listed_with_its_basis(reader):
    start_clock(rule="feedback.complaint", of=Ref("complaint", "C1"), at=datetime(2026, 10, 1, tzinfo=UTC))
    page = reader.get(reverse("clocks")).content.decode()
    assert "2020年第3号" in page and "2026-10-16 23:59" in page


def test_an_unknown_finding_or_state_is_not_found_and_strangers_sign_in_first(reader, client):
    assert reader.get("/findings/NONE").status_code == 404
    assert reader.get("/findings?state=odd").status_code == 404
    client.logout()
    assert client.get("/clocks").status_code == 302
