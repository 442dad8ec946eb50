"""From the inputs of worked cases to this project's methods and back: evidence, charts, alerts, sampling, agreement."""

import csv
import re
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from hengzhi.methods import (
    acceptance,
    agreement,
    alerts,
    change_points,
    control_charts,
    drift,
    icc,
    krippendorff,
    measurement_charts,
    proportions,
    rates,
    run_length,
    run_rules,
    sample_sizes,
    sampling_plans,
    seasonality,
)
from hengzhi.methods.interval import Interval

Case = dict[str, Any]


def _pair(interval: Interval) -> list[Any]:
    return [interval.lower, interval.upper]


def proportion_ci(given: Case) -> Case:
    conf = given.get("conf", 0.95)
    methods = {
        "wilson": proportions.wilson,
        "clopper_pearson": proportions.clopper_pearson,
        "agresti_coull": proportions.agresti_coull,
        "wald": proportions.wald,
    }
    found: Case = {name: _pair(method(given["x"], given["n"], conf=conf)) for name, method in methods.items()}
    a, b = proportions.jeffreys_posterior(given["x"], given["n"])
    jeffreys = proportions.beta_binomial(given["x"], given["n"], prior=(0.5, 0.5), conf=conf)
    return {**found, "jeffreys": _pair(jeffreys.interval), "posterior": [a, b]}


def beta_binomial(given: Case) -> Case:
    named = {"jeffreys": (0.5, 0.5), "uniform": (1, 1)}
    prior = given.get("prior", "jeffreys")
    prior = named[prior] if isinstance(prior, str) else tuple(prior)
    found = proportions.beta_binomial(given["x"], given["n"], prior=prior, conf=given.get("conf", 0.95))
    return {"mean": found.mean, "ci": _pair(found.interval)}


def k_proportions_chi2(given: Case) -> Case:
    found = proportions.k_proportions_chi2(given["x"], given["n"])
    return {"chi2": found.chi2, "p": found.p, "df": found.df}


def poisson_rate_ci(given: Case) -> Case:
    return {"ci": _pair(rates.garwood(given["x"], given.get("exposure", 1), conf=given.get("conf", 0.95)))}


def poisson_rate_ratio(given: Case) -> Case:
    (x1, x2), (t1, t2) = given["x"], given.get("exposure", [1, 1])
    found = rates.rate_ratio(x1, t1, x2, t2, conf=given.get("conf", 0.95))
    return {"ratio": found.ratio, "ci": _pair(found.interval), "p": found.p}


def sample_size_finite(given: Case) -> Case:
    keys = {"p": given.get("p", 0.5), "margin": given.get("margin", 0.05), "chi2": given.get("chi2", 3.841)}
    return {"n": sample_sizes.krejcie_morgan(given["N"], **keys)}


def margin_of_error(given: Case) -> Case:
    found = sample_sizes.margin_of_error(
        given["n"],
        p=given.get("p", 0.5),
        conf=given.get("conf", 0.95),
        deff=given.get("deff", 1),
        population=given.get("N") or np.inf,
    )
    return {"moe": found}


_ALTERNATIVES = {
    "two": "two",
    "two.sided": "two",
    "two-sided": "two",
    "greater": "greater",
    "larger": "greater",
    "one": "greater",
    "one.sided": "greater",
    "one-sided": "greater",
    "less": "less",
    "smaller": "less",
}
_KINDS = {"one-sample": "one-sample", "one": "one-sample", "two-sample": "two-sample", "two": "two-sample", "paired": "paired"}


def _alternative(given: Case) -> Any:
    return _ALTERNATIVES[given.get("alt", "two")]


def power_t(given: Case) -> Case:
    kind = _KINDS[given.get("kind", "two-sample").replace("_", "-").replace(".", "-")]
    keys: Any = {"alpha": given.get("alpha", 0.05), "kind": kind, "alternative": _alternative(given)}
    if given.get("n") is None:
        n = sample_sizes.n_for_power_t(given["d"], given["power"], **keys)
        return {"n": n, "power": given["power"]}
    if given.get("d") is None:
        return {"d": sample_sizes.detectable_d(given["n"], given["power"], **keys), "n": given["n"]}
    return {"power": sample_sizes.power_t(given["d"], given["n"], **keys), "n": given["n"]}


def power_2p_h(given: Case) -> Case:
    return {"power": sample_sizes.power_2p_h(given["h"], given["n"], alpha=given.get("alpha", 0.05), alternative=_alternative(given))}


def sample_size_2p(given: Case) -> Case:
    one_sided = _alternative(given) != "two"
    n = sample_sizes.sample_size_2p(
        given["p1"], given["p2"], alpha=given.get("alpha", 0.05), power=given.get("power", 0.8), one_sided=one_sided
    )
    return {"n": n}


def _chart(found: control_charts.Chart) -> Case:
    return {"center": found.center, "sd": found.sd, "lcl": found.lcl, "ucl": found.ucl, "points": found.points}


def _of_x_and_n(chart: Callable[..., control_charts.Chart]) -> Callable[[Case], Case]:
    def adapter(given: Case) -> Case:
        x = np.asarray(given["x"], dtype=float)
        return _chart(chart(x, np.broadcast_to(np.asarray(given.get("n", 1), dtype=float), x.shape)))

    return adapter


def c_chart(given: Case) -> Case:
    return _chart(control_charts.c_chart(given["x"]))


def _measured(found: measurement_charts.MeasurementChart, spread: str) -> Case:
    return {
        "center": found.center,
        "sd": found.sd,
        "lcl": found.lcl,
        "ucl": found.ucl,
        f"{spread}_center": found.spread_center,
        f"{spread}_lcl": found.spread_lcl,
        f"{spread}_ucl": found.spread_ucl,
    }


def xmr(given: Case) -> Case:
    found = _measured(measurement_charts.xmr(given["x"], d2=given.get("d2", control_charts.D2_OF_TWO)), "mr")
    return {**found, "mr_bar": found["mr_center"]}


def xbar_r(given: Case) -> Case:
    return _measured(measurement_charts.xbar_r(given["subgroups"]), "r")


def xbar_s(given: Case) -> Case:
    return _measured(measurement_charts.xbar_s(given["subgroups"]), "s")


def ewma(given: Case) -> Case:
    """Points are ``x``, or subgroup means ``xbar`` of ``n`` values each; ``z`` begins with the centre."""
    x = np.asarray(given["x"] if given.get("x") is not None else given["xbar"], dtype=float)
    if x.ndim == 2:
        x = x.mean(axis=1)
    own = given["xbar"] if np.ndim(given.get("xbar", [])) == 0 else float(x.mean())
    center = given["center"] if given.get("center") is not None else own
    sd = given["sd"] if given.get("sd") is not None else float(measurement_charts.xmr(x).sd)
    steady = "steady" in given.get("limits", "exact")
    found = drift.ewma(
        x,
        center=center,
        sd=sd / np.sqrt(given.get("n") or 1),
        lam=given.get("lam", 0.2),
        width=given.get("L", 3),
        limits="steady_state" if steady else "exact",
    )
    return {"z": [center, *found.z], "lcl": found.lcl, "ucl": found.ucl}


def cusum_tabular(given: Case) -> Case:
    found = drift.cusum(given["x"], target=given["target"], slack=given["K"], decision=given["H"])
    first = int(found.first_signal) or None
    return {"hi": found.hi, "lo": found.lo, "signal": bool(found.signals.any()), "first_signal": first}


def arl_cusum(given: Case) -> Case:
    return {"arl": run_length.arl_cusum_one_sided(given["k"], given["h"], given.get("mu", 0))}


def arl_ewma(given: Case) -> Case:
    return {"arl": run_length.arl_ewma_two_sided(given["lam"], given["L"], given.get("mu", 0))}


def arl_shewhart(given: Case) -> Case:
    return {"arl": run_length.arl_shewhart(given.get("shift_sd", 0), width=given.get("L", 3), n=given.get("n", 1))}


def rules(given: Case) -> Case:
    x = np.asarray(given["x"], dtype=float)
    z = (x - given["center"]) / given["sd"]
    western, nelson = run_rules.western_electric(z), run_rules.nelson(z)
    flags = {
        "WER1": western.beyond_three,
        "WER2": western.two_of_three,
        "WER3": western.four_of_five,
        "WER4": western.run_of_eight,
        "NEL1": nelson.beyond_three,
        "NEL2": nelson.run_of_nine,
        "NEL3": nelson.trend_of_six,
        "NEL4": nelson.alternating_fourteen,
        "NEL5": nelson.two_of_three,
        "NEL6": nelson.four_of_five,
        "NEL7": nelson.within_fifteen,
        "NEL8": nelson.outside_eight,
    }
    return {name: (np.flatnonzero(flag) + 1).tolist() for name, flag in flags.items()}


def fdr_bh(given: Case) -> Case:
    alpha = given.get("alpha", 0.05)
    found = alerts.benjamini_hochberg(given["p"], alpha=alpha)
    plain = alerts.bonferroni(given["p"], alpha=alpha)
    return {
        "adjusted": found.adjusted,
        "n_reject": int(found.rejected.sum()),
        "rejected": found.rejected,
        "n_reject_bonferroni": int(plain.rejected.sum()),
    }


def fdr_by(given: Case) -> Case:
    found = alerts.benjamini_yekutieli(given["p"], alpha=given.get("alpha", 0.05))
    return {"adjusted": found.adjusted, "n_reject": int(found.rejected.sum()), "rejected": found.rejected}


def _cuts(model: change_points.Model) -> Callable[[Case], Case]:
    def adapter(given: Case) -> Case:
        wanted = given.get("n_breaks", 1)
        found = change_points.best_cuts(given["x"], wanted, model=model)
        after = list(found.break_after)
        start = given.get("start_year")
        years = [start + at - 1 for at in after] if start is not None else None
        single = len(after) == 1
        result: Case = {"break_after": after[0] if single else after, "levels": list(found.levels), "cost": found.cost}
        return result if years is None else {**result, "break_year": years[0] if single else years}

    return adapter


def stl(given: Case) -> Case:
    x = given["x"] if given.get("x") is not None else _dataset(given["data"])
    seasonal = given.get("seasonal", "periodic")
    found = seasonality.stl(x, period=given.get("period", 12), seasonal=None if seasonal in (None, "periodic") else int(seasonal))
    period = given.get("period", 12)
    return {
        "seasonal": found.seasonal,
        f"seasonal{period}": found.seasonal[:period],
        "trend": found.trend,
        "remainder": found.remainder,
    }


def _dataset(given: Any) -> list[float]:
    """Values given as a list, or in a file: the column named value or x, else the last one that is all numbers."""
    if not isinstance(given, str):
        return [float(value) for value in (given["x"] if isinstance(given, dict) else given)]
    with Path(given).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    numeric = [name for name, cells in columns.items() if all(re.fullmatch(r"-?[\d.]+(e-?\d+)?", cell or "") for cell in cells)]
    chosen = next((name for name in numeric if name.lower() in ("value", "x", "y")), numeric[-1])
    return [float(cell) for cell in columns[chosen]]


def acceptance_lookup(given: Case) -> Case:
    plan = acceptance.plan_for(
        int(given["lot_size"]), str(given["aql_percent"]), level=given.get("level", "II"), severity=given.get("plan", "normal")
    )
    return {"n": plan.n, "ac": plan.ac, "re": plan.re, "letter": plan.letter, "code": plan.letter}


def oc_curve(given: Case) -> Case:
    kind, lot = given.get("dist", "binomial"), given.get("N", given.get("lot_size"))
    return {"pa": sampling_plans.oc_curve(given["n"], given["c"], given["p"], kind=kind, lot_size=lot)}


def plan_design(given: Case) -> Case:
    lot = given.get("N", given.get("lot_size"))
    kind = {"hypergeometric": "hypergeom"}.get(given.get("dist", "binomial"), given.get("dist", "binomial"))
    found = sampling_plans.design_plan(tuple(given["prp"]), tuple(given["crp"]), kind=kind, lot_size=lot)
    return {"n": found.n, "c": found.c, "r": found.c + 1, "pa": [found.producer_pa, found.consumer_pa]}


def cohen_kappa(given: Case) -> Case:
    conf = given.get("conf", 0.95)
    plain = agreement.cohen_kappa(given["table"], conf=conf)
    linear = agreement.cohen_kappa(given["table"], weights="linear", conf=conf)
    quadratic = agreement.cohen_kappa(given["table"], weights="quadratic", conf=conf)
    return {
        "kappa": plain.kappa,
        "ase": plain.ase,
        "ci": _pair(plain.interval),
        "weighted_linear": linear.kappa,
        "weighted_quadratic": quadratic.kappa,
        "weighted_linear_ase": linear.ase,
        "weighted_quadratic_ase": quadratic.ase,
        "pa": plain.observed,
        "pe": plain.expected,
    }


def kappa_and_ac1(given: Case) -> Case:
    found = agreement.gwet_ac1(given["table"])
    return {**cohen_kappa(given), "ac1": found.ac1, "pa": found.observed}


def fleiss_kappa(given: Case) -> Case:
    return {"kappa": agreement.fleiss_kappa(given["counts"])}


def krippendorff_alpha(given: Case) -> Case:
    ratings = np.array([[np.nan if value is None else value for value in row] for row in given["raters"]], dtype=float)
    scales: tuple[krippendorff.Scale, ...] = ("nominal", "ordinal", "interval", "ratio")
    return {scale: krippendorff.krippendorff_alpha(ratings, scale=scale) for scale in scales}


def icc_all(given: Case) -> Case:
    found = icc.icc(given["scores"])
    return {f"ICC{form}{k}": getattr(found, f"icc{form}{k}") for form, k in product("123", ("", "k"))}


ADAPTERS: dict[str, Callable[[Case], Case]] = {
    "acceptance_sampling_lookup": acceptance_lookup,
    "arl_cusum_one_sided": arl_cusum,
    "arl_ewma_two_sided": arl_ewma,
    "arl_shewhart": arl_shewhart,
    "beta_binomial": beta_binomial,
    "c_chart": c_chart,
    "change_point_mean": _cuts("mean"),
    "change_point_poisson": _cuts("poisson"),
    "cohen_kappa": cohen_kappa,
    "cohen_kappa_gwet_ac1": kappa_and_ac1,
    "cusum_tabular": cusum_tabular,
    "ewma": ewma,
    "fdr_bh": fdr_bh,
    "fdr_by": fdr_by,
    "fleiss_kappa": fleiss_kappa,
    "icc": icc_all,
    "k_proportions_chi2": k_proportions_chi2,
    "krippendorff_alpha": krippendorff_alpha,
    "laney_p": _of_x_and_n(control_charts.laney_p),
    "laney_u": _of_x_and_n(control_charts.laney_u),
    "margin_of_error": margin_of_error,
    "oc_curve": oc_curve,
    "p_chart": _of_x_and_n(control_charts.p_chart),
    "poisson_rate_ci": poisson_rate_ci,
    "poisson_rate_ratio": poisson_rate_ratio,
    "power_2p_h": power_2p_h,
    "power_t": power_t,
    "proportion_ci": proportion_ci,
    "sample_size_2p": sample_size_2p,
    "sample_size_finite": sample_size_finite,
    "sampling_plan_design": plan_design,
    "stl": stl,
    "u_chart": _of_x_and_n(control_charts.u_chart),
    "western_electric_nelson": rules,
    "xbar_R": xbar_r,
    "xbar_S": xbar_s,
    "xmr": xmr,
}
