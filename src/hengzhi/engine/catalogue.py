"""The catalogue: every table, derived table and indicator of the capabilities, by key."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field

from hengzhi.core import InvalidFormula, UnknownKey
from hengzhi.engine.facts import Derived, FactTable
from hengzhi.engine.indicators import CUTS, Indicator

JUDGED_KINDS = ("proportion", "rate", "mean", "quantile", "count", "census")  # those that the engine can judge so far


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What can be imported and what can be computed; checked whole when it is made."""

    facts: Mapping[str, FactTable]
    derived: Mapping[str, Derived]
    indicators: Mapping[str, Indicator] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for indicator in self.indicators.values():
            self._check(indicator)

    def table(self, key: str) -> FactTable:
        """The fact table named ``key``.

        Raises:
            UnknownKey: with the nearest name there is.
        """
        return self.facts[_known("table", key, self.facts)]

    def indicator(self, key: str) -> Indicator:
        """The indicator named ``key``.

        Raises:
            UnknownKey: with the nearest name there is.
        """
        return self.indicators[_known("indicator", key, self.indicators)]

    def shape(self, key: str) -> FactTable:
        """The columns that a formula on ``key`` may name, whether stored or derived."""
        return self.derived[key].as_table() if key in self.derived else self.table(key)

    def sources(self, key: str) -> tuple[str, ...]:
        """The fact tables whose files decide the rows of ``key``."""
        return self.derived[key].sources if key in self.derived else (key,)

    def _check(self, indicator: Indicator) -> None:
        if indicator.kind not in JUDGED_KINDS:
            raise InvalidFormula(indicator=indicator.key, kind=indicator.kind)
        for term in filter(None, (indicator.x, indicator.n)):
            table = self.shape(term.table)
            term.check(table)
            for cut in indicator.cuts:
                missing = [role for role in CUTS[cut] if table.role(role) is None]
                if missing:
                    raise InvalidFormula(indicator=indicator.key, cut=cut, table=table.key, missing=missing)


def _known(what: str, key: str, known: Mapping[str, object]) -> str:
    if key not in known:
        near = difflib.get_close_matches(key, known, n=1)
        raise UnknownKey(what, key, near[0] if near else "")
    return key
