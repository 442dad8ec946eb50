"""Shares, rates, means, scores, needed n and quantiles against published and closed-form figures."""

from decimal import Decimal

import numpy as np
import pytest
from scipy import stats

from hengzhi.methods import histogram, means, needed, proportions, rates, rating
from hengzhi.methods.interval import InvalidNumbers

KNOTS = [0.8, 0.9, 0.95, 1.0], [100, 60, 40, 0]


def test_a_claim_of_95_percent_needs_484_of_500():
    assert (proportions.lower_bound([478, 484], 500) >= 0.95).tolist() == [False, True]
    assert (proportions.lower_bound([438, 439], 500) >= 0.85).tolist() == [False, True]
    assert (proportions.lower_bound([461, 462], 500) >= 0.90).tolist() == [False, True]


def test_zero_failures_of_299_prove_less_than_one_percent():
    assert (proportions.upper_bound(0, [298, 299]) < 0.01).tolist() == [False, True]
    assert needed.needed_n(0.0, 0.01, "down") == 299


def test_zero_events_in_a_year_only_prove_less_than_three():
    assert rates.upper_bound(0, 1) == pytest.approx(-np.log(0.05))


def test_needed_n_is_the_total_at_which_the_bound_is_met():
    assert needed.needed_n(1719 / 1800, 0.95, "up") == 5236
    assert np.isinf(needed.needed_n([0.90, 0.95], 0.95, "up")).all()
    assert needed.needed_n(81 / 1800, 0.05, "down") == needed.needed_n(1719 / 1800, 0.95, "up")


def test_a_whole_count_of_a_population_has_no_uncertainty():
    found = proportions.finite_population_bounds([7, 0], [10, 10], [10, 10])
    assert found.lower.tolist() == found.upper.tolist() == [0.7, 0.0]


def test_a_large_population_gives_the_binomial_bounds():
    found = proportions.finite_population_bounds(90, 100, 10_000_000)
    assert found.lower == pytest.approx(proportions.lower_bound(90, 100), abs=1e-5)
    assert found.upper == pytest.approx(proportions.upper_bound(90, 100), abs=1e-5)


def test_finite_population_bounds_by_trying_every_count():
    x, n, size = 3, 8, 20
    kept_low = [k for k in range(size + 1) if stats.hypergeom.sf(x - 1, size, k, n) > 0.05]
    kept_high = [k for k in range(size + 1) if stats.hypergeom.cdf(x, size, k, n) > 0.05]
    found = proportions.finite_population_bounds(x, n, size)
    assert (float(found.lower), float(found.upper)) == (min(kept_low) / size, max(kept_high) / size)


def test_uncertainty_raises_the_risk_of_the_same_93_percent_smoothly():
    n = np.array([15, 150, 1500, 15000])
    found = rating.expected_score_beta(*proportions.jeffreys_posterior(0.93 * n, n), *KNOTS)
    assert found.round(2).tolist() == [53.97, 48.74, 48.11, 48.01]
    assert rating.score_at(0.93, *KNOTS) == pytest.approx(48)


@pytest.mark.parametrize("df", [1, 2, 3.5, 30, 5000])
def test_the_expected_score_under_t_equals_its_quadrature(df):
    at = stats.t(df, loc=0.93, scale=0.02).ppf((np.arange(400_000) + 0.5) / 400_000)
    assert rating.expected_score_t(0.93, 0.02, df, *KNOTS) == pytest.approx(np.interp(at, *KNOTS).mean(), abs=2e-6)


def test_the_expected_score_under_gamma_equals_its_quadrature():
    at = stats.gamma(3.5, scale=1 / 7).ppf((np.arange(400_000) + 0.5) / 400_000)
    found = rating.expected_score_gamma(3.5, 7, [2, 1, 0.5, 0], [100, 60, 40, 0])
    assert found == pytest.approx(np.interp(at, [0, 0.5, 1, 2], [0, 40, 60, 100]).mean(), abs=2e-6)


def test_knots_may_differ_per_series():
    theta = np.array([KNOTS[0], [0.5, 0.6, 0.7, 1.0]])
    found = rating.expected_score_beta([20, 20], [3, 3], theta, KNOTS[1])
    each = [float(rating.expected_score_beta(20, 3, row, KNOTS[1])) for row in theta]
    assert found.tolist() == each


def test_equal_knots_jump_and_the_line_itself_is_met():
    assert rating.score_at([0.94, 0.95, 0.96], [0.95, 0.95], [100, 0]).tolist() == [100, 0, 0]
    a, b = proportions.jeffreys_posterior(478, 500)
    expected = 100 * rating.probability_below_beta(a, b, 0.95)
    assert rating.expected_score_beta(a, b, [0.95, 0.95], [100, 0]) == pytest.approx(float(expected))


def test_sums_of_squares_do_not_cancel():
    base = 10**15
    values = [base + 1, base + 2, base + 3]
    for kind in (int, Decimal):
        found = means.t_interval(3, kind(sum(values)), kind(sum(v * v for v in values)))
        assert float(found.se) == pytest.approx(1 / np.sqrt(3), rel=1e-15)


def test_the_mean_of_one_case_has_no_bound():
    found = means.t_interval([1, 0], [5, 0], [25, 0]).bounds()
    assert np.isneginf(found.lower).all() and np.isposinf(found.upper).all()


def test_clusters_of_one_case_each_give_students_t():
    v = np.array([3.0, 5, 9, 1, 4])
    found = means.cluster_t(np.zeros(5, int), v, np.ones(5))
    assert float(found.se[0]) == pytest.approx(stats.sem(v))
    assert float(found.interval().upper[0]) == pytest.approx(stats.t.interval(0.95, 4, v.mean(), stats.sem(v))[1])


def test_the_histogram_keeps_values_within_half_a_percent():
    values = np.arange(0, 300_000)
    found = histogram.bin_value(histogram.bin_of(values))
    assert np.max(np.abs(found - values) / np.maximum(values, 1)) <= 0.005
    assert (found[:100] == values[:100]).all()


def test_quantiles_from_counts_are_the_order_statistics():
    values = np.random.default_rng(1).lognormal(5, 1, 999).astype(int)
    bins, counts = np.unique(histogram.bin_of(values), return_counts=True)
    exact = np.quantile(values, 0.9, method="inverted_cdf")
    assert histogram.quantile(bins, counts, 0.9) == pytest.approx(exact, rel=0.005)
    interval = histogram.quantile_interval(bins, counts, 0.9)
    ranks = np.add(stats.binom.ppf([0.025, 0.975], 999, 0.9), [0, 1])
    assert [interval.lower, interval.upper] == pytest.approx(np.sort(values)[ranks.astype(int) - 1], rel=0.01)


def test_counts_outside_their_range_are_refused():
    with pytest.raises(InvalidNumbers):
        proportions.wilson(3, 2)
    with pytest.raises(InvalidNumbers):
        rates.garwood(-1, 2)
