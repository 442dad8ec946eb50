"""Charts, files and roundings of the reading pages."""

import csv
import io
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengzhi.app import CATALOGUE
from hengzhi.engine.policy import BANDS
from hengzhi.spine.runs.models import Observation
from hengzhi.spine.runs.pages.figures import scope_ids
from hengzhi.spine.runs.pages.formula import formula
from hengzhi.spine.runs.pages.overview import overview
from hengzhi.spine.runs.pages.place import place
from hengzhi.spine.runs.pages.risks import risk
from hengzhi.spine.runs.pages.trends import trend
from hengzhi.web.pages.adding import rounded
from hengzhi.web.pages.charts import course_chart, trend_chart
from hengzhi.web.pages.sheets import safe


@given(st.lists(st.floats(0, 100), min_size=1, max_size=12))
def test_rounded_parts_add_up_and_none_moves_by_a_whole_digit(values):
    total = sum(values)
    parts = rounded(values, total)
    assert abs(sum(parts) - round(total, 2)) < 1e-9
    assert all(abs(part - value) < 0.0101 for part, value in zip(parts, values, strict=True))


def test_parts_that_do_not_add_up_are_refused():
    with pytest.raises(ValueError):
        rounded([1.0, 2.0], 4.0)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", " =1", "|x"])
def test_no_cell_of_a_file_runs_as_a_formula(cell):
    assert safe(cell).startswith("'")


def test_numbers_in_a_file_stay_numbers():
    assert [safe(v) for v in (-7.8, 0, None, True)] == ["-7.8", "0", "", "1"]


def _chart(key: str, by):
    at = place(by=by)
    entry = CATALOGUE.indicators[key]
    course = trend(entry, scope_ids([""])[""], at.trend(), at.now)
    return course, trend_chart(course, entry, finding="")


def test_a_trend_draws_the_stored_interval_target_and_limit(bank, whole):
    course, chart = _chart("process.pingpong", whole)
    low, width, line, target, limit = chart.option["series"]
    assert [p["value"] for p in line["data"]] == [f.value for f in course.figures]
    for a, b, f in zip(low["data"], width["data"], course.figures, strict=True):
        assert a == f.lower and abs(a + b - f.upper) < 1e-12
    assert set(target["data"]) == {0.05} and set(limit["data"]) == {0.12}
    assert len(chart.table.rows) == len(course.periods) == 3
    assert chart.table.rows[0][0] == "2026-10"
    json.dumps(chart.option)


def test_a_complete_count_has_no_band_and_a_quarter_not_over_is_a_mark_of_its_own(bank, whole):
    course, chart = _chart("feedback.responses", whole)
    assert [str(p) for p in course.periods] == ["2026Q3", "2026Q4"]
    assert [series["name"] for series in chart.option["series"]] == ["有效反馈数", "至今", "目标", "限值"]
    whole, running = chart.option["series"][:2]
    assert [p and p["value"] for p in whole["data"]] == [course.figures[0].value, None]
    assert running["data"] == [None, course.figures[1].value]


def test_a_missing_month_is_a_gap_never_zero(bank, whole):
    course, _chart_of_it = _chart("process.pingpong", whole)
    first, _second, third = course.figures
    chart = trend_chart(replace(course, figures=(first, None, third)), CATALOGUE.indicators["process.pingpong"], finding="")
    assert chart.option["series"][2]["data"][1] is None
    assert chart.table.rows[1][1] == "—"


def test_the_bands_behind_a_risk_are_those_of_the_levels(bank, whole):
    seen = risk(catalogue=CATALOGUE, by=whole, key="R2")
    chart = course_chart(seen.months, seen.course, name="R2", finding="")
    areas = chart.option["series"][0]["markArea"]["data"]
    assert [(a["yAxis"], b["yAxis"]) for a, b in areas] == [(80.0, 100.0), (60.0, 80.0), (50.0, 60.0), (40.0, 50.0), (0.0, 40.0)]
    assert len(areas) == len(BANDS)
    assert chart.option["series"][0]["data"] == [r.score for r in seen.course]


@pytest.mark.parametrize(
    "address, first", [("/indicators/process.pingpong?format=csv", "2026-08"), ("/risks/R2?format=csv&table=course", "2026-08")]
)
def test_a_file_holds_the_stored_numbers_and_says_that_they_are_examples(reader, address, first):
    answer = reader.get(address)
    assert answer["Content-Type"] == "text/csv; charset=utf-8" and "attachment" in answer["Content-Disposition"]
    assert "%E7%A4%BA%E4%BE%8B" in answer["Content-Disposition"]
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 3 and rows[0]["期间"] == first and rows[0]["示例数据"] == "示例数据"


def test_the_file_of_an_indicator_has_every_digit(reader):
    rows = list(csv.DictReader(io.StringIO(reader.get("/indicators/process.pingpong?format=csv").content.decode("utf-8-sig"))))
    stored = Observation.objects.get(key="process.pingpong", scope__text="", period="2026-10")
    assert float(rows[-1]["值"]) == stored.value and float(rows[-1]["上限"]) == stored.upper and int(rows[-1]["n"]) == stored.n


@pytest.mark.parametrize(
    "address",
    [
        "/?format=csv&table=heat",
        "/risks/R2?format=csv&table=points",
        "/risks/R2?format=csv&table=units",
        "/indicators?format=csv",
        "/indicators/process.rework?format=csv&table=service",
    ],
)
def test_every_table_is_a_file_too(reader, address):
    rows = list(csv.reader(io.StringIO(reader.get(address).content.decode("utf-8-sig"))))
    assert len(rows) > 3 and len({len(row) for row in rows}) == 1


@pytest.mark.parametrize("key", sorted(CATALOGUE.indicators))
def test_every_formula_has_words_in_both_languages(key):
    for term in formula(CATALOGUE.indicators[key], CATALOGUE):
        for text in (term.take, *term.conditions):
            assert text.zh and text.en and text.zh != text.en
            assert not any("一" <= c <= "鿿" for c in text.en)


def test_the_home_page_of_a_unit_has_its_own_scores(bank, whole):
    whole, unit = overview(catalogue=CATALOGUE, by=whole), overview(catalogue=CATALOGUE, by=whole, unit="0101")
    assert unit.place.scope == "unit=0101" and unit.cards[1].now.score != whole.cards[1].now.score
    assert unit.cards[3].now is None  # systems belong to no unit


def test_a_change_of_a_share_is_told_in_percentage_points(bank):
    from hengzhi.web.pages import telling

    entry = CATALOGUE.indicators["process.pingpong"]
    assert telling.course(0.12, 0.10, entry) == ("worse", "恶化 +2.00 个百分点")
    assert telling.course(0.10, 0.10, entry) == ("same", "持平")
    assert telling.course(0.10, None, entry) == ("same", "—")


def test_the_list_of_risks_gives_the_reason_of_each_level(reader):
    text = reader.get("/risks").content.decode()
    assert text.count("<tr><td><span") == 5
    assert "等级" in text and "/measures/M2?" in text
