"""The mapping of a file whose columns are already named like the table's."""

from __future__ import annotations

from hengzhi.lake.mapping.model import Mapping_, Rule
from hengzhi.lake.tables import Column, FactTable

# IEEE 1849-2016 (XES), standard extensions concept, time, lifecycle and organizational.
_XES_NAMES = {
    "case": ("case:concept:name",),
    "activity": ("concept:name",),
    "at": ("time:timestamp",),
    "lifecycle": ("lifecycle:transition",),
    "staff": ("org:resource",),
    "team": ("org:group", "org:role"),
}


def default_mapping(table: FactTable) -> Mapping_:
    """The mapping by name: a column of the file goes to the column with its key or its Chinese or English name."""
    event = table.role("case") is not None and table.has("activity")
    return Mapping_(table=table.key, rules=tuple(_rule(column, table, event=event) for column in table.columns), by_name=True)


def _rule(column: Column, table: FactTable, *, event: bool) -> Rule:
    names = dict.fromkeys((column.key, column.names.zh, column.names.en))
    if event:
        names.update(dict.fromkeys(_XES_NAMES.get(column.key, ())))
    given_elsewhere = column.key == "source" or (table.sequence is not None and column.key == table.sequence[0])
    return Rule(column.key, parts=(tuple(names),), optional=not column.required or given_elsewhere)
