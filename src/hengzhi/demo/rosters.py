"""Rosters of the demo bank: which unit, service and system should deliver which table in which month."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from hengzhi.core import Period
from hengzhi.demo.columns import days_in, schema_of
from hengzhi.demo.institution import CRITICAL_SYSTEMS, PHONE_CENTRE, SERVICES, SYSTEMS, Scale, units
from hengzhi.feedback.facts import SERVICE_UNIT, UNIT_MONTH
from hengzhi.lake.tables import FactTable
from hengzhi.technology.facts import SYSTEM_MONTH

_BY_BRANCH = ("contact", "feedback", "process_event")


def unit_months(scale: Scale, months: tuple[int, ...]) -> pa.Table:
    """Every open branch with the tables it delivers each month, and the phone centre with its contacts."""
    found: list[tuple[object, ...]] = []
    for month in months:
        for unit in units(scale):
            delivers = _BY_BRANCH if unit.kind == "branch" else ("contact",) if unit.code == PHONE_CENTRE else ()
            if unit.is_open(month):
                found += [(unit.code, Period.month(month).start, table, 1) for table in delivers]
    return _table(UNIT_MONTH, found)


def service_units(months: tuple[int, ...]) -> pa.Table:
    """Every service, which delivers process events each month."""
    return _table(SERVICE_UNIT, ((code, Period.month(month).start, "process_event", 1) for month in months for code, _ in SERVICES))


def system_months(months: tuple[int, ...]) -> pa.Table:
    """Every system, which is probed on each day of the month."""
    return _table(
        SYSTEM_MONTH,
        ((code, Period.month(month).start, "probe", days_in(month), code in CRITICAL_SYSTEMS) for month in months for code, _ in SYSTEMS),
    )


def _table(table: FactTable, rows: Iterator[tuple[object, ...]] | list[tuple[object, ...]]) -> pa.Table:
    schema = schema_of(table)
    return pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema=schema)
