"""Did a measure work: paired and unpaired means, and difference in differences with branches as the unit of chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference of means with its t test and two-sided interval."""

    estimate: float
    se: float
    t: float
    df: float
    p: float
    ci: tuple[float, float]


@dataclass(frozen=True, slots=True)
class PanelEffect:
    """A difference in differences over units, with placebos in space and the gap period by period.

    ``gaps`` is the treated minus the untreated mean, relative to the last period before; flat before means parallel.
    """

    effect: Difference
    placebo_p: float
    periods: Floats
    gaps: Floats


def paired_t(before: ArrayLike, after: ArrayLike, *, confidence: float = 0.95) -> Difference:
    """Mean of before minus after over pairs (the order of R's ``t.test(before, after, paired = TRUE)``).

    Source: Student 1908, Biometrika 6:1-25.
    """
    first, second = np.asarray(before, float), np.asarray(after, float)
    if first.shape != second.shape:
        raise ValueError(f"pairs need equally many values, not {first.size} and {second.size}")
    gaps = (first - second)[~np.isnan(first - second)]
    if len(gaps) < 2:
        raise ValueError("a paired comparison needs at least two pairs")
    return difference(float(gaps.mean()), float(gaps.std(ddof=1) / np.sqrt(len(gaps))), len(gaps) - 1, confidence=confidence)


def welch_t(first: ArrayLike, second: ArrayLike, *, confidence: float = 0.95) -> Difference:
    """Mean of ``first`` minus mean of ``second``, variances unequal.

    Source: Welch 1947, Biometrika 34:28-35 (Satterthwaite's degrees of freedom).
    """
    groups = [values[~np.isnan(values)] for values in (np.asarray(first, float), np.asarray(second, float))]
    if min(len(group) for group in groups) < 2:
        raise ValueError("each group needs at least two values")
    parts = [float(group.var(ddof=1) / len(group)) for group in groups]
    total = sum(parts)
    spread = sum(part**2 / (len(group) - 1) for part, group in zip(parts, groups, strict=True))
    df = total**2 / spread if spread > 0 else float(sum(len(group) - 1 for group in groups))
    return difference(float(groups[0].mean() - groups[1].mean()), float(np.sqrt(total)), df, confidence=confidence)


def did_summary(
    *, treated_change: float, treated_se: float, control_change: float, control_se: float, confidence: float = 0.95
) -> Difference:
    """Change of the treated minus change of the untreated, from means and standard errors alone (normal interval).

    Source: Card & Krueger 1994, American Economic Review 84:772-793, table 3.
    """
    return difference(treated_change - control_change, float(np.hypot(treated_se, control_se)), np.inf, confidence=confidence)


def did_panel(outcome: ArrayLike, treated: ArrayLike, periods: ArrayLike, first_post: float, *, confidence: float = 0.95) -> PanelEffect:
    """Difference in differences of mean outcomes before and from ``first_post`` on; each unit counts once.

    Args:
        outcome: units in rows, periods in columns; NaN where nothing was observed.
        treated: which units took part.
        periods: the periods of the columns, increasing.
        first_post: the first period under the measure.

    Returns:
        Standard error and t on units: the cluster-robust CR2 with its Satterthwaite degrees of freedom, which for two
        groups is Welch's test of the units' changes; NaN when one side has a single unit, where only the placebo p speaks.

    Source: Bertrand, Duflo & Mullainathan 2004, QJE 119:249-275 (collapse to before and after, cluster by unit);
    Bell & McCaffrey 2002, Survey Methodology 28:169-181 (CR2); Abadie, Diamond & Hainmueller 2010 (placebos in space).
    """
    table, took, when = np.asarray(outcome, float), np.asarray(treated, bool), np.asarray(periods, float)
    before, post = when < first_post, when >= first_post
    if not (took.any() and (~took).any() and before.any() and post.any()):
        raise ValueError("difference in differences needs treated and untreated units, before and after")
    changes = np.nanmean(table[:, post], axis=1) - np.nanmean(table[:, before], axis=1)
    estimate = float(changes[took].mean() - changes[~took].mean())
    alone = min(took.sum(), (~took).sum()) < 2
    effect = difference(estimate, np.nan, np.nan) if alone else welch_t(changes[took], changes[~took], confidence=confidence)
    gap = np.nanmean(table[took], axis=0) - np.nanmean(table[~took], axis=0)
    return PanelEffect(effect, _placebo_p(changes, took, estimate), when, gap - gap[np.flatnonzero(before)[-1]])


def did_placebo_in_time(
    outcome: ArrayLike, treated: ArrayLike, periods: ArrayLike, *, first_post: float, pretended: float, confidence: float = 0.95
) -> Difference:
    """The difference in differences that a pretended earlier start gives, on the periods before the true one; it should be nil.

    Source: Angrist & Pischke 2009, Mostly Harmless Econometrics, 5.2.
    """
    before = np.asarray(periods, float) < first_post
    early = np.asarray(outcome, float)[:, before]
    return did_panel(early, treated, np.asarray(periods, float)[before], pretended, confidence=confidence).effect


def difference(estimate: float, se: float, df: float, *, confidence: float = 0.95) -> Difference:
    """The t test and interval of an estimate with its standard error; ``df`` infinite means normal."""
    if np.isnan(se):
        return Difference(estimate, se, np.nan, df, np.nan, (np.nan, np.nan))
    t = estimate / se if se > 0 else float(np.copysign(np.inf, estimate)) if estimate else 0.0
    p = float(2 * special.ndtr(-abs(t)) if np.isinf(df) else 2 * special.stdtr(df, -abs(t)))
    reach = float(special.ndtri(0.5 + confidence / 2) if np.isinf(df) else stats.t.ppf(0.5 + confidence / 2, df)) * se
    return Difference(estimate, se, t, df, p, (estimate - reach, estimate + reach))


def _placebo_p(changes: Floats, took: NDArray[np.bool_], estimate: float) -> float:
    # Each untreated unit in turn plays the treated one; the share of placebos at least as far from zero, itself included.
    untreated = changes[~took]
    if len(untreated) < 2:
        return float("nan")
    others = (untreated.sum() - untreated) / (len(untreated) - 1)
    placebos = np.abs(untreated - others)
    return float((1 + (placebos >= abs(estimate)).sum()) / (1 + len(placebos)))
