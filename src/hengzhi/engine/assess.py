"""Assessing: all indicators, scopes and periods at once, from pinned facts to rows and ratings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hengzhi.core import HengzhiError, Period
from hengzhi.engine.catalogue import Catalogue
from hengzhi.engine.evidence import requests_of
from hengzhi.engine.expected import read_expected
from hengzhi.engine.observe import Asked, Row, observe
from hengzhi.engine.policy import Policy
from hengzhi.engine.rate import Rating, rate
from hengzhi.engine.run import output_sha256
from hengzhi.engine.scopes import ScopeTree
from hengzhi.engine.windows import windows
from hengzhi.lake.aggregate import Cells, Request, aggregate
from hengzhi.lake.derive import derive
from hengzhi.lake.files import Facts
from hengzhi.lake.workspace import Workspace

Progress = Callable[[int, int], None]


class TooManyObservations(HengzhiError):
    """The policy's cap on observations per month would be passed; ``count`` says by how many there would be."""

    code = "too_many_observations"


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be assessed, and by which definitions; everything that decides the answer."""

    catalogue: Catalogue
    tree: ScopeTree
    policy: Policy
    months: tuple[int, ...]
    on: date

    @property
    def last(self) -> int:
        """The last month whose facts belong to any figure."""
        return last_month(self.months, self.on)


def last_month(months: Sequence[int], on: date) -> int:
    """The last month asked for, or the last one over by ``on``: a quarter that is over is whole whichever month of it is assessed."""
    return max(months[-1], Period.month(on.year * 100 + on.month).shifted(-1).months()[0])


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows in the order of key, period and scope, ratings in the order of risk, scope and month."""

    rows: tuple[Row, ...]
    ratings: tuple[Rating, ...]

    def sha256(self) -> str:
        """The output hash: equal for equal data, whatever the threads, blocks or order of rows."""
        return output_sha256([*(row.hashed() for row in self.rows), *(rating.hashed() for rating in self.ratings)])


def assess(
    workspace: Workspace, question: Question, facts: Mapping[str, Facts], *, cache: bool = True, progress: Progress | None = None
) -> Answer:
    """Observe, judge and rate the months asked for.

    The month before the first one is looked at too, because a level improves only after two periods.

    Raises:
        TooManyObservations: more rows per month than the policy's cap.
    """
    months = (Period.month(question.months[0]).shifted(-1).months()[0], *question.months)
    tables = with_derived(workspace, question.catalogue, facts, cache=cache)
    cells = gather(workspace, question, tables, months, cache=cache)
    delivering = sorted(set(question.catalogue.facts) - {key for key, table in question.catalogue.facts.items() if table.roster})
    expected = read_expected(workspace, tables.get("expectation"), delivering, cache=cache)
    rows: list[Row] = []
    kept: list[Row] = []
    indicators = sorted(question.catalogue.indicators.values(), key=lambda i: i.key)
    for done, indicator in enumerate(indicators):
        asked = Asked(
            indicator=indicator,
            windows=windows(indicator, months, question.last),
            policy=question.policy,
            expected=expected,
            tree=question.tree,
            on=question.on,
            began=min((f.month for f in tables[indicator.x.table].read()), default=None) if indicator.x.table in tables else None,
        )
        seen = observe(asked, question.catalogue, cells)
        periods = {str(window.period) for window in windows(indicator, question.months, question.last)}
        rows += seen
        kept += [row for row in seen if row.period in periods]
        if progress:
            progress(done + 1, len(indicators))
    ratings = rate(rows, question.catalogue, question.policy, months)
    _refuse_above_cap(kept, question)
    return Answer(tuple(kept), tuple(ratings))


def with_derived(workspace: Workspace, catalogue: Catalogue, facts: Mapping[str, Facts], *, cache: bool = True) -> dict[str, Facts]:
    """The stored tables and the derived ones that the indicators need."""
    needed = {term.table for i in catalogue.indicators.values() for term in (i.x, i.n) if term} & set(catalogue.derived)
    return {**facts, **{key: derive(workspace, catalogue.derived[key], facts, cache=cache) for key in sorted(needed)}}


def gather(
    workspace: Workspace, question: Question, tables: Mapping[str, Facts], months: Sequence[int], *, cache: bool = True
) -> dict[Request, Cells]:
    """The leaf cells of every term, one pass per table."""
    wanted: dict[str, dict[Request, None]] = {}
    spans: dict[str, set[int]] = {}
    for indicator in question.catalogue.indicators.values():
        for request in requests_of(indicator):
            wanted.setdefault(request.term.table, {})[request] = None
            spans.setdefault(request.term.table, set()).update(m for w in windows(indicator, months, question.last) for m in w.months)
    found: dict[Request, Cells] = {}
    for table, requests in wanted.items():
        empty = Facts(question.catalogue.shape(table), ())
        found |= aggregate(workspace, tables.get(table, empty), tuple(requests), spans[table], cache=cache)
    return found


def _refuse_above_cap(rows: Sequence[Row], question: Question) -> None:
    per_month = len(rows) / max(1, len(question.months))
    if per_month > question.policy.cap:
        raise TooManyObservations(count=len(rows), cap=question.policy.cap, months=len(question.months))
