"""A formula in one sentence per term, in the words that the pages use."""

from __future__ import annotations

import json

from hengzhi.app import CATALOGUE
from hengzhi.core import Text
from hengzhi.engine.indicators import Indicator
from hengzhi.spine.runs.pages.formula import TermWords
from hengzhi.spine.runs.pages.formula import formula as words_of

_SHAPES = {
    "proportion": Text("x ÷ n", "x ÷ n"),
    "rate": Text("x ÷ n", "x ÷ n"),
    "census": Text("x ÷ n", "x ÷ n"),
}


def formula(indicator: Indicator, language: str) -> str:
    """The whole formula: how its terms combine, and what each takes of which rows."""
    said = [_term(term, language) for term in words_of(indicator, CATALOGUE)]
    shape = _SHAPES[indicator.kind].in_(language) if len(said) > 1 else ""
    return Text("；", "; ").in_(language).join(filter(None, [shape, *said]))


def as_json(indicator: Indicator) -> str:
    """The terms as they are stored and hashed."""
    terms = {"x": indicator.x.as_json(), "n": indicator.n.as_json() if indicator.n else None}
    return json.dumps(terms, ensure_ascii=False)


def _term(term: TermWords, language: str) -> str:
    conditions = [_bracketed(text.in_(language)) for text in term.conditions]
    if not conditions:
        return f"{term.letter} = {term.take.in_(language)}"
    zh, en = "，且".join(conditions), " and ".join(conditions)
    return f"{term.letter} = {term.take.in_(language)}" + Text(f"，其中{zh}", f", where {en}").in_(language)


def _bracketed(condition: str) -> str:
    return f"({condition})" if " or " in condition or " 或 " in condition else condition
