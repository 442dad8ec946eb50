"""Real files give the numbers that are known of them."""

from collections import Counter

import pyarrow.compute as pc
import pytest

pytestmark = pytest.mark.realdata


def test_every_event_of_the_loan_log_is_accepted(read_real):
    got = read_real("process/bpic2012.xes.gz", "bpic2012")
    assert got.counted == {"read": 262_200, "accepted": 262_200, "rejected": 0, "filtered": 0}
    assert len(got.facts["case"].unique()) == 13_087
    assert len(got.facts["activity"].unique()) == 24
    assert got.problems == []
    first = got.rows[0]
    assert (first["case"], first["activity"], str(first["at"]), first["offset_minutes"], first["amount"]) == (
        "173688",
        "A_SUBMITTED",
        "2011-09-30 22:38:44.546000",
        120,
        2_000_000,
    )


def test_every_event_of_the_fines_log_is_accepted(read_real):
    got = read_real("process/road_traffic_fines.xes.gz", "road_traffic_fines")
    assert got.counted["accepted"] == 561_470
    assert len(got.facts["case"].unique()) == 150_370
    assert len(got.facts["activity"].unique()) == 11


def test_the_call_centre_counts_by_outcome_and_mean_service_time(read_real):
    got = read_real("process/anonymous_bank_feb1999.txt.gz", "anonymous_bank_feb1999")
    assert got.counted["accepted"] == 33_344
    assert Counter(got.column("outcome")) == {"served": 27_162, "abandoned": 5_904, "not_offered": 278}
    served = got.facts.filter(pc.equal(got.facts["outcome"], "served"))
    assert pc.mean(served["service_seconds"]).as_py() == pytest.approx(176.353, abs=5e-4)
    assert len(set(got.column("record"))) == 33_344
    assert "DORIT" not in str(set(got.column("staff")))


def test_the_complaints_count_by_channel_and_timeliness(read_real):
    got = read_real("feedback/en_cfpb_complaints_raw.csv.gz", "en_cfpb_complaints_raw")
    assert got.counted == {"read": 6_624, "accepted": 6_624, "rejected": 0, "filtered": 0}
    assert len(set(got.column("record"))) == 6_624
    assert Counter(got.column("timely"))[False] == 120
    assert Counter(got.column("channel")) == {"Web": 6_463, "Phone": 75, "Referral": 54, "Postal mail": 27, "Fax": 4, "Email": 1}
