"""CSV and TSV files as raw blocks: encoding, delimiter and header found out, records numbered by physical line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from hengzhi.core import InvalidFile
from hengzhi.lake.mapping.model import Mapping_
from hengzhi.lake.readers.block import Limits, Raw
from hengzhi.lake.readers.encodings import Decoder, encoding_of
from hengzhi.lake.readers.opening import Source
from hengzhi.lake.readers.records import Layout, cut_records, end_of_line
from hengzhi.lake.readers.wanted import names_found, names_unused, names_wanted

_HEAD = 256 << 10  # sniffed for delimiter and header
_DELIMITERS = (",", "\t", ";", "|")
_BOM = "\ufeff"


def read_delimited(path: Path, mapping: Mapping_, *, tabs: bool, limits: Limits) -> Iterator[Raw]:
    """The records of a delimited file in blocks of about ``limits.chunk_bytes``.

    Raises:
        InvalidFile: nothing of the file can be read.
    """
    codec, bom = encoding_of(path, mapping.encoding, limits)
    with Source(path, limits) as source:
        source.read(bom)
        feed = _Feed(source, Decoder(codec), limits.chunk_bytes)
        feed.fill(_HEAD)
        layout, line = _start(feed, mapping, source.name, tabs=tabs, limits=limits)
        any_row, unused = False, names_unused(layout.names, layout.wanted)
        for raw in _blocks(feed, layout, line, source):
            any_row = any_row or len(raw.lines) > 0 or raw.refused > 0
            yield replace(raw, unused=unused)
            unused = ()
        if not any_row:
            raise InvalidFile("header_only", source.name)


class _Feed:
    """The decoded bytes of a source that have not been cut into records yet."""

    def __init__(self, source: Source, decoder: Decoder, chunk_bytes: int) -> None:
        self._source, self._decoder, self._chunk = source, decoder, chunk_bytes
        self._lone_returns: bool | None = None
        self.buffer, self.final = b"", False

    def fill(self, size: int) -> None:
        """Read on until the buffer holds ``size`` bytes or the source ends."""
        pieces, held = [self.buffer], len(self.buffer)
        while held < size and not self.final:
            data = self._source.read(max(self._chunk, 1))
            self.final = len(data) == 0
            data = self._decoder.feed(data, final=self.final)
            pieces.append(data)
            held += len(data)
        self.buffer = b"".join(pieces)
        if self._lone_returns is None:
            # Files of the first Macintosh end their lines by CR alone.
            self._lone_returns = b"\n" not in self.buffer and b"\r" in self.buffer
        if self._lone_returns:
            self.buffer = self.buffer.replace(b"\r", b"\n")


def _blocks(feed: _Feed, layout: Layout, line: int, source: Source) -> Iterator[Raw]:
    size, probed = layout.limits.chunk_bytes, False
    while feed.buffer or not feed.final:
        feed.fill(size)
        cut = cut_records(feed.buffer, line, layout, final=feed.final) if feed.buffer else None
        if cut is None:
            if feed.final:
                return
            size = len(feed.buffer) + layout.limits.chunk_bytes
            continue
        feed.buffer, line, size = feed.buffer[cut.used :], cut.next_line, layout.limits.chunk_bytes
        if not probed:
            layout, probed = layout.probed(cut.raw), True
        yield replace(cut.raw, bytes_read=source.progress())


def _start(feed: _Feed, mapping: Mapping_, source: str, *, tabs: bool, limits: Limits) -> tuple[Layout, int]:
    """The layout of the file and the number of the line after its header, which is taken off the feed."""
    if not feed.buffer.strip(b"\xef\xbb\xbf\r\n\t \0"):
        raise InvalidFile("empty_file", source)
    _blank_out(feed, mapping.skip_lines)
    head = feed.buffer[:_HEAD].decode("utf-8", "hengzhi.mark")
    delimiter = _delimiter(head, mapping, tabs=tabs)
    if mapping.names:
        names, used, line = mapping.names, 0, 1
    else:
        names, line = _header(head, delimiter)
        used = end_of_line(feed.buffer, line - 1)
    _check_header(names, source, line=line - 1, limits=limits)
    wanted = names_found(mapping, names, source=source, line=max(line - 1, 1))
    feed.buffer = feed.buffer[used:]
    return Layout(source, delimiter, names, wanted, limits), line


def _blank_out(feed: _Feed, skip_lines: tuple[int, ...]) -> None:
    """Empty the lines that hold descriptions; blank lines are passed over and still counted."""
    if not skip_lines:
        return
    last = max(skip_lines)
    lines = feed.buffer.split(b"\n", last)
    for number in skip_lines:
        if number < len(lines):
            lines[number - 1] = b""
    feed.buffer = b"\n".join(lines)


def _header(head: str, delimiter: str) -> tuple[tuple[str, ...], int]:
    """The names in the first record that is not blank, and the number of the line after it."""
    reader = csv.reader(re.findall(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z", head), delimiter=delimiter)
    row = next((row for row in reader if row), [])
    return tuple(name.strip() for name in row), reader.line_num + 1


def _check_header(names: tuple[str, ...], source: str, *, line: int, limits: Limits) -> None:
    for name in names:
        if _BOM in name:
            raise InvalidFile("bom_in_header", source, line=line, column=name.replace(_BOM, ""))
        if "\0" in name:
            raise InvalidFile("not_text", source, line=line)
    if len(names) > limits.columns:
        raise InvalidFile("too_many_columns", source, line=line, limit=limits.columns)


def _delimiter(head: str, mapping: Mapping_, *, tabs: bool) -> str:
    """The delimiter under which the header holds most of the wanted names, then most names at all."""
    if mapping.delimiter != "auto":
        return mapping.delimiter
    if tabs:
        return "\t"
    wanted = set(names_wanted(mapping))

    def merit(delimiter: str) -> tuple[int, int]:
        row = next((row for row in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter) if row), [])
        return (0 if mapping.names else len(wanted.intersection(name.strip() for name in row)), len(row))

    return max(_DELIMITERS, key=merit)
