"""What a sampling plan does: operating characteristics, outgoing quality, and the smallest plan for two risks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special, stats

from hengzhi.methods.interval import Floats, InvalidNumbers, Numbers, floats, require

Kind = Literal["binomial", "poisson", "hypergeom"]
_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Design:
    """The smallest plan, and the chances of acceptance it gives at both points."""

    n: int
    c: int
    producer_pa: float
    consumer_pa: float


def oc_curve(n: int, c: int, p: Numbers, *, kind: Kind = "binomial", lot_size: int | None = None) -> Floats:
    """The chance that a lot of quality ``p`` (share nonconforming) is accepted.

    Source: Montgomery, ch. 15.2 (type B: binomial; type A: hypergeometric, needs ``lot_size``).

    >>> oc_curve(89, 2, [0.01, 0.05]).round(4).tolist()
    [0.9397, 0.1721]
    """
    (p,) = floats(p)
    require((p >= 0) & (p <= 1), "p must lie in [0, 1]")
    return _accepted(np.asarray(float(n)), np.asarray(float(c)), p, kind, lot_size)


def average_outgoing_quality(n: int, c: int, p: Numbers, *, lot_size: int) -> Floats:
    """The share nonconforming after rejected lots are screened: Pa p (N - n) / N.

    Source: Montgomery, ch. 15.2.4.
    """
    (p,) = floats(p)
    require(n <= lot_size, "the sample is larger than the lot")
    return oc_curve(n, c, p) * p * (lot_size - n) / lot_size


def design_plan(
    producer: tuple[float, float], consumer: tuple[float, float], *, kind: Kind = "binomial", lot_size: int | None = None
) -> Design:
    """The smallest n (and its c) that accepts good lots often enough and bad lots seldom enough.

    Args:
        producer: (quality, least chance of acceptance), say (0.01, 0.95).
        consumer: (quality, largest chance of acceptance), say (0.05, 0.10).
        kind: distribution of nonconforming cases.
        lot_size: for the hypergeometric.

    Raises:
        InvalidNumbers: no plan meets both.

    Source: Guenther (1969), J. Qual. Technol. 1:45; R AcceptanceSampling find.plan.
    """
    (good, often), (bad, seldom) = producer, consumer
    require(0 <= good < bad <= 1 and 0 < seldom < often < 1, "needs a good quality below a bad one, and chances in order")
    most = lot_size if lot_size is not None else _LARGEST
    c = 0
    while c <= most:
        n = _least_n(c, bad, seldom, kind, lot_size, most)
        if n is None:
            break
        at = [float(_accepted(np.asarray(float(n)), np.asarray(float(c)), np.asarray(p), kind, lot_size)) for p in (good, bad)]
        if at[0] >= often:
            return Design(n, c, at[0], at[1])
        c += 1
    raise InvalidNumbers("no plan meets both points")


def _least_n(c: int, bad: float, seldom: float, kind: Kind, lot_size: int | None, most: int) -> int | None:
    """The smallest n that accepts a lot of quality ``bad`` no more often than ``seldom``: the chance falls with n."""

    def seldom_enough(n: int) -> bool:
        return bool(_accepted(np.asarray(float(n)), np.asarray(float(c)), np.asarray(bad), kind, lot_size) <= seldom)

    low, high = c, c + 1
    while high <= most and not seldom_enough(high):
        low, high = high, high * 2
    if high > most:
        if not seldom_enough(most):
            return None
        high = most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if seldom_enough(middle) else (middle, high)
    return high


def _accepted(n: Floats, c: Floats, p: Floats, kind: Kind, lot_size: int | None) -> Floats:
    if kind == "poisson":
        return np.asarray(special.pdtr(c, n * p))
    if kind == "hypergeom":
        if lot_size is None:
            raise InvalidNumbers("the hypergeometric needs a lot size")
        return np.asarray(stats.hypergeom.cdf(c, lot_size, np.round(p * lot_size), n))
    safe = np.where(c < n, n - c, 1)
    return np.where(c < n, special.betaincc(c + 1, safe, p), 1.0)
