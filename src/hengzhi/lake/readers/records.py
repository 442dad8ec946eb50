"""Delimited text cut into records: whole chunks at once where they are regular, record by record where they are not."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pa_csv

from hengzhi.core import InvalidFile, Problem
from hengzhi.lake.masking import shown
from hengzhi.lake.readers.block import Limits, Raw
from hengzhi.lake.readers.encodings import UNDECODABLE, repaired

Lines = npt.NDArray[np.int64]

_MARK = UNDECODABLE.encode()
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)")
_LONGEST_LINE = 64 << 20
_FEW = 200  # distinct values in _PROBE rows that make a column worth a dictionary
_PROBE = 4000
csv.field_size_limit(_LONGEST_LINE)  # the csv module knows no limit per reader


@dataclass(frozen=True, slots=True)
class Layout:
    """What holds for every record of a file."""

    source: str
    delimiter: str
    names: tuple[str, ...]
    wanted: tuple[str, ...]
    limits: Limits
    dictionaries: frozenset[str] = field(default=frozenset())  # columns with few distinct values

    def probed(self, raw: Raw) -> Layout:
        """The same layout, with the columns of ``raw`` that repeat their values marked."""
        few = {name for name, cells in raw.columns.items() if len(cells[:_PROBE].unique()) <= _FEW}
        return replace(self, dictionaries=frozenset(few))


@dataclass(frozen=True, slots=True)
class Cut:
    """The records at the start of a buffer: what they hold, and where the next record starts."""

    raw: Raw
    used: int  # bytes
    next_line: int


def cut_records(buffer: bytes, line: int, layout: Layout, *, final: bool) -> Cut | None:
    """The whole records at the start of ``buffer``, whose first line is number ``line``; None where more bytes are needed.

    Raises:
        InvalidFile: record_too_long.
    """
    if final and not buffer.endswith(b"\n"):
        buffer += b"\n"
    end = buffer.rfind(b"\n") + 1
    if end == 0:
        if len(buffer) > _LONGEST_LINE:
            raise InvalidFile("record_too_long", layout.source, line=line, limit=_LONGEST_LINE)
        return None
    text = repaired(buffer[:end])
    done = None if not text.isascii() and _MARK in text else _regular(text, line, layout)
    return done or _irregular(buffer[:end], line, layout, final=final)


# --- regular chunks ---------------------------------------------------------------------------------------------------


def _regular(text: bytes, line: int, layout: Layout) -> Cut | None:
    """The records of a chunk that Arrow reads like the slow way would; None where that isn't certain."""
    if text.count(b"\r") != text.count(b"\r\n"):
        return None
    quoted = b'"' in text
    used, newlines = len(text), text.count(b"\n")
    ends: tuple[Lines, Lines] | None = None
    if quoted:
        ends = _record_ends(text, layout.limits)
        if ends is None:
            return None
        used = int(ends[0][-1]) + 1
        newlines = int(ends[1][-1]) + 1
        if not _are_well_quoted(_multi_line(text, ends), layout.delimiter):
            return None
    refused: list[pa_csv.InvalidRow] = []
    try:
        table = _parse(text[:used], layout, refused, quoted=quoted)
    except pa.ArrowInvalid:
        return None
    records = table.num_rows + len(refused)
    if quoted and refused:
        return None
    lines = _line_numbers(text[:used], line, newlines, records, ends)
    if lines is None:
        return None
    problems = tuple(_wrong_count(layout, int(lines[row.number - 1]), row.text, row.actual_columns) for row in refused)
    if refused:
        lines = np.delete(lines, [row.number - 1 for row in refused])
    columns = {name: _one_chunk(table.column(at)) for at, name in enumerate(layout.wanted)}
    return Cut(Raw(columns, lines, problems, len(refused)), used, line + newlines)


def _record_ends(text: bytes, limits: Limits) -> tuple[Lines, Lines] | None:
    """Where records end, and at which newline of the chunk; by RFC 4180 a newline after an odd number of quotes is text."""
    data = np.frombuffer(text, np.uint8)
    newlines = np.flatnonzero(data == 10)
    inside = np.searchsorted(np.flatnonzero(data == 34), newlines) & 1
    at = np.flatnonzero(inside == 0)
    if not len(at):
        return None
    ends = newlines[at]
    if len(ends) < len(newlines):
        sizes = np.diff(ends, prepend=-1)[np.diff(at, prepend=-1) > 1]
        tail = len(text) - 1 - int(ends[-1])
        if tail > limits.record_bytes or (len(sizes) and int(sizes.max()) > limits.record_bytes):
            return None
    return ends, at


def _multi_line(text: bytes, ends: tuple[Lines, Lines]) -> list[str]:
    """The records that run over several lines."""
    starts = np.concatenate(([0], ends[0][:-1] + 1))
    several = np.diff(ends[1], prepend=-1) > 1
    spans = zip(starts[several].tolist(), ends[0][several].tolist(), strict=True)
    return [text[start : end + 1].decode() for start, end in spans]


def _are_well_quoted(records: list[str], delimiter: str) -> bool:
    """Whether each closing quote ends its field: else a quote was forgotten, and lines that belong apart hang together."""
    try:
        for _ in csv.reader(records, delimiter=delimiter, strict=True):
            pass
    except csv.Error:
        return False
    return True


def _parse(text: bytes, layout: Layout, refused: list[pa_csv.InvalidRow], *, quoted: bool) -> pa.Table:
    def refuse(row: pa_csv.InvalidRow) -> str:
        refused.append(row)
        return "skip"

    # Names may repeat in a file, never for Arrow: columns are asked for by position.
    wanted = [str(layout.names.index(name)) for name in layout.wanted]
    kinds = [pa.dictionary(pa.int32(), pa.string()) if name in layout.dictionaries else pa.string() for name in layout.wanted]
    return pa_csv.read_csv(
        pa.py_buffer(text),
        read_options=pa_csv.ReadOptions(
            use_threads=False, block_size=len(text) + 1, column_names=[str(at) for at in range(len(layout.names))]
        ),
        parse_options=pa_csv.ParseOptions(
            delimiter=layout.delimiter, quote_char='"' if quoted else False, newlines_in_values=quoted, invalid_row_handler=refuse
        ),
        convert_options=pa_csv.ConvertOptions(
            check_utf8=False, column_types=dict(zip(wanted, kinds, strict=True)), include_columns=wanted, strings_can_be_null=False
        ),
    )


def _one_chunk(cells: pa.ChunkedArray) -> pa.Array:
    return cells.chunk(0) if cells.num_chunks == 1 else pa.concat_arrays(cells.chunks)


def _line_numbers(text: bytes, line: int, newlines: int, records: int, ends: tuple[Lines, Lines] | None) -> Lines | None:
    """The line on which each record starts, blank lines left out; None where records and lines don't tally."""
    if records == newlines:
        return np.arange(line, line + records, dtype=np.int64)
    data = np.frombuffer(text, np.uint8)
    if ends is None:
        at_end = np.flatnonzero(data == 10)
        at_line: Lines = np.arange(len(at_end), dtype=np.int64)
    else:
        at_end, at_line = ends
    starts = np.concatenate(([0], at_end[:-1] + 1))
    first = np.concatenate(([0], at_line[:-1] + 1))
    size = at_end - starts
    blank = (size == 0) | ((size == 1) & (data[starts] == 13))
    found: Lines = line + first[~blank]
    return found if len(found) == records else None


# --- irregular chunks -------------------------------------------------------------------------------------------------


class _Feed:
    """The lines of a chunk for the csv module, which can be set back, and which ends a record that grows too long."""

    def __init__(self, lines: list[str], limit: int) -> None:
        self.lines, self.at, self.start, self.chars, self.exhausted = lines, 0, 0, 0, False
        self._limit = limit

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        going_on = self.at > self.start
        if self.at >= len(self.lines) or (going_on and self.chars + len(self.lines[self.at].encode()) > self._limit):
            self.exhausted = True
            raise StopIteration
        self.chars += len(self.lines[self.at].encode())
        self.at += 1
        return self.lines[self.at - 1]


def _irregular(chunk: bytes, line: int, layout: Layout, *, final: bool) -> Cut | None:
    lines = _LINES.findall(chunk.decode("utf-8", "hengzhi.mark"))
    rows: list[list[str]] = []
    at_lines: list[int] = []
    problems: list[Problem] = []
    feed = _Feed(lines, layout.limits.record_bytes)
    reader = csv.reader(feed, delimiter=layout.delimiter)
    while feed.at < len(lines):
        feed.start, feed.chars, feed.exhausted = feed.at, 0, False
        row = next(reader, [])
        if feed.exhausted and feed.at == len(lines) and not final:
            feed.at = feed.start
            break
        problem = _judge(row, feed, line + feed.start, layout)
        if problem is None:
            if row:
                rows.append(row)
                at_lines.append(line + feed.start)
            continue
        problems.append(problem)
        if feed.at - feed.start > 1:
            # A quote that was never closed swallows what follows: only its own line is refused.
            feed.at = feed.start + 1
            reader = csv.reader(feed, delimiter=layout.delimiter)
    if feed.at == 0:
        return None
    used = len(chunk) if feed.at == len(lines) else end_of_line(chunk, feed.at)
    at = {name: layout.names.index(name) for name in layout.wanted}
    columns = {name: pa.array([row[index] for row in rows], pa.string()) for name, index in at.items()}
    return Cut(Raw(columns, np.array(at_lines, np.int64), tuple(problems), len(problems)), used, line + feed.at)


def _judge(row: list[str], feed: _Feed, line: int, layout: Layout) -> Problem | None:
    lines = feed.lines[feed.start : feed.at]
    if feed.exhausted or (len(lines) > 1 and not _are_well_quoted(["".join(lines)], layout.delimiter)):
        return Problem(layout.source, line, "", "unclosed_quote", shown(lines[0].rstrip("\r\n")))
    if row and len(row) != len(layout.names):
        return _wrong_count(layout, line, feed.lines[feed.start], len(row))
    bad = next((at for at, cell in enumerate(row) if UNDECODABLE in cell), None)
    if bad is not None:
        return Problem(layout.source, line, layout.names[bad], "bad_encoding", shown(row[bad]))
    return None


def _wrong_count(layout: Layout, line: int, text: str, found: int) -> Problem:
    args = {"expected": len(layout.names), "found": found}
    return Problem(layout.source, line, "", "wrong_field_count", shown(text.rstrip("\r\n")), args)


def end_of_line(text: bytes, number: int) -> int:
    """Where line ``number`` (from 1) of ``text`` ends, its line break included; 0 for no line."""
    ends = (found.end() for found in re.finditer(rb"[^\r\n]*(?:\r\n|\n|\r|\Z)", text))
    return next((end for at, end in enumerate(ends, start=1) if at == number), 0)
