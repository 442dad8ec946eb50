"""Survey weights, scores and drivers against figures worked out by hand."""

import numpy as np
import pytest
from scipy import stats

from hengzhi.methods import key_drivers, sample_sizes, survey_scores, survey_weights
from hengzhi.methods.interval import InvalidNumbers


def test_raking_one_margin_is_post_stratification():
    found = survey_weights.rake([[0, 0, 0, 1]], [[0.5, 0.5]])
    assert found.weights.tolist() == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2])


def test_raking_brings_both_margins_to_the_population():
    random = np.random.default_rng(2)
    branch, age = random.integers(0, 3, 400), random.integers(0, 2, 400)
    found = survey_weights.rake([branch, age], [[0.2, 0.3, 0.5], [0.6, 0.4]])
    assert found.worst_gap < 1e-10
    assert np.bincount(branch, found.weights) / 400 == pytest.approx([0.2, 0.3, 0.5])
    assert np.bincount(age, found.weights) / 400 == pytest.approx([0.6, 0.4])


def test_raking_reports_the_gap_a_cap_leaves():
    found = survey_weights.rake([[0] * 99 + [1]], [[0.5, 0.5]], cap=3, most_rounds=50)
    assert found.weights.max() <= 3.05 and found.worst_gap > 0.4


def test_a_category_without_respondents_is_refused():
    with pytest.raises(InvalidNumbers):
        survey_weights.rake([[0, 0]], [[0.5, 0.5]])


def test_the_design_effect_of_equal_weights_is_one():
    assert survey_weights.design_effect([2, 2, 2]) == pytest.approx(1)
    assert survey_weights.design_effect([1, 3]) == pytest.approx(2 * 10 / 16)


def test_design_effect_one_and_a_half_widens_the_margin_of_500():
    assert sample_sizes.margin_of_error(500, p=0.85) == pytest.approx(0.0313, abs=5e-5)
    assert sample_sizes.margin_of_error(500, p=0.85, deff=1.5) == pytest.approx(0.0383, abs=5e-5)


def test_net_promoter_is_promoters_less_detractors():
    found = survey_scores.net_promoter([10, 9, 8, 7, 6, 0, 10, np.nan])
    assert found.score == pytest.approx(100 * (3 - 2) / 7)
    assert (found.promoters, found.detractors, found.n) == (pytest.approx(3 / 7), pytest.approx(2 / 7), 7)
    assert found.interval.lower < found.score < found.interval.upper


def test_top_two_of_five_counts_fours_and_fives():
    found = survey_scores.top_box([5, 4, 3, 1, np.nan], least=4)
    assert (float(found.share), float(found.n_effective)) == (0.5, 4)


def test_the_gap_is_the_paired_t():
    p, e = np.array([[4.0], [3], [5], [2]]), np.array([[5.0], [4], [4], [4]])
    found = survey_scores.servqual_gap(p, e)
    assert float(found.gap[0]) == -0.75
    assert float(found.p[0]) == pytest.approx(stats.ttest_rel(p[:, 0], e[:, 0]).pvalue)


def test_cronbachs_alpha_of_identical_items_is_one():
    item = np.array([1.0, 2, 3, 4, 5])
    assert survey_scores.cronbach_alpha(np.column_stack([item] * 3)).alpha == pytest.approx(1)


def test_cronbachs_alpha_by_hand():
    # variances 5/3 and 5/3, of the sum 16/3: 2 (1 - (10/3)/(16/3)) = 0.75
    found = survey_scores.cronbach_alpha([[1, 2], [2, 1], [3, 4], [4, 3]])
    assert found.alpha == pytest.approx(0.75)
    assert found.interval.lower < 0.75 < found.interval.upper


def test_importances_add_up_to_the_explained_variance():
    random = np.random.default_rng(5)
    x = random.normal(size=(200, 4))
    x[:, 1] += x[:, 0]
    y = x @ [1.0, 0.5, 0, -0.3] + random.normal(size=200)
    found = key_drivers.key_drivers(x, y)
    fit = np.column_stack([np.ones(200), x])
    rest = y - fit @ np.linalg.lstsq(fit, y, rcond=None)[0]
    assert found.r2 == pytest.approx(1 - rest.var() / y.var())
    assert found.importance.sum() == pytest.approx(found.r2)


def test_uncorrelated_drivers_get_their_squared_correlation():
    x = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1.0]] * 3)
    y = 2 * x[:, 0] + x[:, 1]
    assert key_drivers.key_drivers(x, y).share == pytest.approx([0.8, 0.2])


def test_quadrants_cross_at_the_means():
    found = key_drivers.importance_performance([5, 5, 1, 1], [1, 5, 1, 5])
    assert [quadrant.value for quadrant in found] == ["concentrate_here", "keep_up", "low_priority", "possible_overkill"]
