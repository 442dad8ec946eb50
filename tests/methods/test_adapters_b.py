"""The adapters take any case of their methods, also those without a case in the reference file."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest


def _load():
    spec = importlib.util.spec_from_file_location("adapters_b", Path(__file__).with_name("adapters_b.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


adapters = _load()


def answer(method, **case):
    return adapters.ADAPTERS[method](case)


def needs(name):
    try:
        adapters.find_reference(name)
    except FileNotFoundError:
        pytest.skip(f"{name} is not beside the project")


def test_a_comparison_without_a_named_index_uses_saaty():
    found = answer("ahp", matrix=[[1, 2, 5], [0.5, 1, 4], [0.2, 0.25, 1]])
    assert found["cr"] == pytest.approx(found["ci"] / 0.58)
    assert answer("ahp", matrix=[[1, 3], [1 / 3, 1]], RI=0)["cr"] == 0


@pytest.mark.parametrize("how", ["minmax", "min-max", "sum", None])
def test_entropy_weights_read_each_name_of_a_normalisation(how):
    assert sum(answer("entropy_weight", matrix=[[1, 2], [3, 5], [4, 4]], normalise=how)["weights"]) == pytest.approx(1)


def test_two_level_evaluation_joins_its_parts():
    found = answer(
        "fuzzy_comprehensive_evaluation_2level",
        weights=[0.4, 0.6],
        sub_weights=[[0.5, 0.5], [1.0]],
        sub_R=[[[1, 0], [0, 1]], [[0.2, 0.8]]],
        operator="M(*,+)",
    )
    assert found["B"] == pytest.approx([0.32, 0.68])


def test_the_alarm_network_is_answered_by_evidence_in_small_letters():
    model = "B->A,E->A,A->J,A->M; P(B)=.001; P(E)=.002; P(A|BE)=11:.95,10:.94,01:.29,00:.001; P(J|A=0,1)=.05,.9; P(M|A=0,1)=.01,.7"
    assert answer("bayesian_network", model=model)["P_B_given_jm"] == pytest.approx(0.2842, abs=1e-4)
    as_data = {"C": 0.5, "S": {"parents": ["C"], "cpt": {"0": 0.5, "1": 0.1}}}
    assert answer("bayesian_network", model=as_data)["P_S"] == pytest.approx(0.3)


def test_the_california_panel_gives_the_published_difference():
    # Arkhangelsky et al. 2021, American Economic Review 111:4088-4118, table 1: DID = -27.3.
    needs("california_prop99.csv")
    assert answer("did_panel", data="california_prop99.csv", treated="California", first_post=1989)["did"] == pytest.approx(-27.3, abs=0.1)


def test_the_seasonal_sicilian_series_gives_the_published_ratio():
    # Lopez Bernal, Cummins & Gasparrini 2017: adjusted for season RR 0.885 (0.839 to 0.933), overdispersed.
    needs("sicily.csv")
    formula = "aces ~ offset(log(stdpop)) + smokban + harmonic(month,2,12) + time"
    found = answer("its_quasipoisson_seasonal", data="sicily.csv", formula=formula)
    assert [found["rr"], *found["rr_ci"]] == pytest.approx([0.885, 0.839, 0.933], abs=6e-4)
    assert found["dispersion"] > 1 and found["annual_trend"] == pytest.approx(1.067, abs=1e-3)


def test_convolutions_of_the_dental_example_start_where_their_names_say():
    severity = [0.15, 0.2, 0.25, 0.125, 0.075, 0.05, 0.05, 0.05, 0.025, 0.025]
    frequency = [0.05, 0.10, 0.15, 0.20, 0.25, 0.15, 0.06, 0.03, 0.01]
    found = answer("discrete_convolution", frequency=frequency, severity=severity, support=list(range(1, 11)))
    assert len(found["f2_2_10"]) == 9 and found["f2_2_10"][:2] == pytest.approx([0.0225, 0.06])
    assert len(found["f3_3_8"]) == 6 and found["f3_3_8"][0] == pytest.approx(0.003375)
    assert found["f2"][1] == found["f2_2_10"][0] and found["mean"] == pytest.approx(12.58)


def test_availability_may_be_a_share_or_percent():
    assert answer("error_budget_minutes", slo=99.9)["minutes"] == pytest.approx(answer("error_budget_minutes", slo=0.999)["minutes"])


def test_the_g_function_is_near_its_closed_form():
    found = answer("sobol_indices", function="sobol_g", a=[0, 1, 4.5, 9])
    parts = 1 / (3 * (1 + np.array([0, 1, 4.5, 9])) ** 2)
    assert found["S1"] == pytest.approx(parts / (np.prod(1 + parts) - 1), abs=5e-3)


def test_a_welch_test_and_a_multiplier_need_no_optional_keys():
    assert answer("welch_t", ctrl=[4.0, 5, 6, 7], trt1=[3.0, 4, 4, 5])["t"] > 0
    assert answer("basel_oRisk_ILM", BIC=5.37, LC=5.37)["ILM"] == pytest.approx(1)
    assert answer("exp_smoothing", x=[3, 5, 4, 6, 5])["sse"] > 0
    assert answer("causal_impact", y=[float(10 + k % 3) for k in range(40)], pre=[1, 30], post=[31, 40])["actual_sum"] == pytest.approx(109)


def test_a_network_given_by_name_is_the_textbook_one():
    assert answer("bayesian_network", model="burglar alarm (Russell & Norvig)")["P_B_given_jm"] == pytest.approx(0.2842, abs=1e-4)
