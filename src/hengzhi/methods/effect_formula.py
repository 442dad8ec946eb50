"""A count model written as a formula, ``cases ~ offset(log(people)) + step + time + harmonic(month, 2, 12)``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hengzhi.methods.effect_interrupted import harmonics

Floats = NDArray[np.float64]
Columns = Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class CountFormula:
    """The counts, the columns of the terms in the order written, and the offset (None without one)."""

    counts: Floats
    terms: dict[str, Floats]
    offset: Floats | None


def read_formula(text: str, columns: Columns) -> CountFormula:
    """A formula applied to columns.

    Terms: a column; ``a:b`` and ``a*b``; ``log(a)``, ``I(a^2)``, ``factor(a)``; ``harmonic(a, pairs, period)``; one ``offset(...)``.

    Raises:
        ValueError: a term or column is unknown.
    """
    left, _, right = text.partition("~")
    terms: dict[str, Floats] = {}
    offset: Floats | None = None
    for term in _split(right, "+"):
        if found := re.fullmatch(r"offset\((.*)\)", term):
            offset = _column(found[1], columns)
        elif term != "1":
            terms.update(_expand(term, columns))
    return CountFormula(_column(left.strip(), columns), terms, offset)


def _expand(term: str, columns: Columns) -> dict[str, Floats]:
    if found := re.fullmatch(r"harmonics?\((.*)\)", term):
        words = [word.strip() for word in found[1].split(",")]
        numbers = [float(word) for word in words if re.fullmatch(r"[\d.]+", word)]
        name = next((word for word in words if not re.fullmatch(r"[\d.]+", word)), "month")
        pairs, period = [*numbers, 12.0][:2] if numbers else (2.0, 12.0)
        waves = harmonics(_column(name, columns), pairs=int(pairs), period=period)
        return {f"{term}{wave}": values for wave, values in waves.items()}
    if found := re.fullmatch(r"(?:factor|C)\((\w+)\)", term):
        levels = np.unique(_column(found[1], columns))[1:]
        return {f"{term}{level:g}": (_column(found[1], columns) == level).astype(np.float64) for level in levels}
    if len(factors := _split(term, "*")) > 1:
        alone = {factor: _column(factor, columns) for factor in factors}
        return alone | {":".join(factors): np.prod(list(alone.values()), axis=0)}
    return {term: _column(term, columns)}


def _column(text: str, columns: Columns) -> Floats:
    name = text.strip()
    if name in columns:
        return np.asarray(columns[name], float)
    if found := re.fullmatch(r"log\((.*)\)", name):
        return np.asarray(np.log(_column(found[1], columns)), dtype=np.float64)
    if found := re.fullmatch(r"I\((\w+)\s*(?:\^|\*\*)\s*(\d+)\)", name):
        return np.asarray(_column(found[1], columns) ** int(found[2]), dtype=np.float64)
    if found := re.fullmatch(r"(sin|cos)\(2\*pi\*(?:(\d+)\*)?(\w+)/([\d.]+)\)", name.replace(" ", "")):
        angle = 2 * np.pi * float(found[2] or 1) * _column(found[3], columns) / float(found[4])
        return np.asarray(np.sin(angle) if found[1] == "sin" else np.cos(angle), dtype=np.float64)
    if len(parts := _split(name, ":")) > 1:
        return np.asarray(np.prod([_column(part, columns) for part in parts], axis=0), dtype=np.float64)
    raise ValueError(f"no column {name!r}; known: {', '.join(columns)}")


def _split(text: str, sign: str) -> list[str]:
    """Parts between ``sign`` outside parentheses, without the empty ones."""
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter == sign and not depth:
            parts.append(text[start:at].strip())
            start = at + 1
    return [part for part in (*parts, text[start:].strip()) if part]
