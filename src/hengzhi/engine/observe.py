"""Observing: for every indicator, scope and period, what the facts say and whether they had to be there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from hengzhi.core import Period
from hengzhi.engine.catalogue import Catalogue
from hengzhi.engine.indicators import CUTS, Indicator
from hengzhi.engine.judge import Judged, Series, judge, shown_factor
from hengzhi.engine.policy import Level, Policy, level_of
from hengzhi.engine.rollup import Placed, place, sums
from hengzhi.engine.scopes import Scope, ScopeTree
from hengzhi.lake.aggregate import Cells, Request
from hengzhi.lake.formula import Term
from hengzhi.lake.tables import Role
from hengzhi.methods import means


@dataclass(frozen=True, slots=True)
class Row:
    """One observation with its evaluation, as it is stored."""

    key: str
    version: str
    scope: Scope
    period: str
    x: int | None
    n: int | None
    s: str
    ss: str
    value: float | None
    lower: float | None
    upper: float | None
    method: str
    flags: tuple[str, ...]
    target: float | None
    limit: float | None
    verdict: str
    arithmetic: bool | None
    bound: float | None
    needed_n: int | None
    score: float | None
    level: Level | None
    proven: bool  # missed by proof: it bears on the level of its risks
    reason: str

    def hashed(self) -> tuple[object, ...]:
        """The row as it enters the output hash."""
        names = [name for name in Row.__slots__ if name != "scope"]
        return (str(self.scope), *(getattr(self, name) for name in names))


@dataclass(frozen=True, slots=True)
class Window:
    """A period and the months whose facts belong to it."""

    period: Period
    months: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """What the rosters expect and what came, in days, by (table, role, code, month); ``tables`` have a roster."""

    days: Mapping[tuple[str, Role, str, int], tuple[int, int]]

    def of(
        self, tables: Iterable[str], scope: Scope, months: Sequence[int], within: Mapping[int, Mapping[str, tuple[str, ...]]]
    ) -> tuple[int, int]:
        """Days expected and present for a scope of at most one role (units: with all units below)."""
        expected = present = 0
        for table in tables:
            for month in months:
                for role, code in _entries(scope, month, within):
                    for key in [code] if code is not None else self._codes(table, role, month):
                        days = self.days.get((table, role, key, month), (0, 0))
                        expected, present = expected + days[0], present + days[1]
        return expected, present

    def scopes(self, tables: Iterable[str], role: Role, months: Sequence[int]) -> set[str]:
        """The codes of a role that are expected to deliver one of the tables in one of the months."""
        wanted = set(tables)
        return {
            code for (table, r, code, month), days in self.days.items() if table in wanted and r == role and month in months and days[0]
        }

    def _codes(self, table: str, role: Role, month: int) -> list[str]:
        return [code for (t, r, code, m) in self.days if t == table and r == role and m == month]


def _entries(scope: Scope, month: int, within: Mapping[int, Mapping[str, tuple[str, ...]]]) -> list[tuple[Role, str | None]]:
    if not scope.parts:
        return [("unit", None), ("system", None)]
    role, code = scope.parts[0]
    if role != "unit":
        return [(role, code)]
    below = [unit for unit, line in within[month].items() if code in line]
    return [("unit", unit) for unit in below]


def windows(indicator: Indicator, months: Sequence[int], last: int) -> tuple[Window, ...]:
    """The periods of an indicator that end in or contain ``months``; facts after ``last`` don't belong to any.

    A quarter or year that is not over by ``last`` is observed as far as it goes; the whole one before it is observed too.
    """
    found: dict[str, Window] = {}
    for month in months:
        whole = Period.month(month)
        if indicator.period == "month":
            span = tuple(whole.shifted(-back).months()[0] for back in range(indicator.window - 1, -1, -1))
            found[str(whole)] = Window(whole, span)
            continue
        here = whole.containing(indicator.period)
        before = here.shifted(-len(here.months()))
        for period in (before, here):
            found[str(period)] = Window(period, tuple(m for m in period.months() if m <= last))
    return tuple(found[key] for key in sorted(found))


def observe(
    indicator: Indicator,
    catalogue: Catalogue,
    cells: Mapping[Request, Cells],
    asked: Sequence[Window],
    *,
    tree: ScopeTree,
    policy: Policy,
    expected: Expected,
    on: date,
) -> list[Row]:
    """All rows of one indicator, sorted by period and scope."""
    target = policy.target(indicator.key)
    seen = _Seen(indicator, catalogue, cells, asked, tree)
    judged = judge(indicator, seen.series, target)
    tables = _delivered(catalogue, indicator)
    lines = {m: tree.ancestors(Period.month(m).last_day) for w in asked for m in w.months}
    rows: dict[tuple[str, Scope], Row] = {}
    for at, (window, scope) in enumerate(seen.keys):
        coverage = _coverage(expected, tables, scope, window, lines)
        rows[str(window.period), scope] = _row(indicator, policy, seen, judged, at, window, scope, coverage, on)
    for window in asked:
        for scope in _expected_scopes(indicator, expected, tables, window, lines):
            key = (str(window.period), scope)
            if key not in rows:
                rows[key] = _nothing(indicator, policy, window, scope, on)
    return [rows[key] for key in sorted(rows)]


def base_of(indicator: Indicator) -> Term:
    """What tells that there was something to see: the denominator, or any row where a count has none."""
    if indicator.n is not None:
        return indicator.n
    return Term(indicator.x.table, "rows") if indicator.kind in ("count", "census") else indicator.x


def requests_of(indicator: Indicator) -> tuple[Request, ...]:
    """The aggregations behind an indicator."""
    return tuple(dict.fromkeys((request_of(indicator, indicator.x), request_of(indicator, base_of(indicator)))))


def request_of(indicator: Indicator, term: Term) -> Request:
    """The aggregation that a term of an indicator asks for."""
    roles = {role for cut in indicator.cuts for role in CUTS[cut]} | ({indicator.cluster} if indicator.cluster else set())
    return Request(term, tuple(sorted(roles)), bins=indicator.kind == "quantile")


class _Seen:
    """The evidence of one indicator laid out as series: one per window and scope that has any row."""

    def __init__(
        self, indicator: Indicator, catalogue: Catalogue, cells: Mapping[Request, Cells], asked: Sequence[Window], tree: ScopeTree
    ) -> None:
        self.indicator, self.catalogue = indicator, catalogue
        base = base_of(indicator)
        placed_x, self.cells_x = self._placed(cells, indicator.x, tree)
        placed_n, self.cells_n = self._placed(cells, base, tree)
        self.scopes = tuple(dict.fromkeys((*placed_n.scopes, *placed_x.scopes)))
        self.keys: list[tuple[Window, Scope]] = []
        xs: list[int] = []
        ns: list[int] = []
        self.squares: list[int] = []
        self.stored: list[int] = []
        self._parts: list[tuple[Window, Placed, NDArray[np.int64]]] = []
        months = sorted({m for w in asked for m in w.months})
        position = {m: at for at, m in enumerate(months)}
        total = self._by_scope(placed_x, self.cells_x.total, months)
        squares = self._by_scope(placed_x, self.cells_x.squares, months)
        rows_x = self._by_scope(placed_x, self.cells_x.count.astype(object), months)
        below = self._by_scope(placed_n, (self.cells_n.total if indicator.n else self.cells_n.count.astype(object)), months)
        for window in asked:
            at = [position[m] for m in window.months]
            for scope in self.scopes:
                n = sum(below.get(scope, _NONE)[at].tolist()) if scope in below else 0
                taken = sum(rows_x[scope][at].tolist()) if scope in rows_x else 0
                if not n and not taken:
                    continue
                self.keys.append((window, scope))
                xs.append(sum(total[scope][at].tolist()) if scope in total else 0)
                self.squares.append(sum(squares[scope][at].tolist()) if scope in squares else 0)
                ns.append(n)
        self.x, self.n = xs, ns
        self.series = self._series(placed_x)

    def _placed(self, cells: Mapping[Request, Cells], term: Term, tree: ScopeTree) -> tuple[Placed, Cells]:
        found = cells[request_of(self.indicator, term)]
        return place(found, self.indicator.cuts, tree), found

    @staticmethod
    def _by_scope(placed: Placed, values: NDArray[np.object_], months: Sequence[int]) -> dict[Scope, NDArray[np.object_]]:
        table = sums(placed, values, months)
        return {scope: table[at] for at, scope in enumerate(placed.scopes)}

    def _series(self, placed: Placed) -> Series:
        kind = self.indicator.kind
        if kind == "mean":
            n = np.array(self.n, np.int64)
            return Series(n, n, mean=self._mean(placed))
        n = np.array([min(v, 2**62) for v in self.n], np.int64)
        x = np.array([min(v, 2**62) for v in self.x], np.int64)
        if kind == "quantile":
            bins, counts = self._histograms(placed)
            return Series(n, counts.sum(axis=1), bins=bins, counts=counts)
        return Series(x, n)

    def _mean(self, placed: Placed) -> means.MeanEstimate:
        factor = self._factor()
        exact = means.t_interval(np.array(self.n, object), np.array(self.x, object), np.array(self.squares, object))
        if self.indicator.cluster:
            exact = self._clustered(placed, exact)
        return means.MeanEstimate(exact.mean * factor, exact.se * factor, exact.df)

    def _clustered(self, placed: Placed, plain: means.MeanEstimate) -> means.MeanEstimate:
        """Cluster-robust where a scope holds at least two clusters; inside one cluster its own cases are all there is."""
        codes = self.cells_x.codes[self.indicator.cluster]  # type: ignore[index]
        index = {scope: at for at, scope in enumerate(placed.scopes)}
        ids: list[int] = []
        ns: list[int] = []
        ss: list[int] = []
        for at, (window, scope) in enumerate(self.keys):
            if scope not in index:
                continue
            inside = placed.cell[(placed.scope == index[scope]) & np.isin(placed.month, window.months)]
            groups: dict[object, list[int]] = {}
            for cell in inside.tolist():
                group = groups.setdefault(codes[cell], [0, 0])
                group[0] += int(self.cells_x.count[cell])
                group[1] += int(self.cells_x.total[cell])
            for count, total in groups.values():
                ids.append(at)
                ns.append(count)
                ss.append(total)
        robust = means.cluster_t(np.array(ids, np.int64), np.array(ss, float), np.array(ns, float), size=len(self.keys))
        many = robust.df >= 1
        return means.MeanEstimate(plain.mean, np.where(many, robust.se, plain.se), np.where(many, robust.df, plain.df))

    def _histograms(self, placed: Placed) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        bin_of_cell = self.cells_x.bin if self.cells_x.bin is not None else np.zeros(0, np.int64)
        bins = np.unique(bin_of_cell)
        counts = np.zeros((len(self.keys), len(bins)), np.int64)
        index = {scope: at for at, scope in enumerate(placed.scopes)}
        column = np.searchsorted(bins, bin_of_cell)
        for at, (window, scope) in enumerate(self.keys):
            inside = placed.cell[(placed.scope == index[scope]) & np.isin(placed.month, window.months)]
            np.add.at(counts[at], column[inside], self.cells_x.count[inside])
        return bins, counts

    def _factor(self) -> float:
        summed = self.indicator.x.summed
        if summed is None:
            return 1.0
        column = self.catalogue.shape(self.indicator.x.table).column(summed)
        return shown_factor(self.indicator, column.unit, column.scale)


_NONE = np.zeros(0, object)


def _delivered(catalogue: Catalogue, indicator: Indicator) -> tuple[str, ...]:
    """The fact tables that rosters expect for an indicator; one about the rosters themselves expects nothing."""
    sources = catalogue.sources(indicator.x.table)
    return sources if len(sources) == 1 else ()


def _expected_scopes(
    indicator: Indicator, expected: Expected, tables: tuple[str, ...], window: Window, lines: Mapping[int, Mapping[str, tuple[str, ...]]]
) -> Iterable[Scope]:
    yield Scope()
    for cut in indicator.cuts:
        roles = CUTS[cut]
        if len(roles) != 1:
            continue
        codes = expected.scopes(tables, roles[0], window.months)
        if roles[0] == "unit":
            codes = {above for m in window.months for code in codes for above in lines[m].get(code, ())}
        yield from (Scope(((roles[0], code),)) for code in sorted(codes))


def _coverage(
    expected: Expected, tables: tuple[str, ...], scope: Scope, window: Window, lines: Mapping[int, Mapping[str, tuple[str, ...]]]
) -> float | None:
    if len(scope.parts) > 1:
        return None
    days, present = expected.of(tables, scope, window.months, lines)
    return present / days if days else None


def _row(
    indicator: Indicator,
    policy: Policy,
    seen: _Seen,
    judged: Judged,
    at: int,
    window: Window,
    scope: Scope,
    coverage: float | None,
    on: date,
) -> Row:
    target = policy.target(indicator.key)
    n = seen.n[at]
    flags = ["small_n"] if indicator.kind in ("proportion", "mean", "quantile") and n < indicator.floor_n else []
    if coverage is not None and coverage < policy.min_coverage:
        flags.append("coverage_low")
    verdict, reason = str(judged.verdict[at]), ""
    over = window.period.end <= on and window.period.months()[-1] in window.months
    if not over and not (
        verdict == "met" and indicator.kind in ("census", "count") and indicator.direction == "up" and indicator.n is None
    ):
        verdict, reason = ("not_due", "period_running") if target.target is not None else (verdict, "")
    elif "coverage_low" in flags and target.target is not None:
        verdict, reason = "no_data", "coverage_low"
    score = _known(judged.score[at]) if verdict in ("met", "missed", "not_shown") else None
    bound = judged.bounds.upper[at] if indicator.direction == "down" else judged.bounds.lower[at]
    return Row(
        key=indicator.key,
        version=indicator.version,
        scope=scope,
        period=str(window.period),
        x=None if indicator.kind in ("mean", "quantile") else seen.x[at],
        n=None if indicator.n is None and indicator.kind in ("census", "count") else n,
        s=str(seen.x[at]) if indicator.kind == "mean" else "",
        ss=str(seen.squares[at]) if indicator.kind == "mean" else "",
        value=_known(judged.value[at]),
        lower=_known(judged.lower[at]),
        upper=_known(judged.upper[at]),
        method=judged.method,
        flags=tuple(flags),
        target=target.target,
        limit=target.limit,
        verdict=verdict,
        arithmetic=None if np.isnan(judged.arithmetic[at]) else bool(judged.arithmetic[at]),
        bound=_known(bound),
        needed_n=None if np.isnan(judged.needed[at]) or verdict != "not_shown" else int(judged.needed[at]),
        score=score,
        level=level_of(score) if score is not None and "small_n" not in flags else None,
        proven=verdict == "missed" and "small_n" not in flags,
        reason=reason,
    )


def _nothing(indicator: Indicator, policy: Policy, window: Window, scope: Scope, on: date) -> Row:
    """Expected and empty: no data (contracts.md §5); of a period that is not over, nothing is due yet."""
    target = policy.target(indicator.key)
    due = window.period.end <= on and window.period.months()[-1] in window.months
    zero = indicator.kind == "census" and indicator.n is None
    return Row(
        key=indicator.key,
        version=indicator.version,
        scope=scope,
        period=str(window.period),
        x=0 if zero else None,
        n=None if zero else 0,
        s="",
        ss="",
        value=None,
        lower=None,
        upper=None,
        method="",
        flags=(),
        target=target.target,
        limit=target.limit,
        verdict="no_data" if due else "not_due",
        arithmetic=None,
        bound=None,
        needed_n=None,
        score=None,
        level=None,
        proven=False,
        reason="expected_and_empty" if due else "period_running",
    )


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
