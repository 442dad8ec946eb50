"""Time zones over arrays: local time to UTC and back by the rules of the zone database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

SECOND = 1_000_000
_SLOT = 900 * SECOND  # rules of zones change at full quarters of an hour
_EPOCH = datetime(1970, 1, 1)


def offsets_of_local(local: Ints, zone: ZoneInfo) -> Ints:
    """Microseconds east of UTC at each local time; of two that fit the first, as Python's ``fold=0``."""
    return _by_slot(local, lambda slot: _local_offset(slot, zone))


def offsets_of_utc(instants: Ints, zone: ZoneInfo) -> Ints:
    """Microseconds east of UTC in ``zone`` at each instant."""
    return _by_slot(instants, lambda slot: _utc_offset(slot, zone))


def _by_slot(at: Ints, offset: Callable[[int], int]) -> Ints:
    if not len(at):
        return at
    slots = at // _SLOT
    low, high = int(slots.min()), int(slots.max())
    if high - low > 20 * len(at) + 100_000:
        unique, inverse = np.unique(slots, return_inverse=True)
        return np.array([offset(int(slot)) for slot in unique], np.int64)[inverse]
    used = np.zeros(high - low + 1, np.bool_)
    used[slots - low] = True
    table = np.zeros(high - low + 1, np.int64)
    for slot in np.flatnonzero(used):
        table[slot] = offset(int(slot) + low)
    found: Ints = table[slots - low]
    return found


@lru_cache(maxsize=1 << 18)
def _local_offset(slot: int, zone: ZoneInfo) -> int:
    return _microseconds((_EPOCH + timedelta(microseconds=slot * _SLOT)).replace(tzinfo=zone).utcoffset())


@lru_cache(maxsize=1 << 18)
def _utc_offset(slot: int, zone: ZoneInfo) -> int:
    at = (_EPOCH + timedelta(microseconds=slot * _SLOT)).replace(tzinfo=UTC)
    return _microseconds(at.astimezone(zone).utcoffset())


def _microseconds(offset: timedelta | None) -> int:
    return 0 if offset is None else offset // timedelta(microseconds=1)
