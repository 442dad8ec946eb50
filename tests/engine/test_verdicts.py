"""What is met, missed, not shown, without data or not due yet; and what levels follow."""

from dataclasses import replace
from datetime import date

import pytest

from hengzhi.app import CATALOGUE
from hengzhi.core import Text
from hengzhi.engine.assess import TooManyObservations
from hengzhi.engine.policy import InvalidPolicy, Policy, Target, read_policy
from hengzhi.engine.rate import rate
from hengzhi.engine.scopes import Scope, ScopeTree, UnitSpan

ON = date(2026, 12, 1)


def _survey(n, satisfied, unit="", day="2026-07-01"):
    lines = ["record,day,kind,satisfaction,unit"]
    lines += [f"{unit}{day}{at},{day},survey,{5 if at < satisfied else 1},{unit}" for at in range(n)]
    return "\n".join(lines)


def _with_target(house, key, **target):
    house.policy = replace(house.policy, targets={**house.policy.targets, key: Target(**target)})
    return house


@pytest.mark.parametrize(
    ("x", "n", "target", "verdict"),
    [
        (478, 500, 0.95, "not_shown"),
        (484, 500, 0.95, "met"),
        (483, 500, 0.95, "not_shown"),
        (439, 500, 0.85, "met"),
        (438, 500, 0.85, "not_shown"),
        (467, 500, 0.95, "not_shown"),
        (466, 500, 0.95, "missed"),
        (20, 20, 0.95, "not_shown"),
        (59, 59, 0.95, "met"),
        (58, 58, 0.95, "not_shown"),
    ],
)
def test_a_share_is_met_or_missed_when_its_bound_says_so(house, row_of, x, n, target, verdict):
    """By hand: P(X >= 484 | 500, .95) = .034 and P(X >= 483) = .056; P(X <= 466) = .045 and P(X <= 467) = .066; .95**59 = .0485."""
    from scipy import stats

    _with_target(house, "feedback.satisfied", target=target, limit=target - 0.1).add("feedback", _survey(n, x))
    row = row_of(house.answer("2026-07", on=ON), "feedback.satisfied")
    assert (row.x, row.n, row.verdict, row.arithmetic) == (x, n, verdict, x / n >= target)
    above, below = stats.binom.sf(x - 1, n, target), stats.binom.cdf(x, n, target)
    assert verdict == ("met" if above <= 0.05 else "missed" if below <= 0.05 else "not_shown")


def test_not_shown_says_how_many_cases_the_same_share_would_need(house, row_of):
    _with_target(house, "feedback.satisfied", target=0.95, limit=0.9).add("feedback", _survey(500, 478))
    row = row_of(house.answer("2026-07", on=ON), "feedback.satisfied")
    from scipy import stats

    assert stats.beta.ppf(0.05, 0.956 * row.needed_n, 0.044 * row.needed_n + 1) >= 0.95
    assert stats.beta.ppf(0.05, 0.956 * (row.needed_n - 1), 0.044 * (row.needed_n - 1) + 1) < 0.95


def test_a_rate_is_judged_by_its_exact_poisson_bound(house, row_of):
    """0 failures in 299 requests leave up to -ln(.05)/299 = 1.002 %, in 300 0.9986 %."""
    for requests, verdict in ((299, "not_shown"), (300, "met")):
        house.rows.clear()
        house.add("probe", f"system,at,seconds,requests,failed,up\nmobile,2026-07-01T01:00,60,{requests},0,1")
        row = row_of(house.answer("2026-07", on=ON), "technology.failure_rate")
        assert (row.x, row.n, row.verdict) == (0, requests, verdict)
        assert row.bound == pytest.approx(2.995732273553991 / requests)


def test_a_census_is_compared_itself(house, row_of):
    for n, verdict in ((500, "met"), (499, "missed")):
        house.rows.clear()
        house.add("feedback", _survey(n, n))
        row = row_of(house.answer("2026-07", on=ON), "feedback.responses", period="2026Q3")
        assert (row.x, row.verdict, row.lower) == (n, verdict, row.value)


def test_a_count_that_is_reached_early_is_met_before_its_period_ends(house, row_of):
    house.add("feedback", _survey(500, 500))
    row = row_of(house.answer("2026-07", on=date(2026, 7, 20)), "feedback.responses", period="2026Q3")
    assert row.verdict == "met"
    house.rows.clear()
    house.add("feedback", _survey(499, 499))
    row = row_of(house.answer("2026-07", on=date(2026, 7, 20)), "feedback.responses", period="2026Q3")
    assert (row.verdict, row.reason, row.score) == ("not_due", "period_running", None)


def test_a_running_month_is_not_due(house, row_of):
    house.add("feedback", _survey(500, 400))
    answer = house.answer("2026-07", on=date(2026, 7, 31))
    assert row_of(answer, "feedback.satisfied").verdict == "not_due"
    assert row_of(house.answer("2026-07", on=date(2026, 8, 1)), "feedback.satisfied").verdict == "missed"


def test_no_complaints_are_zero_and_not_missing_data(house, row_of):
    house.add("feedback", _survey(3, 3))
    row = row_of(house.answer("2026-07", on=ON), "feedback.complaints")
    assert (row.x, row.value, row.lower) == (0, 0.0, 0.0)
    assert row.upper == pytest.approx(3.6888794541139363)  # -ln(.025)
    assert row.verdict == "no_target"


def test_nothing_at_all_is_no_data_and_not_zero(house, row_of):
    answer = house.answer("2026-07", on=ON)
    assert {row.verdict for row in answer.rows} == {"no_data"}
    assert row_of(answer, "feedback.complaints").value is None
    assert row_of(answer, "feedback.complaints", period="2026-07").x is None
    assert {str(row.scope) for row in answer.rows} == {""}


def test_expected_and_empty_is_no_data_not_expected_is_no_row(house, row_of):
    house.tree = ScopeTree(tuple(UnitSpan(c, Text(c, c), "", date(2020, 1, 1), None) for c in ("n1", "n2", "n3")))
    house.add("feedback", _survey(30, 30, "n1"))
    house.add("unit_month", "unit,day,delivers,expected_days\nn1,2026-07-01,feedback,1\nn2,2026-07-01,feedback,1\nn3,2026-07-01,contact,1")
    answer = house.answer("2026-07", on=ON)
    assert row_of(answer, "feedback.satisfied", "unit=n1").verdict == "met"
    empty = row_of(answer, "feedback.satisfied", "unit=n2")
    assert (empty.verdict, empty.reason, empty.value, empty.score) == ("no_data", "expected_and_empty", None, None)
    assert not [r for r in answer.rows if r.key == "feedback.satisfied" and str(r.scope) == "unit=n3"]
    assert row_of(answer, "feedback.right_first_time", "unit=n3").verdict == "no_data"


def test_too_few_days_of_data_prove_nothing(house, row_of):
    house.tree = ScopeTree((UnitSpan("n1", Text("", ""), "", date(2020, 1, 1), None),))
    house.add("feedback", _survey(500, 500, "n1"))
    for expected, verdict in ((1, "met"), (2, "no_data")):
        house.rows["unit_month"] = []
        house.add("unit_month", f"unit,day,delivers,expected_days\nn1,2026-07-01,feedback,{expected}")
        for scope in ("", "unit=n1"):
            row = row_of(house.answer("2026-07", on=ON), "feedback.satisfied", scope)
            assert (row.verdict, "coverage_low" in row.flags, row.n) == (verdict, expected == 2, 500)


def test_few_cases_have_no_colour_and_no_say_in_a_units_risk(house, row_of):
    house.tree = ScopeTree(tuple(UnitSpan(c, Text(c, c), "", date(2020, 1, 1), None) for c in ("n1", "n2")))
    house.add("feedback", _survey(19, 0, "n1")).add("feedback", _survey(20, 0, "n2"))
    answer = house.answer("2026-07", on=ON)
    few, enough = (row_of(answer, "feedback.satisfied", f"unit={unit}") for unit in ("n1", "n2"))
    assert (few.flags, few.level, few.proven) == (("small_n",), None, False)
    assert (enough.flags, enough.level, enough.proven) == ((), "red", True)
    assert {str(r.scope) for r in answer.ratings if r.risk == "R1"} == {"", "unit=n2"}


def test_a_unit_the_tree_does_not_know_counts_as_unattributed(house, row_of):
    house.add("feedback", _survey(30, 30, "ghost"))
    answer = house.answer("2026-07", on=ON)
    assert row_of(answer, "feedback.satisfied", "unit=?").n == 30
    assert not [r for r in answer.rows if "ghost" in str(r.scope)]


def test_a_month_rolls_up_by_the_tree_of_its_last_day(house, row_of):
    moved = date(2026, 7, 31)
    house.tree = ScopeTree((
        UnitSpan("old", Text("", ""), "", date(2020, 1, 1), None),
        UnitSpan("new", Text("", ""), "", date(2020, 1, 1), None),
        UnitSpan("n1", Text("", ""), "old", date(2020, 1, 1), moved),
        UnitSpan("n1", Text("", ""), "new", moved, None),
    ))  # fmt: skip
    house.add("feedback", _survey(30, 30, "n1", "2026-06-01")).add("feedback", _survey(40, 40, "n1", "2026-07-01"))
    answer = house.answer("2026-06", "2026-07", on=ON)
    assert row_of(answer, "feedback.satisfied", "unit=old", "2026-06").n == 30
    assert row_of(answer, "feedback.satisfied", "unit=new", "2026-07").n == 40


# --- Levels -------------------------------------------------------------------------------------------------------------------------------


def _one(house, *months, key="feedback.satisfied", **target):
    """Ratings of R1 of the whole institution when one indicator decides it: months are (n, satisfied)."""
    catalogue = house.only(key)
    _with_target(house, key, **{"target": 0.9, "limit": 0.8, **target})
    for at, (n, satisfied) in enumerate(months, start=1):
        if n:
            house.add("feedback", _survey(n, satisfied, day=f"2026-{at:02d}-15"))
    periods = [f"2026-{at:02d}" for at in range(1, len(months) + 1)]
    answer = house.answer(*periods, on=ON, catalogue=catalogue)
    return [r for r in answer.ratings if r.risk == "R1" and not r.scope.parts]


GOOD, BAD = (2000, 1990), (2000, 1000)


def test_a_level_worsens_at_once_and_improves_after_two_periods(house):
    found = _one(house, GOOD, BAD, GOOD, GOOD)
    assert [(r.level, r.raw_level) for r in found] == [("normal", "normal"), ("red", "red"), ("red", "normal"), ("normal", "normal")]
    assert found[2].reason == "two_periods_to_improve"


def test_the_month_before_is_looked_at_even_when_it_is_not_asked_for(house):
    _one(house, GOOD, BAD, GOOD)
    answer = house.answer("2026-03", on=ON, catalogue=house.only("feedback.satisfied"))
    rating = next(r for r in answer.ratings if r.risk == "R1" and not r.scope.parts)
    assert (rating.level, rating.raw_level) == ("red", "normal")


def test_a_month_without_data_is_no_level_to_improve_from(house):
    found = _one(house, BAD, (0, 0), GOOD)
    assert [p.kind for p in found[1].parts] == ["missing"]
    assert (found[1].score, found[2].level) == (60.0, "normal")


def test_a_mean_hides_nothing_a_risk_is_at_most_one_level_better_than_its_worst_proven_indicator(house):
    """One red indicator with a small weight among good ones: the score is normal, the level orange."""
    key, other = "feedback.satisfied", "feedback.right_first_time"
    house.policy = Policy({key: Target(0.9, 0.8, weight=1.0), other: Target(0.9, 0.8, weight=19.0)})
    house.add("feedback", _survey(2000, 1000))
    rows = "\n".join(f"{at},2026-07-01T01:00,call,served,1" for at in range(2000))
    house.add("contact", f"record,at,kind,outcome,resolved\n{rows}")
    rating = next(r for r in house.answer("2026-07", on=ON, catalogue=house.only(key, other)).ratings if r.risk == "R1")
    assert rating.score < 40
    assert (rating.level, rating.reason) == ("orange", f"proven:{key}")


def test_what_is_not_proven_bears_on_the_score_alone(house):
    house.policy = Policy({"feedback.satisfied": Target(0.9, 0.8)})
    house.add("feedback", _survey(10, 8))
    rating = next(r for r in house.answer("2026-07", on=ON, catalogue=house.only("feedback.satisfied")).ratings if r.risk == "R1")
    assert rating.reason == "score"


def test_a_floor_lifts_a_missed_target_and_its_points_are_told(house):
    house.policy = Policy({"feedback.satisfied": Target(0.9, 0.8, floor="orange")})
    house.add("feedback", _survey(2000, 1740))
    rating = next(r for r in house.answer("2026-07", on=ON, catalogue=house.only("feedback.satisfied")).ratings if r.risk == "R1")
    assert [p.kind for p in rating.parts] == ["indicator", "floor"]
    assert rating.score == pytest.approx(60, abs=1e-9)
    assert rating.level == "orange"


def test_score_knots_are_where_design_says(house, row_of):
    """Target 40, limit 60, twice as far again 100: with much evidence the score lies on the line."""
    for share, score in ((0.9, 40), (0.85, 50), (0.8, 60), (0.7, 80), (0.6, 100), (0.95, 20), (1.0, 0)):
        house.rows.clear()
        n = 200_000
        _with_target(house, "probe", target=None)
        house.policy = Policy({"technology.failure_rate": Target(0.1, 0.2)})
        house.add("probe", f"system,at,seconds,requests,failed,up\nmobile,2026-07-01T01:00,60,{n},{round((1 - share) * n)},1")
        row = row_of(
            house.answer("2026-07", on=ON, catalogue=house.only("technology.failure_rate", cuts=("all",))), "technology.failure_rate"
        )
        assert row.score == pytest.approx(score, abs=0.15)


def test_an_indicator_without_target_is_shown_and_not_judged(house, row_of):
    house.policy = Policy({})
    house.add("feedback", _survey(100, 90))
    answer = house.answer("2026-07", on=ON)
    row = row_of(answer, "feedback.satisfied")
    assert (row.verdict, row.score, row.level, row.value) == ("no_target", None, None, 0.9)
    assert answer.ratings == ()


def test_ratings_come_from_rows_alone(house):
    house.add("feedback", _survey(100, 90))
    answer = house.answer("2026-07", on=ON)
    again = rate(list(answer.rows), CATALOGUE, house.policy, (202606, 202607))
    assert [r.hashed() for r in again] == [r.hashed() for r in answer.ratings]
    assert Scope() in {r.scope for r in again}


# --- Policy -------------------------------------------------------------------------------------------------------------------------------


def test_every_problem_of_a_policy_is_told_with_its_line():
    text = """\
targets:
  feedback.satisfid: {target: 0.9}
  feedback.satisfied: {target: high, limit: 0.95, colour: red}
  feedback.responses: {target: 500, limit: 600}
  process.rework:
    target: 0.1
    weight: -1
    floor: purple
  feedback.nps: 7
cap: many
appetite: 3
"""
    with pytest.raises(InvalidPolicy) as invalid:
        read_policy(text, CATALOGUE, "policy/policy.yaml")
    problems = invalid.value.fields["problems"]
    for told in (
        "policy/policy.yaml:2: targets.feedback.satisfid",
        "policy/policy.yaml:3: targets.feedback.satisfied.colour",
        "policy/policy.yaml:3: targets.feedback.satisfied.target",
        "policy/policy.yaml:4: targets.feedback.responses",
        "policy/policy.yaml:5: targets.process.rework.floor",
        "policy/policy.yaml:5: targets.process.rework.weight",
        "policy/policy.yaml:9: targets.feedback.nps",
        "policy/policy.yaml:10: cap",
        "policy/policy.yaml:11: appetite",
    ):
        assert [p for p in problems if p.startswith(told)], told
    assert len(problems) == 9


@pytest.mark.parametrize(
    "text",
    [
        "- a\n- b\n",
        "targets: [",
        "targets: 7\n",
        "a: &x [*x]\n",
        "targets: {feedback.satisfied: {target: .nan}}\n",
        "? [1]\n: 2\n",
        "cap: -1\n",
        "",
    ],
)
def test_no_text_ends_in_anything_but_a_policy_or_its_problems(text):
    try:
        policy = read_policy(text, CATALOGUE)
    except InvalidPolicy as invalid:
        assert invalid.fields["problems"]
    else:
        assert policy.cap > 0
        assert text == ""


def test_more_observations_than_the_cap_are_refused(house):
    house.add("feedback", _survey(30, 30))
    house.policy = replace(house.policy, cap=5)
    with pytest.raises(TooManyObservations) as refused:
        house.answer("2026-07", on=ON)
    assert refused.value.fields["cap"] == 5
    assert refused.value.fields["count"] > 5
