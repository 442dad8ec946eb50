"""From the reference cases' inputs to our methods and back: weights, loss, effects, forecasts and the rest of this half."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable, Mapping
from itertools import combinations, permutations
from pathlib import Path
from typing import Any

import numpy as np

from hengzhi.methods import (
    ahp,
    basel,
    bayes_net,
    bayes_net_text,
    diagnostic_weights,
    effect_formula,
    effect_impact,
    effect_interrupted,
    effect_synthetic,
    fmea,
    forecast,
    fuzzy,
    loss,
    loss_lattice,
    reliability,
    sensitivity,
    severity,
)
from hengzhi.methods import effect_comparison as comparison

Case = dict[str, Any]
Find = Callable[[str], Path]
Result = dict[str, Any]

SOBOL_SEED = 20260101

# Networks that a case may give by name alone: Murphy's sprinkler, Russell & Norvig's burglar alarm.
TEXTBOOK_NETWORKS = {
    "sprinkler": "P(C)=.5; P(S|C=0,1)=.5,.1; P(R|C=0,1)=.2,.8; P(W|SR)=00:0,10:.9,01:.9,11:.99",
    "alarm": "P(B)=.001; P(E)=.002; P(A|BE)=11:.95,10:.94,01:.29,00:.001; P(J|A=0,1)=.05,.9; P(M|A=0,1)=.01,.7",
}


def find_reference(name: str) -> Path:
    """The data file a case names: beside the reference JSON, else in the shared reference folder."""
    if Path(name).is_absolute():
        return Path(name)
    given = Path(os.environ.get("HENGZHI_REFERENCE", ""))
    folders = [given.parent if given.is_file() else given] if os.environ.get("HENGZHI_REFERENCE") else []
    if shared := os.environ.get("HENGZHI_SHARED"):
        folders.append(Path(shared) / "reference")
    folders += [up / "shared" / "reference" for up in Path(__file__).resolve().parents if (up / "shared" / "mission.md").exists()]
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    raise FileNotFoundError(f"{name} lies beside no reference file and in no shared folder")


def run_ahp(case: Case, find: Find = find_reference) -> Result:
    return _priorities(ahp.eigenvector, case)


def run_ahp_column_average(case: Case, find: Find = find_reference) -> Result:
    return _priorities(ahp.column_average, case)


def _priorities(method: Callable[..., ahp.Priorities], case: Case) -> Result:
    given = case.get("RI")
    order = len(case["matrix"])
    if isinstance(given, list):
        given = given[min(order, len(given)) - 1]
    found = method(case["matrix"], random_index="saaty1980" if given is None else given)
    return {"weights": found.weights.tolist(), "lambda_max": found.lambda_max, "ci": found.ci, "cr": found.cr}


def run_entropy_weight(case: Case, find: Find = find_reference) -> Result:
    name = re.sub(r"[^a-z]", "", str(case.get("normalise") or "sum").lower())
    how = {"range": "minmax", "linear": "minmax", "sumto": "sum", "no": "none", "euclidean": "vector"}.get(name, name)
    found = diagnostic_weights.entropy_weights(case["matrix"], normalise=how, costs=case.get("costs"))
    return {"weights": found.weights.tolist(), "E": found.entropy.tolist()}


def run_fuzzy(case: Case, find: Find = find_reference) -> Result:
    found = fuzzy.evaluate(case["weights"], case["R"], operator=case.get("operator") or "M(*,+)")
    return {"B": found.grades.tolist()}


def run_fuzzy_2level(case: Case, find: Find = find_reference) -> Result:
    weights, tables = (list(part.values()) if isinstance(part, Mapping) else part for part in (case["sub_weights"], case["sub_R"]))
    found = fuzzy.evaluate_two_levels(case["weights"], weights, tables, operator=case.get("operator") or "M(*,+)")
    return {"B": found.grades.tolist(), "sub_B": found.parts.tolist()}


def run_fmea_rpn(case: Case, find: Find = find_reference) -> Result:
    ratings = (case["S"], case["O"], case["D"])
    return {"rpn": fmea.rpn(*ratings).tolist(), "ap": fmea.action_priority(*ratings).tolist()}


def run_bayesian_network(case: Case, find: Find = find_reference) -> Result:
    """``P_X`` of every node and ``P_X_given_yz``: evidence of up to three nodes seen as yes, in capitals or small letters."""
    model = case["model"]
    if isinstance(model, str) and "P(" not in model:
        model = next((text for name, text in TEXTBOOK_NETWORKS.items() if name in model.lower()), model)
    net = bayes_net.network(bayes_net_text.read_network(model) if isinstance(model, str) else _nodes(model))
    result: Result = {f"P_{name}": net.probability({name: True}) for name in net.names}
    for size in range(1, min(4, len(net.names))):
        for evidence in combinations(net.names, size):
            seen = dict.fromkeys(evidence, True)
            if net.probability(seen) == 0:
                continue
            for name in set(net.names) - set(evidence):
                value = net.probability({name: True}, seen)
                for order in permutations(evidence):
                    result |= {f"P_{name}_given_{''.join(map(form, order))}": value for form in (str, str.lower)}
    return result


def _nodes(model: Mapping[str, Any]) -> list[bayes_net.Node]:
    nodes = []
    for name, given in model.items():
        if isinstance(given, (int, float)):
            nodes.append(bayes_net.Node(name, (), (float(given),)))
            continue
        parents = tuple(given.get("parents", ()))
        table = next(given[key] for key in ("cpt", "p", "table", "yes") if key in given)
        states = [format(k, f"0{len(parents)}b") if parents else "" for k in range(2 ** len(parents))]
        values = [table[state] for state in states] if isinstance(table, Mapping) else np.atleast_1d(table).tolist()
        nodes.append(bayes_net.Node(name, parents, tuple(map(float, values))))
    return nodes


def run_loss_quantile(case: Case, find: Find = find_reference) -> Result:
    model = loss.Loss(_frequency(case), _severity(case))
    return {"quantile": loss_lattice.quantile(model, case["q"], cells=2**21)}


def run_loss_moments(case: Case, find: Find = find_reference) -> Result:
    found = loss.Loss(_frequency(case), _severity(case)).moments()
    return {"mean": found.mean, "sd": found.sd}


def _frequency(case: Case) -> loss.Frequency:
    if "neg" in str(case.get("freq", "poisson")).lower():
        size = next(case[key] for key in ("size", "r", "k", "dispersion") if key in case)
        return loss.NegativeBinomial(case["lam"], size)
    return loss.Poisson(case["lam"])


def _severity(case: Case) -> severity.Severity:
    body = severity.Lognormal(case["mu"], case["sigma"]) if "mu" in case else None
    if str(case.get("severity", "lognormal")).lower().startswith("pert"):
        return severity.Pert(case["low"], case["mode"], case["high"], case.get("lambda", 4))
    assert body is not None
    if "threshold" in case:
        return severity.TailedLognormal(body, case["threshold"], case["xi"], case["beta"])
    return body


def run_simple_loss(case: Case, find: Find = find_reference) -> Result:
    each = severity.lognormal_from_range(case["low_loss"], case["high_loss"])
    return {"annualized_loss": case.get("frequency", 1.0) * each.mean}


def run_discrete_convolution(case: Case, find: Find = find_reference) -> Result:
    """``f2_2_10``: probabilities of 2 ... 10 for the sum of two severities, ``f3_3_8`` of 3 ... 8 for three; in units of the support.

    ``f1``, ``f2``, ... hold the probabilities of 1, 2, 3, ...; ``total`` those of 0, 1, 2, ... for the random number of events.
    """
    severities = np.asarray(case["severity"], float)
    support = np.asarray(case.get("support", np.arange(len(severities))), float)
    if len(support) != len(severities):
        support = np.linspace(support[0], support[-1], len(severities))
    unit = float(np.gcd.reduce(np.rint(support[support > 0]).astype(int)))
    each = np.zeros(int(support.max() / unit) + 1)
    each[np.rint(support / unit).astype(int)] = severities
    given = case.get("frequency")
    counts = np.asarray(given if isinstance(given, list) else [0, 0, 0, 1], float)
    folds = {f"f{times}": loss_lattice.fold(each, times) for times in range(1, max(4, min(len(counts), 12)))}
    total = loss_lattice.convolve(counts, each)
    padded = {name: np.concatenate([values, np.zeros(12)]) for name, values in folds.items()}
    return {
        "f2_2_10": padded["f2"][2:11].tolist(),
        "f3_3_8": padded["f3"][3:9].tolist(),
        "total": total.tolist(),
        "mean": float(np.arange(len(total)) @ total * unit),
        **{name: values[1:].tolist() for name, values in padded.items()},
    }


def run_basel_bic(case: Case, find: Find = find_reference) -> Result:
    return {"BIC": basel.indicator_component(case["BI_bn_eur"]).tolist()}


def run_basel_ilm(case: Case, find: Find = find_reference) -> Result:
    return {"ILM": basel.loss_multiplier(case["BIC"], case["LC"]).tolist()}


def run_mtbf_factors(case: Case, find: Find = find_reference) -> Result:
    ending = "failure-terminated" if "fail" in str(case.get("kind", "time")).lower() else "time-terminated"
    low, high = reliability.mtbf_factors(case["failures"], confidence=_share(case.get("conf", 0.90)), ending=ending)
    return {"factors": [low.tolist(), high.tolist()]}


def run_burn_rate(case: Case, find: Find = find_reference) -> Result:
    return {"burn_rate": reliability.burn_rate(case["budget_fraction"], case["window_h"], period_days=case.get("period_days", 30)).tolist()}


def run_budget_minutes(case: Case, find: Find = find_reference) -> Result:
    return {"minutes": reliability.budget_minutes(_share(case["slo"]), days=case.get("period_days", 30)).tolist()}


def _share(given: float) -> float:
    return given / 100 if given > 1 else given


def run_exp_smoothing(case: Case, find: Find = find_reference) -> Result:
    found = forecast.smooth(case["x"], alpha=case.get("alpha"), initial=case.get("init") or "first")
    return {"S": found.values.tolist(), "sse": found.sse}


def run_sobol_indices(case: Case, find: Find = find_reference) -> Result:
    text = str(case["function"])
    named = {name: float(value) for name, value in re.findall(r"\b([ab])\s*=\s*(-?[\d.]+)", text)}
    if "ishigami" in text.lower():
        a, b = case.get("a", named.get("a", 7.0)), case.get("b", named.get("b", 0.1))
        model, bounds = sensitivity.ishigami(a=a, b=b), [(-np.pi, np.pi)] * 3
    else:
        listed = re.search(r"a\s*=\s*[\[(]([^\])]*)", text)
        a = case["a"] if "a" in case else [float(part) for part in re.split(r"[,\s]+", listed[1].strip())] if listed else None
        if a is None:
            raise ValueError(f"no parameters for {text!r}")
        model, bounds = sensitivity.sobol_g(a), [(0.0, 1.0)] * len(a)
    found = sensitivity.sobol_indices(model, bounds, seed=SOBOL_SEED, log2_samples=16)
    return {"S1": found.first.tolist(), "ST": found.total.tolist()}


def run_paired_t(case: Case, find: Find = find_reference) -> Result:
    return _difference(comparison.paired_t(case["before"], case["after"], confidence=case.get("conf", 0.95)))


def run_welch_t(case: Case, find: Find = find_reference) -> Result:
    first, second = (values for key, values in case.items() if isinstance(values, list))
    if "ctrl" in case and "trt1" in case:
        first, second = case["ctrl"], case["trt1"]
    return _difference(comparison.welch_t(first, second, confidence=case.get("conf", 0.95)))


def _difference(found: comparison.Difference) -> Result:
    return {"t": found.t, "p": found.p, "df": found.df, "ci": list(found.ci), "estimate": found.estimate, "se": found.se}


def run_did_summary(case: Case, find: Find = find_reference) -> Result:
    changes = {side: (case[side]["after"] - case[side]["before"], _change_se(case[side])) for side in ("treated", "control")}
    found = comparison.did_summary(
        treated_change=changes["treated"][0],
        treated_se=changes["treated"][1],
        control_change=changes["control"][0],
        control_se=changes["control"][1],
    )
    return {"did": found.estimate, "se": found.se, "ci": list(found.ci), "p": found.p}


def _change_se(side: Mapping[str, float]) -> float:
    if "change_se" in side:
        return side["change_se"]
    return float(np.hypot(side.get("before_se", np.nan), side.get("after_se", np.nan)))


def run_did_panel(case: Case, find: Find = find_reference) -> Result:
    units, periods, table = _panel(_columns(case["data"], find))
    took = np.isin(units, np.atleast_1d(case["treated"]))
    found = comparison.did_panel(table, took, periods, case["first_post"])
    return {"did": found.effect.estimate, "se": found.effect.se, "p": found.placebo_p}


def run_synthetic_control(case: Case, find: Find = find_reference) -> Result:
    units, periods, table = _panel(_columns(case["data"], find))
    took = units == case["treated"]
    pre = int((periods < case["first_post"]).sum())
    found = effect_synthetic.synthetic_control(table[took][0], table[~took], pre_periods=pre, placebos=False)
    weights = dict(zip(units[~took].tolist(), found.weights.tolist(), strict=True))
    return {"att": found.att, "weights": weights, "gaps": found.gaps.tolist()}


def run_its(
    case: Case, find: Find = find_reference, errors: effect_interrupted.Errors = "poisson"
) -> tuple[effect_interrupted.CountModel, str]:
    columns = {name: np.asarray(values, float) for name, values in _columns(case["data"], find).items() if _is_numeric(values)}
    formula = effect_formula.read_formula(case["formula"], columns)
    steps = [name for name, values in formula.terms.items() if set(np.unique(values)) <= {0.0, 1.0}]
    found = effect_interrupted.fit_counts(formula.counts, formula.terms, offset=formula.offset, errors=errors)
    return found, case.get("intervention") or (steps or list(formula.terms))[0]


def run_its_poisson(case: Case, find: Find = find_reference) -> Result:
    found, term = run_its(case, find)
    ratio, low, high = found.rate_ratio(term, confidence=case.get("conf", 0.95))
    return {"coef": found.coefficients.tolist(), "se": found.se.tolist(), "rr": ratio, "rr_ci": [low, high]}


def run_its_quasipoisson_seasonal(case: Case, find: Find = find_reference) -> Result:
    """``smokban``: coefficient of the step, ``se`` and ``rr`` its error and rate ratio; ``annual_trend``: rate ratio of 12 months."""
    found, term = run_its(case, find, "quasipoisson")
    ratio, low, high = found.rate_ratio(term, confidence=case.get("conf", 0.95))
    step = float(found.coefficients[found.at(term)])
    result = {"rr": ratio, "rr_ci": [low, high], "se": float(found.se[found.at(term)]), "dispersion": found.dispersion}
    if "time" in found.names:
        result["annual_trend"] = float(np.exp(12 * found.coefficients[found.at("time")]))
    return result | {term: step, "smokban": step, "coef": found.coefficients.tolist()}


def run_causal_impact(case: Case, find: Find = find_reference) -> Result:
    """``pre`` and ``post`` are first and last period, counted from 1, both included."""
    y = np.asarray(case["y"], float)
    pre, post = (slice(int(first) - 1, int(last)) for first, last in (case["pre"], case["post"]))
    x = np.asarray(case["x"], float) if case.get("x") is not None else None
    if x is not None and x.ndim == 2 and x.shape[0] != len(y):
        x = x.T
    controls = {} if x is None else {"controls_before": x[pre], "controls_after": x[post]}
    found = effect_impact.causal_impact(y[pre], y[post], **controls)
    sums = {"actual_sum": found.actual_sum, "predicted_sum": found.predicted_sum, "effect_sum": found.effect_sum}
    return sums | {"effect_ci": list(found.effect_ci)}


def _columns(data: str | Mapping[str, list[Any]] | list[Mapping[str, Any]], find: Find) -> dict[str, list[Any]]:
    if isinstance(data, str):
        text = find(data).read_text(encoding="utf-8-sig")
        delimiter = max(",;\t", key=text.partition("\n")[0].count)
        data = list(csv.DictReader(text.splitlines(), delimiter=delimiter))
    if isinstance(data, Mapping):
        return {str(name): list(values) for name, values in data.items()}
    return {name: [row[name] for row in data] for name in data[0]}


def _is_numeric(values: list[Any]) -> bool:
    return all(re.fullmatch(r"\s*-?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*", str(value)) for value in values)


def _panel(columns: dict[str, list[Any]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Units, periods and the table of outcomes; the columns of a long file stand as unit, period, outcome."""
    unit, period, outcome = list(columns)[:3]
    units, row = np.unique(np.asarray(columns[unit]), return_inverse=True)
    periods, column = np.unique(np.asarray(columns[period], float), return_inverse=True)
    table = np.full((len(units), len(periods)), np.nan)
    table[row, column] = np.asarray(columns[outcome], float)
    return units, periods, table


ADAPTERS: dict[str, Callable[..., Result]] = {
    "ahp": run_ahp,
    "ahp_column_average": run_ahp_column_average,
    "entropy_weight": run_entropy_weight,
    "fuzzy_comprehensive_evaluation": run_fuzzy,
    "fuzzy_comprehensive_evaluation_2level": run_fuzzy_2level,
    "fmea_rpn": run_fmea_rpn,
    "bayesian_network": run_bayesian_network,
    "loss_distribution_quantile": run_loss_quantile,
    "loss_distribution_moments": run_loss_moments,
    "simple_loss_lognormal90": run_simple_loss,
    "discrete_convolution": run_discrete_convolution,
    "basel_oRisk_BIC": run_basel_bic,
    "basel_oRisk_ILM": run_basel_ilm,
    "mtbf_ci_factors": run_mtbf_factors,
    "error_budget_burn_rate": run_burn_rate,
    "error_budget_minutes": run_budget_minutes,
    "exp_smoothing": run_exp_smoothing,
    "sobol_indices": run_sobol_indices,
    "paired_t": run_paired_t,
    "welch_t": run_welch_t,
    "did_summary": run_did_summary,
    "did_panel": run_did_panel,
    "synthetic_control": run_synthetic_control,
    "its_poisson": run_its_poisson,
    "its_quasipoisson_seasonal": run_its_quasipoisson_seasonal,
    "causal_impact": run_causal_impact,
}
