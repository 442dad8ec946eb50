"""Which columns of a file a mapping wants, and what is said when the file lacks one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from hengzhi.core import InvalidFile
from hengzhi.lake.mapping.model import Mapping_


def names_wanted(mapping: Mapping_) -> tuple[str, ...]:
    """Every name the mapping may read, alternatives included, each once."""
    names = [name for rule in mapping.rules for part in rule.parts for name in part]
    return tuple(dict.fromkeys([*names, *(name for name, _ in mapping.only)]))


def names_found(mapping: Mapping_, present: Sequence[str], *, source: str, line: int = 1) -> tuple[str, ...]:
    """The names to read from a file whose columns are ``present``: of alternatives, the first it has.

    Raises:
        InvalidFile: missing_column, or duplicate_column where a wanted name stands twice.
    """
    known, found = set(present), []
    for part, optional in _parts(mapping):
        name = next((name for name in part if name in known), None)
        if name is not None:
            found.append(name)
        elif not optional:
            raise missing_column(part[0], present, source=source, line=line)
    for name in found:
        if list(present).count(name) > 1:
            raise InvalidFile("duplicate_column", source, line=line, column=name)
    return tuple(dict.fromkeys(found))


def check_seen(mapping: Mapping_, seen: Iterable[str], *, source: str) -> None:
    """Judge, at the end of a file without header, whether each wanted name occurred at all.

    Raises:
        InvalidFile: missing_column.
    """
    names_found(mapping, tuple(dict.fromkeys(seen)), source=source)


def missing_column(column: str, present: Sequence[str], *, source: str, line: int) -> InvalidFile:
    """The error that names the column a file lacks and the nearest one it has."""
    near = difflib.get_close_matches(column, [name for name in present if name], n=1, cutoff=0.6)
    shown = ", ".join(name for name in present[:30] if name)
    return InvalidFile("missing_column", source, line=line, column=column, near=near[0] if near else "", present=shown)


def _parts(mapping: Mapping_) -> list[tuple[tuple[str, ...], bool]]:
    parts = [(part, rule.optional) for rule in mapping.rules for part in rule.parts]
    return parts + [((name,), False) for name, _ in mapping.only]
