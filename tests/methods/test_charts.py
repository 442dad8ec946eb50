"""Charts, rules, drift and run lengths: what each flags on series small enough to read."""

import numpy as np
import pytest
from scipy import stats

from hengzhi.methods import control_charts, deviations, drift, measurement_charts, run_length, run_rules


def flagged(flags):
    return np.flatnonzero(flags).tolist()


def test_the_point_that_completes_two_of_three_and_lies_beyond_is_flagged():
    assert flagged(run_rules.western_electric([0, 2.5, 0, 2.5, 0, 0]).two_of_three) == [3]


def test_two_of_three_on_opposite_sides_is_no_pattern():
    assert flagged(run_rules.western_electric([0, 2.5, -2.5, 0]).two_of_three) == []


def test_the_window_must_lie_wholly_inside_the_series():
    assert flagged(run_rules.western_electric([2.5, 2.5, 0]).two_of_three) == []
    assert flagged(run_rules.western_electric([0, 2.5, 2.5]).two_of_three) == [2]


def test_a_point_inside_the_zone_is_not_flagged_though_the_window_counts_four():
    assert flagged(run_rules.western_electric([1.5, 1.5, 1.5, 1.5, 0.5]).four_of_five) == []
    assert flagged(run_rules.western_electric([1.5, 1.5, 0.5, 1.5, 1.5]).four_of_five) == [4]


def test_a_gap_ends_a_run():
    assert flagged(run_rules.western_electric([1] * 8).run_of_eight) == [7]
    assert flagged(run_rules.western_electric([1] * 4 + [np.nan] + [1] * 5).run_of_eight) == []


def test_nelsons_trends_and_alternations():
    assert flagged(run_rules.nelson(np.arange(7) / 10).trend_of_six) == [5, 6]
    assert flagged(run_rules.nelson([0.1, -0.1] * 8).alternating_fourteen) == [13, 14, 15]
    assert flagged(run_rules.nelson([0.5] * 16).within_fifteen) == [14, 15]
    assert flagged(run_rules.nelson([1.5, -1.5] * 4).outside_eight) == [7]


def test_short_series_are_flagged_nowhere():
    for field in run_rules.nelson([0.1, 0.2]).__slots__:
        assert not getattr(run_rules.nelson([0.1, 0.2]), field).any()


def test_laney_equals_p_when_the_points_vary_as_the_binomial_says():
    n = np.full(24, 400.0)
    x = np.array([360.0, 360 + 1.128 * 6] * 12)
    plain, laney = control_charts.p_chart(x, n), control_charts.laney_p(x, n)
    sd = np.sqrt(plain.center * (1 - plain.center) / 400)
    assert laney.sd[0] / plain.sd[0] == pytest.approx(6 / 400 / sd)


def test_a_month_without_cases_is_a_gap_not_a_zero():
    found = control_charts.laney_p([9, 0, 8, 9], [10, 0, 10, 10])
    assert np.isnan(found.points[1]) and found.center == pytest.approx(26 / 30)
    assert not run_rules.western_electric(found.z()).any().any()


def test_the_baseline_alone_sets_the_centre():
    assert control_charts.p_chart([5, 5, 50], [100, 100, 100], baseline=2).center == pytest.approx(0.05)


def test_a_series_that_never_varies_has_no_flags():
    found = control_charts.laney_p(np.full(12, 10), np.full(12, 10))
    assert (found.z() == 0).all()


def test_an_ewma_keeps_its_level_through_a_gap():
    found = drift.ewma([1, np.nan, 1], center=0, sd=1, lam=0.5)
    assert found.z.tolist() == [0.5, 0.5, 0.75]


def test_a_cusum_signals_the_first_sum_beyond_its_interval():
    found = drift.cusum([0, 2, 2, 2, 2], target=0, slack=0.5, decision=4)
    assert (found.hi.tolist(), int(found.first_signal)) == ([0, 1.5, 3, 4.5, 6], 4)


def test_published_run_lengths():
    assert run_length.arl_shewhart() == pytest.approx(370.4, abs=0.05)
    assert run_length.arl_cusum_two_sided(0.5, 4) == pytest.approx(168, abs=0.5)  # Montgomery, table 9.3
    assert run_length.arl_cusum_two_sided(0.5, 5) == pytest.approx(465, abs=0.5)
    assert run_length.arl_ewma_two_sided(0.2, 2.962) == pytest.approx(500, abs=2)  # Lucas & Saccucci 1990
    published = {"two_of_three": 225.44, "run_of_eight": 152.73, "four_of_five": 166.05}  # Champ & Woodall 1987
    for chosen, length in published.items():
        only = {rule: rule == chosen for rule in published}
        assert run_length.arl_rules(**only) == pytest.approx(length, abs=0.01)
    assert run_length.arl_rules() == pytest.approx(91.75, abs=0.01)


def test_range_constants_are_tippetts():
    assert [measurement_charts.range_constants(n)[0] for n in (2, 3, 5, 10, 25)] == [1.128, 1.693, 2.326, 3.078, 3.931]
    assert measurement_charts.range_constants(2)[1] == pytest.approx(0.8525025, abs=1e-6)


def test_a_month_unlike_the_others_is_surprising_and_one_without_data_is_nothing():
    steady = [90, 91, 89, 90, 92, 90, 88, 91, 90, 90, 91]
    assert deviations.overdispersed_p([*steady, 60], 100) < 1e-5
    assert deviations.overdispersed_p([*steady, 90], 100) > 0.5
    assert np.isnan(deviations.overdispersed_p([*steady, 0], [100] * 11 + [0]))
    assert deviations.overdispersed_rate_p([*steady, 150], 1.0) < 1e-3
    assert deviations.overdispersed_rate_p([0] * 12, 1.0) == 1


def test_the_last_mean_is_judged_as_one_more_value():
    v = np.array([3.0, 5, 4, 6, np.nan, 5, 9])
    before = v[[0, 1, 2, 3, 5]]
    t = (9 - before.mean()) / (before.std(ddof=1) * np.sqrt(1 + 1 / 5))
    assert deviations.individual_p(v) == pytest.approx(2 * stats.t.sf(t, 4))
    assert deviations.individual_p([2, 2, 2, 2]) == 1 and deviations.individual_p([2, 2, 2, 3]) == 0
    assert np.isnan(deviations.individual_p([2, 3]))


def test_rare_events_are_charted_by_the_time_between():
    times = np.array([10.0, 12, 8, 11, 9, 10, 10, 90])
    found = measurement_charts.t_chart(times)
    assert found.lcl < 8 < found.ucl
    assert measurement_charts.g_chart([2, 4, 3]).ucl == pytest.approx(3 + 3 * np.sqrt(12))
