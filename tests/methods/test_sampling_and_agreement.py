"""Sampling plans, switching, change points, seasons and agreement on cases from books and by hand."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from hengzhi.core import UnknownKey
from hengzhi.methods import (
    acceptance,
    agreement,
    change_points,
    icc,
    krippendorff,
    new_year,
    sample_sizes,
    sampling_plans,
    seasonality,
    switching,
)

NORMAL = acceptance.SamplingPlan("K", 125, 2)
TIGHTER = acceptance.SamplingPlan("K", 125, 1)


def after(outcomes, state=None, plan=NORMAL):
    state = state or switching.Switching()
    for found in outcomes:
        state = switching.next_state(state, plan, found, tighter=TIGHTER)
    return state


def test_every_cell_of_the_table_has_a_plan():
    for severity in ("normal", "tightened", "reduced"):
        for letter in acceptance.LETTERS[:16]:
            for aql in acceptance.AQLS:
                plan = acceptance.plan_of(letter, aql, severity=severity)
                assert plan.n >= 2 and plan.ac >= 0


def test_reading_along_a_row_the_acceptance_number_never_falls_for_the_same_sample():
    for severity in ("normal", "tightened", "reduced"):
        for letter in acceptance.LETTERS[:16]:
            plans = [acceptance.plan_of(letter, aql, severity=severity) for aql in acceptance.AQLS]
            own = [plan.ac for plan in plans if plan.letter == letter]
            assert own == sorted(own)


def test_tightened_inspection_is_never_easier_to_pass():
    for letter in acceptance.LETTERS[:16]:
        for aql in acceptance.AQLS[:15]:
            normal, tight = (acceptance.plan_of(letter, aql, severity=severity) for severity in ("normal", "tightened"))
            p = float(aql) / 100
            assert sampling_plans.oc_curve(tight.n, tight.ac, p) <= sampling_plans.oc_curve(normal.n, normal.ac, p) + 1e-12


def test_code_letters_follow_the_lot():
    assert [acceptance.code_letter(size) for size in (2, 8, 9, 500, 501, 500_000, 500_001)] == list("AABHJPQ")
    assert acceptance.code_letter(500_001, "III") == "R"


def test_an_aql_that_is_no_preferred_number_is_refused_with_the_nearest():
    with pytest.raises(UnknownKey) as refused:
        acceptance.plan_for(500, "0.7")
    assert refused.value.fields["near"] == "0.65"


def test_one_step_tighter_is_the_next_preferred_number():
    assert acceptance.aql_one_step_tighter("0.65") == Decimal("0.4")
    assert acceptance.aql_one_step_tighter("0.010") is None


def test_two_of_five_rejected_lots_tighten_inspection():
    assert after([3, 0, 0, 0, 3]).severity == "tightened"
    assert after([3, 0, 0, 0, 0, 3]).severity == "normal"


def test_five_accepted_lots_return_to_normal_and_five_rejected_stop():
    tight = switching.Switching(severity="tightened")
    assert after([0] * 5, tight).severity == "normal"
    assert after([0] * 4, tight).severity == "tightened"
    stopped = after([3, 0, 3, 3, 3, 3], tight)
    assert stopped.discontinued
    assert switching.resume(stopped) == switching.Switching(severity="tightened")


def test_ten_lots_good_enough_for_the_tighter_aql_reduce_inspection():
    assert after([1] * 9).severity == "normal" and after([1] * 9).score == 27
    assert after([1] * 10).severity == "reduced"
    assert after([1] * 9 + [2]).score == 0


def test_with_acceptance_number_zero_fifteen_accepted_lots_reduce_inspection():
    plan = acceptance.SamplingPlan("F", 20, 0)
    assert after([0] * 14, plan=plan).severity == "normal"
    assert after([0] * 15, plan=plan).severity == "reduced"


def test_one_rejected_lot_ends_reduced_inspection():
    assert after([3], switching.Switching(severity="reduced")).severity == "normal"


def test_a_designed_plan_meets_both_risks_and_a_smaller_one_does_not():
    found = sampling_plans.design_plan((0.01, 0.95), (0.05, 0.10))
    assert found.producer_pa >= 0.95 and found.consumer_pa <= 0.10
    assert sampling_plans.oc_curve(found.n - 1, found.c, 0.05) > 0.10
    poisson = sampling_plans.design_plan((0.01, 0.95), (0.05, 0.10), kind="poisson")
    assert poisson.n >= found.n


def test_a_small_lot_needs_a_smaller_plan():
    found = sampling_plans.design_plan((0.02, 0.95), (0.10, 0.10), kind="hypergeom", lot_size=200)
    assert found.n <= sampling_plans.design_plan((0.02, 0.95), (0.10, 0.10)).n


def test_outgoing_quality_has_a_limit():
    p = np.linspace(0.001, 0.2, 400)
    assert sampling_plans.average_outgoing_quality(89, 2, p, lot_size=10_000).max() == pytest.approx(0.0155, abs=5e-4)  # Montgomery 15.2


def test_the_mines_changed_after_1891():
    from_1851 = (
        "4 5 4 1 0 4 3 4 0 6 3 3 4 0 2 6 3 3 5 4 5 3 1 4 4 1 5 5 3 4 2 5 2 2 3 4 2 1 3 2 2 1 1 1 1 3 0 0 1 0 1 1 0 0 3 1 "
        "0 3 2 2 0 1 1 1 0 1 0 1 0 0 0 2 1 0 0 0 1 1 0 2 3 3 1 1 2 1 1 1 1 2 4 2 0 0 1 4 0 0 0 1 0 0 0 0 0 1 0 0 1 0 1"
    )
    x = [int(count) for count in from_1851.split()]
    found = change_points.best_cuts(x, 1, model="poisson")
    assert found.break_after == (41,)  # Carlin, Gelfand & Smith 1992: 1891
    low, high = change_points.break_interval(x, seed=7, model="poisson", draws=199)
    assert low <= 41 <= high


def test_the_best_cuts_are_the_best_of_all():
    x = np.random.default_rng(0).normal(size=14)
    found = change_points.best_cuts(x, 2)

    def cost(*ends):
        return sum(((part - part.mean()) ** 2).sum() for part in np.split(x, ends))

    best = min((cost(i, j), (i, j)) for i in range(1, 13) for j in range(i + 1, 14))
    assert found.break_after == best[1] and found.cost == pytest.approx(best[0])


def test_no_cut_is_chosen_in_noise_and_two_in_two_steps():
    noise = np.random.default_rng(1).normal(size=60)
    assert change_points.chosen_cuts(noise).break_after == ()
    assert change_points.chosen_cuts(noise + np.repeat([0, 4, 0], 20)).break_after == (20, 40)


def test_new_years_days_are_new_moons_between_21_january_and_20_february():
    # Mean new moon of 2000-01-06 18:14 UTC and the synodic month; the true one is within 15 hours, Beijing is 8 hours ahead.
    for year in range(2000, 2051):
        day = new_year.new_year_day(year)
        assert (1, 21) <= (day.month, day.day) <= (2, 20)
        since = (day - date(2000, 1, 6)).days + 0.5 - (18.2 + 8) / 24
        assert abs((since + 29.530588 / 2) % 29.530588 - 29.530588 / 2) < 1.2


def test_the_holiday_share_of_a_year_is_centred():
    found = new_year.holiday_share([202601, 202602, 202603, 202604])
    assert found[1] > 0 > found[0] and found[3] == 0


def test_a_moving_holiday_is_told_from_the_season():
    start = date(2015, 1, 1)
    months = [(start.year + at // 12) * 100 + at % 12 + 1 for at in range(96)]
    random = np.random.default_rng(9)
    season = 10 * np.sin(2 * np.pi * np.arange(96) / 12)
    x = 100 + 0.1 * np.arange(96) + season - 20 * new_year.holiday_share(months) + random.normal(0, 0.5, 96)
    with_holiday = seasonality.stl_new_year(x, months)
    plain = seasonality.stl(x, period=12)
    effect = with_holiday.holiday / np.where(new_year.holiday_share(months) == 0, 1, new_year.holiday_share(months))
    assert effect[1] == pytest.approx(-20, abs=1.5)
    assert with_holiday.remainder.std() < plain.remainder.std() / 2
    parts = with_holiday.seasonal + with_holiday.trend + with_holiday.holiday + with_holiday.remainder
    assert parts == pytest.approx(x)


def test_ac1_keeps_its_sense_where_kappa_collapses():
    table = [[118, 5], [2, 0]]  # Gwet 2008: raw agreement 0.944
    assert agreement.cohen_kappa(table).kappa < 0
    assert agreement.gwet_ac1(table).ac1 == pytest.approx(0.941, abs=5e-4)


def test_known_rater_error_is_taken_out_of_the_rate():
    assert agreement.rogan_gladen(0.9 * 0.95 + 0.1 * 0.2, 0.95, 0.8) == pytest.approx(0.9)
    assert agreement.rogan_gladen(0.01, 0.95, 0.9) == 0


def test_alpha_comes_with_an_interval_over_cases():
    random = np.random.default_rng(3)
    truth = random.integers(1, 6, 60)
    ratings = np.array([np.clip(truth + random.integers(-1, 2, 60), 1, 5) for _ in range(2)], dtype=float)
    found = krippendorff.alpha_interval(ratings, seed=1, draws=200)
    assert found.interval.lower < found.alpha < found.interval.upper
    assert found.interval.lower == krippendorff.alpha_interval(ratings, seed=1, draws=200).interval.lower


def test_perfect_agreement_is_one_on_every_scale():
    same = np.tile([1.0, 2, 3, 4], (3, 1))
    assert [krippendorff.krippendorff_alpha(same, scale=scale) for scale in ("nominal", "ordinal", "interval", "ratio")] == [1] * 4
    assert icc.icc(same.T).icc2 == pytest.approx(1)


def test_power_and_size_undo_each_other():
    n = sample_sizes.n_for_power_t(0.4, 0.9, kind="paired")
    assert sample_sizes.power_t(0.4, n, kind="paired") == pytest.approx(0.9)
    assert sample_sizes.detectable_d(n, 0.9, kind="paired") == pytest.approx(0.4)
    assert sample_sizes.power_2p(0.5, 0.75, sample_sizes.sample_size_2p(0.5, 0.75, power=0.9)) == pytest.approx(0.9)
    assert sample_sizes.power_2p_h(0.3, 80, alternative="greater") == pytest.approx(0.59968, abs=1e-5)  # Phi(0.3 sqrt(40) - 1.64485)


def test_five_hundred_tell_quarters_apart_by_six_points():
    # methods.md: 80 % power, two quarters of 500 at 85 %: 6.3 points
    assert sample_sizes.sample_size_2p(0.85 + 0.063 / 2, 0.85 - 0.063 / 2) == pytest.approx(500, rel=0.02)


def test_the_sample_for_a_margin_has_that_margin():
    n = sample_sizes.sample_size(0.05)
    assert n == 385 and sample_sizes.margin_of_error(n) <= 0.05 < sample_sizes.margin_of_error(n - 1)
    assert sample_sizes.sample_size(0.05, population=1000) == 278
