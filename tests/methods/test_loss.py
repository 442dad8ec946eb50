"""Compound losses: simulation, transform, recursion and closed forms say the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from hengzhi.methods import basel
from hengzhi.methods.loss import Loss, NegativeBinomial, Poisson, exceedance
from hengzhi.methods.loss_lattice import convolve, discretised, fold, fourier, panjer, quantile
from hengzhi.methods.loss_simulation import STREAM_YEARS, simulate
from hengzhi.methods.severity import Lognormal, Pert, TailedLognormal, lognormal_from_range

TAILED = TailedLognormal(Lognormal(1.0, 1.0), threshold=10.0, shape=0.3, scale=6.0)
SEVERITIES = (Lognormal(1.0, 1.0), Pert(1.0, 2.0, 9.0), TAILED)


@pytest.mark.parametrize("severity", SEVERITIES, ids=["lognormal", "pert", "tailed"])
@pytest.mark.parametrize("frequency", [Poisson(3.0), NegativeBinomial(3.0, 1.5)], ids=["poisson", "negative binomial"])
def test_the_interval_of_simulated_years_covers_the_transform(severity, frequency):
    loss = Loss(frequency, severity)
    years = simulate(loss, years=200_000, seed=11)
    for q in (0.5, 0.95, 0.999):
        found = years.quantile(q, confidence=0.999)
        assert found.lower <= quantile(loss, q, cells=2**16) <= found.upper
    assert years.mean == pytest.approx(loss.moments().mean, rel=0.02)
    assert years.totals.std() == pytest.approx(loss.moments().sd, rel=0.1)


@given(st.integers(0, 2**31), st.integers(1, 200_000))
@settings(max_examples=15, deadline=None)
def test_the_block_size_never_changes_a_simulated_year(seed, block_events):
    loss = Loss(Poisson(4.0), TAILED)
    whole = simulate(loss, years=STREAM_YEARS + 500, seed=seed)
    assert np.array_equal(whole.totals, simulate(loss, years=STREAM_YEARS + 500, seed=seed, block_events=max(block_events, 50)).totals)
    assert np.array_equal(whole.totals[:100], simulate(loss, years=100, seed=seed).totals)


def test_other_seeds_give_other_years_and_streams_do_not_repeat():
    loss = Loss(Poisson(4.0), Lognormal(0, 1))
    first, second = (simulate(loss, years=2 * STREAM_YEARS, seed=seed).totals for seed in (1, 2))
    assert not np.array_equal(first, second)
    assert not np.array_equal(first[:STREAM_YEARS], first[STREAM_YEARS:])


@pytest.mark.parametrize(
    ("lam", "published"),
    [(0.1, 105.36), (1, 490.6), (10, 1779.1), (100, 5853.1), (1000, 21149.4)],
)
def test_quantiles_of_the_lognormal_loss_agree_with_shevchenko(lam, published):
    # Shevchenko 2010, J. Operational Risk 5(2): LN(0, 2) and Poisson, 0.999 quantile.
    assert quantile(Loss(Poisson(lam), Lognormal(0, 2)), 0.999) == pytest.approx(published, rel=5e-4)


def test_a_quantile_below_the_chance_of_a_year_without_loss_is_zero():
    assert quantile(Loss(Poisson(0.1), Lognormal(0, 1)), 0.9) == 0.0
    with pytest.raises(ValueError, match="inside"):
        quantile(Loss(Poisson(0.1), Lognormal(0, 1)), 1.0)


@pytest.mark.parametrize("frequency", [Poisson(2.5), NegativeBinomial(2.5, 0.8)], ids=["poisson", "negative binomial"])
def test_panjer_transform_and_convolution_agree(frequency):
    severity = np.array([0.1, 0.3, 0.4, 0.2])
    recursion = panjer(frequency, severity, totals=60)
    padded = np.zeros(512)
    padded[:4] = severity
    assert fourier(frequency, padded, step=1.0).probabilities[:61] == pytest.approx(recursion, abs=1e-8)
    if isinstance(frequency, Poisson):
        counts = stats.poisson.pmf(np.arange(60), 2.5)
        assert convolve(counts, severity)[:61] == pytest.approx(recursion, abs=1e-12)


def test_convolution_agrees_with_the_dental_table():
    # Klugman, Panjer & Willmot, Loss Models, ex. 9.5 (group dental insurance), as in R's actuar: mean 12.58.
    severity = [0, 0.15, 0.2, 0.25, 0.125, 0.075, 0.05, 0.05, 0.05, 0.025, 0.025]
    counts = [0.05, 0.10, 0.15, 0.20, 0.25, 0.15, 0.06, 0.03, 0.01]
    totals = convolve(counts, severity)
    assert totals.sum() == pytest.approx(1)
    assert totals[:3] == pytest.approx([0.05, 0.015, 0.02338], abs=1e-5)
    assert np.arange(len(totals)) @ totals == pytest.approx(12.58)
    assert fold(severity, 2)[2:5] == pytest.approx([0.0225, 0.06, 0.115])


@pytest.mark.parametrize("severity", SEVERITIES, ids=["lognormal", "pert", "tailed"])
def test_limited_means_moments_and_quantiles_agree_with_the_distribution(severity):
    for x in (0.5, 3.0, 8.0, 25.0):
        area, _ = integrate.quad(lambda t: 1 - float(severity.cdf(t)), 0, x, points=[p for p in (1.0, 9.0, 10.0) if p < x])
        assert float(severity.limited_mean(x)) == pytest.approx(area, rel=1e-6)
    for q in (0.05, 0.5, 0.98, 0.999):
        assert float(severity.cdf(severity.ppf(q))) == pytest.approx(q)
    assert float(severity.limited_mean(1e9)) == pytest.approx(severity.mean, rel=1e-5)
    drawn = np.empty(400_000)
    severity.draw(np.random.default_rng(5), drawn)
    assert drawn.mean() == pytest.approx(severity.mean, rel=0.01)
    assert (drawn**2).mean() == pytest.approx(severity.second_moment, rel=0.08)
    assert np.mean(drawn <= float(severity.ppf(0.98))) == pytest.approx(0.98, abs=0.001)


def test_a_discretised_severity_keeps_its_mean():
    lattice = discretised(Lognormal(0, 0.5), step=0.05, cells=2000)
    assert lattice.min() > -1e-12
    assert np.arange(2000) @ lattice * 0.05 == pytest.approx(Lognormal(0, 0.5).mean, rel=1e-6)


def test_a_control_thins_events_and_cuts_each():
    loss = Loss(Poisson(10), Lognormal(1, 1))
    kept = loss.controlled(prevented=0.3, cut=0.5)
    assert kept.moments().mean == pytest.approx(loss.moments().mean * 0.35)
    assert simulate(kept, years=100_000, seed=3).mean == pytest.approx(kept.moments().mean, rel=0.02)
    assert quantile(kept, 0.99) < quantile(loss, 0.99) / 2


def test_the_share_of_years_beyond_falls_with_the_threshold():
    assert exceedance([1, 2, 3, 4], [0, 2, 5]).tolist() == [1, 0.5, 0]


def test_a_range_of_ninety_percent_holds_ninety_percent():
    found = lognormal_from_range(100_000, 1_000_000)
    assert float(found.cdf(1_000_000) - found.cdf(100_000)) == pytest.approx(0.9)
    with pytest.raises(ValueError, match="low < high"):
        lognormal_from_range(5, 5)


def test_pert_has_its_textbook_mean_and_deviation():
    # Standard PERT 10, 20, 60: mean 25; variance (m - a)(b - m) / 7.
    found = Pert(10, 20, 60)
    assert found.mean == 25
    assert found.second_moment - 25**2 == pytest.approx(15 * 35 / 7)


def test_the_basel_component_is_continuous_at_its_edges():
    assert basel.indicator_component([0, 1, 30, 35]).tolist() == pytest.approx([0, 0.12, 4.47, 5.37])
    assert basel.capital([0.5, 35], [9, 5.37]).tolist() == pytest.approx([0.06, 5.37])
    assert float(basel.loss_multiplier(100, 200)) == pytest.approx(np.log(np.e - 1 + 2**0.8))
