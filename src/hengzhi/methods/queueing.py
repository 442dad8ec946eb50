"""Waiting at counters and on the telephone: Erlang's B and C, and A with impatient customers; for many loads at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]

_SMALLEST = 1e-15  # states rarer than this, relative to the likeliest, are left out of Erlang A


@dataclass(frozen=True, slots=True)
class Waiting:
    """A queue with patient customers in the long run; all infinite or one where the load exceeds the staff."""

    wait_probability: Floats
    mean_wait: Floats
    occupancy: Floats
    drain: Floats

    def within(self, wait: ArrayLike) -> Floats:
        """Share of customers who wait no longer than ``wait`` (service level)."""
        return np.where(self.drain > 0, 1 - self.wait_probability * np.exp(-np.maximum(self.drain, 0) * np.asarray(wait, float)), 0.0)


@dataclass(frozen=True, slots=True)
class Impatience:
    """A queue whose customers give up: shares that wait and abandon, mean wait of all, and occupancy."""

    wait_probability: float
    abandon_probability: float
    mean_wait: float
    mean_queue: float
    occupancy: float


def erlang_b(load: ArrayLike, servers: ArrayLike) -> Floats:
    """Share of calls lost when nobody may wait.

    Args:
        load: arrivals times mean service time, in erlangs.
        servers: whole numbers; broadcast against the load.

    Source: Erlang 1917; recursion in Jagerman 1974, Bell System Tech. J. 53:525-551, in the inverse form, which never overflows early.
    """
    a, n = np.broadcast_arrays(np.asarray(load, float), np.asarray(servers, int))
    if np.any(a < 0) or np.any(n < 0):
        raise ValueError("load and servers are not negative")
    blocked = np.ones(a.shape)
    for k in range(1, int(n.max(initial=0)) + 1):
        following = a * blocked / (k + a * blocked)
        blocked = np.where(k <= n, following, blocked)
    return blocked


def erlang_c(load: ArrayLike, servers: ArrayLike) -> Floats:
    """Share of customers who wait, with unlimited patience; 1 where the load is not below the servers.

    Source: Erlang 1917; Cooper 1981, Introduction to Queueing Theory, 3.3: C = n B / (n - a (1 - B)).
    """
    a, n = np.broadcast_arrays(np.asarray(load, float), np.asarray(servers, int))
    blocked = erlang_b(a, n)
    stable = a < n
    waits = np.divide(n * blocked, n - a * (1 - blocked), out=np.ones(a.shape), where=stable)
    return np.where(stable, waits, 1.0)


def waiting(arrival_rate: ArrayLike, service_rate: ArrayLike, servers: ArrayLike) -> Waiting:
    """The M/M/n queue with patient customers; rates per the same unit of time, waits in that unit."""
    lam, mu, n = np.broadcast_arrays(np.asarray(arrival_rate, float), np.asarray(service_rate, float), np.asarray(servers, int))
    waits = erlang_c(lam / mu, n)
    drain = n * mu - lam
    mean = np.divide(waits, drain, out=np.full(lam.shape, np.inf), where=drain > 0)
    busy = np.divide(lam, n * mu, out=np.full(lam.shape, np.inf), where=n > 0)
    return Waiting(waits, mean, np.minimum(busy, 1.0), np.asarray(drain, dtype=np.float64))


def erlang_a(arrival_rate: float, service_rate: float, servers: int, abandon_rate: float) -> Impatience:
    """The M/M/n+M queue: each waiting customer gives up after an exponential patience of mean 1 / ``abandon_rate``.

    Source: Palm 1946; Garnett, Mandelbaum & Reiman 2002, M&SOM 4:208-227 (birth-death chain, summed exactly).
    """
    if min(arrival_rate, service_rate, abandon_rate) <= 0 or servers < 0:
        raise ValueError("Erlang A needs positive rates of arrival, service and abandonment")
    weights = _stationary(arrival_rate, service_rate, servers, abandon_rate)
    states = np.arange(len(weights))
    queue = float(weights @ np.maximum(states - servers, 0))
    busy = float(weights @ np.minimum(states, servers)) / servers if servers else 0.0
    lost = min(abandon_rate * queue / arrival_rate, 1.0)
    return Impatience(float(weights[servers:].sum()), lost, queue / arrival_rate, queue, busy)


def servers_needed(arrival_rate: float, service_rate: float, *, wait: float, share: float, most: int = 100_000) -> int:
    """Fewest servers with which at least ``share`` of patient customers wait no longer than ``wait``.

    Raises:
        ValueError: even ``most`` servers are not enough.
    """
    load = arrival_rate / service_rate
    blocked = 1.0
    for n in range(1, most + 1):
        blocked = load * blocked / (n + load * blocked)
        if n <= load:
            continue
        waits = n * blocked / (n - load * (1 - blocked))
        if 1 - waits * np.exp(-(n * service_rate - arrival_rate) * wait) >= share:
            return n
    raise ValueError(f"{most} servers are not enough")


def _stationary(lam: float, mu: float, n: int, theta: float) -> Floats:
    # Logarithms of the balance weights. Past n the death rate only grows, so what lies beyond the last state is at most
    # a geometric tail: the chain is cut where even that is nil.
    last = n + 50
    while True:
        k = np.arange(1, last + 1)
        deaths = np.minimum(k, n) * mu + np.maximum(k - n, 0) * theta
        logs = np.concatenate([[0.0], np.cumsum(np.log(lam) - np.log(deaths))])
        fall = lam / deaths[-1]
        if fall < 1 and logs[-1] - logs.max() - np.log1p(-fall) < np.log(_SMALLEST):
            return np.asarray(special.softmax(logs), dtype=np.float64)
        last *= 2
