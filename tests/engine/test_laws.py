"""Laws of the engine: the same facts give the same bytes, totals add up, and nothing depends on the way data arrived."""

from collections import defaultdict
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from hengzhi.app import CATALOGUE
from hengzhi.lake.workspace import Limits

SPAN = "2026-06", "2026-07", "2026-08", "2026-09"


@pytest.fixture
def expected(busy):
    return busy.answer(*SPAN)


def test_everything_is_observed(expected):
    kinds = {row.verdict for row in expected.rows}
    assert {row.key for row in expected.rows} == set(CATALOGUE.indicators)
    assert kinds >= {"met", "missed", "not_shown", "no_data", "no_target"}
    assert len(expected.ratings) > 100


def test_rows_in_any_order_give_the_same_bytes(busy, expected, another_house):
    other = another_house("shuffled")
    other.tree = busy.tree
    for key, rows in busy.rows.items():
        other.add_rows(key, [rows[at] for at in np.random.default_rng(3).permutation(len(rows))])
    assert other.answer(*SPAN).sha256() == expected.sha256()


@pytest.mark.parametrize(("chunk", "row_group"), [(37, 10**9), (10**9, 11), (113, 7)])
def test_files_and_blocks_of_any_size_give_the_same_bytes(busy, expected, another_house, chunk, row_group):
    other = another_house("chunked")
    other.tree, other.chunk, other.row_group, other.rows = busy.tree, chunk, row_group, busy.rows
    assert other.answer(*SPAN).sha256() == expected.sha256()


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_any_number_of_threads_gives_the_same_bytes(busy, expected, threads):
    busy.workspace = replace(busy.workspace, limits=Limits(threads=threads))
    assert busy.answer(*SPAN).sha256() == expected.sha256()


def test_kept_cells_give_the_same_bytes_as_none(busy, expected):
    facts = busy.facts()
    assert busy.answer(*SPAN, cache=True, facts=facts).sha256() == expected.sha256()
    assert busy.answer(*SPAN, cache=True, facts=facts).sha256() == expected.sha256()


def test_months_added_one_by_one_give_what_all_at_once_gives(busy, expected):
    months = (202606, 202607, 202608, 202609)
    for at, period in enumerate(SPAN):
        answer = busy.answer(period, cache=True, facts=busy.facts(months[: at + 1]))
        here = [r for r in answer.rows if r.period == period]
        assert [r.hashed() for r in here] == [r.hashed() for r in expected.rows if r.period == period]
        assert answer.ratings == tuple(r for r in expected.ratings if r.period == period)
    assert busy.answer(*SPAN, cache=True).sha256() == expected.sha256()


def test_a_month_alone_gives_its_rows_of_the_whole(busy, expected):
    answer = busy.answer("2026-08")
    assert [r.hashed() for r in answer.rows if r.period == "2026-08"] == [r.hashed() for r in expected.rows if r.period == "2026-08"]


def test_a_quarter_that_is_over_is_whole_whichever_of_its_months_is_assessed(busy, expected):
    """Assessing July again in October must not hide what September brought."""
    for period in ("2026-07", "2026-08", "2026-09"):
        answer = busy.answer(period, on=date(2026, 10, 10))
        assert [r.x for r in answer.rows if r.period == "2026Q3"] == [r.x for r in expected.rows if r.period == "2026Q3"]


def test_counts_add_up_over_units_and_unknown_ones(expected):
    """The root is the sum of its top unit, of unknown units, and of rows without a unit (told by the facts themselves)."""
    by = {(r.key, str(r.scope), r.period): r for r in expected.rows}
    checked = 0
    for key, indicator in CATALOGUE.indicators.items():
        if "unit" not in indicator.cuts or indicator.kind == "quantile":
            continue
        for period in SPAN:
            north, south, head = (by.get((key, f"unit={u}", period)) for u in ("north", "south", "head"))
            if not head or head.x is None:
                continue
            leaves = [by.get((key, f"unit={u}", period)) for u in ("n1", "n2")]
            assert north.x == sum(r.x for r in leaves if r)
            own = head.x - north.x - south.x
            assert own >= 0
            assert key.startswith("feedback") or own == 0
            checked += 1
    assert checked >= 15


@pytest.mark.parametrize("cut", ["channel", "unit", "product", "service", "system"])
def test_counts_of_a_cut_and_of_rows_without_a_code_add_up_to_the_whole(busy, expected, cut):
    found = defaultdict(int)
    keys = [
        i.key for i in CATALOGUE.indicators.values() if cut in i.cuts and i.period == "month" and i.kind in ("proportion", "rate", "count")
    ]
    for row in expected.rows:
        if row.key in keys and row.scope.cut == cut and (cut != "unit" or row.scope.code("unit") in ("head", "?")):
            found[row.key, row.period, "x"] += row.x
    without = busy.only(*keys, cuts=("all",))
    facts = {key: _without_code(CATALOGUE, key, rows, cut) for key, rows in busy.rows.items()}
    busy.rows = facts
    for row in busy.answer(*SPAN, catalogue=without).rows:
        if row.x is not None:
            found[row.key, row.period, "x"] += row.x
    whole = {(r.key, r.period, "x"): r.x for r in expected.rows if r.key in keys and not r.scope.parts and r.x is not None}
    derived = {key for key in keys if CATALOGUE.indicators[key].x.table in CATALOGUE.derived}
    assert {k: v for k, v in found.items() if k[0] not in derived} == {k: v for k, v in whole.items() if k[0] not in derived}


def _without_code(catalogue, key, rows, cut):
    column = catalogue.table(key).role(cut)
    return [row for row in rows if column is None or row[column.key] is None]


def test_late_data_change_their_month_alone(busy, expected):
    late = [{**row, "record": f"late{at}", "satisfaction": 1} for at, row in enumerate(busy.rows["feedback"]) if row["month"] == 202607][
        :50
    ]
    busy.add_rows("feedback", late)
    after = {(r.key, str(r.scope), r.period): r.hashed() for r in busy.answer(*SPAN, cache=True).rows}
    before = {(r.key, str(r.scope), r.period): r.hashed() for r in expected.rows}
    changed = {key for key in before if after.get(key) != before[key]}
    assert {period for _, _, period in changed} <= {"2026-07", "2026Q3"}
    assert ("feedback.satisfied", "", "2026-07") in changed


def test_the_points_of_every_rating_add_up_to_its_score(expected):
    for rating in expected.ratings:
        assert abs(sum(part.points for part in rating.parts) - rating.score) <= 1e-9
        assert abs(sum(p.weight for p in rating.parts if p.kind != "floor") - 1) <= 1e-9
        assert 0 <= rating.score <= 100 + 1e-9


def test_every_verdict_follows_from_its_own_bound(expected):
    for row in expected.rows:
        if row.verdict not in ("met", "missed") or row.bound is None or row.key == "feedback.responses":
            continue
        down = CATALOGUE.indicators[row.key].direction == "down"
        if row.verdict == "met":
            assert row.bound <= row.target if down else row.bound >= row.target
            assert row.arithmetic is True
        else:
            assert row.arithmetic is False


def test_a_zone_decides_months_not_the_server(busy, expected, monkeypatch):
    import time

    for zone in ("UTC", "America/New_York", "Asia/Shanghai"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        assert busy.answer(*SPAN).sha256() == expected.sha256()
    monkeypatch.undo()
    time.tzset()
