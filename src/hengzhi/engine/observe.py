"""Observing: for every indicator, scope and period, what the facts say and whether they had to be there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from hengzhi.core import Period
from hengzhi.engine.catalogue import Catalogue
from hengzhi.engine.evidence import Evidence
from hengzhi.engine.expected import Expected, Lines
from hengzhi.engine.indicators import CUTS, Indicator
from hengzhi.engine.judge import Judged, judge
from hengzhi.engine.policy import Level, Policy, Target, level_of
from hengzhi.engine.scopes import Scope, ScopeTree
from hengzhi.engine.windows import Window
from hengzhi.lake.aggregate import Cells, Request


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
class Asked:
    """One indicator as it is asked about: its windows, target, and what is known of its data.

    ``began``: the first month with any data of its table; a longer period that began before it can't be judged.
    """

    indicator: Indicator
    windows: tuple[Window, ...]
    policy: Policy
    expected: Expected
    tree: ScopeTree
    on: date
    began: int | None = None

    @property
    def target(self) -> Target:
        """The target in force."""
        return self.policy.target(self.indicator.key)

    def target_of(self, scope: Scope) -> Target:
        """The target in force for a scope: that of a plain count is the whole institution's and no branch's."""
        plain_count = self.indicator.n is None and self.indicator.kind in ("count", "census")
        return Target(weight=0.0) if plain_count and scope.parts else self.target


def observe(asked: Asked, catalogue: Catalogue, cells: Mapping[Request, Cells]) -> list[Row]:
    """All rows of one indicator, sorted by period and scope."""
    seen = Evidence(asked.indicator, catalogue, cells, asked.windows, asked.tree)
    judged = judge(asked.indicator, seen.series, asked.target)
    tables = _delivered(catalogue, asked.indicator)
    lines = {m: asked.tree.ancestors(Period.month(m).last_day) for w in asked.windows for m in w.months}
    version = asked.indicator.version
    rows: dict[tuple[str, Scope], Row] = {}
    for at, (window, scope) in enumerate(seen.keys):
        coverage = _coverage(asked.expected, tables, scope, window, lines)
        rows[str(window.period), scope] = _row(asked, version, seen, judged, at, coverage)
    for window in asked.windows:
        for scope in _expected_scopes(asked, tables, window, lines):
            if (str(window.period), scope) not in rows:
                rows[str(window.period), scope] = _nothing(asked, version, window, scope)
    return [rows[key] for key in sorted(rows)]


def _delivered(catalogue: Catalogue, indicator: Indicator) -> tuple[str, ...]:
    """The fact tables that rosters expect for an indicator; one about the rosters themselves expects nothing."""
    sources = catalogue.sources(indicator.x.table)
    return sources if len(sources) == 1 else ()


def _expected_scopes(asked: Asked, tables: tuple[str, ...], window: Window, lines: Lines) -> Iterable[Scope]:
    yield Scope()
    for cut in asked.indicator.cuts:
        roles = CUTS[cut]
        if len(roles) != 1:
            continue
        codes = asked.expected.codes(tables, roles[0], window.months)
        if roles[0] == "unit":
            codes = {above for m in window.months for code in codes for above in lines[m].get(code, ())}
        yield from (Scope(((roles[0], code),)) for code in sorted(codes))


def _coverage(expected: Expected, tables: tuple[str, ...], scope: Scope, window: Window, lines: Lines) -> float | None:
    if len(scope.parts) > 1:
        return None
    days, present = expected.of(tables, scope, window.months, lines)
    return present / days if days else None


def _flags(asked: Asked, n: int, coverage: float | None) -> tuple[str, ...]:
    small = asked.indicator.kind in ("proportion", "mean", "quantile") and n < asked.indicator.floor_n
    thin = coverage is not None and coverage < asked.policy.min_coverage
    return (*(["small_n"] if small else []), *(["coverage_low"] if thin else []))


def _verdict(asked: Asked, target: Target, verdict: str, window: Window, flags: tuple[str, ...]) -> tuple[str, str]:
    """The verdict that may be given, and why it is not the evidence's own."""
    indicator = asked.indicator
    if target.target is None:
        return ("no_data" if verdict == "no_data" else "no_target"), ""
    reached = verdict == "met" and indicator.kind in ("census", "count") and indicator.direction == "up" and indicator.n is None
    if not window.is_over(asked.on) and not reached:  # a count that only grows may be met before its period ends
        return "not_due", "period_running"
    if asked.began is not None and asked.began > window.months[0] and len(window.months) > 1 and not reached:
        return "no_data", "data_began_later"
    if "coverage_low" in flags:
        return "no_data", "coverage_low"
    return verdict, ""


def _row(asked: Asked, version: str, seen: Evidence, judged: Judged, at: int, coverage: float | None) -> Row:
    indicator = asked.indicator
    window, scope = seen.keys[at]
    target = asked.target_of(scope)
    flags = _flags(asked, seen.n[at], coverage)
    verdict, reason = _verdict(asked, target, str(judged.verdict[at]), window, flags)
    score = _known(judged.score[at]) if verdict in ("met", "missed", "not_shown") else None
    bound = judged.bounds.upper[at] if indicator.direction == "down" else judged.bounds.lower[at]
    counted, small = indicator.kind not in ("mean", "quantile"), "small_n" in flags
    return Row(
        key=indicator.key,
        version=version,
        scope=scope,
        period=str(window.period),
        x=seen.x[at] if counted else None,
        n=None if indicator.n is None and indicator.kind in ("census", "count") else seen.n[at],
        s=str(seen.x[at]) if indicator.kind == "mean" else "",
        ss=str(seen.squares[at]) if indicator.kind == "mean" else "",
        value=_known(judged.value[at]),
        lower=_known(judged.lower[at]),
        upper=_known(judged.upper[at]),
        method=judged.method,
        flags=flags,
        target=target.target,
        limit=target.limit,
        verdict=verdict,
        arithmetic=None if target.target is None or np.isnan(judged.arithmetic[at]) else bool(judged.arithmetic[at]),
        bound=_known(bound),
        needed_n=None if np.isnan(judged.needed[at]) or verdict != "not_shown" else int(judged.needed[at]),
        score=score,
        level=level_of(score) if score is not None and not small else None,
        proven=verdict == "missed" and not small,
        reason=reason,
    )


def _nothing(asked: Asked, version: str, window: Window, scope: Scope) -> Row:
    """Expected and empty: no data (contracts.md §5); of a period that is not over, nothing is due yet."""
    over, alone = window.is_over(asked.on), asked.indicator.kind == "census" and asked.indicator.n is None
    return Row(
        key=asked.indicator.key,
        version=version,
        scope=scope,
        period=str(window.period),
        x=0 if alone else None,
        n=None if alone else 0,
        s="",
        ss="",
        value=None,
        lower=None,
        upper=None,
        method="",
        flags=(),
        target=asked.target_of(scope).target,
        limit=asked.target_of(scope).limit,
        verdict="no_data" if over else "not_due",
        arithmetic=None,
        bound=None,
        needed_n=None,
        score=None,
        level=None,
        proven=False,
        reason="expected_and_empty" if over else "period_running",
    )


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
