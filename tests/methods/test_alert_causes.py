"""Persistence, common causes, shrinkage and year on year, on data small enough to read."""

import numpy as np
import pytest

from hengzhi.methods import alert_causes, seasonality, shrinkage


def test_two_of_three_months_make_a_persistent_alert():
    assert alert_causes.persistent([1, 0, 1, 0, 0, 1, 1]).tolist() == [False, False, True, False, False, False, True]


def test_a_district_that_shifts_as_one_raises_one_alert():
    alerts, district = [1, 1, 0, 1, 0, 0], [0, 0, 0, 1, 1, 1]
    found = alert_causes.common_causes(alerts, district, [-1, -1, 1, -1, 1, 1])
    assert found.parents.tolist() == [True, False]
    assert found.alone.tolist() == [False, False, False, True, False, False]


def test_opposite_shifts_are_no_common_cause():
    found = alert_causes.common_causes([1, 1, 0, 0], [0, 0, 0, 0], [1, -1, 1, 1])
    assert not found.parents.any() and found.alone.tolist() == [True, True, False, False]


def test_a_member_against_the_common_direction_still_stands_alone():
    found = alert_causes.common_causes([1, 1, 1, 1], [0, 0, 0, 0], [-1, -1, -1, 1])
    assert found.parents.all() and found.alone.tolist() == [False, False, False, True]


def test_small_units_move_towards_their_peers_and_large_ones_stay():
    found = shrinkage.shrink([2, 900, 850, 950, 880], [4, 1000, 1000, 1000, 1000])
    assert found.raw[0] == 0.5 and 0.8 < found.posterior.mean[0] < 0.92
    assert found.posterior.mean[1:] == pytest.approx(found.raw[1:], abs=0.01)


def test_shrinkage_finds_the_prior_the_peers_were_drawn_from():
    random = np.random.default_rng(1)
    n = random.integers(20, 400, 4000)
    found = shrinkage.shrink(random.binomial(n, random.beta(18, 2, 4000)), n)
    assert (found.a, found.b) == (pytest.approx(18, rel=0.1), pytest.approx(2, rel=0.1))


def test_peers_that_vary_by_chance_alone_share_one_rate():
    found = shrinkage.shrink([90, 90, 90, 90], [100, 100, 100, 100])
    assert found.posterior.mean == pytest.approx([0.9] * 4, abs=2e-3)


def test_less_than_two_years_are_compared_with_the_same_month():
    found = seasonality.year_on_year([*range(1, 13), 2, 4])
    assert np.isnan(found[:12]).all() and found[12:].tolist() == [2, 2]
    assert np.isnan(seasonality.year_on_year([1, 2])).all()
