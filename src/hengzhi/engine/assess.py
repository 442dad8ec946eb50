"""Assessing: all indicators, scopes and periods at once, from pinned facts to rows and ratings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hengzhi.core import HengzhiError, Period
from hengzhi.engine.catalogue import Catalogue
from hengzhi.engine.observe import Expected, Row, observe, requests_of, windows
from hengzhi.engine.policy import Policy
from hengzhi.engine.rate import Rating, rate
from hengzhi.engine.run import output_sha256
from hengzhi.engine.scopes import ScopeTree
from hengzhi.lake.aggregate import Cells, Request, aggregate
from hengzhi.lake.derive import derive
from hengzhi.lake.files import Facts
from hengzhi.lake.formula import Cond, Term
from hengzhi.lake.tables import Role
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
    expected = _expected(workspace, tables, cache=cache)
    rows: list[Row] = []
    kept: list[Row] = []
    indicators = sorted(question.catalogue.indicators.values(), key=lambda i: i.key)
    for done, indicator in enumerate(indicators):
        asked = windows(indicator, months, question.last)
        seen = observe(
            indicator, question.catalogue, cells, asked, tree=question.tree, policy=question.policy, expected=expected, on=question.on
        )
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


_ROSTER_ROLES: tuple[Role, ...] = ("unit", "service", "system")


def _expected(workspace: Workspace, tables: Mapping[str, Facts], *, cache: bool) -> Expected:
    """Days expected and present per delivering table, role and code, read from the derived table ``expectation``."""
    facts = tables.get("expectation")
    if facts is None or not facts.read():
        return Expected({})
    days: dict[tuple[str, Role, str, int], tuple[int, int]] = {}
    months = {f.month for f in facts.files}
    for delivers in ("feedback", "contact", "process_event", "probe"):
        where = (Cond("delivers", "eq", delivers),)
        for role in _ROSTER_ROLES:
            both = [Request(Term("expectation", f"sum:{column}", where), (role,)) for column in ("expected_days", "present_days")]
            found = aggregate(workspace, facts, both, months, cache=cache)
            for position, request in enumerate(both):
                cells = found[request]
                for code, month, total in zip(cells.codes[role], cells.month.tolist(), cells.total, strict=True):
                    if code is not None:
                        old = days.get((delivers, role, code, month), (0, 0))
                        days[delivers, role, code, month] = (int(total), old[1]) if position == 0 else (old[0], int(total))
    return Expected(days)


def _refuse_above_cap(rows: Sequence[Row], question: Question) -> None:
    per_month = len(rows) / max(1, len(question.months))
    if per_month > question.policy.cap:
        raise TooManyObservations(count=len(rows), cap=question.policy.cap, months=len(question.months))
