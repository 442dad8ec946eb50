"""Intraclass correlations of scores given by several raters to the same cases."""

from __future__ import annotations

from dataclasses import dataclass

from hengzhi.methods.interval import Numbers, floats, require


@dataclass(frozen=True, slots=True)
class Icc:
    """The six forms: one-way (1), two-way random (2) and mixed (3), of a single rater or of the mean of k."""

    icc1: float
    icc2: float
    icc3: float
    icc1k: float
    icc2k: float
    icc3k: float


def icc(scores: Numbers) -> Icc:
    """All six from complete scores, one row per case and one column per rater.

    Source: Shrout & Fleiss (1979), Psych. Bull. 86:420.
    """
    (x,) = floats(scores)
    require(x.ndim == 2 and min(x.shape) >= 2 and x.sum() == x.sum(), "needs complete scores of two cases and two raters or more")
    n, k = x.shape
    mean, cases, raters = x.mean(), x.mean(axis=1), x.mean(axis=0)
    between = k * float(((cases - mean) ** 2).sum()) / (n - 1)
    judges = n * float(((raters - mean) ** 2).sum()) / (k - 1)
    within = float(((x - cases[:, None]) ** 2).sum()) / (n * (k - 1))
    error = float(((x - cases[:, None] - raters[None, :] + mean) ** 2).sum()) / ((n - 1) * (k - 1))
    return Icc(
        icc1=_ratio(between - within, between + (k - 1) * within),
        icc2=_ratio(between - error, between + (k - 1) * error + k * (judges - error) / n),
        icc3=_ratio(between - error, between + (k - 1) * error),
        icc1k=_ratio(between - within, between),
        icc2k=_ratio(between - error, between + (judges - error) / n),
        icc3k=_ratio(between - error, between),
    )


def _ratio(above: float, below: float) -> float:
    return above / below if below != 0 else float("nan")
