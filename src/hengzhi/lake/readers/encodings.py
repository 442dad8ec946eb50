"""The encoding of a text file: found out from its bytes, and undone line by line."""

from __future__ import annotations

import codecs
from pathlib import Path

import numpy as np
import pyarrow as pa

from hengzhi.core import InvalidFile
from hengzhi.lake.mapping.model import CODECS
from hengzhi.lake.readers.block import Limits
from hengzhi.lake.readers.opening import Source

# A noncharacter of Unicode: it stands where bytes could not be decoded and never occurs in real text.
UNDECODABLE = "\ufdd0"
_SEARCHED = 64 << 20  # how far the first byte beyond ASCII is looked for
_SAMPLE = 1 << 18
_NOT_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"PAR1")  # zip and xlsx, xls, PDF, Parquet
_UTF8_BOM = codecs.BOM_UTF8


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return UNDECODABLE, error.end


codecs.register_error("hengzhi.mark", _mark)


def encoding_of(path: Path, given: str, limits: Limits) -> tuple[str, int]:
    """The codec of a text file and the bytes of its byte order mark, which are not text.

    Raises:
        InvalidFile: not_text, unknown_encoding, or bom_contradicts where the mark says UTF-8 and the text is not.
    """
    with Source(path, limits) as source:
        head = source.read(4)
        if head in _NOT_TEXT:
            raise InvalidFile("not_text", path.name, line=1)
        if given != "auto":
            return _given(CODECS[given.lower()], head)
        by_mark = _by_mark(head, path.name)
        if by_mark and by_mark[0] != "utf-8":
            return by_mark
        sample = _first_beyond_ascii(head, source)
    found = _by_content(sample, path.name)
    if by_mark and found != "utf-8":
        raise InvalidFile("bom_contradicts", path.name, line=1, found=found)
    return found, by_mark[1] if by_mark else 0


def _given(codec: str, head: bytes) -> tuple[str, int]:
    if codec == "utf-16":
        codec = "utf-16-be" if head[:2] == codecs.BOM_UTF16_BE else "utf-16-le"
    if codec.startswith("utf-16"):
        return codec, 2 if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else 0
    return codec, 3 if head[:3] == _UTF8_BOM else 0


def _by_mark(head: bytes, name: str) -> tuple[str, int] | None:
    if head in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        raise InvalidFile("unknown_encoding", name)
    if head[:2] == codecs.BOM_UTF16_LE:
        return "utf-16-le", 2
    if head[:2] == codecs.BOM_UTF16_BE:
        return "utf-16-be", 2
    return ("utf-8", 3) if head[:3] == _UTF8_BOM else None


def _first_beyond_ascii(head: bytes, source: Source) -> bytes:
    """A sample of whole lines in which bytes beyond ASCII (or NULs) occur, if the file has any."""
    tail, seen = head.removeprefix(_UTF8_BOM), 0
    while seen < _SEARCHED:
        data = tail + source.read(_SAMPLE)
        if len(data) == len(tail):
            return tail
        if not data.isascii() or b"\0" in data:
            data += source.read(_SAMPLE)
            return data[: data.rfind(b"\n") + 1] or data
        seen += len(data)
        tail = data[data.rfind(b"\n") + 1 :][-_SAMPLE:]
    return b""


def _by_content(sample: bytes, name: str) -> str:
    if sample.isascii() and b"\0" not in sample:
        return "utf-8"
    nul_even, nul_odd = sample[0:4096:2].count(0), sample[1:4096:2].count(0)
    if max(nul_even, nul_odd) * 8 > min(len(sample), 4096):
        return "utf-16-be" if nul_even > nul_odd else "utf-16-le"
    lines = sample.splitlines()
    beyond = [line for line in lines if not line.isascii()]
    utf8, gb = _decodable(beyond, "utf-8"), _decodable(beyond, "gb18030")
    # GB 18030 takes many UTF-8 lines by accident, hardly ever the other way round.
    if 2 * utf8 >= len(beyond):
        return "utf-8"
    if 2 * gb >= len(beyond) and _is_chinese(beyond):
        return "gb18030"
    if 20 * len(beyond) <= len(lines):  # a few broken rows are the rows' problem
        return "utf-8"
    raise InvalidFile("unknown_encoding", name)


def _decodable(lines: list[bytes], codec: str) -> int:
    return sum(UNDECODABLE not in line.decode(codec, "hengzhi.mark") for line in lines)


def _is_chinese(lines: list[bytes]) -> bool:
    """Whether most characters are of the everyday set: pairs of Latin letters decode too, but to rare ones."""
    text = b"".join(lines).decode("gb18030", "ignore")
    beyond = "".join(letter for letter in text if not letter.isascii())
    return len(beyond.encode("gb2312", "ignore")) >= len(beyond)


class Decoder:
    """Turns the bytes of a file into UTF-8, chunk by chunk; what can't be decoded becomes ``UNDECODABLE``."""

    def __init__(self, codec: str) -> None:
        self._plain = codec == "utf-8"
        self._decoder = codecs.getincrementaldecoder(codec)("hengzhi.mark")

    def feed(self, data: bytes, *, final: bool) -> bytes:
        """``data`` as UTF-8; UTF-8 itself passes through and is judged by ``repaired`` at record ends."""
        if self._plain:
            return data
        return self._decoder.decode(data, final).encode("utf-8", "replace")


def repaired(data: bytes) -> bytes:
    """UTF-8 ``data`` of whole lines with each undecodable sequence replaced by the mark."""
    if data.isascii():
        return data
    whole = pa.StringArray.from_buffers(1, pa.py_buffer(np.array([0, len(data)], np.int32)), pa.py_buffer(data))
    try:
        whole.validate(full=True)  # several times as fast as decoding
    except pa.ArrowInvalid:
        return data.decode("utf-8", "hengzhi.mark").encode("utf-8", "replace")
    return data
