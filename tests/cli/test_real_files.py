"""The first path on real files, with the figures that are published for them."""

import duckdb
import pytest

pytestmark = pytest.mark.realdata


def test_loan_applications_of_a_dutch_bank(hengzhi, workspace, shared):
    file = shared / "data" / "process" / "bpic2012.xes.gz"
    told = hengzhi("import", "process_event", file, "--mapping", "bpic2012", "--json")
    assert told.code == 0
    assert (told.data["accepted"], told.data["rejected"], told.data["duplicates"]) == (262_200, 0, 0)
    again = hengzhi("import", "process_event", file, "--mapping", "bpic2012", "--json")
    assert (again.code, again.data["state"], again.data["accepted"]) == (0, "already_imported", 0)
    found = hengzhi("process", "summary", "bpic2012", "--json").data
    published = {
        "cases": 13_087, "events": 262_200, "activities": 24, "variants": 4_366, "top_variant_cases": 3_429,
        "mean_days": 8.623844, "median_days": 0.808535,
    }  # fmt: skip
    assert {name: found[name] for name in published} == published
    edge = found["waits"][0]
    assert (edge["source"], edge["target"], edge["n"]) == ("W_Nabellen offertes", "W_Nabellen offertes", 36_084)
    assert (edge["mean_hours"], edge["median_hours"], edge["total_days"]) == (37.5988, 0.0841, 56_529.75)
    assert {"activity": "W_Completeren aanvraag", "cases": 7_367} in found["rework"]
    replayed = hengzhi("replay", "latest", "--json")
    assert (replayed.code, replayed.data["run"]) == (0, found["run"])
    assessed = hengzhi("assess", "--period", "2012-01", "--json")
    assert assessed.code == 0
    told = hengzhi("trace", "process.rework@@2012-01", "--json")
    assert told.data["agrees"] is True
    with duckdb.connect() as own:
        assert own.execute(told.data["sql"]).fetchone() == (told.data["x"], told.data["n"])
    assert hengzhi("doctor").code == 0


def test_fines_of_an_italian_police_force(hengzhi, shared):
    file = shared / "data" / "process" / "road_traffic_fines.xes.gz"
    told = hengzhi("import", "process_event", file, "--mapping", "road_traffic_fines", "--json")
    assert (told.code, told.data["accepted"], told.data["rejected"]) == (0, 561_470, 0)
    found = hengzhi("process", "summary", "road_traffic_fines", "--json").data
    published = {
        "cases": 150_370,
        "events": 561_470,
        "activities": 11,
        "variants": 231,
        "top_variant_cases": 56_482,
        "median_days": 198.041667,
    }
    assert {name: found[name] for name in published} == published
    edge = next(e for e in found["waits"] if (e["source"], e["target"]) == ("Add penalty", "Send for Credit Collection"))
    assert (edge["n"], edge["mean_hours"]) == (57_182, 12_657.1223)
    assert {"activity": "Payment", "cases": 7_542} in found["rework"]


def test_complaints_of_the_cfpb(hengzhi, shared):
    file = shared / "data" / "feedback" / "en_cfpb_complaints_raw.csv.gz"
    told = hengzhi("import", "feedback", file, "--mapping", "en_cfpb_complaints_raw", "--json")
    assert (told.data["accepted"], told.data["rejected"]) == (6_624, 0)
    months = told.data["months"]
    period = f"{months[-1] // 100}-{months[-1] % 100:02d}"
    assert hengzhi("assess", "--period", period, "--json").code == 0
    figure = hengzhi("trace", f"feedback.complaints@@{period}", "--json").data
    assert figure["agrees"] is True
    with duckdb.connect() as own:
        assert own.execute(figure["sql"]).fetchone()[0] == figure["x"] > 0
    assert hengzhi("replay", "latest").code == 0
    assert hengzhi("audit", "verify").code == 0
