"""Evidence: the sums behind every series of an indicator, taken from leaf cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from hengzhi.engine.catalogue import Catalogue
from hengzhi.engine.indicators import CUTS, Indicator
from hengzhi.engine.judge import Series, shown_factor
from hengzhi.engine.rollup import Placed, place, sums
from hengzhi.engine.scopes import Scope, ScopeTree
from hengzhi.engine.windows import Window
from hengzhi.lake.aggregate import Cells, Request
from hengzhi.lake.formula import Term
from hengzhi.methods import means


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


class Evidence:
    """The evidence of one indicator laid out as series: one per window and scope that has any row.

    ``keys`` names the series; ``x``, ``n`` and ``squares`` are their exact sums, ``series`` what is judged.
    """

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
                n = sum(below[scope][at].tolist()) if scope in below else 0
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
