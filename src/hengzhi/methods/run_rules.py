"""Run rules on standardised points: each flags the point that completes the pattern and itself lies beyond the zone line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hengzhi.methods.interval import Flags, Floats, Numbers, floats


@dataclass(frozen=True, slots=True)
class WesternElectric:
    """Which points each rule flags; windows lie wholly inside the series, a gap (NaN) ends every run."""

    beyond_three: Flags
    two_of_three: Flags
    four_of_five: Flags
    run_of_eight: Flags

    def any(self) -> Flags:
        """Points flagged by at least one rule."""
        return self.beyond_three | self.two_of_three | self.four_of_five | self.run_of_eight

    def default(self) -> Flags:
        """Points flagged by the house's set: beyond three sigma, run of eight, two of three."""
        return self.beyond_three | self.two_of_three | self.run_of_eight


def western_electric(z: Numbers) -> WesternElectric:
    """The four Western Electric rules on points in standard deviations from the centre.

    Source: Western Electric, Statistical Quality Control Handbook (1956); semantics of R qcc 3.0 (rules.R).
    """
    (z,) = floats(z)
    return WesternElectric(np.abs(z) > 3, _both(z, 2, 2, 3), _both(z, 1, 4, 5), _both(z, 0, 8, 8))


@dataclass(frozen=True, slots=True)
class Nelson:
    """Which points each of Nelson's rules flags; all eight together are too noisy for alerts."""

    beyond_three: Flags
    run_of_nine: Flags
    trend_of_six: Flags
    alternating_fourteen: Flags
    two_of_three: Flags
    four_of_five: Flags
    within_fifteen: Flags
    outside_eight: Flags


def nelson(z: Numbers) -> Nelson:
    """Nelson's eight rules on points in standard deviations from the centre.

    Source: Nelson (1984), J. Qual. Technol. 16:237; semantics of R qcc 3.0 (rules.R).
    """
    (z,) = floats(z)
    steps = np.diff(z, axis=-1)
    turns = steps[..., 1:] * steps[..., :-1] < 0
    outside = _runs(np.abs(z) > 1, 8) & (_count(z > 1, 8) > 0) & (_count(z < -1, 8) > 0)
    return Nelson(
        np.abs(z) > 3,
        _both(z, 0, 9, 9),
        _late(_runs(steps > 0, 5) | _runs(steps < 0, 5), z),
        _late(_runs(turns, 12), z),
        _both(z, 2, 2, 3),
        _both(z, 1, 4, 5),
        _runs(np.abs(z) <= 1, 15),
        outside,
    )


def _both(z: Floats, line: float, needed: int, length: int) -> Flags:
    return _pattern(z > line, needed, length) | _pattern(z < -line, needed, length)


def _pattern(beyond: Flags, needed: int, length: int) -> Flags:
    return beyond & (_count(beyond, length) >= needed)


def _runs(holds: Flags, length: int) -> Flags:
    return np.asarray(_count(holds, length) == length)


def _count(holds: Flags, length: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int8]]:
    """How many of the last ``length`` points hold; 0 before the first whole window."""
    found = np.zeros_like(holds, dtype=np.int8)
    places = holds.shape[-1] - length + 1
    if places > 0:
        window = found[..., length - 1 :]
        for back in range(length):
            window += holds[..., back : back + places].view(np.int8)
    return found


def _late(flags: Flags, z: Floats) -> Flags:
    found = np.zeros(z.shape, dtype=np.bool_)
    if flags.shape[-1]:
        found[..., z.shape[-1] - flags.shape[-1] :] = flags
    return found
