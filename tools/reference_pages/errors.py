"""The reference page of the errors: every code with its sentence and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from hengzhi.core import Text
from hengzhi.lake.problems import FILES, MAPPINGS, ROWS, ProblemText
from hengzhi.lake.sentences import SETTLING
from hengzhi.spine.messages import MESSAGES
from reference_pages.markdown import code, head, table

_TITLE = Text("错误与问题", "Errors and problems")
_INTRO = Text(
    "代码不变，句子可改。花括号中的名字在显示时换成实际的值。行一级的问题写入批次的问题清单（CSV，两种语言），每条带文件、行号、列与值。",
    "Codes never change, sentences may. Names in braces are filled with the actual values. Problems of rows are written to the "
    "problems file of the batch (CSV, in both languages), each with file, line, column and value.",
)


def page(language: str) -> str:
    """The page in one language."""
    lists = (
        (Text("一行或一格", "Of a row or cell"), _pairs(ROWS)),
        (Text("整批合并时", "When a batch is settled"), _pairs(SETTLING)),
        (Text("整个文件", "Of a file as a whole"), _pairs(FILES)),
        (Text("映射文件", "Of a mapping file"), _pairs(MAPPINGS)),
        (Text("命令与页面", "Of commands and pages"), {key: (m.what, m.remedy) for key, m in MESSAGES.items()}),
    )
    return head(_TITLE, _INTRO, language) + "".join(f"\n## {title.in_(language)}\n\n{_table(rows, language)}" for title, rows in lists)


def sentences() -> dict[str, tuple[Text, Text]]:
    """Every code with its sentence and remedy."""
    problems = {key: pair for group in (ROWS, SETTLING, FILES, MAPPINGS) for key, pair in _pairs(group).items()}
    return {**problems, **{key: (message.what, message.remedy) for key, message in MESSAGES.items()}}


def _pairs(group: Mapping[str, ProblemText]) -> dict[str, tuple[Text, Text]]:
    return {key: (text.message, text.remedy) for key, text in group.items()}


def _table(rows: Mapping[str, tuple[Text, Text]], language: str) -> str:
    header = [Text("代码", "code"), Text("句子", "sentence"), Text("怎么办", "what to do")]
    body = ((code(key), _shown(what.in_(language)), _shown(remedy.in_(language))) for key, (what, remedy) in sorted(rows.items()))
    return table([text.in_(language) for text in header], body)


def _shown(text: str) -> str:
    return text.replace("{{", "{").replace("}}", "}").replace("<", "&lt;")
