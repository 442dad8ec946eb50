"""Queues, retention and reliability against closed forms and published numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengzhi.methods import queueing, reliability, retention


@given(st.floats(0.1, 60), st.integers(1, 80))
@settings(max_examples=80, deadline=None)
def test_erlang_b_keeps_its_recursion_and_falls_with_each_server(load, servers):
    before, after = queueing.erlang_b(load, [servers, servers + 1])
    assert after == pytest.approx(load * before / (servers + 1 + load * before))
    assert 0 <= after < before <= 1


def test_erlang_b_and_c_agree_with_printed_tables():
    # Cooper 1981, appendix: B(10, 10) = 0.2146; Gans, Koole & Mandelbaum 2003: 8 erlangs on 10 servers wait with 0.409.
    assert float(queueing.erlang_b(10, 10)) == pytest.approx(0.21458, abs=1e-5)
    assert float(queueing.erlang_c(8, 10)) == pytest.approx(0.40918, abs=1e-5)
    assert float(queueing.erlang_c(1.5, 2)) == pytest.approx(2 * 0.75**2 / 1.75)
    assert queueing.erlang_c([10, 12], 10).tolist() == [1, 1]


def test_many_loads_at_once_give_what_each_gives_alone():
    loads, servers = np.array([3.0, 8.0, 20.0]), np.array([5, 9, 30])
    together = queueing.waiting(loads, 1.0, servers)
    for at in range(3):
        alone = queueing.waiting(loads[at], 1.0, servers[at])
        assert float(alone.mean_wait) == together.mean_wait[at]
        assert float(alone.within(0.5)) == together.within(0.5)[at]


def test_an_overloaded_queue_waits_for_ever():
    found = queueing.waiting(12.0, 1.0, 10)
    assert np.isinf(found.mean_wait) and float(found.within(5)) == 0 and float(found.occupancy) == 1


@given(st.floats(1, 40), st.integers(1, 40))
@settings(max_examples=40, deadline=None)
def test_impatience_lies_between_losing_and_waiting(load, servers):
    endless = queueing.erlang_a(load, 1.0, servers, 1e5)
    assert endless.abandon_probability == pytest.approx(float(queueing.erlang_b(load, servers)), rel=5e-3)
    if load < 0.9 * servers:
        patient = queueing.erlang_a(load, 1.0, servers, 1e-6)
        assert patient.wait_probability == pytest.approx(float(queueing.erlang_c(load, servers)), rel=1e-3)
    found = queueing.erlang_a(load, 1.0, servers, 0.5)
    assert found.occupancy * servers == pytest.approx(load * (1 - found.abandon_probability))


def test_patience_as_long_as_service_makes_an_infinite_server_queue():
    # With theta = mu the number present is Poisson(load), whatever the servers.
    from scipy import stats

    assert queueing.erlang_a(7.0, 1.0, 5, 1.0).wait_probability == pytest.approx(stats.poisson.sf(4, 7.0))


def test_the_servers_needed_are_the_fewest_that_keep_the_promise():
    n = queueing.servers_needed(100, 6, wait=1 / 3, share=0.8)
    assert float(queueing.waiting(100, 6, n).within(1 / 3)) >= 0.8 > float(queueing.waiting(100, 6, n - 1).within(1 / 3))


# Freireich et al. 1963, remission weeks under 6-MP (Kalbfleisch & Prentice): the textbook example of Kaplan-Meier.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
ENDED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


def test_kaplan_meier_agrees_with_the_remission_data():
    found = retention.kaplan_meier(WEEKS, ENDED)
    assert found.share == pytest.approx([0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482], abs=1e-4)
    assert np.sqrt(found.variance) == pytest.approx([0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346], abs=1e-4)
    low, high = found.interval()
    assert (low > 0).all() and (low < found.share).all() and (found.share < high).all() and (high < 1).all()
    assert found.at([0, 6, 22.5, 99]).tolist() == pytest.approx([1, 0.8571, 0.5378, 0.4482], abs=1e-4)


def test_the_restricted_mean_agrees_with_r():
    # R: print(survfit(Surv(time, status) ~ 1), rmean = 35) gives 23.3 (se 2.83).
    found = retention.restricted_mean(retention.kaplan_meier(WEEKS, ENDED), horizon=35)
    assert found.mean == pytest.approx(23.29, abs=0.01)
    assert np.sqrt(found.variance) == pytest.approx(2.83, abs=0.01)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
def test_survival_only_falls_and_without_censoring_it_is_the_plain_share(seed):
    rng = np.random.default_rng(seed)
    time, ended = rng.integers(1, 12, 60), rng.random(60) < 0.7
    found = retention.kaplan_meier(time, ended)
    assert (np.diff(found.share) <= 0).all() and (found.share >= 0).all() and (found.share <= 1).all()
    plain = retention.kaplan_meier(time, np.ones(60, bool))
    assert plain.share == pytest.approx([(time > t).mean() for t in plain.times])
    assert retention.restricted_mean(plain, horizon=12).mean == pytest.approx(time.mean())


def test_two_groups_that_stay_alike_show_no_difference():
    one = retention.restricted_mean(retention.kaplan_meier(WEEKS, ENDED), horizon=30)
    gap, (low, high), p = retention.restricted_mean_difference(one, one)
    assert gap == 0 and low < 0 < high and p == 1


def test_a_cohort_is_blank_where_it_is_not_yet_that_old():
    found = retention.cohort_table([0, 0, 0, 0, 2, 2], [1, 3, np.nan, np.nan, np.nan, 3], now=3, ages=5)
    assert found.cohorts.tolist() == [0, 2] and found.sizes.tolist() == [4, 2]
    assert found.shares[0].tolist() == pytest.approx([1, 0.75, 0.75, 0.5, np.nan], nan_ok=True)
    assert found.shares[1].tolist() == pytest.approx([1, 0.5, np.nan, np.nan, np.nan], nan_ok=True)


def test_mean_time_between_failures_agrees_with_the_handbook_and_knows_zero():
    # NIST/SEMATECH e-Handbook 8.4.5.1, 90 %: r = 1: 0.2108 and 19.4958; r = 10: 0.5895 and 1.8432.
    low, high = reliability.mtbf_factors([1, 10])
    assert low == pytest.approx([0.2108, 0.5895], abs=2e-4) and high == pytest.approx([19.4958, 1.8432], abs=2e-4)
    none = reliability.mtbf(1000, 0, confidence=0.90)
    assert np.isinf(none.estimate) and np.isinf(none.upper)
    assert float(none.lower) == pytest.approx(1000 / -np.log(0.05))
    with pytest.raises(ValueError, match="at least one"):
        reliability.mtbf(1000, 0, ending="failure-terminated")


def test_a_budget_burns_as_the_workbook_says():
    assert float(reliability.budget_minutes(0.999)) == pytest.approx(43.2)
    assert reliability.observed_burn([14.4, 0], [1000, 0], objective=0.999) == pytest.approx([14.4, np.nan], nan_ok=True)
    assert reliability.availability([99, 0], [1, 0]) == pytest.approx([0.99, np.nan], nan_ok=True)
    for rate, window, _ in reliability.BURN_ALERTS:
        assert rate == pytest.approx(float(reliability.burn_rate({1.0: 0.02, 6.0: 0.05, 72.0: 0.1}[window], window)))
