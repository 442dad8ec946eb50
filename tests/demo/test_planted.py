"""What is planted can be counted in the facts: exactly where counts are planted, within sampling error elsewhere."""

from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from hengzhi.demo.generate import batches
from hengzhi.demo.institution import SYSTEMS, branch_code
from hengzhi.demo.manifest import MANIFEST, PLANTED_IN_FACTS

ZONE = timedelta(hours=8)


def between(table: pa.Table, column: str, start: date, end: date) -> pa.Table:
    low, high = start, end
    if pa.types.is_timestamp(table[column].type):
        low, high = (datetime(d.year, d.month, d.day) - ZONE for d in (start, end))
    kind = table[column].type
    return table.filter(pc.and_(pc.greater_equal(table[column], pa.scalar(low, kind)), pc.less(table[column], pa.scalar(high, kind))))


def of(table: pa.Table, **values: str) -> pa.Table:
    for column, value in values.items():
        table = table.filter(pc.equal(table[column], value))
    return table


def share(condition) -> float:
    return pc.mean(condition.cast(pa.float64())).as_py()


def over_ten_minutes(facts, branch: str, start: date, end: date) -> float:
    visits = between(of(facts("contact"), unit=branch_code(branch), kind="visit"), "at", start, end)
    return share(pc.greater(visits["wait_seconds"], 600))


def test_nancheng_waits_rise_from_12_to_20_percent_in_august(facts):
    assert over_ten_minutes(facts, "南城", date(2026, 2, 1), date(2026, 8, 1)) == pytest.approx(0.12, abs=0.015)
    assert over_ten_minutes(facts, "南城", date(2026, 8, 1), date(2026, 11, 1)) == pytest.approx(0.20, abs=0.025)


def test_laocheng_waits_drift_from_12_to_16_percent(facts):
    assert over_ten_minutes(facts, "老城", date(2025, 9, 1), date(2026, 3, 1)) == pytest.approx(0.12, abs=0.015)
    assert over_ten_minutes(facts, "老城", date(2026, 8, 1), date(2026, 11, 1)) == pytest.approx(0.155, abs=0.025)


def loops(events: pa.Table) -> np.ndarray:
    """For each case whether a team comes back after one other team (A-B-A)."""
    events = events.sort_by([("case", "ascending"), ("seq", "ascending")])
    case, team = (events[c].to_numpy(zero_copy_only=False) for c in ("case", "team"))
    new = np.r_[True, (case[1:] != case[:-1]) | (team[1:] != team[:-1])]
    case, team = case[new], team[new]
    back = (case[2:] == case[:-2]) & (team[2:] == team[:-2])
    return np.isin(np.unique(case), case[2:][back])


def test_corporate_accounts_loop_in_27_percent_of_cases_since_may(facts):
    events = of(facts("process_event"), service="corporate_account")
    before, after = (
        loops(events.filter(pc.and_(pc.greater_equal(events["case"], low), pc.less(events["case"], high))))
        for low, high in (("202505", "202605"), ("202605", "202610"))
    )
    assert len(after) > 2000
    assert before.mean() == pytest.approx(0.09, abs=0.012)
    assert after.mean() == pytest.approx(0.27, abs=0.03)


def test_other_services_loop_in_3_to_4_percent_of_cases(facts):
    events = facts("process_event")
    events = events.filter(pc.not_equal(events["service"], "corporate_account"))
    assert loops(events).mean() == pytest.approx(0.035, abs=0.004)


def failure_rates(probes: pa.Table) -> dict[str, float]:
    sums = probes.group_by("system").aggregate([("failed", "sum"), ("requests", "sum")])
    return {row["system"]: row["failed_sum"] / row["requests_sum"] for row in sums.to_pylist()}


def test_mobile_banking_fails_2_7_percent_in_october_and_the_mean_of_systems_0_3(facts):
    rates = failure_rates(between(facts("probe"), "at", date(2026, 10, 1), date(2026, 11, 1)))
    assert rates["mobile"] == pytest.approx(0.027, abs=0.001)
    assert np.mean(list(rates.values())) == pytest.approx(0.003, abs=0.0005)
    assert max(rate for system, rate in rates.items() if system != "mobile") < 0.001


def test_no_system_fails_much_before_the_outage(facts):
    probes = between(facts("probe"), "at", date(2024, 9, 1), date(2026, 10, 1))
    assert set(failure_rates(probes)) == {code for code, _ in SYSTEMS}
    assert max(failure_rates(probes).values()) < 0.001
    assert share(probes["up"]) > 0.9995


def test_the_outage_lasts_42_intervals(facts):
    october = between(of(facts("probe"), system="mobile"), "at", date(2026, 10, 17), date(2026, 10, 18))
    struck = october.filter(pc.greater(pc.multiply(october["failed"], 2), october["requests"]))
    assert len(struck) == 42
    assert pc.min_max(struck["at"]).as_py() == {"min": datetime(2026, 10, 17, 1, 10), "max": datetime(2026, 10, 17, 4, 35)}
    assert not pc.any(struck["up"]).as_py()


def test_the_online_bank_is_probed_on_26_days_of_october(facts):
    october = between(of(facts("probe"), system="online"), "at", date(2026, 10, 1), date(2026, 11, 1))
    assert len(october) == 26 * 288


def test_a_quarter_of_561_rows_holds_477_records(files):
    rows = [file.rows for file in files if file.table == "feedback"]
    second = between(pa.concat_tables(rows), "day", date(2026, 4, 1), date(2026, 7, 1))
    second = second.filter(pc.not_equal(second["kind"], "rating"))
    assert len(second) == 561
    assert len(second.group_by(["source", "record"]).aggregate([])) == 477


def test_every_other_full_quarter_has_500_records(facts):
    records = facts("feedback")
    records = records.filter(pc.not_equal(records["kind"], "rating"))
    for year, quarter in [(2024, 4), (2025, 1), (2025, 2), (2025, 3), (2025, 4), (2026, 1), (2026, 3)]:
        end = date(year + quarter // 4, quarter % 4 * 3 + 1, 1)
        found = between(records, "day", date(year, 3 * quarter - 2, 1), end)
        assert 540 <= len(found) <= 580


def test_credit_cards_keep_a_third_of_october_open_and_closed_ones_look_faster(facts):
    events = of(facts("process_event"), service="credit_card")
    cases = events.group_by("case").aggregate([("at", "min"), ("at", "max"), ("final", "max")])
    entered = pc.utf8_slice_codeunits(cases["case"], 0, 6)
    october = cases.filter(pc.equal(entered, "202610"))
    assert 1 - share(october["final_max"]) == pytest.approx(0.32, abs=0.06)
    closed = cases.filter(cases["final_max"])
    days = (closed["at_max"].to_numpy() - closed["at_min"].to_numpy()) / np.timedelta64(1, "D")
    month = closed["at_max"].to_numpy().astype("datetime64[M]").astype(str)
    base = days[(month >= "2025-01") & (month < "2026-10")].mean()
    assert days[month == "2026-10"].mean() / base == pytest.approx(0.76, abs=0.12)


@pytest.mark.parametrize(("branch", "ratings", "dissatisfied"), [("云岭", 9, 0), ("北岭", 7, 2)])
def test_the_new_branches_have_exactly_so_many_ratings(facts, branch, ratings, dissatisfied):
    found = between(of(facts("feedback"), unit=branch_code(branch)), "day", date(2026, 10, 1), date(2026, 11, 1))
    assert len(found) == ratings
    assert pc.sum(pc.less(found["satisfaction"], 4)).as_py() == dissatisfied
    assert len(of(facts("contact"), unit=branch_code(branch))) < 30


def test_the_merged_branch_stops_and_its_volume_moves(facts):
    visits = of(facts("contact"), kind="visit")
    later = between(visits, "at", date(2026, 1, 1), date(2026, 11, 1))
    assert len(of(later, unit=branch_code("科技园"))) == 0
    assert len(of(later, unit=branch_code("高新"))) == pytest.approx(10 * 1800, rel=0.05)
    earlier = between(visits, "at", date(2025, 1, 1), date(2026, 1, 1))
    assert len(of(earlier, unit=branch_code("高新"))) == pytest.approx(12 * 900, rel=0.05)


def test_the_merged_branch_is_expected_until_december(facts):
    expected = of(facts("unit_month"), unit=branch_code("科技园"), delivers="contact")
    assert pc.max(expected["day"]).as_py() == date(2025, 12, 1)


def test_complaints_sent_again_are_all_known_already(files):
    sent = {file.name: set(file.rows["record"].to_pylist()) for file in files if file.name.startswith("complaint")}
    assert sent["complaint-2026-08-copy.parquet"] == sent["complaint-2026-08.parquet"]
    assert sent["complaint-2026-07-08.parquet"] == sent["complaint-2026-07.parquet"] | sent["complaint-2026-08.parquet"]


def test_levels_of_the_bank_are_plausible(facts):
    visits, calls = of(facts("contact"), kind="visit"), of(facts("contact"), kind="call")
    assert share(pc.drop_null(visits["resolved"])) == pytest.approx(0.87, abs=0.03)
    offered = calls.filter(pc.not_equal(calls["outcome"], "not_offered"))
    quick = pc.and_(pc.equal(offered["outcome"], "served"), pc.less_equal(offered["wait_seconds"], 20))
    assert share(quick) == pytest.approx(0.88, abs=0.005)
    rated = pc.drop_null(facts("feedback")["satisfaction"])
    assert share(pc.greater_equal(rated, 4)) == pytest.approx(0.895, abs=0.03)
    events = facts("process_event")
    cases = events.group_by("case").aggregate([("at", "max"), ("due_at", "max"), ("final", "max"), ("seq", "count")])
    closed = cases.filter(cases["final_max"])
    assert share(pc.less_equal(closed["at_max"], closed["due_at_max"])) == pytest.approx(0.96, abs=0.015)
    assert pc.mean(closed["seq_count"]).as_py() == pytest.approx(8, abs=0.1)


def test_the_manifest_names_every_row_once_per_scope_and_what_it_still_needs():
    assert {row.id for row in MANIFEST} == {f"P{n}" for n in range(1, 13)} | {f"N{n}" for n in range(1, 7)}
    assert all(row.needs for row in MANIFEST if not row.in_facts)
    assert all(row.earliest <= row.latest and row.where.en and row.where.zh for row in MANIFEST)


@pytest.mark.parametrize("row", sorted(PLANTED_IN_FACTS))
def test_every_row_said_to_be_in_the_facts_can_be_left_out(row):
    months = (202605, 202606) if row == "P7" else (202609, 202610)
    names = [[(f.name, f.rows) for f in batches(months=months, without=w)] for w in (frozenset(), frozenset({row}))]
    assert len(names[0]) != len(names[1]) or any(not a[1].equals(b[1]) for a, b in zip(*names, strict=True))
