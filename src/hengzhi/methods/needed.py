"""How many cases would prove what is seen: the smallest n at which the observed share meets its bound."""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy import special

from hengzhi.methods.interval import Floats, Numbers, floats, require, require_conf

_LARGEST = 2.0**50  # beyond this the observed share equals the target for every purpose


def needed_n(p_hat: Numbers, target: Numbers, direction: Literal["up", "down"], conf: float = 0.95) -> Floats:
    """The smallest total n at which the share ``p_hat``, taken as real, meets the one-sided exact bound.

    Returns:
        Whole numbers as floats; infinite where the share is not on the right side of the target.

    Source: Clopper & Pearson (1934): met while P(X >= p n | target) <= 1 - conf, the tail by the incomplete beta for real p n.
    """
    p, line = floats(p_hat, target)
    require((p >= 0) & (p <= 1) & (line >= 0) & (line <= 1), "shares must lie in [0, 1]")
    alpha = require_conf(conf)
    if direction == "down":
        p, line = 1 - p, 1 - line
    high = np.ones_like(p)
    while np.any(open_ := ~_is_met(p, line, high, alpha) & (p > line) & (high < _LARGEST)):
        high = np.where(open_, high * 2, high)
    low = np.floor(high / 2)
    while np.any(high - low > 1):
        middle = np.floor((low + high) / 2)
        met = _is_met(p, line, middle, alpha)
        low, high = np.where(met, low, middle), np.where(met, middle, high)
    return np.where((p > line) & (high < _LARGEST), high, np.inf)


def _is_met(p: Floats, line: Floats, n: Floats, alpha: float) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    x = p * n
    return np.asarray((x > 0) & (special.betainc(np.where(x > 0, x, 1), n - x + 1, line) <= alpha))
