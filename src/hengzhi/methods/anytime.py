"""Proof of a share that stays valid however often one looks: an e-process and a confidence sequence for yes/no cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]

_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence sequence at the looks taken: it covers the true share at every one of them at once."""

    lower: Floats
    upper: Floats


def log_e_value(x: ArrayLike, n: ArrayLike, *, target: float, prior: tuple[float, float] = (1.0, 1.0)) -> Floats:
    """Logarithm of the evidence that the true share exceeds ``target``; at most target, its expectation is never above 1.

    Args:
        x: successes so far, cumulative; any shape.
        n: cases so far.
        target: the share to be proven, inside (0, 1).
        prior: Beta parameters of the bets, truncated to shares above the target.

    Source: Robbins 1970, Ann. Math. Stat. 41:1397-1409 (mixture likelihood ratio); Ramdas et al. 2023, Statistical Science 38:576-601.
    """
    if not 0 < target < 1:
        raise ValueError("a target to be proven lies inside (0, 1)")
    hits, cases = np.asarray(x, float), np.asarray(n, float)
    a, b = prior
    misses = cases - hits
    mixture = special.betaln(a + hits, b + misses) + np.log(np.maximum(special.betaincc(a + hits, b + misses, target), 1e-300))
    plain = special.betaln(a, b) + np.log(special.betaincc(a, b, target))
    at_target = hits * np.log(target) + misses * np.log1p(-target)
    return np.asarray(mixture - plain - at_target, dtype=np.float64)


def is_proven(
    x: ArrayLike, n: ArrayLike, *, target: float, confidence: float = 0.95, prior: tuple[float, float] = (1.0, 1.0)
) -> NDArray[np.bool_]:
    """Whether the share is proven above ``target`` at each look of the last axis; once proven, it stays so.

    Source: Ville 1939 (P(some e-value >= 1 / alpha) <= alpha).
    """
    logs = np.maximum.accumulate(log_e_value(x, n, target=target, prior=prior), axis=-1)
    return np.asarray(logs >= -np.log1p(-confidence))


def confidence_sequence(x: ArrayLike, n: ArrayLike, *, confidence: float = 0.95, prior: tuple[float, float] = (1.0, 1.0)) -> Interval:
    """Shares not yet refuted at each look by a two-sided mixture; valid at all looks together.

    Source: Robbins 1970; Howard et al. 2021, Annals of Statistics 49:1055-1080 (beta-binomial mixture).
    """
    hits, cases = np.broadcast_arrays(np.asarray(x, float), np.asarray(n, float))
    a, b = prior
    evidence = special.betaln(a + hits, b + cases - hits) - special.betaln(a, b)
    limit = -np.log1p(-confidence)
    centre = np.divide(hits, cases, out=np.full(hits.shape, 0.5), where=cases > 0)

    def is_refuted(p: Floats) -> NDArray[np.bool_]:
        return np.asarray(evidence - special.xlogy(hits, p) - special.xlog1py(cases - hits, -p) > limit)

    return Interval(_edge(is_refuted, centre, np.zeros_like(centre)), _edge(is_refuted, centre, np.ones_like(centre)))


def _edge(is_refuted: Callable[[Floats], NDArray[np.bool_]], inside: Floats, outside: Floats) -> Floats:
    # The refuting evidence grows away from the observed share, so halving finds its edge; an end not refuted is the edge.
    free = ~is_refuted(outside)
    inner, outer = inside.copy(), outside.copy()
    for _ in range(_HALVINGS):
        middle = (inner + outer) / 2
        refuted = is_refuted(middle)
        outer = np.where(refuted, middle, outer)
        inner = np.where(refuted, inner, middle)
    return np.where(free, outside, outer)
