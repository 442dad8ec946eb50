"""Claims about a measure: they agree with published tests, cover as promised and refuse what can't be known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hengzhi.methods import effect_comparison, effect_formula, effect_impact, effect_interrupted, effect_ratio, effect_synthetic

seeds = st.integers(0, 2**32 - 1)


@given(seeds)
@settings(max_examples=40, deadline=None)
def test_t_tests_agree_with_scipy(seed):
    rng = np.random.default_rng(seed)
    first, second = rng.normal(1, 2, 12), rng.normal(0, 1, 12)
    paired, expected = effect_comparison.paired_t(first, second), stats.ttest_rel(first, second)
    assert (paired.t, paired.p) == pytest.approx((expected.statistic, expected.pvalue))
    assert paired.ci == pytest.approx(tuple(expected.confidence_interval()))
    welch, expected = effect_comparison.welch_t(first, second[:7]), stats.ttest_ind(first, second[:7], equal_var=False)
    assert (welch.t, welch.p, welch.df) == pytest.approx((expected.statistic, expected.pvalue, expected.df))


def test_welch_agrees_with_the_plant_growth_example_of_r():
    control = [4.17, 5.58, 5.18, 6.11, 4.50, 4.61, 5.17, 4.53, 5.33, 5.14]
    treated = [4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89, 4.32, 4.69]
    found = effect_comparison.welch_t(control, treated)
    assert (found.t, found.df, found.p) == pytest.approx((1.1913, 16.524, 0.2504), abs=5e-4)


def test_pairs_without_partner_values_are_left_out_and_single_pairs_refused():
    assert effect_comparison.paired_t([1, 2, np.nan, 5], [0, 3, 4, 1]).df == 2
    with pytest.raises(ValueError, match="two pairs"):
        effect_comparison.paired_t([1], [2])
    with pytest.raises(ValueError, match="equally many"):
        effect_comparison.paired_t([1, 2], [2])


def branches(rng, *, effect=0.0, count=40, periods=24, first_post=12):
    took = np.arange(count) < count // 2
    table = rng.normal(0, 1, (count, 1)) + np.linspace(0, 2, periods) + rng.normal(0, 0.5, (count, periods))
    table[np.ix_(took, np.arange(periods) >= first_post)] += effect
    return table, took


def test_difference_in_differences_finds_the_effect_that_was_put_in():
    table, took = branches(np.random.default_rng(1), effect=-1.0)
    found = effect_comparison.did_panel(table, took, np.arange(24), 12)
    low, high = found.effect.ci
    assert low < -1.0 < high < 0
    assert 30 < found.effect.df <= 38
    assert found.placebo_p < 0.1
    assert abs(found.gaps[:12]).max() < 0.6 and found.gaps[12:].mean() < -0.7


def test_a_pretended_earlier_start_shows_no_effect():
    table, took = branches(np.random.default_rng(1), effect=-1.0)
    found = effect_comparison.did_placebo_in_time(table, took, np.arange(24), first_post=12, pretended=6)
    assert found.ci[0] < 0 < found.ci[1]


def test_difference_in_differences_equals_the_regression_with_clustered_errors():
    table, took = branches(np.random.default_rng(2), effect=0.3, count=10, periods=4, first_post=2)
    found = effect_comparison.did_panel(table, took, np.arange(4), 2).effect
    change = table[:, 2:].mean(1) - table[:, :2].mean(1)
    design = np.column_stack([np.ones(10), took])
    bread = np.linalg.inv(design.T @ design)
    hat = design @ bread @ design.T
    left = change - hat @ change
    scores = design * (left / np.sqrt(1 - np.diag(hat)))[:, None]
    assert found.estimate == pytest.approx((bread @ design.T @ change)[1])
    assert found.se == pytest.approx(np.sqrt((bread @ (scores.T @ scores) @ bread)[1, 1]))


@pytest.mark.slow
def test_few_treated_branches_are_covered_as_promised():
    rng, inside = np.random.default_rng(5), 0
    for _ in range(1000):
        table, _ = branches(rng, count=30)
        low, high = effect_comparison.did_panel(table, np.arange(30) < 8, np.arange(24), 12).effect.ci
        inside += low <= 0 <= high
    assert 0.93 <= inside / 1000 <= 0.97


def test_a_single_treated_branch_has_no_standard_error_only_placebos():
    table, _ = branches(np.random.default_rng(3), count=20)
    table[0, 12:] -= 5
    found = effect_comparison.did_panel(table, np.arange(20) == 0, np.arange(24), 12)
    assert np.isnan(found.effect.se) and np.isnan(found.effect.p)
    assert found.placebo_p == pytest.approx(1 / 20)
    with pytest.raises(ValueError, match="untreated"):
        effect_comparison.did_panel(table, np.ones(20, bool), np.arange(24), 12)


def clustered_times(rng, clusters, *, between=0.25, cases=80):
    base = np.exp(rng.normal(2, between, clusters))
    cells = []
    for _ in range(2):
        each = rng.exponential(1, (clusters, cases)) * (base * np.exp(rng.normal(0, between, clusters)))[:, None]
        cells += [each.sum(1), np.full(clusters, cases)]
    return dict(zip(("sum_before", "n_before", "sum_after", "n_after"), cells, strict=True))


@pytest.mark.slow
def test_clustered_intervals_of_a_ratio_cover_as_promised():
    rng = np.random.default_rng(7)
    hits = {"bootstrap": 0, "t": 0}
    for seed in range(400):
        cells = clustered_times(rng, 40)
        intervals = {"bootstrap": effect_ratio.ratio_bootstrap(**cells, seed=seed, draws=500).ci, "t": effect_ratio.ratio_t(**cells).ci}
        for name, (low, high) in intervals.items():
            hits[name] += low <= 1 <= high
    assert 0.91 <= hits["bootstrap"] / 400 <= 0.985
    assert 0.92 <= hits["t"] / 400 <= 0.985


def test_a_ratio_of_means_is_that_of_all_cases_and_its_seed_repeats_it():
    cells = clustered_times(np.random.default_rng(8), 30)
    found = effect_ratio.ratio_bootstrap(**cells, seed=1)
    assert found.ratio == pytest.approx(cells["sum_after"].sum() / cells["sum_before"].sum())
    assert found.ci == effect_ratio.ratio_bootstrap(**cells, seed=1).ci
    assert found.probability_of_reduction(-9.0) == 1.0 and found.probability_of_reduction(0.99) == 0.0
    with pytest.raises(ValueError, match="two clusters"):
        effect_ratio.ratio_t(sum_before=[1], n_before=[1], sum_after=[1], n_after=[1])


def monthly_counts(rng, *, ratio):
    time = np.arange(1, 61)
    mean = 800 * np.exp(0.002 * time + 0.05 * np.cos(2 * np.pi * time / 12)) * np.where(time > 36, ratio, 1)
    columns = {"cases": rng.poisson(mean).astype(float), "time": time.astype(float), "after": (time > 36).astype(float)}
    return columns | {"people": np.full(60, 1e5)}


def test_an_interrupted_series_finds_the_step_under_trend_and_season():
    columns = monthly_counts(np.random.default_rng(4), ratio=0.9)
    formula = effect_formula.read_formula("cases ~ offset(log(people)) + after + time + harmonic(time,1,12)", columns)
    for errors in ("poisson", "quasipoisson", "hac"):
        found = effect_interrupted.fit_counts(formula.counts, formula.terms, offset=formula.offset, errors=errors)
        ratio, low, high = found.rate_ratio("after")
        assert low < 0.9 < high < 1 and ratio == pytest.approx(0.9, abs=0.03)
        assert found.df == 55 and 0.5 < found.dispersion < 1.6


def test_the_count_model_agrees_with_statsmodels():
    import statsmodels.api as sm

    columns = monthly_counts(np.random.default_rng(5), ratio=1.1)
    found = effect_interrupted.fit_counts(columns["cases"], {"after": columns["after"], "time": columns["time"]}, errors="hac", lags=3)
    design = sm.add_constant(np.column_stack([columns["after"], columns["time"]]))
    fitted = sm.GLM(columns["cases"], design, family=sm.families.Poisson()).fit()
    assert found.coefficients == pytest.approx(fitted.params, abs=1e-8)
    robust = sm.GLM(columns["cases"], design, family=sm.families.Poisson()).fit(
        cov_type="HAC", cov_kwds={"maxlags": 3, "use_correction": False}
    )
    assert found.se == pytest.approx(robust.bse, rel=1e-5)


def test_formulas_read_interactions_powers_and_factors_and_name_what_is_unknown():
    columns = {"y": np.arange(4.0), "a": np.array([0.0, 1, 0, 1]), "t": np.arange(4.0)}
    read = effect_formula.read_formula("y ~ a*t + I(t^2) + factor(a)", columns)
    assert list(read.terms) == ["a", "t", "a:t", "I(t^2)", "factor(a)1"]
    assert read.terms["a:t"].tolist() == [0, 1, 0, 3]
    with pytest.raises(ValueError, match="no column 'b'"):
        effect_formula.read_formula("y ~ b", columns)
    with pytest.raises(ValueError, match="collinear"):
        effect_interrupted.fit_counts(columns["y"], {"a": columns["a"], "b": columns["a"]})


def test_a_synthetic_control_finds_the_mix_that_was_put_in():
    rng = np.random.default_rng(6)
    donors = rng.normal(0, 1, (8, 30)).cumsum(axis=1)
    treated = 0.7 * donors[2] + 0.3 * donors[5]
    treated[20:] -= 2.5
    found = effect_synthetic.synthetic_control(treated, donors, pre_periods=20)
    assert found.weights[[2, 5]] == pytest.approx([0.7, 0.3], abs=1e-6)
    assert found.weights.sum() == pytest.approx(1) and (found.weights >= 0).all()
    assert found.att == pytest.approx(-2.5, abs=1e-6)
    assert found.placebo_p == pytest.approx(1 / 9)


def test_the_structural_model_sees_an_effect_only_where_there_is_one():
    rng = np.random.default_rng(9)
    control = 100 + rng.normal(0, 1, 90).cumsum() * 0.3
    series = 1.2 * control + rng.normal(0, 1, 90)
    quiet = effect_impact.causal_impact(series[:60], series[60:], controls_before=control[:60], controls_after=control[60:], seed=1)
    assert quiet.effect_ci[0] < 0 < quiet.effect_ci[1]
    moved = effect_impact.causal_impact(series[:60], series[60:] + 5, controls_before=control[:60], controls_after=control[60:], seed=1)
    assert moved.effect_ci[0] < 150 < moved.effect_ci[1] and moved.effect_ci[0] > 0
    assert moved.tail_probability < 0.01
    assert moved.relative == pytest.approx(moved.effect_sum / moved.predicted_sum)
