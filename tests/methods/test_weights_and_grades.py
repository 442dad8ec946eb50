"""Weights, fuzzy grades, failure modes, small networks and the risk matrix."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengzhi.methods import ahp, bayes_net, bayes_net_text, diagnostic_weights, fmea, fuzzy, risk_matrix

SPRINKLER = "P(C)=.5; P(S|C=0,1)=.5,.1; P(R|C=0,1)=.2,.8; P(W|SR)=00:0,10:.9,01:.9,11:.99"


@given(st.integers(0, 2**32 - 1), st.integers(3, 9))
@settings(max_examples=50, deadline=None)
def test_consistent_judgments_give_their_weights_back_by_every_method(seed, order):
    weights = np.random.default_rng(seed).dirichlet(np.full(order, 2.0)) + 0.01
    weights /= weights.sum()
    matrix = weights[:, None] / weights[None, :]
    for method in (ahp.eigenvector, ahp.geometric_mean, ahp.column_average):
        found = method(matrix)
        assert found.weights == pytest.approx(weights, rel=1e-6)
        assert abs(found.cr) < 1e-8
        assert found.worst is not None and found.worst.factor == pytest.approx(1)


def test_the_worst_triad_is_the_judgment_that_was_spoiled():
    weights = np.array([0.4, 0.3, 0.2, 0.1])
    matrix = weights[:, None] / weights[None, :]
    matrix[1, 3], matrix[3, 1] = matrix[1, 3] * 9, matrix[3, 1] / 9
    found = ahp.eigenvector(matrix)
    assert not found.is_consistent
    assert {1, 3} <= set(found.worst.items) and found.worst.factor == pytest.approx(9)


def test_a_group_joined_by_geometric_means_keeps_reciprocity():
    joined = ahp.aggregate_judgments([[[1, 4], [0.25, 1]], [[1, 1], [1, 1]]])
    assert joined.tolist() == [[1, 2], [0.5, 1]]


def test_the_random_index_is_named_and_its_table_ends():
    matrix = [[1, 2, 5], [0.5, 1, 4], [0.2, 0.25, 1]]
    ratios = {table: ahp.eigenvector(matrix, random_index=table).cr for table in ahp.RANDOM_INDEX}
    assert len(set(ratios.values())) == 3
    with pytest.raises(ValueError, match="no random-index table"):
        ahp.eigenvector(matrix, random_index="mine")
    with pytest.raises(ValueError, match="ends at order 10"):
        ahp.eigenvector(np.ones((11, 11)), random_index="saaty2008")
    with pytest.raises(ValueError, match="positive"):
        ahp.eigenvector([[1, 0], [1, 1]])


def test_an_indicator_breached_everywhere_alike_gets_no_entropy_weight():
    rng = np.random.default_rng(1)
    found = diagnostic_weights.entropy_weights(np.column_stack([np.full(50, 0.9), rng.uniform(0, 1, 50), rng.uniform(0, 1, 50)]))
    assert found.weights[0] == pytest.approx(0, abs=1e-12)
    assert found.weights.sum() == pytest.approx(1)


def test_entropy_and_critic_weights_survive_zeros_and_constant_columns():
    matrix = np.array([[1.0, 0.0, 5.0], [2.0, 0.0, 5.0], [3.0, 1.0, 5.0]])
    for found in (
        diagnostic_weights.entropy_weights(matrix, normalise="minmax").weights,
        diagnostic_weights.critic_weights(matrix).weights,
    ):
        assert found.sum() == pytest.approx(1) and found[2] == pytest.approx(0, abs=1e-12)
    with pytest.raises(ValueError, match="non-negative"):
        diagnostic_weights.entropy_weights([[-1.0, 2], [1, 3]])


def test_critic_weights_agree_with_numpy_on_contrast_and_conflict():
    values = np.random.default_rng(3).uniform(0, 1, (20, 3))
    scaled = (values - values.min(0)) / np.ptp(values, axis=0)
    expected = scaled.std(0, ddof=1) * (1 - np.corrcoef(scaled.T)).sum(0)
    assert diagnostic_weights.critic_weights(values).weights == pytest.approx(expected / expected.sum())


@pytest.mark.parametrize(
    ("operator", "grades"),
    [("M(*,+)", [0.34, 0.22]), ("M(∧,∨)", [0.5, 0.4]), ("M(·,∨)", [0.3, 0.16]), ("M(∧,⊕)", [0.6, 0.5])],
)
def test_operators_join_weights_and_memberships_as_by_hand(operator, grades):
    # Weights 0.6 and 0.4; for M(*,+): 0.6 x 0.5 + 0.4 x 0.1 = 0.34.
    found = fuzzy.evaluate([0.6, 0.4], [[0.5, 0.1], [0.1, 0.4]], operator=operator)
    assert found.grades == pytest.approx(grades)


def test_posterior_memberships_sum_to_one_and_sharpen_with_data():
    few, many = fuzzy.posterior_memberships([9.5, 930.5], [1.5, 70.5], [0.8, 0.9, 0.95])
    assert few.sum() == pytest.approx(1) and many.sum() == pytest.approx(1)
    assert many[2] > 0.95 > few[2]
    assert fuzzy.votes_to_memberships([[3, 1]]).tolist() == [[0.75, 0.25]]


def test_two_levels_keep_their_parts():
    found = fuzzy.evaluate_two_levels([0.5, 0.5], [[1.0], [0.5, 0.5]], [[[0.2, 0.8]], [[1, 0], [0, 1]]])
    assert found.parts.tolist() == [[0.2, 0.8], [0.5, 0.5]]
    assert found.grades == pytest.approx([0.35, 0.65])
    assert found.score([100, 0]) == pytest.approx(35)
    with pytest.raises(ValueError, match="no fuzzy operator"):
        fuzzy.operator_named("M(a,b)")


def test_action_priority_never_falls_when_a_rating_rises():
    rank = {"L": 0, "M": 1, "H": 2}
    s, o, d = np.meshgrid(*[np.arange(1, 11)] * 3, indexing="ij")
    table = np.vectorize(rank.get)(fmea.action_priority(s, o, d))
    for axis in range(3):
        assert (np.diff(table, axis=axis) >= 0).all()


@pytest.mark.parametrize(
    ("s", "o", "d", "priority"),
    [
        (10, 2, 7, "H"),
        (10, 2, 5, "M"),
        (9, 1, 10, "L"),
        (8, 5, 1, "M"),
        (7, 3, 4, "L"),
        (6, 8, 5, "H"),
        (5, 6, 1, "L"),
        (3, 9, 5, "M"),
        (1, 10, 10, "L"),
    ],
)
def test_action_priorities_of_single_failure_modes(s, o, d, priority):
    assert str(fmea.action_priority(s, o, d)) == priority


def test_the_thousand_combinations_collapse_on_120_numbers_yet_a_grave_mode_comes_first():
    ratings = np.array(list(product(range(1, 11), repeat=3))).T
    assert len(set(fmea.rpn(*ratings).tolist())) == 120
    assert fmea.order_by_priority([1, 10], [10, 4], [10, 2]).tolist() == [1, 0]
    with pytest.raises(ValueError, match="1 to 10"):
        fmea.rpn(0, 5, 5)


def test_the_alarm_network_gives_the_textbook_answer_however_it_is_written():
    # Russell & Norvig, Artificial Intelligence, ch. 14: P(burglary | both call) = 0.284.
    for text in (
        "P(B)=.001; P(E)=.002; P(A|BE)=11:.95,10:.94,01:.29,00:.001; P(J|A)=.90,.05; P(M|A=0,1)=.01,.70",
        "P(B)=.001, P(E)=.002, P(A|b,e)=.95, P(A|b,~e)=.94, P(A|~b,e)=.29, P(A|~b,~e)=.001; P(J|A=1)=.9; P(J|A=0)=.05; P(M|A=0,1)=.01,.7",
        "P(b)=.001; P(e)=.002; P(a|b,e)=.95; P(a|b,¬e)=.94; P(a|¬b,e)=.29; P(¬a|¬b,¬e)=.999; P(J|A)=.9; P(J|¬A)=.05; P(M=1|A=1,0)=.7,.01",
        "P(B=1)=.001; P(E=T)=.002; P(A|B,E=TT,TF,FT,FF)=.95,.94,.29,.001; P(J|A)=T:.9,F:.05; P(M|A)=1:.7 0:.01",
    ):
        net = bayes_net.network(bayes_net_text.read_network(text))
        assert net.probability({"B": True}, {"J": True, "M": True}) == pytest.approx(0.284172, abs=1e-6)


def test_probabilities_of_a_network_sum_to_one_and_explain_away():
    net = bayes_net.network(bayes_net_text.read_network(SPRINKLER))
    assert net.weights.sum() == pytest.approx(1)
    wet = net.probability({"S": True}, {"W": True})
    assert net.probability({"S": True}, {"W": True, "R": True}) < wet
    with pytest.raises(ValueError, match="probability zero"):
        net.probability({"C": True}, {"W": True, "S": False, "R": False})


def test_twenty_nodes_are_answered_and_cycles_and_holes_refused():
    chain = [bayes_net.Node("n0", (), (0.3,))] + [bayes_net.Node(f"n{k}", (f"n{k - 1}",), (0.1, 0.9)) for k in range(1, 20)]
    assert bayes_net.network(chain[::-1]).weights.sum() == pytest.approx(1)
    with pytest.raises(ValueError, match="at most 20"):
        bayes_net.network([*chain, bayes_net.Node("n20", (), (0.5,))])
    with pytest.raises(ValueError, match="cycle"):
        bayes_net.network([bayes_net.Node("a", ("b",), (0.1, 0.2)), bayes_net.Node("b", ("a",), (0.1, 0.2))])
    with pytest.raises(ValueError, match="lacks a probability"):
        bayes_net_text.read_network("P(A)=.1; P(B|A=1)=.5")


def test_noisy_or_multiplies_what_each_cause_leaves_undone():
    node = bayes_net.noisy_or({"cold": 0.4, "flu": 0.8, "malaria": 0.9}, name="fever")
    assert node.yes[-1] == pytest.approx(1 - 0.6 * 0.2 * 0.1)
    assert bayes_net.noisy_or({"cold": 0.4}, name="fever", leak=0.1).yes == pytest.approx((0.1, 0.46))


def test_a_matrix_coloured_by_expected_loss_keeps_its_order():
    edges = risk_matrix.log_edges(0.01, 1.0, cells=5), risk_matrix.log_edges(1e3, 1e8, cells=5)
    matrix = risk_matrix.coloured(*edges, green_up_to=1e4, red_from=1e6)
    assert {0, 1, 2} == set(np.unique(matrix.colours).tolist())
    assert risk_matrix.check(matrix).holds
    assert tuple(int(at[0]) for at in matrix.cells([0.02], [2e7])) == (0, 4)


def test_an_ordinal_product_matrix_breaks_the_axioms():
    uniform = np.linspace(0, 1, 6)
    product_matrix = np.outer(np.arange(1, 6), np.arange(1, 6))
    colours = np.where(product_matrix >= 10, 2, np.where(product_matrix <= 5, 0, 1))
    assert not risk_matrix.check(risk_matrix.Matrix(uniform, uniform, colours)).holds
    assert risk_matrix.rank_by_expected_loss([0.1, 0.9], [100, 1]).tolist() == [0, 1]
