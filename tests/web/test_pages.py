"""The reading pages show what is stored, say why where nothing is, and read little."""

import re
from html import unescape

import duckdb
import pytest
from django.test.utils import CaptureQueriesContext

from hengzhi.app import CATALOGUE
from hengzhi.engine.words import LEVEL_NAMES, MEASURE_NAMES, VERDICT_NAMES
from hengzhi.spine.runs.models import Observation, Rating, Run

ADDRESSES = (
    "/",
    "/?unit=0101",
    "/?unit=0601&period=2026-09",
    "/risks",
    "/risks/R1",
    "/risks/R4",
    "/risks/R5?unit=0301",
    "/measures",
    "/measures/M2",
    "/measures/M6",
    "/indicators",
    "/indicators?risk=R2&verdict=missed",
    "/indicators/process.pingpong",
    "/indicators/feedback.responses",
    "/indicators/feedback.complaints",
    "/indicators/process.handling_p90?unit=0101",
    "/indicators/technology.failure_rate?period=2026-09",
    "/figures/feedback.satisfied@unit=0101@2026-10",
    "/figures/process.transfers@@2026-10",
    "/runs",
    "/?period=2030-01",
)
HAN = re.compile(r"[一-鿿]+")


def text_of(answer) -> str:
    page = re.sub(r"<(script|pre|code|title)\b.*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    page = re.sub(r'<[^>]*class="[^"]*mono[^"]*"[^>]*>[^<]*', " ", page)
    return unescape(re.sub(r"<[^>]+>", "\n", page))


def rows_of(answer, table: str = "points") -> list[list[str]]:
    return _cells(re.search(rf'<table class="[^"]*{table}[^"]*">.*?</table>', answer.content.decode(), re.DOTALL)[0])


def rating(risk: str, scope: str = "") -> Rating:
    return Rating.objects.get(risk=risk, scope__text=scope, period="2026-10")


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_speaks_one_language_and_opens_no_engine(reader, monkeypatch, address, language):
    monkeypatch.setattr(duckdb, "connect", lambda *a, **k: pytest.fail("a page opened DuckDB"))
    reader.cookies["__Host-language"] = language
    answer = reader.get(address)
    assert answer.status_code == 200
    text = text_of(answer)
    if language == "en":
        sources = {word for i in CATALOGUE.indicators.values() for word in HAN.findall(i.source)}
        assert set(HAN.findall(text)) - sources <= {"中文"}
    else:
        assert re.findall(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}", re.sub(r"hengzhi \w+|mission\.md|top-2 box of", "", text)) == []
    assert ("Example data" if language == "en" else "示例数据") in text
    assert " style=" not in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["/", "/risks", "/risks/R2", "/measures", "/measures/M5", "/indicators", "/indicators/process.rework", "/runs"]
)
def test_a_stranger_is_led_to_the_login(client, bank, address):
    answer = client.get(address)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/login")


@pytest.mark.parametrize(
    "address",
    [
        "/risks/R9",
        "/measures/M8",
        "/indicators/no.such",
        "/figures/obs:0",
        "/figures/obs:x",
        "/figures/a@@2026-10",
        "/runs/nobody",
        "/?unit=none",
        "/risks/R2?unit=none",
    ],
)
def test_what_there_is_not_is_told_on_a_page(reader, address):
    answer = reader.get(address)
    assert answer.status_code == 404
    assert "错误 404" in text_of(answer)


@pytest.mark.parametrize("address", ["/?period=October", "/figures/process.rework@@October", "/figures/process.rework@nowhere@2026-10"])
def test_an_address_that_cannot_be_read_is_refused_in_words(reader, address):
    answer = reader.get(address)
    assert answer.status_code in (400, 404)
    assert "Traceback" not in text_of(answer)


@pytest.mark.parametrize("risk", ["R1", "R2", "R3", "R4", "R5"])
def test_the_points_on_the_page_add_up_to_the_score_on_the_page(reader, risk):
    stored = rating(risk)
    _head, *lines, total = rows_of(reader.get(f"/risks/{risk}"))
    points = [float(line[7]) for line in lines]
    assert len(points) == stored.parts.count()
    assert f"{sum(points):.2f}" == total[3] == f"{stored.score:.2f}"
    for shown, part in zip(sorted(points), sorted(p.points for p in stored.parts.all()), strict=True):
        assert abs(shown - part) < 0.01


def test_changes_add_up_as_well(reader):
    _head, *lines, total = rows_of(reader.get("/risks/R2"))
    changes = [float(re.sub(r"[^\d.+−]", "", line[9]).replace("−", "-") or 0) for line in lines]
    assert abs(sum(changes) - float(re.sub(r"[^\d.+−]", "", total[-1]).replace("−", "-"))) < 1e-9


@pytest.mark.parametrize("risk", ["R1", "R2", "R4", "R5"])
def test_why_the_score_moved_agrees_with_the_table_of_points(reader, risk):
    page = reader.get(f"/risks/{risk}").content.decode()
    tables = re.findall(r'<table class="[^"]*points[^"]*">.*?</table>', page, re.DOTALL)
    points, moves = [_cells(table) for table in tables[:2]]
    changed = {row[0]: _number(row[9]) for row in points[1:-1]}
    assert {row[0]: _number(row[4]) for row in moves[1:-1]} == changed
    assert all(abs(sum(map(_number, row[1:4])) - _number(row[4])) < 1e-9 for row in moves[1:-1] if "—" not in row[1:4])
    assert _number(moves[-1][-1]) == _number(points[-1][-1])
    if len(tables) > 2:
        cells = _cells(tables[2])
        assert abs(sum(_number(row[-1]) for row in cells[1:-1]) - _number(cells[-1][-1])) < 1e-9
        assert _number(cells[-1][-1]) in [_number(row[2]) for row in moves[1:-1]]


def _cells(table: str) -> list[list[str]]:
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", table, re.DOTALL)
    return [
        [unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)]
        for row in rows
    ]


def _number(text: str) -> float:
    return float(re.sub(r"[^\d.−]", "", text).replace("−", "-") or 0)


def test_the_home_page_shows_the_stored_scores_levels_and_verdicts(reader):
    page = reader.get("/").content.decode()
    for risk in ("R1", "R2", "R3", "R4", "R5"):
        stored = rating(risk)
        tile = re.search(rf'href="/risks/{risk}\?[^"]*">(.*?)</a>', page, re.DOTALL)[1]
        assert f"{stored.score:.1f}" in tile and LEVEL_NAMES[stored.level].zh in tile
    lines = rows_of(reader.get("/"), "measures")[1:]
    assert len(lines) == len(MEASURE_NAMES)
    for code, line in zip(MEASURE_NAMES, lines, strict=True):
        if not any(i.measure == code for i in CATALOGUE.indicators.values()):
            assert VERDICT_NAMES["no_data"].zh in line[5] and "尚无指标" in line[5] and line[3] == "—"


def test_an_indicator_page_shows_what_is_stored(reader):
    page = text_of(reader.get("/indicators/process.pingpong"))
    stored = Observation.objects.select_related("evaluation").get(key="process.pingpong", scope__text="", period="2026-10")
    assert f"{100 * stored.value:.1f} %" in page and f"n {stored.n:,}" in page
    assert f"{100 * stored.lower:.1f} % – {100 * stored.upper:.1f} %" in page
    assert VERDICT_NAMES[stored.evaluation.verdict].zh in page


def test_units_with_too_few_cases_are_hatched_and_unranked(reader):
    units = Observation.objects.filter(key="process.pingpong", period="2026-10", scope__text__startswith="unit=0")
    few = [o for o in units.exclude(scope__text__contains=";").select_related("scope") if "small_n" in o.flags and len(o.scope.text) == 9]
    assert few
    page = reader.get("/indicators/process.pingpong").content.decode()
    hatched = re.findall(r'<tr class="hatched">(.*?)</tr>', page, re.DOTALL)
    assert len([row for row in hatched if "支行" in row]) == len(few)
    assert all(LEVEL_NAMES[""].zh in row for row in hatched)
    ranked = rows_of(reader.get("/risks/R2"), "ranking")[1:]
    assert [line[0] for line in ranked] == [str(at) for at in range(1, len(ranked) + 1)]
    assert not {"云岭支行", "北岭支行"} & {line[1] for line in ranked}
    assert "样本不足" in text_of(reader.get("/risks/R2"))


def test_a_month_not_assessed_says_so_and_leads_to_one_that_is(reader):
    page = reader.get("/?period=2026-07").content.decode()
    assert "2026-07 尚未评估" in page and 'href="?period=2026-10"' in page


def test_filters_keep_the_place_and_show_only_what_fits(reader):
    answer = reader.get("/indicators?risk=R4&unit=&period=2026-09")
    names = [row[0] for row in rows_of(answer, "figures")[1:]]
    assert names == ["可用率", "系统故障率"]
    assert '<input type="hidden" name="period" value="2026-09">' in answer.content.decode()
    assert "没有符合条件的指标" in text_of(reader.get("/indicators?risk=R4&verdict=no_data"))


@pytest.mark.parametrize(
    "address, most",
    [
        ("/", 22),
        ("/?unit=01", 18),
        ("/risks", 14),
        ("/risks/R2", 24),
        ("/measures", 13),
        ("/indicators", 13),
        ("/indicators/process.pingpong", 22),
        ("/figures/feedback.satisfied@@2026-10", 16),
        ("/runs", 10),
    ],
)
def test_a_page_asks_the_database_a_bounded_number_of_questions(reader, address, most):
    from django.db import connection

    reader.get(address)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        reader.get(address)
    assert len(asked) <= most, [q["sql"][:120] for q in asked]


def test_a_run_page_names_all_pins_and_the_command_that_replays_it(reader):
    run = Run.objects.get()
    page = reader.get(f"/runs/{run.uid}").content.decode()
    for pin in (run.code, run.policy_id, run.scope_version_id, run.output_sha256, f"hengzhi replay {run.uid}", *run.indicator_versions):
        assert pin in page


@pytest.mark.parametrize(
    "figure", ["feedback.satisfied@unit=0101@2026-10", "process.transfers@@2026-10", "technology.failure_rate@system=mobile@2026-09"]
)
def test_the_query_shown_is_the_query_that_trace_runs(bank, figure, whole):
    from hengzhi.spine.runs.pages.behind import behind
    from hengzhi.spine.runs.trace import trace

    shown = behind(by=whole, workspace=bank, catalogue=CATALOGUE, figure=figure).sql
    traced = trace(workspace=bank, catalogue=CATALOGUE, figure=figure)
    assert traced.agrees()
    assert shown == traced.sql.replace(f"{bank.root}/", "")
    assert str(bank.root) not in shown


def test_any_number_of_a_rating_leads_to_what_is_behind_it(reader):
    stored = rating("R2")
    page = text_of(reader.get(f"/figures/rating:{stored.pk}%230"))
    part = stored.parts.order_by("position").first()
    assert CATALOGUE.indicators[part.key].names.zh in page
