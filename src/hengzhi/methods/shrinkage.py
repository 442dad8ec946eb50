"""Shares of small units drawn towards their peers: a Beta prior taken from the peers themselves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hengzhi.methods.interval import Floats, Numbers, floats, require
from hengzhi.methods.proportions import Posterior, beta_binomial

_MOST = 1e6  # peers that vary no more than chance allows share one rate; their prior is that of a million cases


@dataclass(frozen=True, slots=True)
class Shrunk:
    """The peers' prior, and per unit its posterior mean and interval (show the raw share beside it)."""

    a: float
    b: float
    posterior: Posterior
    raw: Floats


def shrink(x: Numbers, n: Numbers, *, conf: float = 0.95) -> Shrunk:
    """Empirical-Bayes shares of peer units.

    The prior's mean is the pooled share; its strength follows from how much more the shares vary than chance alone explains.

    Source: Kleinman (1973), JASA 68:46 (moments of the beta-binomial, weights n).
    """
    x, n = floats(x, n)
    require(x.ndim == 1 and np.all((x >= 0) & (x <= n)) and np.count_nonzero(n) >= 3, "needs three peers with cases or more")
    raw = np.divide(x, n, out=np.full_like(x, np.nan), where=n > 0)
    known = n > 0
    w, p = n[known], raw[known]
    k, total = w.size, w.sum()
    # Half a case keeps the mean inside (0, 1) when no peer has one.
    mean = (x.sum() + 0.5) / (total + 1)
    spread = float((w * (p - w @ p / total) ** 2).sum())
    unit = mean * (1 - mean)
    within = unit * (k - 1)
    rho = (spread - within) / (unit * (total - (w * w).sum() / total) - within)
    strength = float(np.clip(1 / rho - 1, 1e-2, _MOST)) if rho > 1 / _MOST else _MOST
    a, b = mean * strength, (1 - mean) * strength
    return Shrunk(a, b, beta_binomial(x, n, prior=(a, b), conf=conf), raw)
