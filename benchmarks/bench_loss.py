"""Time a million simulated years of a compound loss beside a plain loop over years, and check both against the transform."""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Sequence

import numpy as np

from hengzhi.methods.loss import Loss, Poisson
from hengzhi.methods.loss_lattice import quantile
from hengzhi.methods.loss_simulation import simulate
from hengzhi.methods.severity import Lognormal

TARGET_SECONDS = 1.0


def naive_seconds(years: int, *, lam: float, mu: float, sigma: float, seed: int) -> float:
    """How long a loop takes that draws and adds up year by year."""
    rng = np.random.default_rng(seed)
    began = time.perf_counter()
    totals = [float(rng.lognormal(mu, sigma, rng.poisson(lam)).sum()) for _ in range(years)]
    assert len(totals) == years
    return time.perf_counter() - began


def measure(*, years: int, sample: int, lam: float, mu: float, sigma: float, q: float, seed: int, repeats: int) -> dict[str, object]:
    loss = Loss(Poisson(lam), Lognormal(mu, sigma))
    simulate(loss, years=10_000, seed=seed)
    runs = []
    for _ in range(repeats):
        began = time.perf_counter()
        found = simulate(loss, years=years, seed=seed).quantile(q)
        runs.append(time.perf_counter() - began)
    other = simulate(loss, years=years, seed=seed, block_events=10_007).quantile(q)
    exact = quantile(loss, q)
    naive = naive_seconds(sample, lam=lam, mu=mu, sigma=sigma, seed=seed) * years / sample
    best = min(runs)
    return {
        "years": years,
        "lam": lam,
        "seconds": round(best, 3),
        "seconds_all": [round(run, 3) for run in runs],
        "naive_seconds_scaled": round(naive, 1),
        "ratio": round(naive / best, 1),
        "quantile": found.value,
        "interval": [found.lower, found.upper],
        "transform": exact,
        "covered": found.lower <= exact <= found.upper,
        "same_for_other_block": other == found,
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "within_target": best <= TARGET_SECONDS,
    }


def main(arguments: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=1_000_000)
    parser.add_argument("--sample", type=int, default=20_000, help="years of the plain loop; its time is scaled up")
    parser.add_argument("--lam", type=float, default=10.0)
    parser.add_argument("--mu", type=float, default=1.0)
    parser.add_argument("--sigma", type=float, default=1.0)
    parser.add_argument("--q", type=float, default=0.999)
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--repeats", type=int, default=3)
    print(json.dumps(measure(**vars(parser.parse_args(arguments))), indent=2))


if __name__ == "__main__":
    main(sys.argv[1:])
