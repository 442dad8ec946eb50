"""Average run lengths: how many points until a chart signals, in control or shifted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse, special
from scipy.sparse import linalg

from hengzhi.methods.interval import Floats, require

_NODES = 120  # Gauss-Legendre nodes; more change nothing within ten digits


def arl_shewhart(shift_sd: float = 0, *, width: float = 3, n: int = 1) -> float:
    """Mean number of subgroups of ``n`` until one lies beyond ``width`` sigma, at a shift in sigma of one value.

    Source: Montgomery, ch. 5.3.3.

    >>> round(arl_shewhart(), 1)
    370.4
    """
    moved = shift_sd * float(np.sqrt(n))
    return 1 / float(special.ndtr(moved - width) + special.ndtr(-moved - width))


def arl_cusum_one_sided(k: float, h: float, mu: float = 0) -> float:
    """Mean run length of an upper CUSUM that starts at 0, points N(``mu``, 1).

    Source: Page's integral equation by Gauss-Legendre nodes; Vance (1986), J. Qual. Technol. 18:189.
    """
    require(h > 0, "the decision interval must be positive")
    nodes, weights = _legendre(0, h)
    starts = np.concatenate([[0.0], nodes])
    # L(u) = 1 + L(0) Phi(k - u - mu) + integral of L(y) phi(y + k - u - mu) over [0, h]
    kernel = np.empty((len(starts), len(starts)))
    kernel[:, 0] = special.ndtr(k - starts - mu)
    kernel[:, 1:] = weights * _phi(nodes + k - starts[:, None] - mu)
    return _solved(kernel, 0)


def arl_cusum_two_sided(k: float, h: float, mu: float = 0) -> float:
    """Mean run length of both sums together.

    Source: Van Dobben de Bruyn (1968): 1/ARL = 1/ARL(upper) + 1/ARL(lower).
    """
    return 1 / (1 / arl_cusum_one_sided(k, h, mu) + 1 / arl_cusum_one_sided(k, h, -mu))


def arl_ewma_two_sided(lam: float, width: float, mu: float = 0) -> float:
    """Mean run length of an EWMA that starts at its centre, steady-state limits of ``width`` sigma.

    Source: Crowder (1987), Technometrics 29:401.
    """
    require(0 < lam <= 1, "lam must lie in (0, 1]")
    limit = width * float(np.sqrt(lam / (2 - lam)))
    nodes, weights = _legendre(-limit, limit)
    starts = np.concatenate([[0.0], nodes])
    kernel = np.zeros((len(starts), len(starts)))
    kernel[:, 1:] = weights / lam * _phi((nodes - (1 - lam) * starts[:, None]) / lam - mu)
    return _solved(kernel, 0)


def arl_rules(mu: float = 0, *, two_of_three: bool = True, four_of_five: bool = True, run_of_eight: bool = True) -> float:
    """Mean run length of the three-sigma rule together with the chosen Western Electric rules.

    Source: Champ & Woodall (1987), Technometrics 29:393, by a Markov chain over the last four zones and the run.

    >>> round(arl_rules(), 2)
    91.75
    """
    rules = _Rules(two_of_three, four_of_five, run_of_eight)
    chances = np.diff(special.ndtr(np.arange(-3, 4) - mu))
    places: dict[_State, int] = {((), 0): 0}
    queue: list[_State] = [((), 0)]
    rows, columns, values = [], [], []
    while queue:
        state = queue.pop()
        for zone, chance in zip((-3, -2, -1, 1, 2, 3), chances, strict=True):
            to = rules.next(state, zone)
            if to is None:
                continue
            if to not in places:
                places[to] = len(places)
                queue.append(to)
            rows.append(places[state])
            columns.append(places[to])
            values.append(chance)
    size = len(places)
    steps = sparse.csc_matrix((values, (rows, columns)), shape=(size, size))
    return float(linalg.spsolve(sparse.identity(size, format="csc") - steps, np.ones(size))[0])


_State = tuple[tuple[int, ...], int]  # the last zones (1, 2, 3 sigma bands, signed), and the signed length of the run


@dataclass(frozen=True, slots=True)
class _Rules:
    two_of_three: bool
    four_of_five: bool
    run_of_eight: bool

    def next(self, state: _State, zone: int) -> _State | None:
        """The state after a point in ``zone``; None when a rule signals."""
        history, run = state
        sign = 1 if zone > 0 else -1
        now = (*history, zone)
        longer = run + sign if run * sign > 0 else sign
        if self.two_of_three and _beyond(now[-3:], sign, 3) >= 2:
            return None
        if self.four_of_five and _beyond(now[-5:], sign, 2) >= 4:
            return None
        if self.run_of_eight and abs(longer) >= 8:
            return None
        kept = 4 if self.four_of_five else 2 if self.two_of_three else 0
        return now[len(now) - min(kept, len(now)) :], longer if self.run_of_eight else 0


def _beyond(zones: tuple[int, ...], sign: int, least: int) -> int:
    # Only a point that lies beyond the line itself can complete the pattern.
    return sum(zone * sign >= least for zone in zones) if zones[-1] * sign >= least else 0


def _legendre(low: float, high: float) -> tuple[Floats, Floats]:
    at, weights = np.polynomial.legendre.leggauss(_NODES)
    return low + (high - low) * (at + 1) / 2, weights * (high - low) / 2


def _phi(x: Floats) -> Floats:
    return np.asarray(np.exp(-x * x / 2) / np.sqrt(2 * np.pi))


def _solved(kernel: Floats, start: int) -> float:
    lengths = np.linalg.solve(np.eye(len(kernel)) - kernel, np.ones(len(kernel)))
    return float(lengths[start])
