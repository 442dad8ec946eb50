"""What passes between readers, mapping and store: raw columns in, judged blocks out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hengzhi.core import Problem


class Pseudonymiser(Protocol):
    """Who turns raw identifiers into pseudonyms; the only place that ever sees both."""

    def pseudonyms(self, role: str, raw: pa.Array) -> pa.Array:
        """The pseudonym of each value of ``raw`` under ``role``; nulls stay null."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read before it is refused."""

    chunk_bytes: int = 16 << 20  # read at once
    record_bytes: int = 1 << 20  # of one CSV record or JSON line
    uncompressed_bytes: int = 64 << 30
    ratio: int = 300  # uncompressed ÷ compressed, judged beyond ``ratio_from`` bytes
    ratio_from: int = 32 << 20
    columns: int = 4096
    code_chars: int = 200
    text_chars: int = 100_000
    depth: int = 64  # of nested elements


@dataclass(frozen=True, slots=True)
class Raw:
    """Some records of a file before mapping: one array of strings per file column that is needed."""

    columns: Mapping[str, pa.Array]
    lines: npt.NDArray[np.int64]
    problems: tuple[Problem, ...] = ()  # of records that are not in ``columns``
    refused: int = 0  # how many records those problems cost
    bytes_read: int = 0
    unused: tuple[str, ...] = ()  # columns of the file that no rule reads; told with the first records


@dataclass(frozen=True, slots=True)
class Block:
    """Some records of a file after mapping; ``rows_read`` = accepted + ``rejected`` + ``filtered``."""

    facts: pa.RecordBatch
    texts: pa.RecordBatch | None
    problems: tuple[Problem, ...]
    rows_read: int
    bytes_read: int
    rejected: int = 0
    filtered: int = 0  # rows the mapping's ``only`` leaves out
