"""A whole portfolio of monthly shares watched at once: intervals, limits, rules, drift, p-values, alerts and scores."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import IntFlag

import numpy as np
import numpy.typing as npt

from hengzhi.methods.alerts import bh_rejected
from hengzhi.methods.control_charts import laney_p
from hengzhi.methods.deviations import overdispersed_p_each
from hengzhi.methods.drift import ewma
from hengzhi.methods.interval import Flags, Floats, Numbers, floats, require
from hengzhi.methods.proportions import jeffreys_posterior, wilson
from hengzhi.methods.rating import expected_score_beta
from hengzhi.methods.run_rules import western_electric

Small = npt.NDArray[np.float32]
_LARGE_PIECE = 31 << 20  # just below the 32 MB up to which glibc adapts (mallopt(3), M_MMAP_THRESHOLD)


class Rule(IntFlag):
    """The bits of ``Watch.rules``."""

    BEYOND_THREE = 1
    TWO_OF_THREE = 2
    FOUR_OF_FIVE = 4
    RUN_OF_EIGHT = 8
    EWMA = 16


@dataclass(frozen=True, slots=True)
class Watch:
    """Per series and period: interval, limits and p-value (single precision), rule bits and alerts; the last period's score."""

    lower: Small
    upper: Small
    lcl: Small
    ucl: Small
    p: Small
    rules: npt.NDArray[np.uint8]
    alerts: Flags
    score: Floats


def watch(
    x: npt.NDArray[np.integer[npt.NBitBase]],
    n: npt.NDArray[np.integer[npt.NBitBase]],
    *,
    knots: tuple[Numbers, Numbers],
    alpha: float = 0.05,
    block: int = 2048,
    threads: int = 1,
) -> Watch:
    """Watch many series of shares; the result doesn't depend on ``block`` or ``threads``.

    Args:
        x: cases with the property, shape (series, periods).
        n: cases, same shape; 0 where there were none.
        knots: values and scores of the risk function, (k,) for all series or (series, k).
        alpha: false discovery rate within each period, over all series.
        block: series worked on at a time, so that what is in hand stays in the processor's cache.
        threads: blocks in hand at a time.
    """
    require(x.ndim == 2 and x.shape == n.shape, "needs one row per series, x and n alike")
    _keep_freed_memory()
    # Periods outermost: one period of a block then lies in one piece.
    shape = x.shape[::-1]
    lower, upper, lcl, ucl, p = (np.empty(shape, dtype=np.float32).T for _ in range(5))
    rules, alerts, scores = np.empty(shape, np.uint8).T, np.empty(shape, np.bool_).T, np.empty(len(x))
    out = Watch(lower, upper, lcl, ucl, p, rules, alerts, scores)
    theta, score = (np.broadcast_to(part, (len(x), part.shape[-1])) for part in floats(*knots))

    def work(start: int) -> None:
        rows = slice(start, start + block)
        _watch_block(np.asfortranarray(x[rows], np.float64), np.asfortranarray(n[rows], np.float64), (theta[rows], score[rows]), out, rows)

    def decide(period: int) -> None:
        out.alerts[:, period] = bh_rejected(out.p[:, period], alpha=alpha)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(0, len(x), block)))
        list(pool.map(decide, range(x.shape[1])))
    return out


def _keep_freed_memory() -> None:
    # Having freed one large piece, glibc keeps smaller ones for reuse; else every step pays again for fresh pages (twice the time).
    np.empty(_LARGE_PIECE, np.uint8)


def _watch_block(x: Floats, n: Floats, knots: tuple[Floats, Floats], out: Watch, rows: slice) -> None:
    interval = wilson(x, n)
    out.lower[rows], out.upper[rows] = interval.lower, interval.upper
    chart = laney_p(x, n)
    out.lcl[rows], out.ucl[rows] = chart.lcl, chart.ucl
    z = chart.z()
    found = western_electric(z)
    drifting = ewma(z, center=np.zeros(len(z)), sd=np.ones(len(z))).signals()
    named = (found.beyond_three, found.two_of_three, found.four_of_five, found.run_of_eight, drifting)
    bits = np.zeros_like(z, dtype=np.uint8)
    for rule, flags in zip(Rule, named, strict=True):
        bits |= flags.view(np.uint8) * np.uint8(rule)
    out.rules[rows] = bits
    out.p[rows] = overdispersed_p_each(x, n)
    out.score[rows] = expected_score_beta(*jeffreys_posterior(x[:, -1], n[:, -1]), *knots)
