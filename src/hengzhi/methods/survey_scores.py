"""Scores of satisfaction surveys: top boxes, mean, net promoter, customer effort, SERVQUAL gaps and Cronbach's alpha."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from hengzhi.methods.interval import Floats, Interval, Numbers, floats, require, require_conf
from hengzhi.methods.means import MeanEstimate, cluster_t
from hengzhi.methods.survey_weights import WeightedShare, weighted_share


def top_box(answers: Numbers, *, least: float, weights: Numbers = 1.0, conf: float = 0.95) -> WeightedShare:
    """The share of answers of ``least`` or better: CSAT top-2 on 1 to 5 is ``least`` = 4. NaN stands for no answer.

    Source: ISO 10004:2018, annex D (top-box share); interval on Kish's effective n.
    """
    v, w = _answered(answers, weights)
    return weighted_share((v >= least).astype(np.float64), w, conf=conf)


@dataclass(frozen=True, slots=True)
class NetPromoter:
    """Promoters less detractors in points of 100, with its t interval, and the three shares."""

    score: float
    interval: Interval
    promoters: float
    passives: float
    detractors: float
    n: int


def net_promoter(answers: Numbers, *, weights: Numbers = 1.0, conf: float = 0.95) -> NetPromoter:
    """Answers 0 to 10: promoters 9 and 10, detractors 0 to 6.

    Source: Reichheld (2003), Harv. Bus. Rev. 81(12):46; error as of a mean of +1, 0, -1 (Rocks 2016, IJMR 58:365).
    """
    v, w = _answered(answers, weights)
    require((v >= 0) & (v <= 10), "answers lie from 0 to 10")
    sign = (v >= 9).astype(np.float64) - (v <= 6)
    found = _mean(sign, w)
    ends = found.interval(conf)
    shares = [float((w * part).sum() / w.sum()) if w.size else np.nan for part in (v >= 9, (v > 6) & (v < 9), v <= 6)]
    scaled = Interval(np.clip(100 * ends.lower[0], -100, 100), np.clip(100 * ends.upper[0], -100, 100))
    return NetPromoter(float(100 * found.mean[0]), scaled, shares[0], shares[1], shares[2], v.size)


def mean_score(answers: Numbers, *, weights: Numbers = 1.0) -> MeanEstimate:
    """The weighted mean of answers, as for customer effort (CES) on 1 to 7; NaN stands for no answer.

    Source: Dixon, Freeman & Toman (2010), Harv. Bus. Rev. 88(7):116 (effort); error as Cochran (1977), 6.3.
    """
    v, w = _answered(answers, weights)
    return _mean(v, w)


@dataclass(frozen=True, slots=True)
class Gap:
    """Perception less expectation per item or dimension (negative: worse than expected), paired."""

    gap: Floats
    interval: Interval
    p: Floats
    n: Floats


def servqual_gap(perception: Numbers, expectation: Numbers, *, conf: float = 0.95) -> Gap:
    """Gaps of paired answers: one row per respondent, one column per item; a pair with a NaN doesn't count.

    Source: Parasuraman, Zeithaml & Berry (1988), J. Retailing 64:12: P - E; paired t.
    """
    p, e = floats(perception, expectation)
    require(p.ndim == 2, "needs one row per respondent and one column per item")
    away = p - e
    known = ~np.isnan(away)
    n = known.sum(axis=0).astype(np.float64)
    safe = np.maximum(n, 1)
    mean = np.where(n > 0, np.where(known, away, 0).sum(axis=0) / safe, np.nan)
    squares = (np.where(known, away - mean, 0) ** 2).sum(axis=0)
    se = np.sqrt(squares / (safe * np.maximum(n - 1, 1)))
    found = MeanEstimate(mean, np.where(n > 1, se, np.nan), np.maximum(n - 1, 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        t = mean / found.se
    return Gap(mean, found.interval(conf), np.asarray(2 * special.stdtr(np.maximum(found.df, 1), -np.abs(t))), n)


@dataclass(frozen=True, slots=True)
class Cronbach:
    """Alpha with its interval, and alpha were each item left out."""

    alpha: float
    interval: Interval
    without: Floats
    n: int


def cronbach_alpha(answers: Numbers, *, conf: float = 0.95) -> Cronbach:
    """How far items measure one thing; complete rows only, one row per respondent.

    Source: Cronbach (1951), Psychometrika 16:297; interval Feldt (1965), Psychometrika 30:357. Floor 0.70: Nunnally (1978), p. 245.
    """
    (v,) = floats(answers)
    require(v.ndim == 2 and v.shape[1] >= 2, "needs two items or more")
    v = v[~np.isnan(v).any(axis=1)]
    n, k = v.shape
    require(n >= 2, "needs two complete respondents or more")
    alpha = _alpha(v)
    tail = require_conf(conf) / 2
    low, high = (float(special.fdtri(n - 1, (n - 1) * (k - 1), at)) for at in (tail, 1 - tail))
    without = [_alpha(np.delete(v, item, axis=1)) if k > 2 else np.nan for item in range(k)]
    return Cronbach(alpha, Interval(np.asarray(1 - (1 - alpha) * high), np.asarray(1 - (1 - alpha) * low)), np.asarray(without), n)


def _alpha(v: Floats) -> float:
    k = v.shape[1]
    whole = float(v.sum(axis=1).var(ddof=1))
    return k / (k - 1) * (1 - float(v.var(axis=0, ddof=1).sum()) / whole) if whole > 0 else float("nan")


def _answered(answers: Numbers, weights: Numbers) -> tuple[Floats, Floats]:
    v, w = floats(answers, weights)
    require(v.ndim == 1, "takes one series of answers")
    require(w >= 0, "weights must not be negative")
    known = ~np.isnan(v) & (w > 0)
    return v[known], w[known]


def _mean(v: Floats, w: Floats) -> MeanEstimate:
    return cluster_t(np.zeros(v.size, dtype=np.int64), v * w, w, size=1)
