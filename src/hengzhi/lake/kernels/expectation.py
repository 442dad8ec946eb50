"""Who should have delivered data, and who did in time: one row per roster entry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import duckdb
import pyarrow as pa

from hengzhi.core import Period
from hengzhi.lake.engines import duck, named, quoted
from hengzhi.lake.files import Facts
from hengzhi.lake.workspace import Workspace

ROSTERS = {"unit_month": "unit", "service_unit": "service", "system_month": "system"}
SETTLE_DAYS = 5  # data of a month are on time until the fifth day of the next


def build_expectation(workspace: Workspace, facts: dict[str, Facts]) -> pa.Table:
    """Days with data expected by the rosters, present, and present in time; ``source`` is the roster.

    A day counts as present when at least one row of the delivering table lies on it.
    """
    parts = [part for roster in ROSTERS for part in _of_roster(workspace, roster, facts)]
    return pa.concat_tables(parts) if parts else pa.table({})


def _of_roster(workspace: Workspace, roster: str, facts: dict[str, Facts]) -> Iterator[pa.Table]:
    if roster not in facts or not facts[roster].read():
        return
    role = ROSTERS[roster]
    with duck(workspace) as connection:
        rows = facts[roster].sql(workspace.root)
        connection.execute(f"CREATE TEMP TABLE roster AS SELECT {role} AS who, day, delivers, expected_days, month FROM ({rows})")
        delivers = [str(row[0]) for row in connection.execute("SELECT DISTINCT delivers FROM roster ORDER BY 1").fetchall()]
        for table in delivers:
            if table not in facts:
                continue
            _present(connection, workspace, facts[table], role)
            columns = ", ".join(
                f"{'r.who' if name == role else 'CAST(NULL AS VARCHAR)'} AS {named(name)}" for name in ("unit", "service", "system")
            )
            yield connection.execute(
                f"SELECT {quoted(roster)} AS source, r.delivers, {columns}, r.day, r.expected_days,"
                " least(coalesce(p.present, 0), r.expected_days) AS present_days,"
                " least(coalesce(p.timely, 0), r.expected_days) AS timely_days, r.month"
                " FROM roster r LEFT JOIN present p ON p.who = r.who AND p.month = r.month"
                f" WHERE r.delivers = {quoted(table)} ORDER BY r.who, r.day"
            ).to_arrow_table()


def _present(connection: duckdb.DuckDBPyConnection, workspace: Workspace, facts: Facts, role: str) -> None:
    """Distinct days with data by role and month: all of them, and those whose file came in time."""
    # A file may be in time for one of its months and late for another.
    timely = sorted({(f.batch, f.month) for f in facts.read() if f.received_on <= _due(f.month)}) or [(-1, -1)]
    in_time = f"(batch, month) IN ({', '.join(map(str, timely))})"
    moments = f"SELECT DISTINCT {role} AS who, month, {in_time} AS timely, {_moment(facts)} AS moment"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE present AS SELECT who, month, count(DISTINCT {_local_day(workspace, facts)}) AS present,"
        f" count(DISTINCT {_local_day(workspace, facts)}) FILTER (timely) AS timely"
        f" FROM ({moments} FROM ({facts.sql(workspace.root)}) WHERE {role} IS NOT NULL) GROUP BY ALL"
    )


def _due(month: int) -> date:
    return Period.month(month).last_day + timedelta(days=SETTLE_DAYS)


# Offsets of time zones are whole quarters of an hour, so a quarter lies on one local day.
_QUARTER = 900_000_000


def _moment(facts: Facts) -> str:
    column = facts.table.column(facts.table.day)
    return named(column.key) if column.type == "day" else f"epoch_us({named(column.key)}) // {_QUARTER}"


def _local_day(workspace: Workspace, facts: Facts) -> str:
    if facts.table.column(facts.table.day).type == "day":
        return "moment"
    return f"CAST(timezone({quoted(str(workspace.zone))}, timezone('UTC', make_timestamp(moment * {_QUARTER}))) AS DATE)"
