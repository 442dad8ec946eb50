"""A source file opened for reading: unpacked where it is gzip, with its size and ratio watched."""

from __future__ import annotations

import gzip
import zlib
from io import BufferedReader
from pathlib import Path
from typing import Self

from hengzhi.core import InvalidFile
from hengzhi.lake.readers.block import Limits

_FORMAT_OF_ENDING = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".xes": "xes",
}


def format_of(path: Path) -> str:
    """The format the endings of a file's name stand for.

    Raises:
        InvalidFile: unknown_format.
    """
    for ending in reversed(path.suffixes):
        if ending.lower() in _FORMAT_OF_ENDING:
            return _FORMAT_OF_ENDING[ending.lower()]
        if ending.lower() != ".gz":
            break
    raise InvalidFile("unknown_format", path.name, known=", ".join(sorted(_FORMAT_OF_ENDING)))


def stem_of(path: Path) -> str:
    """The file's name without its endings (``a.b.csv.gz`` gives ``a.b``)."""
    name = path.name.removesuffix(".gz")
    return name.rsplit(".", 1)[0] if "." in name.lstrip(".") else name


class Source:
    """The bytes of a file as they are after unpacking."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.name = path.name
        self._limits = limits
        self._file: BufferedReader = path.open("rb")
        packed = self._file.peek(2)[:2] == b"\x1f\x8b"
        if path.suffix.lower() == ".gz" and not packed:
            empty = not self._file.peek(1)
            self._file.close()
            raise InvalidFile("empty_file" if empty else "broken_gzip", self.name)
        self._stream: BufferedReader | gzip.GzipFile = gzip.GzipFile(fileobj=self._file) if packed else self._file
        self._packed = packed
        self._unpacked_bytes = 0
        self._reported = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def read(self, size: int) -> bytes:
        """The next ``size`` bytes, fewer only at the end.

        Raises:
            InvalidFile: broken_gzip, or too_large and too_compressed (a bomb).
        """
        try:
            data = self._stream.read(size)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise InvalidFile("broken_gzip", self.name) from error
        self._unpacked_bytes += len(data)
        self._check_size()
        return data

    def progress(self) -> int:
        """Bytes of the packed file read since the last call."""
        at = self._file.tell()
        step, self._reported = at - self._reported, at
        return step

    def _check_size(self) -> None:
        limits, unpacked = self._limits, self._unpacked_bytes
        if unpacked > limits.uncompressed_bytes:
            raise InvalidFile("too_large", self.name, limit=limits.uncompressed_bytes)
        if self._packed and unpacked > limits.ratio_from and unpacked > limits.ratio * max(self._file.tell(), 1):
            raise InvalidFile("too_compressed", self.name, limit=limits.ratio)
