"""Laws: ranges, nesting, direction, and independence of rows' order and of blocks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengzhi.methods import (
    agreement,
    alerts,
    control_charts,
    deviations,
    drift,
    histogram,
    krippendorff,
    means,
    needed,
    portfolio,
    proportions,
    rates,
    rating,
    run_rules,
)

counts = st.integers(0, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
KNOTS = ([0.8, 0.9, 0.95, 1.0], [100, 60, 40, 0])


@given(counts)
def test_intervals_lie_in_range_hold_the_share_and_nest(case):
    x, n = case
    share = x / n if n else 0.5
    for method in (proportions.wilson, proportions.clopper_pearson):
        wide, narrow = method(x, n, conf=0.99), method(x, n, conf=0.9)
        assert 0 <= wide.lower <= narrow.lower <= share <= narrow.upper <= wide.upper <= 1
    for method in (proportions.agresti_coull, proportions.wald):
        found = method(x, n)
        assert 0 <= found.lower <= found.upper <= 1


@given(counts)
def test_counting_failures_mirrors_the_interval(case):
    x, n = case
    assert proportions.lower_bound(x, n) == pytest.approx(1 - proportions.upper_bound(n - x, n), abs=1e-9)


@given(st.integers(1, 400), st.data())
def test_one_more_success_never_lowers_a_bound(n, data):
    x = data.draw(st.integers(0, n - 1))
    for bound in (proportions.lower_bound, proportions.upper_bound):
        assert bound(x + 1, n) >= bound(x, n)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 60), st.data())
def test_knowing_the_population_never_widens_the_bounds(n, data):
    x = data.draw(st.integers(0, n))
    size = data.draw(st.integers(n, 500))
    found = proportions.finite_population_bounds(x, n, size)
    assert found.lower <= x / n <= found.upper
    # One unit of the population is all the whole numbers can cost.
    assert found.lower >= proportions.lower_bound(x, n) - 1 / size - 1e-9
    assert found.upper <= proportions.upper_bound(x, n) + 1 / size + 1e-9


@given(st.integers(0, 2000), st.floats(0.01, 1e5))
def test_rate_intervals_hold_the_rate_and_scale_with_exposure(x, exposure):
    found, unit = rates.garwood(x, exposure), rates.garwood(x, 1)
    assert 0 <= found.lower <= x / exposure <= found.upper
    assert found.upper * exposure == pytest.approx(float(unit.upper))


@given(st.integers(1, 500), st.integers(1, 500), st.floats(0.1, 10), st.floats(0.1, 10))
@settings(max_examples=40, deadline=None)
def test_swapping_two_rates_inverts_their_ratio(x1, x2, t1, t2):
    one, other = rates.rate_ratio(x1, t1, x2, t2), rates.rate_ratio(x2, t2, x1, t1)
    assert one.ratio * other.ratio == pytest.approx(1)
    assert one.interval.lower == pytest.approx(1 / float(other.interval.upper), rel=1e-6)
    assert one.p == pytest.approx(float(other.p))


@given(counts)
def test_scores_lie_between_best_and_worst_and_fall_with_success(case):
    x, n = case
    score = rating.expected_score_beta(*proportions.jeffreys_posterior(x, n), *KNOTS)
    assert 0 <= score <= 100
    if x < n:
        assert rating.expected_score_beta(*proportions.jeffreys_posterior(x + 1, n), *KNOTS) <= score + 1e-9


@given(st.floats(0.7, 1), st.integers(10, 10**7))
def test_with_ever_more_data_the_score_goes_to_the_point(p, n):
    a, b = proportions.jeffreys_posterior(p * n, n)
    spread = np.sqrt(0.25 / n)
    # The steepest piece of the risk function rises by 800 points per unit.
    assert abs(rating.expected_score_beta(a, b, *KNOTS) - rating.score_at(p, *KNOTS)) <= 800 * (spread + 1 / n)


@given(st.floats(-5, 5), st.floats(0.01, 3), st.integers(1, 2000), st.floats(-3, 3))
def test_a_t_score_shifts_with_its_knots(mean, se, df, by):
    theta = np.array([-1.0, 0, 1, 2])
    one = rating.expected_score_t(mean, se, df, theta, [100, 60, 40, 0])
    assert one == pytest.approx(float(rating.expected_score_t(mean + by, se, df, theta + by, [100, 60, 40, 0])), abs=1e-6)
    assert rating.probability_above_t(mean, se, df, 0) + rating.probability_below_t(mean, se, df, 0) == pytest.approx(1)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.5, 1), st.floats(0.3, 0.99))
def test_needed_n_is_the_first_that_meets(p, target):
    n = float(needed.needed_n(p, target, "up"))
    if p <= target:
        assert np.isinf(n)
    elif n < 1e6:
        assert proportions.lower_bound(p * n, n) >= target - 1e-9
        assert n == 1 or proportions.lower_bound(p * (n - 1), n - 1) < target + 1e-9


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1000), st.integers(1, 50)), min_size=1, max_size=60), st.randoms())
def test_cluster_means_do_not_depend_on_the_order_of_rows(rows, random):
    mixed = list(rows)
    random.shuffle(mixed)
    one, other = (means.cluster_t(*map(np.array, zip(*part, strict=True)), size=4) for part in (rows, mixed))
    for field in ("mean", "se", "df"):
        np.testing.assert_array_equal(getattr(one, field), getattr(other, field))


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=300), st.sampled_from([0.1, 0.5, 0.9, 0.99]))
def test_quantiles_are_within_half_a_percent_and_inside_their_interval(values, q):
    bins, found = np.unique(histogram.bin_of(values), return_counts=True)
    exact = np.quantile(values, q, method="inverted_cdf")
    assert abs(histogram.quantile(bins, found, q) - exact) <= 0.005 * exact + 1e-9
    interval = histogram.quantile_interval(bins, found, q)
    assert interval.lower <= histogram.quantile(bins, found, q) <= interval.upper


probabilities = st.lists(st.one_of(st.floats(0, 1), st.just(float("nan"))), min_size=1, max_size=80).map(np.array)


@given(probabilities, st.randoms())
def test_adjusted_p_values_are_larger_ordered_and_free_of_order(p, random):
    bh, by = alerts.benjamini_hochberg(p), alerts.benjamini_yekutieli(p)
    known = ~np.isnan(p)
    assert (bh.adjusted[known] >= p[known] - 1e-15).all() and (by.adjusted[known] >= bh.adjusted[known] - 1e-12).all()
    assert (bh.rejected >= alerts.bonferroni(p).rejected).all() and (bh.rejected >= alerts.bh_with_margin(p).rejected).all()
    np.testing.assert_array_equal(alerts.bh_rejected(p), bh.rejected)
    order = list(range(p.size))
    random.shuffle(order)
    np.testing.assert_array_equal(alerts.benjamini_hochberg(p[order]).adjusted, bh.adjusted[order])


@given(probabilities, st.data())
def test_families_are_judged_apart(p, data):
    family = np.array(data.draw(st.lists(st.integers(0, 3), min_size=p.size, max_size=p.size)))
    together = alerts.benjamini_hochberg(p, family=family).adjusted
    for each in range(4):
        np.testing.assert_array_equal(together[family == each], alerts.benjamini_hochberg(p[family == each]).adjusted)
    tree = alerts.hierarchical(p, family)
    assert (tree.tests <= tree.families[family]).all()


def made_up(series: int = 300, months: int = 36) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(3)
    n = random.integers(0, 400, (series, months))
    n[random.random((series, months)) < 0.02] = 0
    return random.binomial(n, random.uniform(0.7, 1, (series, 1))), n


def test_a_portfolio_does_not_depend_on_blocks_threads_or_the_order_of_rows():
    x, n = made_up()
    order = np.random.default_rng(4).permutation(len(x))
    whole = portfolio.watch(x, n, knots=KNOTS, block=1000)
    parts = portfolio.watch(x[order], n[order], knots=KNOTS, block=7, threads=2)
    for field in portfolio.Watch.__slots__:
        np.testing.assert_array_equal(getattr(whole, field)[order], getattr(parts, field))


def test_a_portfolio_equals_each_method_on_its_own():
    x, n = made_up(40)
    found = portfolio.watch(x, n, knots=KNOTS)
    chart = control_charts.laney_p(x, n)
    np.testing.assert_array_equal(found.ucl, chart.ucl.astype(np.float32))
    np.testing.assert_array_equal((found.rules & portfolio.Rule.RUN_OF_EIGHT) > 0, run_rules.western_electric(chart.z()).run_of_eight)
    drifting = drift.ewma(chart.z(), center=np.zeros(40), sd=np.ones(40)).signals()
    np.testing.assert_array_equal((found.rules & portfolio.Rule.EWMA) > 0, drifting)
    np.testing.assert_array_equal(found.p, deviations.overdispersed_p_each(x, n).astype(np.float32))


def test_leaving_each_month_out_equals_testing_it_last():
    x, n = made_up(25)
    each = deviations.overdispersed_p_each(x, n)
    for month in range(n.shape[1]):
        order = [*[other for other in range(n.shape[1]) if other != month], month]
        np.testing.assert_allclose(deviations.overdispersed_p(x[:, order], n[:, order]), each[:, month], rtol=1e-8)


@given(st.integers(1, 60), st.lists(st.floats(-60, 60), min_size=1, max_size=20))
def test_the_finite_series_is_students_t(df, t):
    from scipy import special

    np.testing.assert_allclose(deviations.student_p(t, df), 2 * special.stdtr(df, -np.abs(t)), rtol=1e-8, atol=1e-15)


tables = st.integers(2, 4).flatmap(lambda k: st.lists(st.lists(st.integers(0, 20), min_size=k, max_size=k), min_size=k, max_size=k))


@given(tables.filter(lambda table: sum(map(sum, table)) > 0))
def test_agreement_is_at_most_one_and_blind_to_swapping_raters(table):
    table = np.array(table)
    for weights in ("unweighted", "linear", "quadratic"):
        found = agreement.cohen_kappa(table, weights=weights)
        assert found.kappa <= 1 + 1e-12
        assert found.kappa == pytest.approx(agreement.cohen_kappa(table.T, weights=weights).kappa)
    assert agreement.gwet_ac1(table).ac1 <= 1 + 1e-12


@given(st.lists(st.lists(st.one_of(st.integers(1, 5), st.just(float("nan"))), min_size=6, max_size=6), min_size=2, max_size=4))
def test_alpha_does_not_depend_on_the_order_of_raters_or_cases(rows):
    ratings = np.array(rows, dtype=float)
    for scale in ("nominal", "ordinal", "interval", "ratio"):
        one = krippendorff.krippendorff_alpha(ratings, scale=scale)
        other = krippendorff.krippendorff_alpha(ratings[::-1, ::-1], scale=scale)
        assert one == pytest.approx(other, nan_ok=True)
        assert np.isnan(one) or one <= 1 + 1e-12
