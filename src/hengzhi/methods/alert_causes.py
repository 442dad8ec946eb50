"""Fewer and better alerts: those that persist, one for what a whole district shares, and how precise past ones were."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hengzhi.methods.interval import Flags, Floats, Interval, Numbers, require
from hengzhi.methods.proportions import wilson


def persistent(flags: npt.ArrayLike, *, needed: int = 2, of: int = 3) -> Flags:
    """Which periods (last axis) are flagged themselves and complete ``needed`` flags among the last ``of``.

    A window may begin before the series; periods before it hold no flag.
    """
    require(1 <= needed <= of, "needs 1 <= needed <= of")
    raised = np.asarray(flags, dtype=np.bool_)
    counts = np.zeros(raised.shape, dtype=np.int64)
    for back in range(min(of, raised.shape[-1])):
        counts[..., back:] += raised[..., : raised.shape[-1] - back]
    return raised & (counts >= needed)


@dataclass(frozen=True, slots=True)
class CommonCauses:
    """Parents raised in place of their members, the members that still stand alone, and each parent's share of members."""

    parents: Flags
    alone: Flags
    share: Floats


def common_causes(
    alerts: npt.ArrayLike, parent: npt.ArrayLike, direction: npt.ArrayLike, *, least: float = 0.5, members: int = 3
) -> CommonCauses:
    """One alert for a parent when at least ``least`` of its members shift the same way; theirs are then silent.

    Args:
        alerts: per member whether it is alerted.
        parent: per member its parent, 0 .. P - 1 (the district of a branch).
        direction: per member the sign of its deviation.
        least: share of members that makes it common.
        members: parents with fewer members never stand in for them.
    """
    ids = np.asarray(parent, dtype=np.int64)
    raised, sign = np.asarray(alerts, dtype=np.bool_), np.sign(np.asarray(direction, dtype=np.float64))
    size = np.bincount(ids)
    ways = [np.bincount(ids, weights=raised & (sign == way), minlength=size.size) for way in (1, -1)]
    share = np.divide(np.maximum(*ways), size, out=np.zeros(size.size), where=size > 0)
    common = (share >= least) & (size >= members)
    main = np.where(ways[0] >= ways[1], 1, -1)
    silent = common[ids] & (sign == main[ids])
    return CommonCauses(common, raised & ~silent, share)


def precision(confirmed: Numbers, judged: Numbers, *, conf: float = 0.95) -> Interval:
    """The interval of the share of alerts that people judged to be real.

    Source: Wilson (1927).
    """
    return wilson(confirmed, judged, conf=conf)
