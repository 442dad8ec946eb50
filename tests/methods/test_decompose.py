"""Laws of the movement's decomposition: it adds up, it is antisymmetric, it nests."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from hengzhi.methods.decompose import Corners, Groups, category_movement, rate_movement, spread, spread_levels
from hengzhi.methods.decompose_money import money_movement, shapley

EXACT = 1e-9
seeds = st.integers(0, 2**32 - 1)


def expected_score(p, n):
    """E[s(theta)] under a Beta posterior, s falling in a straight line from 100 at 0.8 to 0 at 1."""
    x = p * n
    a, b, knot = x + 0.5, n - x + 0.5, 0.8
    beyond = special.betaincc(a, b, knot)
    mean_beyond = a / (a + b) * special.betaincc(a + 1, b, knot)
    return 100 * (1 - beyond) + 500 * (beyond - mean_beyond)


def random_cells(rng, branches, *, empty=0.2):
    n = rng.integers(1, 400, branches) * (rng.random(branches) > empty)
    n[0] += 1
    return rng.binomial(n, rng.uniform(0.7, 1.0, branches)).astype(float), n.astype(float)


def corners_of(p0, n0, p1, n1):
    return Corners.of(expected_score(p0, n0), expected_score(p1, n0), expected_score(p0, n1), expected_score(p1, n1))


@given(seeds)
@settings(max_examples=60, deadline=None)
def test_the_rows_of_a_movement_add_up_through_branches_to_the_risk(seed):
    rng = np.random.default_rng(seed)
    indicators, branches = 6, 12
    before = [random_cells(rng, branches) for _ in range(indicators)]
    after = [random_cells(rng, branches) for _ in range(indicators)]
    (p0, n0), (p1, n1) = (
        (np.array([x.sum() / n.sum() for x, n in cells]), np.array([n.sum() for _, n in cells])) for cells in (before, after)
    )
    w0, w1 = rng.dirichlet(np.ones(indicators)), rng.dirichlet(np.ones(indicators))
    floors = rng.uniform(0, 20, 2)
    corners = corners_of(p0, n0, p1, n1)
    moved = category_movement(weights_before=w0, weights_after=w1, corners=corners, floor_before=floors[0], floor_after=floors[1])
    points = 0.0
    for at in range(indicators):
        (groups,) = rate_movement(
            x_before=before[at][0], n_before=before[at][1], x_after=after[at][0], n_after=after[at][1], levels=[np.arange(branches)]
        )
        rows = spread(moved.level[at], groups)
        points += rows.own.sum() + rows.mix.sum()
    total = points + moved.weight.sum() + moved.evidence.sum() + moved.floor
    risk = (w1 @ corners.after + floors[1]) - (w0 @ corners.before + floors[0])
    assert abs(total - risk) <= EXACT
    assert abs(moved.total - risk) <= EXACT


@given(seeds)
@settings(max_examples=60, deadline=None)
def test_swapping_the_periods_flips_every_sign(seed):
    rng = np.random.default_rng(seed)
    (x0, n0), (x1, n1) = random_cells(rng, 20), random_cells(rng, 20)
    levels = [np.arange(20) // 10, np.arange(20) // 5, np.arange(20)]
    there = rate_movement(x_before=x0, n_before=n0, x_after=x1, n_after=n1, levels=levels)
    back = rate_movement(x_before=x1, n_before=n1, x_after=x0, n_after=n0, levels=levels)
    for one, other in zip(there, back, strict=True):
        assert np.abs(one.own + other.own).max() <= EXACT
        assert np.abs(one.mix + other.mix).max() <= EXACT
    p = rng.uniform(0.8, 1, (4, 5))
    n = rng.uniform(5, 500, (2, 5))
    w = rng.dirichlet(np.ones(5), 2)
    first = category_movement(weights_before=w[0], weights_after=w[1], corners=corners_of(p[0], n[0], p[1], n[1]), floor_after=3)
    second = category_movement(weights_before=w[1], weights_after=w[0], corners=corners_of(p[1], n[1], p[0], n[0]), floor_before=3)
    for row in ("weight", "level", "evidence"):
        assert np.abs(getattr(first, row) + getattr(second, row)).max() <= EXACT
    assert first.floor == -second.floor


@given(seeds)
@settings(max_examples=60, deadline=None)
def test_finer_rows_sum_to_the_own_row_of_their_group(seed):
    rng = np.random.default_rng(seed)
    branches = np.arange(60)
    (x0, n0), (x1, n1) = random_cells(rng, 60, empty=0.4), random_cells(rng, 60, empty=0.4)
    levels = rate_movement(x_before=x0, n_before=n0, x_after=x1, n_after=n1, levels=[branches // 20, branches // 5, branches])
    assert abs(levels[0].total.sum() - (x1.sum() / n1.sum() - x0.sum() / n0.sum())) <= EXACT
    for coarse, fine in pairwise(levels):
        inside = np.bincount(fine.parent, weights=fine.total, minlength=len(coarse.labels))
        assert np.abs(inside - coarse.own).max() <= EXACT
    points = spread_levels(7.5, levels)
    assert abs(points[0].total.sum() - 7.5) <= EXACT
    assert np.abs(np.bincount(points[2].parent, weights=points[2].total) - points[1].own).max() <= EXACT


def test_nothing_moved_gives_nothing_but_zeros():
    x, n = np.array([90.0, 40.0]), np.array([100.0, 50.0])
    (groups,) = rate_movement(x_before=x, n_before=n, x_after=x, n_after=n, levels=[["A", "B"]])
    assert not groups.own.any() and not groups.mix.any()
    rows = spread(0.0, groups)
    assert not rows.own.any() and not rows.mix.any()
    corners = corners_of(x / n, n, x / n, n)
    moved = category_movement(weights_before=[0.5, 0.5], weights_after=[0.5, 0.5], corners=corners, floor_before=4, floor_after=4)
    assert not moved.weight.any() and not moved.level.any() and not moved.evidence.any() and moved.floor == 0


def test_more_data_at_the_same_rate_moves_only_the_evidence_row():
    corners = corners_of(np.array([0.93]), np.array([15.0]), np.array([0.93]), np.array([1500.0]))
    moved = category_movement(weights_before=[1.0], weights_after=[1.0], corners=corners)
    assert moved.level[0] == 0 and moved.weight[0] == 0
    assert moved.evidence[0] == pytest.approx(float(corners.after[0] - corners.before[0]))
    assert moved.evidence[0] < 0


def test_a_branch_that_opened_or_closed_is_wholly_mix():
    (groups,) = rate_movement(
        x_before=[90, 45, 0], n_before=[100, 50, 0], x_after=[90, 0, 30], n_after=[100, 0, 60], levels=[["kept", "closed", "opened"]]
    )
    own, mix = (dict(zip(groups.labels.tolist(), rows, strict=True)) for rows in (groups.own, groups.mix))
    assert own == {"kept": 0, "closed": 0, "opened": 0}
    assert mix["opened"] < 0
    assert sum(mix.values()) == pytest.approx(120 / 160 - 135 / 150)


def test_own_rate_and_mix_agree_with_the_numbers_worked_out_by_hand():
    # Shares 0.8 and 0.2 become 0.5 and 0.5; rates 0.9 and 0.6 become 0.92 and 0.6: p goes from 0.84 to 0.76, its mean is 0.80.
    (groups,) = rate_movement(x_before=[72, 12], n_before=[80, 20], x_after=[46, 30], n_after=[50, 50], levels=[["A", "B"]])
    assert groups.own == pytest.approx([0.65 * 0.02, 0])
    assert groups.mix == pytest.approx([(0.91 - 0.80) * -0.3, (0.60 - 0.80) * 0.3])


def test_an_indicator_that_came_is_a_matter_of_weight():
    corners = Corners.of([50, np.nan], [50, np.nan], [50, np.nan], [50, 80])
    moved = category_movement(weights_before=[1, 0], weights_after=[0.5, 0.5], corners=corners)
    assert moved.weight.tolist() == [-25, 40] and not moved.level.any()
    with pytest.raises(ValueError, match="weight 0"):
        category_movement(weights_before=[0.5, 0.5], weights_after=[0.5, 0.5], corners=corners)


def test_levels_that_do_not_nest_and_periods_without_cases_are_refused():
    cells = {"x_before": [1, 1], "n_before": [2, 2], "x_after": [1, 1], "n_after": [2, 2]}
    with pytest.raises(ValueError, match="nested"):
        rate_movement(**cells, levels=[["A", "B"], ["C", "C"]])
    with pytest.raises(ValueError, match="both periods"):
        rate_movement(**cells | {"n_after": [0, 0]}, levels=[["A", "B"]])


def test_a_level_part_without_a_movement_of_the_rate_is_spread_without_blowing_up():
    groups = Groups(np.array(["A", "B"]), np.zeros(2, int), np.array([0.1, -0.1]), np.zeros(2))
    assert spread(1e-14, groups).total.sum() == pytest.approx(1e-14)


@given(seeds)
@settings(max_examples=60, deadline=None)
def test_money_moves_by_frequency_severity_and_control_exactly(seed):
    rng = np.random.default_rng(seed)
    before, after = rng.uniform(0.1, 50, (2, 3, 7))
    moved = money_movement(tuple(before), tuple(after))
    change = after.prod(axis=0) - before.prod(axis=0)
    assert np.abs(moved.total - change).max() <= 1e-9 * np.abs(after.prod(axis=0)).max()
    back = money_movement(tuple(after), tuple(before))
    assert np.abs(back.severity + moved.severity).max() <= 1e-9 * np.abs(after.prod(axis=0)).max()


def test_money_moves_as_the_six_orders_worked_out_by_hand():
    moved = money_movement((2.0, 10.0, 0.5), (3.0, 20.0, 0.4))
    # Frequency: a third alone first, a sixth after one of the others, a third last, times the step of 1.
    assert float(moved.frequency) == pytest.approx((10 * 0.5) / 3 + (20 * 0.5 + 10 * 0.4) / 6 + (20 * 0.4) / 3)
    assert float(moved.total) == pytest.approx(3 * 20 * 0.4 - 2 * 10 * 0.5)


def test_shapley_of_a_sum_gives_each_factor_its_own_change():
    parts = shapley(lambda v: v[0] + 2 * v[1], (1.0, 5.0), (4.0, 3.0))
    assert [float(part) for part in parts] == pytest.approx([3.0, -4.0])
