"""Cells of a CSV file that no spreadsheet runs as a formula, and their way back."""

from __future__ import annotations

_RUNS = ("=", "+", "-", "@", "\t", "\r", "|")


def safe(text: str) -> str:
    """A cell that is not taken for a formula.

    >>> safe("=1+1"), safe("1+1")
    ("'=1+1", '1+1')
    """
    return f"'{text}" if text.lstrip(" ").startswith(_RUNS) or text.startswith(_RUNS) else text


def plain(text: str) -> str:
    """The text that ``safe`` was given.

    >>> plain("'=1+1"), plain("'tis")
    ('=1+1', "'tis")
    """
    return text[1:] if text.startswith("'") and safe(text[1:]) == text else text
