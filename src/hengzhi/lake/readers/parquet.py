"""Parquet files as raw blocks: typed columns become the texts that the same judgement reads; a line is a row number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hengzhi.core import InvalidFile
from hengzhi.lake.mapping.model import Mapping_
from hengzhi.lake.readers.block import Limits, Raw
from hengzhi.lake.readers.wanted import names_found, names_unused

_BYTES_PER_ROW = 64  # assumed, so that a block is about as large as of a text file


def read_parquet(path: Path, mapping: Mapping_, *, limits: Limits) -> Iterator[Raw]:
    """The rows of a Parquet file, numbered from 1.

    Raises:
        InvalidFile: empty_file, parquet_unreadable, too_large, missing_column, unsupported_type, header_only (no rows).
    """
    if path.stat().st_size == 0:
        raise InvalidFile("empty_file", path.name)
    try:
        with pq.ParquetFile(path) as file:
            yield from _blocks(file, path, mapping, limits)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise InvalidFile("parquet_unreadable", path.name) from error


def _blocks(file: pq.ParquetFile, path: Path, mapping: Mapping_, limits: Limits) -> Iterator[Raw]:
    groups = [file.metadata.row_group(at).total_byte_size for at in range(file.metadata.num_row_groups)]
    if sum(groups) > limits.uncompressed_bytes:
        raise InvalidFile("too_large", path.name, limit=limits.uncompressed_bytes)
    if file.metadata.num_rows == 0:
        raise InvalidFile("header_only", path.name)
    wanted = names_found(mapping, file.schema_arrow.names, source=path.name)
    size, row, told = path.stat().st_size, 1, 0
    unused = names_unused(file.schema_arrow.names, wanted)
    for batch in file.iter_batches(max(limits.chunk_bytes // _BYTES_PER_ROW, 1), columns=list(wanted)):
        columns = {name: _texts(batch.column(name), name, path.name) for name in wanted}
        row += batch.num_rows
        until = size * (row - 1) // file.metadata.num_rows
        yield Raw(columns, np.arange(row - batch.num_rows, row, dtype=np.int64), bytes_read=until - told, unused=unused)
        told, unused = until, ()


def _texts(values: pa.Array, name: str, source: str) -> pa.Array:
    kind = values.type
    if pa.types.is_dictionary(kind):
        return _texts(values.dictionary, name, source).take(values.indices)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_nested(kind):
        raise InvalidFile("unsupported_type", source, column=name, type=str(kind))
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        # Arrow keeps the instant in UTC; the offset that was written is not in the file.
        values = values.cast(pa.timestamp(kind.unit)).cast(pa.string())
        return pc.binary_join_element_wise(values, "Z", "")
    try:
        return _decodable(values.cast(pa.string()))
    except pa.ArrowNotImplementedError as error:
        raise InvalidFile("unsupported_type", source, column=name, type=str(kind)) from error


def _decodable(texts: pa.Array) -> pa.Array:
    """The texts, with marks where a writer has put bytes that are not UTF-8."""
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        raw = texts.cast(pa.binary()).to_pylist()
        return pa.array([None if value is None else value.decode("utf-8", "hengzhi.mark") for value in raw], pa.string())
    return texts
