"""The one call that reads a file: format found, records read, mapped and judged, block by block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa

from hengzhi.core import Problem
from hengzhi.lake.mapping.model import Mapping_
from hengzhi.lake.readers.block import Block, Limits, Pseudonymiser, Raw
from hengzhi.lake.readers.convert import converted
from hengzhi.lake.readers.delimited import read_delimited
from hengzhi.lake.readers.jsonl import read_jsonl
from hengzhi.lake.readers.opening import format_of, stem_of
from hengzhi.lake.readers.parquet import read_parquet
from hengzhi.lake.readers.task import Task, zones_of
from hengzhi.lake.readers.wanted import unused_columns
from hengzhi.lake.readers.xes import read_xes
from hengzhi.lake.tables import FactTable

_NO_LIMITS_GIVEN = Limits()


def read(
    path: Path,
    mapping: Mapping_,
    table: FactTable,
    *,
    batch: int,
    zone: ZoneInfo,
    pseudonymiser: Pseudonymiser,
    limits: Limits = _NO_LIMITS_GIVEN,
) -> Iterator[Block]:
    """The facts of a file as judged blocks; every record is accepted, refused with a problem, or filtered and counted.

    Args:
        zone: The institution's, in which days and months are counted.

    Raises:
        InvalidFile: the file as a whole can't be read, possibly after some blocks; nothing of it counts then.
    """
    task = Task(
        file=path.name,
        mapping=mapping,
        table=table,
        batch=batch,
        zones=zones_of(mapping, zone),
        pseudonymiser=pseudonymiser,
        limits=limits,
        source=mapping.source or stem_of(path),
    )
    unused: tuple[Problem, ...] = ()
    for raw in _records(path, mapping, limits):
        unused = unused or unused_columns(mapping, raw.unused, source=path.name)
        yield converted(raw, task)
    warnings = (*unused, *task.tally.warnings(path.name))
    if warnings:
        yield replace(_empty(task), problems=warnings)


def _records(path: Path, mapping: Mapping_, limits: Limits) -> Iterator[Raw]:
    form = mapping.format or format_of(path)
    if form == "xes":
        return read_xes(path, mapping, limits=limits)
    if form == "jsonl":
        return read_jsonl(path, mapping, limits=limits)
    if form == "parquet":
        return read_parquet(path, mapping, limits=limits)
    return read_delimited(path, mapping, tabs=form == "tsv", limits=limits)


def _empty(task: Task) -> Block:
    facts = pa.RecordBatch.from_pylist([], schema=task.table.schema())
    return Block(facts, None, (), rows_read=0, bytes_read=0)
