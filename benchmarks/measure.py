"""Timing whole processes and calls, and telling the outcome as ratios."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Timed:
    """One measured piece of work."""

    name: str
    seconds: float
    peak_mb: float = float("nan")


def process(name: str, command: Sequence[str], **environment: str) -> Timed:
    """Wall time and peak memory of one process, which must succeed."""
    began = time.perf_counter()
    child = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{name} failed: {' '.join(command)}")
    return Timed(name, time.perf_counter() - began, usage.ru_maxrss / 1024)


def call(name: str, work: Callable[[], object], *, times: int = 5) -> Timed:
    """The median wall time of some calls in this process."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return Timed(name, median(seconds), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def tell(timed: Timed, *, work: float = 0, unit: str = "", against: Timed | None = None) -> None:
    """One line: seconds, memory, throughput and the ratio to a peer of the same run."""
    parts = [f"{timed.name:44}", f"{timed.seconds:9.3f} s"]
    parts += [f"{timed.peak_mb:7.0f} MB"] if timed.peak_mb == timed.peak_mb else []
    parts += [f"{work / timed.seconds:14,.0f} {unit}/s"] if work else []
    parts += [f"{timed.seconds / against.seconds:7.2f} × {against.name}"] if against else []
    sys.stdout.write("  ".join(parts) + "\n")
    sys.stdout.flush()
