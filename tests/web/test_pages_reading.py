"""Which run speaks for a month, and how its figures are put in order."""

from datetime import date

from hengzhi.app import CATALOGUE
from hengzhi.core import Period
from hengzhi.spine.policies import current_policy
from hengzhi.spine.runs.assessments import assess_period
from hengzhi.spine.runs.models import Run
from hengzhi.spine.runs.pages.current import current, current_run_for
from hengzhi.spine.runs.pages.indicators import indicator
from hengzhi.spine.runs.pages.overview import overview
from hengzhi.spine.runs.pages.risks import risk

OCTOBER, SEPTEMBER = Period.parse("2026-10"), Period.parse("2026-09")


def test_a_newer_run_of_one_month_speaks_for_that_month_alone(bank, whole):
    first = Run.objects.get()
    policy = current_policy(bank, CATALOGUE)
    newer = assess_period(workspace=bank, catalogue=CATALOGUE, policy=policy, periods=(OCTOBER,), on=date(2026, 11, 6), by="test")
    assert current_run_for(OCTOBER).uid == newer.uid
    assert current_run_for(SEPTEMBER).uid == first.uid
    assert current_run_for(Period.parse("2026-07")) is None
    seen = overview(catalogue=CATALOGUE, by=whole)
    assert seen.place.pin.uid == newer.uid
    assert all(score is not None for card in seen.cards for score in card.scores)
    ids = {f.run_id for f in seen.moved.known}
    assert ids == {first.id, newer.id}


def test_a_quarter_is_read_from_its_last_month_or_from_the_month_after_it(bank):
    now = current()
    assert now.of(Period.parse("2026Q3")) == now.by_month[202609]
    assert now.of(Period.parse("2026Q4")) == now.by_month[202610]
    assert now.of(Period.parse("2026Q1")) is None


def test_a_run_that_failed_or_still_writes_speaks_for_nothing(bank, whole):
    for state in ("writing", "failed"):
        Run.objects.create(kind="assess", state=state, code="", data_version=1, parameters={"months": [202610, 202611]})
    assert current().last() == OCTOBER
    assert overview(catalogue=CATALOGUE, by=whole).place.pin.uid == Run.objects.get(state="done").uid


def test_units_are_ranked_by_score_and_the_small_stand_apart(bank, whole):
    seen = risk(catalogue=CATALOGUE, by=whole, key="R2")
    scores = [unit.now.score for unit in seen.ranked]
    assert scores == sorted(scores, reverse=True) and len(scores) > 3
    assert {unit.unit for unit in seen.unranked} >= {"0501", "0601"}
    assert not {unit.unit for unit in seen.unranked} & {unit.unit for unit in seen.ranked}
    assert "92" not in {unit.unit for unit in seen.unranked}  # a department without customers is not expected to have any


def test_parts_of_both_months_stand_on_one_line(bank, whole):
    seen = risk(catalogue=CATALOGUE, by=whole, key="R1")
    assert abs(sum(row.now.points for row in seen.rows if row.now) - seen.now.score) < 1e-9
    assert abs(sum(row.before.points for row in seen.rows if row.before) - seen.before.score) < 1e-9
    assert len({row.key for row in seen.rows}) == len(seen.rows)


def test_a_cut_of_a_unit_stays_inside_it(bank, whole):
    seen = indicator(workspace=bank, catalogue=CATALOGUE, by=whole, key="process.handling_closed_minutes", unit="0101")
    scopes = [f.scope for cut in seen.cuts for f in (*cut.ranked, *cut.apart)]
    assert scopes and all(scope.startswith("unit=0101;service=") for scope in scopes)


def test_the_heat_map_compares_nothing_that_grows_with_the_unit(bank, whole):
    assert "feedback.responses" not in overview(catalogue=CATALOGUE, by=whole).heat.keys


def test_a_measure_is_as_good_as_its_worst_target_and_never_met_where_one_is_not_measured(bank, whole):
    seen = {row.measure: row for row in overview(catalogue=CATALOGUE, by=whole).measures}
    order = ("missed", "not_shown", "no_data", "not_due", "met")
    for row in seen.values():
        found = {e.figure.verdict for e in row.own if e.figure} | ({"no_data"} if row.unmeasured else set())
        assert row.verdict == next(verdict for verdict in order if verdict in found)
    assert seen["M2"].evidence and seen["M2"].unmeasured and seen["M2"].verdict != "met"
    assert seen["M6"].verdict == "no_data"
