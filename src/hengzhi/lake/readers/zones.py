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
_SLOTS_A_DAY = 96
_EPOCH = datetime(1970, 1, 1)


def offsets_of_local(local: Ints, zone: ZoneInfo) -> Ints:
    """Microseconds east of UTC at each local time; of two that fit the first, as Python's ``fold=0``."""
    return _by_slot(local, lambda slot: _local_offset(slot, zone))


def offsets_of_utc(instants: Ints, zone: ZoneInfo) -> Ints:
    """Microseconds east of UTC in ``zone`` at each instant."""
    return _by_slot(instants, lambda slot: _utc_offset(slot, zone))


def _by_slot(at: Ints, offset: Callable[[int], int]) -> Ints:
    """The offset of each instant: one look-up a day, and one a quarter of an hour on days on which it changes."""
    if not len(at):
        return at
    slots = at // _SLOT
    days = slots // _SLOTS_A_DAY
    unique, inverse = _distinct(days)
    first = np.array([offset(int(day) * _SLOTS_A_DAY) for day in unique], np.int64)
    last = np.array([offset((int(day) + 1) * _SLOTS_A_DAY) for day in unique], np.int64)
    found: Ints = first[inverse]
    changing = np.flatnonzero((first != last)[inverse])
    if len(changing):
        quarters, back = np.unique(slots[changing], return_inverse=True)
        found[changing] = np.array([offset(int(slot)) for slot in quarters], np.int64)[back]
    return found


def _distinct(days: Ints) -> tuple[Ints, Ints]:
    """The distinct days and where each row's day stands among them."""
    low, high = int(days.min()), int(days.max())
    if high - low > 20 * len(days) + 100_000:
        return np.unique(days, return_inverse=True)
    used = np.zeros(high - low + 1, np.bool_)
    used[days - low] = True
    return np.flatnonzero(used) + low, (np.cumsum(used) - 1)[days - low]


@lru_cache(maxsize=1 << 18)
def _local_offset(slot: int, zone: ZoneInfo) -> int:
    return _microseconds((_EPOCH + timedelta(microseconds=slot * _SLOT)).replace(tzinfo=zone).utcoffset())


@lru_cache(maxsize=1 << 18)
def _utc_offset(slot: int, zone: ZoneInfo) -> int:
    at = (_EPOCH + timedelta(microseconds=slot * _SLOT)).replace(tzinfo=UTC)
    return _microseconds(at.astimezone(zone).utcoffset())


def _microseconds(offset: timedelta | None) -> int:
    return 0 if offset is None else offset // timedelta(microseconds=1)
