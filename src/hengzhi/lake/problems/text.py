"""What is said of a problem: a sentence and a remedy, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from hengzhi.core import Text


@dataclass(frozen=True, slots=True)
class ProblemText:
    """What is wrong, and what to do; ``{names}`` stand for fields of the problem and its args."""

    message: Text
    remedy: Text


def said(zh: str, en: str, zh_remedy: str, en_remedy: str) -> ProblemText:
    """A message and its remedy, each in Chinese and English."""
    return ProblemText(Text(zh, en), Text(zh_remedy, en_remedy))
