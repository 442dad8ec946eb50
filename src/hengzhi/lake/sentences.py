"""Making the sentence and the remedy of a problem, in the reader's language."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from typing import Any

from hengzhi.core import Problem, Text
from hengzhi.lake.problems import PROBLEMS, ProblemText

# Problems of whole batches, found when the rows are settled.
SETTLING: Mapping[str, ProblemText] = {
    "duplicate_in_file": ProblemText(
        Text("第 {line} 行与本文件前面的一行重复。", "Line {line} repeats an earlier line of this file."),
        Text("无需处理；只计一次。", "Nothing to do; it counts once."),
    ),
    "duplicate_of_earlier": ProblemText(
        Text("第 {line} 行此前已导入。", "Line {line} was imported before."),
        Text("无需处理；只计一次。", "Nothing to do; it counts once."),
    ),
    "unknown_unit": ProblemText(
        Text(
            "机构代码“{value}”不在机构树中（{count} 行），计入“未归属”。",
            "The unit code '{value}' is not in the unit tree ({count} rows); they count as unattributed.",
        ),
        Text("在机构树中补上该代码，或修正文件后重新导入。", "Add the code to the unit tree, or mend the file and import it again."),
    ),
    "unknown_units": ProblemText(
        Text(
            "另有 {codes} 个机构代码不在机构树中（{count} 行），计入“未归属”。",
            "{codes} more unit codes are not in the unit tree ({count} rows); they count as unattributed.",
        ),
        Text("先导入机构树；完整清单见批次。", "Import the unit tree first; the batch lists them all."),
    ),
}


def sentence(problem: Problem, language: str) -> str:
    """What is wrong."""
    return filled(_text(problem.code).message, language, _fields(problem))


def remedy(problem: Problem, language: str) -> str:
    """What to do about it."""
    return filled(_text(problem.code).remedy, language, _fields(problem))


def filled(text: Text, language: str, fields: Mapping[str, Any]) -> str:
    """``text`` with its placeholders filled; one without a value shows a dash."""
    return _Lenient().vformat(text.in_(language), (), fields)


class _Lenient(string.Formatter):
    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        value = kwargs.get(str(key), "—")
        return "; ".join(map(str, value)) if isinstance(value, list | tuple) else value


def _text(code: str) -> ProblemText:
    found = PROBLEMS.get(code) or SETTLING.get(code)
    return found or ProblemText(Text(code, code), Text("", ""))


def _fields(problem: Problem) -> dict[str, Any]:
    place = {"source": problem.source, "line": problem.line, "column": problem.column, "value": problem.value}
    return {**problem.args, **place}
