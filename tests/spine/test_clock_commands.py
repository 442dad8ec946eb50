"""The commands on clocks answer as the API does."""


def test_a_complaint_of_twenty_days_ago_is_listed_overdue_and_not_extended_without_approval(hengzhi):
    started = hengzhi("clock", "start", "feedback.complaint", "complaint:C1", "--at", "2026-11-03T10:00", "--json")
    assert started.code == 0 and started.data["due_at"].startswith("2026-11-18T23:59:59")
    found = hengzhi("clock", "list", "--state", "overdue", "--at", "2026-11-23T10:00", "--json").data["items"]
    assert [(c["uid"], c["overdue"]) for c in found] == [(started.data["uid"], True)]
    refused = hengzhi("clock", "extend", started.data["uid"], "--reason", "hard", "--at", "2026-11-10T10:00", "--json")
    assert refused.code == 1 and refused.json["problems"][0]["code"] == "approval_needed"
    words = ("clock", "extend", started.data["uid"], "--reason", "hard", "--approved-by", "chief", "--at", "2026-11-10T10:00", "--json")
    assert hengzhi(*words).data["due_at"].startswith("2026-12-03")
    assert hengzhi("clock", "stop", started.data["uid"], "--at", "2026-12-03T23:00", "--json").data["state"] == "met"


def test_an_event_tells_which_clocks_it_stopped_and_started(hengzhi):
    first = hengzhi("clock", "start", "dora.classified", "incident:I1", "--event", "--at", "2026-11-03T10:00", "--json").data
    assert [c["rule"] for c in first["started"]] == ["technology.dora_initial_classified"]
    sent = hengzhi("clock", "start", "dora.initial_sent", "incident:I1", "--event", "--at", "2026-11-03T12:00", "--json").data
    assert ([c["state"] for c in sent["stopped"]], [c["rule"] for c in sent["started"]]) == (["met"], ["technology.dora_intermediate"])


def test_a_wrong_moment_is_told(hengzhi):
    told = hengzhi("clock", "list", "--at", "soon", "--json")
    assert told.code == 1 and told.json["problems"][0]["code"] == "invalid_day"
