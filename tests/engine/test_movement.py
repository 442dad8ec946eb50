"""The movement of a risk adds up, turns its signs when the periods are swapped, and is nothing where nothing changed."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengzhi.app import CATALOGUE
from hengzhi.engine.judge import Series, judge
from hengzhi.engine.movement import Stand, movement, spread_over_cells
from hengzhi.engine.policy import Target

SHARE = CATALOGUE.indicators["feedback.satisfied"]
RATE = CATALOGUE.indicators["technology.failure_rate"]
TARGETS = {SHARE.key: Target(0.88, 0.80), RATE.key: Target(0.01, 0.02)}
DEFINITIONS = {key: (CATALOGUE.indicators[key], target) for key, target in TARGETS.items()}


def stand(key, x, n, weight):
    import numpy as np

    judged = judge(DEFINITIONS[key][0], Series(np.array([x]), np.array([n])), TARGETS[key])
    return Stand(weight, float(judged.score[0]), False, x / n, n, float(judged.lower[0]), float(judged.upper[0]))


counts = st.tuples(st.integers(0, 400), st.integers(401, 900))
weights = st.floats(0.1, 0.9)


@st.composite
def periods(draw):
    (x, n), (f, m), w = draw(counts), draw(counts), draw(weights)
    return {SHARE.key: stand(SHARE.key, x, n, w), RATE.key: stand(RATE.key, f, m * 100, 1 - w)}


def score(stands, floor):
    return sum(s.weight * s.score for s in stands.values()) + floor


def explain(before, after, floors):
    return movement(
        before,
        after,
        DEFINITIONS,
        floor_before=floors[0],
        floor_after=floors[1],
        score_before=score(before, floors[0]),
        score_after=score(after, floors[1]),
    )


@given(periods(), periods(), st.tuples(st.floats(0, 30), st.floats(0, 30)))
def test_the_rows_add_up_to_the_movement(before, after, floors):
    assert abs(explain(before, after, floors).gap) <= 1e-9


@given(periods(), periods())
def test_swapped_periods_turn_every_sign(before, after):
    there = {row.key: row for row in explain(before, after, (0, 0)).rows}
    back = {row.key: row for row in explain(after, before, (0, 0)).rows}
    for key, row in there.items():
        for name in ("weight", "level", "evidence"):
            assert math.isclose(getattr(row, name), -getattr(back[key], name), abs_tol=1e-9)


@given(periods())
def test_no_change_moves_nothing(same):
    assert all(row.weight == row.level == row.evidence == 0 for row in explain(same, same, (5, 5)).rows)


def test_more_cases_at_the_same_share_are_evidence_only():
    moved = explain({SHARE.key: stand(SHARE.key, 93, 100, 1)}, {SHARE.key: stand(SHARE.key, 930, 1000, 1)}, (0, 0))
    assert moved.rows[0].level == pytest.approx(0, abs=1e-9)
    assert moved.rows[0].evidence < 0


def test_data_that_went_missing_are_evidence():
    gone = Stand(1.0, 60.0, True, None, 0, None, None)
    moved = explain({SHARE.key: stand(SHARE.key, 93, 100, 1)}, {SHARE.key: gone}, (0, 0))
    assert moved.rows[0].level == 0
    assert moved.rows[0].evidence == pytest.approx(moved.total)


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(51, 90), st.integers(0, 50), st.integers(51, 90)), min_size=2, max_size=6),
    st.floats(-20, 20),
)
def test_branches_add_up_to_the_level(cells, points):
    before = {str(i): (c[0], c[1]) for i, c in enumerate(cells)}
    after = {str(i): (c[2], c[3]) for i, c in enumerate(cells)}
    told = spread_over_cells(points, before, after)
    assert sum(c.own + c.mix for c in told) == pytest.approx(points, abs=1e-9)


def test_a_branch_that_opened_is_wholly_mix():
    told = {c.label: c for c in spread_over_cells(3.0, {"a": (5, 50)}, {"a": (5, 50), "b": (30, 50)})}
    assert told["a"].own == told["b"].own == 0
    assert told["a"].mix + told["b"].mix == pytest.approx(3.0)
