"""Forecasts with honest intervals, and proof that survives looking every month."""

import numpy as np
import pytest

from hengzhi.methods import anytime, forecast, outlook, sensitivity


def test_smoothing_follows_the_recursion_and_finds_its_constant():
    # NIST/SEMATECH e-Handbook 6.4.3.1: alpha 0.1 gives SSE 208.94, alpha 0.5 far less.
    x = [71, 70, 69, 68, 64, 65, 72, 78, 75, 75, 75, 70]
    assert forecast.smooth(x, alpha=0.1).sse == pytest.approx(208.94, abs=0.2)
    best = forecast.smooth(x)
    assert best.sse <= min(forecast.smooth(x, alpha=a).sse for a in (0.1, 0.3, 0.5, 0.9))
    assert forecast.smooth(x, alpha=0.2, initial="mean4").values[0] == np.mean(x[:4])
    with pytest.raises(ValueError, match="no start"):
        forecast.smooth(x, initial="last")


def test_many_series_give_what_each_gives_alone():
    table = np.random.default_rng(1).normal(50, 5, (6, 36))
    table[2, 7] = np.nan
    for forecaster in (forecast.ses(), forecast.damped_holt(), forecast.seasonal_naive()):
        together = outlook.outlook(table, forecaster, horizon=3, warm_up=18, season=12)
        for at in range(6):
            alone = outlook.outlook(table[at], forecaster, horizon=3, warm_up=18, season=12)
            assert alone.forecast[0] == pytest.approx(together.forecast[at], nan_ok=True)
            assert alone.upper[0] == pytest.approx(together.upper[at], nan_ok=True)


def test_the_seasonal_naive_repeats_last_year_and_the_flat_series_itself():
    year = np.arange(12.0)
    found = forecast.seasonal_naive()(np.tile(year, 2)[None, :], 14)
    assert found[0, -1].tolist() == [*range(12), 0, 1]
    assert forecast.damped_holt()(np.full((1, 20), 7.0), 4)[0, -1].tolist() == [7.0] * 4
    line = forecast.damped_holt(alpha=0.8, beta=0.5, phi=1.0)(np.arange(60.0)[None, :], 2)
    assert line[0, -1] == pytest.approx([60, 61], abs=0.01)


def test_damped_holt_agrees_with_statsmodels():
    from statsmodels.tsa.holtwinters import Holt

    y = 50 + np.random.default_rng(2).normal(0, 1, 30).cumsum()
    model = Holt(y, damped_trend=True, initialization_method="known", initial_level=y[0], initial_trend=0.0)
    expected = model.fit(smoothing_level=0.3, smoothing_trend=0.1, damping_trend=0.9, optimized=False)
    # Their first update also passes through y[0], from the same level: nothing moves, so both run alike.
    assert forecast.damped_holt()(y[None, :], 3)[0, -1] == pytest.approx(expected.forecast(3))


@pytest.mark.slow
def test_conformal_intervals_hold_the_share_of_futures_they_promise():
    table = 50 + np.random.default_rng(3).normal(0, 3, (4000, 49))
    found = outlook.outlook(table[:, :-1], forecast.ses(alpha=0.2), horizon=1, warm_up=12, confidence=0.9)
    inside = (found.lower[:, 0] <= table[:, -1]) & (table[:, -1] <= found.upper[:, 0])
    assert 0.88 <= inside.mean() <= 0.94


def test_few_errors_give_an_infinite_interval_and_the_chance_of_a_breach_stays_inside():
    table = np.random.default_rng(4).normal(10, 1, (3, 24))
    short = outlook.outlook(table[:, :8], forecast.ses(), horizon=2, warm_up=6, confidence=0.9)
    assert np.isinf(short.upper).all()
    found = outlook.outlook(table, forecast.ses(), horizon=2, warm_up=6)
    chance = found.probability_beyond(100.0)
    assert (chance > 0).all() and (chance < 0.05).all()
    assert found.probability_beyond(np.full(3, 100.0), above=False) == pytest.approx(1 - chance)


def test_constants_are_chosen_on_the_warm_up_alone():
    table = np.random.default_rng(5).normal(0, 1, (2, 36)).cumsum(axis=1)
    changed = table.copy()
    changed[:, 20:] += 100
    first, second = (forecast.best_damped_holt(t, train=20)(t, 1)[:, :20] for t in (table, changed))
    assert np.array_equal(first, second)


def test_a_mean_absolute_scaled_error_below_one_beats_the_naive_forecast():
    noise = np.random.default_rng(6).normal(0, 1, (50, 60))
    assert outlook.outlook(noise, forecast.ses(alpha=0.1), horizon=1, warm_up=24).mase.mean() < 0.85
    walk = noise.cumsum(axis=1)
    assert outlook.outlook(walk, forecast.seasonal_naive(period=1), horizon=1, warm_up=24).mase.mean() == pytest.approx(1, abs=0.1)


@pytest.mark.slow
def test_monthly_looks_at_a_rate_on_target_seldom_prove_anything():
    # Target 95 %, 400 cases a month, 12 looks: a repeated one-sided test would claim in 19 % of the years.
    rng, n = np.random.default_rng(7), np.arange(1, 13) * 400
    claims = {
        rate: anytime.is_proven(rng.binomial(400, rate, (20_000, 12)).cumsum(axis=1), n, target=0.95)[:, -1].mean()
        for rate in (0.94, 0.95, 0.96, 0.97)
    }
    assert claims[0.94] <= claims[0.95] <= 0.05
    assert claims[0.95] == pytest.approx(0.009, abs=0.004)
    assert claims[0.96] == pytest.approx(0.65, abs=0.03) and claims[0.97] > 0.999


def test_the_e_value_is_fair_at_the_target_and_unfair_below():
    n, cases = 60, np.arange(61)
    for rate, fair in ((0.9, True), (0.8, False)):
        chance = np.exp([_log_binomial(n, k, rate) for k in cases])
        mean = float(chance @ np.exp(anytime.log_e_value(cases, n, target=0.9)))
        assert mean == pytest.approx(1) if fair else mean < 1


def _log_binomial(n, k, p):
    from scipy.special import gammaln

    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) + k * np.log(p) + (n - k) * np.log1p(-p)


def test_a_confidence_sequence_holds_the_share_at_all_looks_and_narrows():
    n = np.arange(1, 13) * 200
    x = np.random.default_rng(8).binomial(200, 0.9, (500, 12)).cumsum(axis=1)
    found = anytime.confidence_sequence(x, n)
    assert ((found.lower <= 0.9) & (found.upper >= 0.9)).all(axis=1).mean() >= 0.95
    assert (found.upper - found.lower)[:, -1].max() < (found.upper - found.lower)[:, 0].min()
    none = anytime.confidence_sequence([0, 0, 5], [0, 5, 5])
    assert none.lower[:2].tolist() == [0, 0] and none.upper[[0, 2]].tolist() == [1, 1]


def test_sobol_indices_agree_with_the_closed_form():
    a = [0, 1, 4.5, 9]
    found, exact = sensitivity.sobol_indices(sensitivity.sobol_g(a), [(0, 1)] * 4, seed=1), sensitivity.sobol_g_exact(a)
    assert found.first == pytest.approx(exact.first, abs=0.01)
    assert found.total == pytest.approx(exact.total, abs=0.01)
    constant = sensitivity.sobol_indices(lambda x: np.ones(len(x)), [(0, 1)] * 2, seed=1, log2_samples=4)
    assert not constant.first.any()


def test_the_widest_swing_comes_first_and_dominance_fixes_the_rank():
    swings = sensitivity.tornado(lambda x: float(x[0] + 10 * x[1]), [1, 1], [0, 0], [2, 2], ["a", "b"])
    assert [swing.name for swing in swings] == ["b", "a"] and swings[0].width == 20
    found = sensitivity.rank_acceptability([[90, 90], [10, 10], [60, 40]], [0.5, 0.5], seed=1, draws=500)
    assert found.shares[0, 0] == 1 and found.mean_rank.tolist() == [1, 3, 2]
    assert found.shares.sum(axis=1) == pytest.approx([1, 1, 1])
