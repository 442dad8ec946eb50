"""JSON lines as raw blocks: one object per physical line, nested values by dotted path."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from hengzhi.core import InvalidFile, Problem
from hengzhi.lake.mapping.model import Mapping_
from hengzhi.lake.masking import shown
from hengzhi.lake.readers.block import Limits, Raw
from hengzhi.lake.readers.encodings import UNDECODABLE, Decoder, encoding_of
from hengzhi.lake.readers.opening import Source
from hengzhi.lake.readers.wanted import check_seen, names_wanted

# Numbers stay the text they are: 0.10 has two decimals and an id of twenty digits keeps them all.
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


@dataclass(slots=True)
class _Rows:
    """Objects read since the last block."""

    cells: list[list[str | None]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_jsonl(path: Path, mapping: Mapping_, *, limits: Limits) -> Iterator[Raw]:
    """The objects of a file of JSON lines.

    Raises:
        InvalidFile: nothing of the file can be read.
    """
    codec, bom = encoding_of(path, mapping.encoding, limits)
    wanted = names_wanted(mapping)
    seen: dict[str, None] = {}
    line, records = 1, 0
    with Source(path, limits) as source:
        source.read(bom)
        for lines in _lines(source, Decoder(codec), limits):
            rows = _Rows()
            for text in lines:
                _enter(text, line, rows, wanted, seen, source.name, limits)
                line += 1
            records += len(rows.lines) + len(rows.problems)
            yield _raw(rows, wanted, source.progress())
    if records == 0:
        raise InvalidFile("empty_file", path.name)
    check_seen(mapping, seen, source=path.name)


def _lines(source: Source, decoder: Decoder, limits: Limits) -> Iterator[list[bytes]]:
    rest = b""
    while data := source.read(max(limits.chunk_bytes, 1)):
        *lines, rest = (rest + decoder.feed(data, final=False)).split(b"\n")
        if len(rest) > 64 * limits.record_bytes:
            raise InvalidFile("record_too_long", source.name, line=1, limit=64 * limits.record_bytes)
        yield lines
    rest += decoder.feed(b"", final=True)
    yield [rest] if rest else []


def _enter(text: bytes, line: int, rows: _Rows, wanted: tuple[str, ...], seen: dict[str, None], source: str, limits: Limits) -> None:
    if not text.strip():
        return
    if len(text) > limits.record_bytes:
        rows.problems.append(Problem(source, line, "", "record_too_large", args={"limit": limits.record_bytes}))
        return
    said = text.decode("utf-8", "hengzhi.mark")
    if UNDECODABLE in said:
        rows.problems.append(Problem(source, line, "", "bad_encoding", shown(said)))
        return
    try:
        read = _DECODER.decode(said)
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        rows.problems.append(Problem(source, line, "", "invalid_json", shown(said)))
        return
    seen.update(dict.fromkeys(str(key) for key in read))
    values = [_at(read, name) for name in wanted]
    seen.update(dict.fromkeys(name for name, value in zip(wanted, values, strict=True) if value is not None))
    rows.cells.append(values)
    rows.lines.append(line)


def _at(read: Mapping[str, Any], name: str) -> str | None:
    """The value under ``name``: the key itself, else a path whose steps are parted by dots."""
    found: Any = read.get(name)
    if found is None and "." in name:
        found = read
        for step in name.split("."):
            found = found.get(step) if isinstance(found, dict) else None
    if found is None or isinstance(found, str):
        return None if found is None else found.encode("utf-8", "replace").decode() if _has_surrogate(found) else found
    return json.dumps(found, ensure_ascii=True)


def _has_surrogate(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text)


def _raw(rows: _Rows, wanted: tuple[str, ...], bytes_read: int) -> Raw:
    columns = {name: pa.array([cells[at] for cells in rows.cells], pa.string()) for at, name in enumerate(wanted)}
    return Raw(columns, np.array(rows.lines, np.int64), tuple(rows.problems), len(rows.problems), bytes_read)
