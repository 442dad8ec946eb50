"""How dates and times are written, as patterns over shapes: texts in which every digit stands as 0."""

from __future__ import annotations

import re
from functools import lru_cache

# ISO 8601 and its usual relatives: date with - / . or 年月日, then perhaps a time, a fraction and an offset.
_DATE = (
    rb"(?:(?P<Y>0{4,6})(?P<s>[-/.])(?P<m>00?)(?P=s)(?P<d>00?)"
    rb"|(?P<Y2>0{4})(?P<m2>00)(?P<d2>00)"
    rb"|(?P<Y3>0{4})\xe5\xb9\xb4(?P<m3>00?)\xe6\x9c\x88(?P<d3>00?)\xe6\x97\xa5)"
)
_TIME = rb"(?:[T ] ?(?P<H>00?):(?P<M>00)(?::(?P<S>00)(?:[.,](?P<f>0{1,9}))?)? ?(?P<z>Z|z|[+-]00(?::?00)?)?)?"
ISO = re.compile(_DATE + _TIME)
_DIRECTIVES = {
    "Y": rb"(?P<Y>0{4,6})",
    "y": rb"(?P<y>00)",
    "m": rb"(?P<m>00?)",
    "d": rb"(?P<d>00?)",
    "H": rb"(?P<H>00?)",
    "M": rb"(?P<M>00?)",
    "S": rb"(?P<S>00?)",
    "f": rb"(?P<f>0{1,9})",
    "z": rb"(?P<z>Z|z|[+-]00(?::?00)?)",
    "%": rb"%",
}


@lru_cache(maxsize=256)
def pattern_of(text: str) -> re.Pattern[bytes]:
    """The pattern over shapes for a format such as ``%y%m%d %H:%M:%S``.

    Raises:
        ValueError: a directive other than %Y %y %m %d %H %M %S %f %z %%, or one that stands twice.
    """
    pieces: list[bytes] = []
    at = iter(text)
    for letter in at:
        if letter != "%":
            pieces.append(b"0" if letter.isascii() and letter.isdigit() else re.escape(letter.encode()))
            continue
        directive = next(at, "")
        if directive not in _DIRECTIVES:
            raise ValueError(f"%{directive}")
        pieces.append(_DIRECTIVES[directive])
    try:
        return re.compile(b"".join(pieces))
    except re.error as error:
        raise ValueError(str(error)) from error
