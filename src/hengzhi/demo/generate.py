"""The files of the demo bank in the order in which they arrive: the one entrance to its facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from hengzhi.core import Period, UnknownKey
from hengzhi.demo.bank import Bank, draw_bank
from hengzhi.demo.cases import events
from hengzhi.demo.columns import received
from hengzhi.demo.contacts import contacts
from hengzhi.demo.institution import MONTHS, Scale
from hengzhi.demo.manifest import PLANTED_IN_FACTS
from hengzhi.demo.probes import probes
from hengzhi.demo.ratings import ratings
from hengzhi.demo.records import complaints, others, resent
from hengzhi.demo.rosters import service_units, system_months, unit_months

_LONGEST_CASE = 3  # months over which a case may spread


@dataclass(frozen=True, slots=True)
class DemoBatch:
    """One file as a source delivers it: rows of a fact table, already pseudonymous, without batch, line and month."""

    table: str
    name: str
    rows: pa.Table
    received_on: date


def batches(
    *,
    seed: int = 7,
    scale: Scale = "small",
    without: frozenset[str] = frozenset(),
    months: tuple[int, ...] = MONTHS,
) -> Iterator[DemoBatch]:
    """Every file of ``months`` (consecutive), by the day it arrives: the rosters first, then a few files a month.

    A planted row of the manifest named in ``without`` is left out, and nothing else changes. The merger and
    the openings are the institution's own history and stay. The rows of a month are the same whatever other
    months are asked for.

    Raises:
        UnknownKey: ``without`` names a row that is not planted in the facts.
    """
    for row in sorted(without - PLANTED_IN_FACTS):
        raise UnknownKey("planted row", row)
    return _files(draw_bank(seed=seed, scale=scale, without=without), scale, months)


def _files(bank: Bank, scale: Scale, months: tuple[int, ...]) -> Iterator[DemoBatch]:
    yield from _rosters(scale, months)
    events_of = _events(bank, months)
    for month in months:
        yield from _late(bank, month)
        yield _batch("contact", "contact", month, contacts(bank, month))
        yield _batch("feedback", "rating", month, ratings(bank, month))
        yield _batch("feedback", "feedback", month, others(bank, month))
        yield _batch("feedback", "complaint", month, complaints(bank, month))
        yield _batch("process_event", "process_event", month, next(events_of))
        yield _batch("probe", "probe", month, probes(bank, month))


def _batch(table: str, stem: str, month: int, rows: pa.Table) -> DemoBatch:
    return DemoBatch(table, f"{stem}-{Period.month(month)}.parquet", rows, received(month))


def _rosters(scale: Scale, months: tuple[int, ...]) -> Iterator[DemoBatch]:
    on = received(months[0])
    yield DemoBatch("unit_month", "unit_month.parquet", unit_months(scale, months), on)
    yield DemoBatch("service_unit", "service_unit.parquet", service_units(months), on)
    yield DemoBatch("system_month", "system_month.parquet", system_months(months), on)


def _late(bank: Bank, month: int) -> Iterator[DemoBatch]:
    """Files sent again in ``month``, before the month's own files arrive: all their records are known already."""
    if month == 202606 and bank.plants("P7"):
        yield DemoBatch("feedback", "feedback-2026-05-resent.parquet", resent(bank, (202604, 202605)), date(2026, 6, 20))
    if month == 202609 and bank.plants("N6"):
        august = complaints(bank, 202608)
        yield DemoBatch("feedback", "complaint-2026-08-copy.parquet", august, date(2026, 9, 10))
        superset = pa.concat_tables([complaints(bank, 202607), august])
        yield DemoBatch("feedback", "complaint-2026-07-08.parquet", superset, date(2026, 9, 20))


def _events(bank: Bank, months: tuple[int, ...]) -> Iterator[pa.Table]:
    """The events of each of ``months``, also those of cases that entered before."""
    waiting: defaultdict[int, list[pa.Table]] = defaultdict(list)
    start = max(Period.month(months[0]).shifted(-_LONGEST_CASE).start, Period.month(MONTHS[0]).start)
    for month in Period(start, Period.month(months[-1]).end).months():
        for happened, table in events(bank, month):
            waiting[happened].append(table)
        found = waiting.pop(month)
        if month >= months[0]:
            yield pa.concat_tables(found)
