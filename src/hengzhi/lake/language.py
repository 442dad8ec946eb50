"""The language of short texts by their letters: Chinese, English, or undetermined."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_HAN_SHARE = 0.2  # a Han character says more than a letter: product names in Chinese texts are often Latin
_LATIN_SHARE = 0.9


def languages(texts: pa.Array) -> pa.Array:
    """``zh``, ``en`` or ``und`` for each text, by the shares of Han and Latin among its letters."""
    han = _count(texts, r"\p{Han}")
    kana_or_hangul = _count(texts, r"[\p{Hiragana}\p{Katakana}\p{Hangul}]")
    latin = _count(texts, r"[A-Za-z]")
    letters = np.maximum(_count(texts, r"\p{L}"), 1)
    chinese = (han >= _HAN_SHARE * letters) & (han > 0) & (kana_or_hangul * 10 <= letters)
    english = (latin >= _LATIN_SHARE * letters) & (latin >= 2)
    return pa.array(np.where(chinese, "zh", np.where(english, "en", "und")), pa.string())


def _count(texts: pa.Array, pattern: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.asarray(pc.count_substring_regex(texts, pattern).fill_null(0)).astype(np.int64)
