"""Failure modes rated by severity, occurrence and detection: action priority first, the risk priority number for habit."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]

_SEVERITY_FROM = (9, 7, 4, 2, 1)  # lowest rating of each band: very high, high, moderate, low, none
_OCCURRENCE_FROM = (8, 6, 4, 2, 1)

# The decision logic as thresholds on detection, one pair per (severity band, occurrence band): action is of high priority
# from the first detection rating on, of medium priority from the second on, else low; 11 = never.
# Source: AIAG & VDA FMEA Handbook 2019, Action Priority (AP) for DFMEA and PFMEA.
_HIGH_MEDIUM_FROM: tuple[tuple[tuple[int, int], ...], ...] = (
    ((1, 1), (1, 1), (2, 1), (7, 5), (11, 11)),
    ((1, 1), (2, 1), (7, 1), (11, 5), (11, 11)),
    ((5, 1), (11, 2), (11, 7), (11, 11), (11, 11)),
    ((11, 5), (11, 11), (11, 11), (11, 11), (11, 11)),
    ((11, 11), (11, 11), (11, 11), (11, 11), (11, 11)),
)
PRIORITIES = ("L", "M", "H")


def rpn(severity: ArrayLike, occurrence: ArrayLike, detection: ArrayLike) -> Ints:
    """Risk priority numbers; never sort by them: 1,000 combinations fall on 120 values.

    Source: IEC 60812:2018, annex B (RPN = S x O x D).
    """
    s, o, d = _ratings(severity, occurrence, detection)
    return s * o * d


def action_priority(severity: ArrayLike, occurrence: ArrayLike, detection: ArrayLike) -> NDArray[np.str_]:
    """Priority of action, "H", "M" or "L", of each failure mode.

    Source: AIAG & VDA FMEA Handbook 2019, Action Priority for DFMEA and PFMEA.

    >>> str(action_priority(8, 4, 6))
    'M'
    """
    s, o, d = _ratings(severity, occurrence, detection)
    limits = np.array(_HIGH_MEDIUM_FROM)[_band(s, _SEVERITY_FROM), _band(o, _OCCURRENCE_FROM)]
    rank = np.where(d >= limits[..., 0], 2, np.where(d >= limits[..., 1], 1, 0))
    return np.array(PRIORITIES)[rank]


def order_by_priority(severity: ArrayLike, occurrence: ArrayLike, detection: ArrayLike) -> Ints:
    """Positions of the failure modes, most pressing first: by priority, then severity, occurrence and detection."""
    s, o, d = _ratings(severity, occurrence, detection)
    rank = np.searchsorted(["H", "L", "M"], action_priority(s, o, d))
    return np.lexsort((-d, -o, -s, np.array([0, 2, 1])[rank]))


def _ratings(*ratings: ArrayLike) -> tuple[Ints, ...]:
    whole = np.broadcast_arrays(*(np.asarray(rating) for rating in ratings))
    for rating in whole:
        if np.any((rating < 1) | (rating > 10) | (rating != np.floor(rating))):
            raise ValueError("severity, occurrence and detection are whole ratings from 1 to 10")
    return tuple(rating.astype(np.int64) for rating in whole)


def _band(rating: Ints, lowest: tuple[int, ...]) -> Ints:
    return len(lowest) - np.searchsorted(np.array(lowest[::-1]), rating, side="right")
