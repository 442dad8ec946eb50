"""Small drawings inside tables and cards: an interval against its target, and a line of recent values, as SVG coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """Where value, bounds and target stand on a line 100 wide; ``words`` says it for those who don't see it."""

    value: float
    lower: float
    upper: float
    target: float | None
    verdict: str
    words: str

    @property
    def width(self) -> float:
        """The length of the bar between the bounds; never invisible."""
        return max(round(self.upper - self.lower, 2), 1)


@dataclass(frozen=True, slots=True)
class Spark:
    """A line of values in a box 100 x 24; ``points`` are its unbroken stretches."""

    lines: tuple[str, ...]
    last: tuple[float, float] | None
    level: str
    words: str


def interval(*, value: float, lower: float, upper: float, target: float | None, verdict: str, words: str) -> Interval:
    """Put value, bounds and target on one line 100 wide, with a margin on both sides.

    Raises:
        ValueError: the bounds stand the wrong way round.
    """
    if lower > upper:
        raise ValueError(f"lower {lower} > upper {upper}")
    marks = [value, lower, upper, *([] if target is None else [target])]
    low, high = min(marks), max(marks)

    def place(at: float) -> float:
        return round(10 + 80 * (at - low) / (high - low), 2) if high > low else 50.0

    return Interval(place(value), place(lower), place(upper), None if target is None else place(target), verdict, words)


def spark(values: Sequence[float | None], *, level: str, words: str) -> Spark:
    """A line through ``values`` in their order; a missing value breaks the line, it is not zero."""
    known = [value for value in values if value is not None]
    if not known:
        return Spark((), None, level, words)
    low = min(known)
    span = (max(known) - low) or 1.0
    step = 92 / max(len(values) - 1, 1)
    places = [None if v is None else (round(4 + at * step, 2), round(20 - 16 * (v - low) / span, 2)) for at, v in enumerate(values)]
    return Spark(tuple(_stretches(places)), [place for place in places if place][-1], level, words)


def _stretches(places: Sequence[tuple[float, float] | None]) -> list[str]:
    lines: list[list[str]] = [[]]
    for place in places:
        if place is None:
            lines.append([])
        else:
            lines[-1].append(f"{place[0]},{place[1]}")
    return [" ".join(line) for line in lines if line]
