"""Small cells: breakdowns of staff or customers never show fewer than five of them."""

from __future__ import annotations

from collections.abc import Mapping

FLOOR = 5  # trust.md S63


def is_small(persons: int) -> bool:
    """Whether so many persons are too few to be shown apart.

    >>> is_small(4), is_small(5), is_small(0)
    (True, False, False)
    """
    return 0 < persons < FLOOR


def suppressed(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Counts of persons by group, with the small ones blank.

    Where only one group is small the next smallest is blanked too: else the total would give it away.

    Source: Hundepool et al., Statistical Disclosure Control (2012), ch. 4 (secondary suppression).

    >>> suppressed({"a": 3, "b": 40, "c": 9})
    {'a': None, 'b': 40, 'c': None}
    """
    hidden = {key for key, persons in counts.items() if is_small(persons)}
    if len(hidden) == 1:
        rest = [key for key, persons in counts.items() if key not in hidden and persons]
        hidden |= {min(rest, key=lambda key: (counts[key], key))} if rest else set()
    return {key: None if key in hidden else persons for key, persons in counts.items()}
