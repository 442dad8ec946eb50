"""An interval of estimates, and the arrays all methods take and give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hengzhi.core import HengzhiError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Numbers = npt.ArrayLike


class InvalidNumbers(HengzhiError, ValueError):
    """Numbers a method can't take; ``reason`` says which rule they break."""

    code = "invalid_numbers"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


@dataclass(frozen=True, slots=True)
class Interval:
    """Lower and upper ends, one pair per series."""

    lower: Floats
    upper: Floats


def floats(*values: Numbers) -> tuple[Floats, ...]:
    """The values as float arrays of one common shape."""
    return tuple(np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in values)))


def require(holds: object, reason: str) -> None:
    """Raise unless every element of ``holds`` is true.

    Raises:
        InvalidNumbers: an element is false.
    """
    if not np.all(np.asarray(holds)):
        raise InvalidNumbers(reason)


def require_conf(conf: float) -> float:
    """The share of error a confidence level leaves, 1 - ``conf``."""
    require(0 < conf < 1, "conf must lie strictly between 0 and 1")
    return 1 - conf
