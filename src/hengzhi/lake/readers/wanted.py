"""Which columns of a file a mapping wants, and what is said when the file lacks one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from hengzhi.core import InvalidFile, Problem
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
            raise missing_column(part, present, source=source, line=line)
    for name in found:
        if list(present).count(name) > 1:
            raise InvalidFile("duplicate_column", source, line=line, column=name)
    return tuple(dict.fromkeys(found))


def names_unused(present: Sequence[str], found: Sequence[str]) -> tuple[str, ...]:
    """The columns of a file that nothing reads."""
    read = set(found)
    return tuple(name for name in present if name and name not in read)


def unused_columns(mapping: Mapping_, unused: Sequence[str], *, source: str) -> tuple[Problem, ...]:
    """A warning for each column that a mapping by name passes over, with the name that may have been meant."""
    if not mapping.by_name:
        return ()  # a mapping that was written leaves out what it means to
    wanted = names_wanted(mapping)
    return tuple(Problem(source, 1, name, "column_unused", args={"near": _nearest(name, wanted)}, severity="warning") for name in unused)


def check_seen(mapping: Mapping_, seen: Iterable[str], *, source: str) -> None:
    """Judge, at the end of a file without header, whether each wanted name occurred at all.

    Raises:
        InvalidFile: missing_column.
    """
    names_found(mapping, tuple(dict.fromkeys(seen)), source=source)


def missing_column(part: Sequence[str], present: Sequence[str], *, source: str, line: int) -> InvalidFile:
    """The error that names the column a file lacks and the nearest one it has."""
    columns = [name for name in present if name]
    near = next((found for wanted in part if (found := _nearest(wanted, columns)) != "—"), "—")
    shown = ", ".join(columns[:30])
    return InvalidFile("missing_column", source, line=line, column=part[0], names=" / ".join(part), near=near, present=shown)


def _nearest(name: str, among: Sequence[str]) -> str:
    return next(iter(difflib.get_close_matches(name, among, n=1, cutoff=0.5)), "—")


def _parts(mapping: Mapping_) -> list[tuple[tuple[str, ...], bool]]:
    parts = [(part, rule.optional) for rule in mapping.rules for part in rule.parts]
    return parts + [((name,), False) for name, _ in mapping.only]
