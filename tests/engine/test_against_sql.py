"""Each shipped indicator once against SQL written for it here, in every scope of its single-role cuts."""

import duckdb
import pyarrow as pa
import pytest

from hengzhi.app import CATALOGUE

CASES = """
    WITH e AS (SELECT *, coalesce(lower(lifecycle), 'complete') = 'complete' AS complete FROM process_event),
    runs AS (
        SELECT "case", team, staff, "at", seq, bool_or(team IS NOT NULL) OVER (PARTITION BY "case") AS teams FROM e),
    hands AS (SELECT "case", "at", seq, CASE WHEN teams THEN team ELSE staff END AS who FROM runs),
    held AS (SELECT *, lag(who) OVER (PARTITION BY "case" ORDER BY "at", seq) AS before FROM hands WHERE who IS NOT NULL),
    turns AS (SELECT * FROM held WHERE before IS NULL OR before <> who),
    aba AS (SELECT "case", who = lag(who, 2) OVER (PARTITION BY "case" ORDER BY "at", seq) AS back FROM turns),
    moved AS (SELECT "case", count(*) - 1 AS transfers FROM turns GROUP BY 1),
    back AS (SELECT "case", coalesce(bool_or(back), false) AS pingpong FROM aba GROUP BY 1),
    again AS (SELECT DISTINCT "case" FROM e WHERE complete GROUP BY "case", activity HAVING count(*) > 1)
    SELECT "case", arg_max(month, ("at", seq)) AS month, bool_or(final) AS closed,
        arg_min(unit, ("at", seq)) FILTER (unit IS NOT NULL) AS unit, arg_min(service, ("at", seq)) FILTER (service IS NOT NULL) AS service,
        arg_min(channel, ("at", seq)) FILTER (channel IS NOT NULL) AS channel,
        date_diff('second', min("at"), max("at")) AS seconds, max(due_at) IS NOT NULL AS promised, max("at") <= max(due_at) AS kept,
        any_value(transfers) AS transfers, any_value(pingpong) AS pingpong, any_value(again."case") IS NOT NULL AS rework
    FROM e LEFT JOIN moved USING ("case") LEFT JOIN back USING ("case") LEFT JOIN again USING ("case") GROUP BY 1
    """

# key -> (rows, x, n): x and n of the groups of ``rows``
SQL = {
    "feedback.satisfied": ("feedback", "count(*) FILTER (satisfaction IN (4, 5))", "count(satisfaction)"),
    "feedback.complaints": ("feedback", "count(*) FILTER (kind = 'complaint')", None),
    "feedback.responses": ("feedback", "count(*) FILTER (kind <> 'rating')", None),
    "feedback.right_first_time": (
        "contact",
        "count(*) FILTER (outcome = 'served' AND resolved)",
        "count(*) FILTER (outcome = 'served' AND resolved IS NOT NULL)",
    ),
    "feedback.promise_kept": ("cases", "count(*) FILTER (closed AND kept)", "count(*) FILTER (closed AND promised)"),
    "process.waiting_over_10min": (
        "contact",
        "count(*) FILTER (outcome <> 'not_offered' AND wait_seconds > 600)",
        "count(*) FILTER (outcome <> 'not_offered' AND wait_seconds IS NOT NULL)",
    ),
    "process.calls_within_20s": (
        "contact",
        "count(*) FILTER (kind = 'call' AND outcome = 'served' AND wait_seconds <= 20)",
        "count(*) FILTER (kind = 'call' AND outcome <> 'not_offered' AND wait_seconds IS NOT NULL)",
    ),
    "process.pingpong": ("cases", "count(*) FILTER (closed AND pingpong)", "count(pingpong) FILTER (closed)"),
    "process.rework": ("cases", "count(*) FILTER (closed AND rework)", "count(*) FILTER (closed)"),
    "technology.failure_rate": (
        "probe",
        "sum(failed) FILTER (coalesce(planned, false) = false)",
        "sum(requests) FILTER (coalesce(planned, false) = false)",
    ),
    "technology.availability": (
        "probe",
        "count(*) FILTER (up AND coalesce(planned, false) = false)",
        "count(*) FILTER (coalesce(planned, false) = false)",
    ),
}
MEANS = {
    "feedback.nps": ("feedback", "nps_points"),
    "process.handling_closed_minutes": ("cases WHERE closed", "seconds"),
    "process.transfers": ("cases WHERE closed", "transfers"),
}
SPAN = "2026-06", "2026-07", "2026-08", "2026-09"


@pytest.fixture
def peer(busy):
    """A database of the test's own over the same facts, with the line of ancestors of every unit."""
    connection = duckdb.connect()
    for key in ("feedback", "contact", "process_event", "probe", "unit_month"):
        connection.register("given", pa.Table.from_pylist(busy.rows[key], schema=CATALOGUE.table(key).schema()))
        connection.execute(f"CREATE TABLE {key} AS SELECT * FROM given")
    connection.execute(f"CREATE TABLE cases AS {CASES}")
    connection.execute("CREATE TABLE line(unit VARCHAR, above VARCHAR)")
    lines = busy.tree.ancestors(busy.tree.spans[0].start)
    connection.executemany("INSERT INTO line VALUES (?, ?)", [(unit, above) for unit, line in lines.items() for above in line])
    connection.execute("""
        CREATE MACRO period_of(m, quarter) AS CASE WHEN quarter THEN (m // 100)::VARCHAR || 'Q' || ((m % 100 + 2) // 3)
            ELSE strftime(make_date(m // 100, m % 100, 1), '%Y-%m') END
        """)
    yield connection
    connection.close()


def _groups(peer, indicator, rows, values):
    """{(scope, period): values} for the whole and for every cut by one role."""
    quarter, found = indicator.period == "quarter", {}
    for cut in indicator.cuts:
        if "." in cut:
            continue
        source, _, where = rows.partition(" WHERE ")
        where = f"WHERE {where}" if where else ""
        code = "''"
        if cut == "unit":
            source = f"(SELECT s.*, coalesce(l.above, '?') AS code FROM {source} s LEFT JOIN line l USING (unit) WHERE s.unit IS NOT NULL)"
            code = "'unit=' || code"
        elif cut != "all":
            where = f"{where} {'AND' if where else 'WHERE'} {cut} IS NOT NULL"
            code = f"'{cut}=' || {cut}"
        query = f"SELECT {code}, period_of(month, {quarter}), {', '.join(values)} FROM {source} {where} GROUP BY ALL"
        for scope, period, *numbers in peer.execute(query).fetchall():
            found[scope, period] = tuple(None if n is None else int(n) for n in numbers)
    return found


@pytest.mark.parametrize("key", SQL)
def test_a_share_rate_or_count_is_what_sql_counts(busy, peer, key):
    indicator = CATALOGUE.indicators[key]
    rows, x, n = SQL[key]
    theirs = _groups(peer, indicator, rows, [f"coalesce({x}, 0)", f"coalesce({n}, 0)" if n else "NULL"])
    theirs = {at: values for at, values in theirs.items() if values[1] != 0}
    seen = [r for r in busy.answer(*SPAN, catalogue=busy.only(key)).rows if len(r.scope.parts) < 2 and r.reason != "expected_and_empty"]
    ours = {(str(r.scope), r.period): (r.x, r.n) for r in seen if r.period in SPAN or r.period == "2026Q3"}
    theirs = {at: values for at, values in theirs.items() if at[1] in SPAN or at[1] == "2026Q3"}
    assert ours == theirs
    assert len(ours) >= 4


@pytest.mark.parametrize("key", MEANS)
def test_a_mean_has_the_sums_that_sql_gives(busy, peer, key):
    rows, column = MEANS[key]
    values = [f"count({column})", f"sum({column})", f"sum({column}::HUGEINT * {column})"]
    theirs = {at: v for at, v in _groups(peer, CATALOGUE.indicators[key], rows, values).items() if v[0]}
    seen = [r for r in busy.answer(*SPAN, catalogue=busy.only(key)).rows if len(r.scope.parts) < 2 and r.n]
    assert {(str(r.scope), r.period): (r.n, int(r.s), int(r.ss)) for r in seen} == theirs


def test_a_percentile_is_that_of_sql_to_half_a_percent(busy, peer):
    key = "process.handling_p90"
    theirs = _groups(peer, CATALOGUE.indicators[key], "cases WHERE closed", ["count(*)", "quantile_disc(seconds, 0.9)"])
    seen = {(str(r.scope), r.period): r for r in busy.answer(*SPAN, catalogue=busy.only(key)).rows if r.n}
    assert {at: r.n for at, r in seen.items()} == {at: n for at, (n, _) in theirs.items()}
    for at, (_, seconds) in theirs.items():
        assert seen[at].value == pytest.approx(seconds / 60, rel=0.0051, abs=1 / 60)


def test_data_on_time_is_what_sql_counts(busy, peer):
    days = peer.execute("""
        WITH present AS (
            SELECT unit, month, 'feedback' AS delivers, count(DISTINCT day) AS days FROM feedback GROUP BY ALL
            UNION ALL
            SELECT unit, month, 'contact', count(DISTINCT ("at" + INTERVAL 8 HOUR)::DATE) FROM contact GROUP BY ALL)
        SELECT strftime(r.day, '%Y-%m'), sum(least(coalesce(p.days, 0), r.expected_days)), sum(r.expected_days)
        FROM unit_month r LEFT JOIN present p ON p.unit = r.unit AND p.month = r.month AND p.delivers = r.delivers GROUP BY 1
        """).fetchall()
    seen = busy.answer(*SPAN, catalogue=busy.only("monitoring.data_on_time")).rows
    assert {r.period: (r.x, r.n) for r in seen if not r.scope.parts} == {period: (int(x), int(n)) for period, x, n in days}
