"""The sentence and the remedy for every code that readers and mappings give, in both languages."""

from collections.abc import Mapping

from hengzhi.lake.problems.files import FILES
from hengzhi.lake.problems.mappings import MAPPINGS
from hengzhi.lake.problems.rows import ROWS
from hengzhi.lake.problems.text import ProblemText

__all__ = ["PROBLEMS", "ProblemText"]

PROBLEMS: Mapping[str, ProblemText] = {**ROWS, **FILES, **MAPPINGS}
