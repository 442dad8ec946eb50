"""XES event logs (IEEE 1849) streamed through expat: one record per event, its trace's attributes beside its own."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

import numpy as np
import pyarrow as pa

from hengzhi.core import InvalidFile, Problem
from hengzhi.lake.mapping.model import Mapping_
from hengzhi.lake.readers.block import Limits, Raw
from hengzhi.lake.readers.opening import Source
from hengzhi.lake.readers.wanted import check_seen, names_wanted

_Start = Callable[[str, list[str]], None]
_End = Callable[[str], None]

_OF_TRACE = "case:"
_READ = 1 << 18
_MOST_KEYS = 10_000  # remembered; more are no keys but values gone astray
_DECLARED = re.compile(rb"""^[\xef\xbb\xbf\s]*<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


def read_xes(path: Path, mapping: Mapping_, *, limits: Limits) -> Iterator[Raw]:
    """The events of a log; attributes of the trace are the columns named ``case:<key>``.

    Only direct children of trace and event are read: nested attributes belong to their parent.

    Raises:
        InvalidFile: empty_file, not_xes, xml_malformed, xml_dtd_refused, xml_too_deep, header_only (no event at all)
            or missing_column.
    """
    with Source(path, limits) as source:
        head = source.read(max(_READ, 4096))
        if not head.strip():
            raise InvalidFile("empty_file", source.name)
        log = _Log(source.name, names_wanted(mapping), limits)
        yield from log.feed(head, source, _transcoder(head, source.name))
    if log.events == 0:
        raise InvalidFile("header_only", path.name)
    check_seen(mapping, log.keys(), source=path.name)


def _transcoder(head: bytes, name: str) -> codecs.IncrementalDecoder | None:
    """A decoder for the encodings expat doesn't know; None where it does."""
    declared = _DECLARED.match(head[:200])
    codec = declared[1].decode().lower() if declared else "utf-8"
    if codec in ("utf-8", "utf-16", "us-ascii", "iso-8859-1"):
        return None
    try:
        return codecs.getincrementaldecoder("gb18030" if codec in ("gbk", "gb2312") else codec)("strict")
    except LookupError as error:
        raise InvalidFile("unknown_encoding", name) from error


@dataclass(slots=True)
class _Traces:
    """What has been collected since the last block: events, and how many of them belong to each closed trace."""

    events: list[list[str | None]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    closed: list[list[str | None]] = field(default_factory=list)  # the attributes of each closed trace
    sizes: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class _Log:
    """The state of one log while expat walks through it."""

    def __init__(self, name: str, wanted: tuple[str, ...], limits: Limits) -> None:
        self._name, self._limits = name, limits
        self._of_event = [key for key in wanted if not key.startswith(_OF_TRACE)]
        self._of_trace = [key for key in wanted if key.startswith(_OF_TRACE)]
        # Where the values of a key go; keys nobody wants are added as they are met, and go to the last place.
        self._event_slots = {key: at for at, key in enumerate(self._of_event)}
        self._trace_slots = {key.removeprefix(_OF_TRACE): at for at, key in enumerate(self._of_trace)}
        self._filled: set[str] = set()
        self._traces = _Traces()
        self.events = 0

    def keys(self) -> list[str]:
        """Every attribute key seen on events and (with ``case:``) on traces."""
        met = [*self._event_slots, *(_OF_TRACE + key for key in self._trace_slots)]
        return [key for key in met if key in self._filled or key not in {*self._of_event, *self._of_trace}]

    def feed(self, head: bytes, source: Source, decoder: codecs.IncrementalDecoder | None) -> Iterator[Raw]:
        """Walk through the log, yielding a block whenever about ``limits.chunk_bytes`` have gone by."""
        parser = self._parser("utf-8" if decoder else None)
        data, since = head, 0
        while True:
            final = not data
            try:
                parser.Parse(decoder.decode(data, final).encode() if decoder else data, final)
            except expat.ExpatError as error:
                said = expat.ErrorString(error.code)
                raise InvalidFile("xml_malformed", self._name, line=error.lineno, said=said) from error
            except UnicodeDecodeError as error:
                raise InvalidFile("unknown_encoding", self._name, line=parser.CurrentLineNumber) from error
            since += len(data)
            if final or since >= self._limits.chunk_bytes:
                yield self._block(source.progress())
                since = 0
            if final:
                return
            data = source.read(min(_READ, max(self._limits.chunk_bytes, 1)))

    def _block(self, bytes_read: int) -> Raw:
        """What whole traces have been read; the events of the trace still open stay for the next block."""
        done, size = self._traces, sum(self._traces.sizes)
        self._traces = _Traces(done.events[size:], done.lines[size:])
        cells = list(zip(*done.events[:size], strict=True)) or [() for _ in range(len(self._of_event) + 1)]
        columns = {key: pa.array(values, pa.string()) for key, values in zip(self._of_event, cells[:-1], strict=True)}
        trace_of = pa.array(np.repeat(np.arange(len(done.sizes)), done.sizes))
        for at, key in enumerate(self._of_trace):
            columns[key] = pa.array([row[at] for row in done.closed], pa.string()).take(trace_of)
        self._filled.update(key for key, values in columns.items() if values.null_count < len(values))
        refused = len(done.problems)
        self.events += size + refused
        return Raw(columns, np.array(done.lines[:size], np.int64), tuple(done.problems), refused, bytes_read)

    def _parser(self, encoding: str | None) -> expat.XMLParserType:
        parser = expat.ParserCreate(encoding)
        parser.ordered_attributes = True
        parser.StartDoctypeDeclHandler = self._refuse_dtd
        parser.StartElementHandler, parser.EndElementHandler = self._handlers(parser)
        return parser

    def _refuse_dtd(self, *_: object) -> None:
        raise InvalidFile("xml_dtd_refused", self._name, line=1)

    def _refuse_root(self, name: str) -> None:
        if _local(name) != "log":
            raise InvalidFile("not_xes", self._name, line=1, root=name)

    def _refuse_depth(self, line: int) -> None:
        raise InvalidFile("xml_too_deep", self._name, line=line, limit=self._limits.depth)

    def _stray(self, line: int) -> None:
        self._traces.problems.append(Problem(self._name, line, "event", "event_outside_trace"))

    def _handlers(self, parser: expat.XMLParserType) -> tuple[_Start, _End]:
        """The two functions expat calls for every element: closures, since attribute look-ups would cost as much as expat."""
        slots = self._event_slots
        no_event: list[str | None] = [None] * (len(self._of_event) + 1)
        no_trace: list[str | None] = [None] * (len(self._of_trace) + 1)
        waste = no_event.copy()
        event, trace = waste, no_trace
        depth = size = 0

        def start(name: str, attributes: list[str]) -> None:
            nonlocal depth, event, trace, size
            depth += 1
            if depth == 4:
                if len(attributes) == 4 and attributes[0] == "key":
                    slot = slots.get(attributes[1])
                    event[self._new_key(attributes[1]) if slot is None else slot] = attributes[3]
                else:
                    self._odd(attributes, slots, event)
            elif depth == 3:
                if trace is no_trace:
                    return
                if name == "event" or _local(name) == "event":
                    event = no_event.copy()
                    self._traces.lines.append(parser.CurrentLineNumber)
                else:
                    self._odd(attributes, self._trace_slots, trace)
            elif depth == 2:
                kind = _local(name)
                if kind == "trace":
                    trace, size = no_trace.copy(), 0
                elif kind == "event":
                    self._stray(parser.CurrentLineNumber)
            elif depth == 1:
                self._refuse_root(name)
            elif depth > self._limits.depth:
                self._refuse_depth(parser.CurrentLineNumber)

        def end(_: str) -> None:
            nonlocal depth, event, trace, size
            depth -= 1
            if depth < 3:
                if depth == 2 and event is not waste:
                    self._traces.events.append(event)
                    event = waste
                    size += 1
                elif depth == 1 and trace is not no_trace:
                    self._traces.closed.append(trace)
                    self._traces.sizes.append(size)
                    trace = no_trace

        return start, end

    def _new_key(self, key: str) -> int:
        """The place for values of a key nobody wants: the last one of every event."""
        waste = len(self._of_event)
        if len(self._event_slots) < _MOST_KEYS:
            self._event_slots[key] = waste
        return waste

    @staticmethod
    def _odd(attributes: list[str], slots: dict[str, int], into: list[str | None]) -> None:
        """Take an attribute whose key and value stand in any order, or which has no value (a list, a container)."""
        given = dict(zip(attributes[::2], attributes[1::2], strict=True))
        key = given.get("key", "")
        if len(slots) < _MOST_KEYS:
            slots.setdefault(key, len(into) - 1)
        into[slots.get(key, len(into) - 1)] = given.get("value")


def _local(name: str) -> str:
    return name.rsplit(":", 1)[-1]
