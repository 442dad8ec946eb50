"""Values: what each type of column takes, refuses and makes of a cell."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengzhi.lake.mapping import Rule
from hengzhi.lake.readers.instants import Zones, as_instants, months_of

AMSTERDAM, SHANGHAI = ZoneInfo("Europe/Amsterdam"), ZoneInfo("Asia/Shanghai")
CONTACT = """\
table: contact
source: calls
columns:
  record: id
  at: {from: at}
  kind: {value: call}
  outcome: {from: outcome, values: {AGENT: served, HANG: abandoned}}
  wait_seconds: wait
"""


def event(load, *, at="2026-01-05", zone="", cell="", **columns):
    mapping = {"case": "case", "activity": "activity", "at": "at", **columns}
    row = {"case": "A", "activity": "x", "at": at, "amount": cell}
    lines = "".join(f"  {key}: {rule}\n" for key, rule in mapping.items())
    head = "table: process_event\nsource: s\n" + (f"zone: {zone}\n" if zone else "")
    return load(",".join(row) + "\n" + ",".join(f'"{cell}"' for cell in row.values()) + "\n", f"{head}columns:\n{lines}")


@pytest.mark.parametrize(
    ("text", "utc", "offset"),
    [
        ("2011-10-01T00:38:44.546+02:00", "2011-09-30 22:38:44.546000", 120),
        ("2011-10-01 00:38:44.546123+0200", "2011-09-30 22:38:44.546123", 120),
        ("2011-10-01T00:38:44Z", "2011-10-01 00:38:44", 0),
        ("2011-10-01T00:38:44-03:30", "2011-10-01 04:08:44", -210),
        ("2011-10-01T08:00", "2011-10-01 00:00:00", None),
        ("2011/10/1 8:00:00", "2011-10-01 00:00:00", None),
        ("20111001 08:00:00", "2011-10-01 00:00:00", None),
        ("２０１１-１０-０１ ０８:００", "2011-10-01 00:00:00", None),
        ("2011年10月1日 08:00", "2011-10-01 00:00:00", None),
    ],
)
def test_stamps_of_many_spellings_are_the_same_kind_of_instant(load, text, utc, offset):
    row = event(load, at=text).rows[0]
    assert (str(row["at"]), row["offset_minutes"]) == (utc, offset)


def test_a_zone_named_by_the_mapping_gives_instant_and_offset(load):
    summer, winter = (event(load, at=text, zone="Europe/Amsterdam").rows[0] for text in ("2026-07-01 12:00", "2026-01-01 12:00"))
    assert (str(summer["at"]), summer["offset_minutes"]) == ("2026-07-01 10:00:00", 120)
    assert (str(winter["at"]), winter["offset_minutes"]) == ("2026-01-01 11:00:00", 60)


def test_months_are_counted_in_the_zone_of_the_institution(load):
    assert event(load, at="2026-01-31T20:00:00Z").column("month") == [202602]
    assert event(load, at="2026-01-31T15:59:59Z").column("month") == [202601]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("20126-01-05", "date_out_of_range"),
        ("1899-12-31", "date_out_of_range"),
        ("2101-01-01", "date_out_of_range"),
        ("2026-02-29", "invalid_date"),
        ("2026-00-10", "invalid_date"),
        ("2026-01-05 24:00:00", "invalid_date"),
        ("2026-01-05T08:00:00+19:00", "invalid_date"),
        ("yesterday", "invalid_date"),
        ("5", "invalid_date"),
        ("", "missing_value"),
    ],
)
def test_dates_that_can_not_be_are_refused(load, text, code):
    assert event(load, at=text).told == [(2, "at", code)]


@given(st.datetimes(datetime(1900, 1, 2), datetime(2100, 12, 30)), st.sampled_from([AMSTERDAM, SHANGHAI, ZoneInfo("America/St_Johns")]))
def test_local_stamps_agree_with_python(local, zone):
    zones = Zones(zone, SHANGHAI, named=True)
    judged = as_instants(pa.array([local.isoformat()]), Rule("at"), zones)
    aware = local.replace(tzinfo=zone, fold=0)
    assert judged.faults is None
    expected = (aware - aware.utcoffset()).replace(tzinfo=None)
    if aware.utcoffset().total_seconds() % 900 == 0 and local.year >= 1970:
        assert judged.values[0].as_py() == expected
        month = expected.replace(tzinfo=ZoneInfo("UTC")).astimezone(SHANGHAI)
        assert months_of(judged.values, SHANGHAI)[0] == month.year * 100 + month.month


def test_formats_are_tried_in_order(load):
    rule = '{from: at, format: ["%d.%m.%Y", "%y%m%d %H:%M:%S"]}'
    mapping = f"table: process_event\nsource: s\ncolumns:\n  case: case\n  activity: case\n  at: {rule}\n"
    got = load("case,at\nA,31.01.2026\nB,990201 7:02:47\nC,2026-01-05\n", mapping)
    assert [str(at) for at in got.column("at")] == ["2026-01-30 16:00:00", "1999-01-31 23:02:47"]
    assert got.told == [(4, "at", "invalid_date")]


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("15000", 1_500_000),
        ("35.0", 3500),
        ("0.01", 1),
        ("-2.50", -250),
        ("1e3", 100_000),
        ("１２.５", 1250),
        ("+7", 700),
        (".5", 50),
        ("", None),
    ],
)
def test_amounts_are_scaled_integers(load, text, cents):
    assert event(load, cell=text, amount="amount").column("amount") == [cents]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.005", "too_many_decimals"),
        ("12a", "invalid_int"),
        ("0x1F", "invalid_int"),
        ("nan", "invalid_int"),
        ("1,000", "invalid_int"),
        ("9" * 30, "above_highest"),
        ("1e999", "above_highest"),
    ],
)
def test_amounts_that_can_not_be_are_refused(load, text, code):
    assert event(load, cell=text, amount="amount").told == [(2, "amount", code)]


def test_rounding_is_half_away_from_zero_and_only_on_request(load):
    rounded = {"amount": "{from: amount, round: true}"}
    assert [event(load, cell=text, **rounded).column("amount")[0] for text in ("1.005", "-1.005", "26.85120450862128")] == [
        101,
        -101,
        2685,
    ]


def test_a_negative_duration_is_refused(load):
    got = load("id,at,outcome,wait\n1,2026-01-05,AGENT,-3\n2,2026-01-05,HANG,7\n", CONTACT)
    assert got.told == [(2, "wait", "below_lowest")]
    assert got.problems[0].args == {"field": "wait_seconds", "limit": 0}
    assert got.column("outcome") == ["abandoned"]


def test_a_code_outside_a_closed_list_is_refused_with_the_list(load):
    got = load("id,at,outcome,wait\n1,2026-01-05,PHANTOM,3\n", CONTACT)
    assert got.told == [(2, "outcome", "unknown_code")]
    assert "not_offered" in got.problems[0].args["known"]


def test_others_may_be_kept_replaced_or_refused(load):
    for others, outcome, told in (("not_offered", ["not_offered"], []), ("reject", [], [(2, "outcome", "unknown_value")])):
        mapping = CONTACT.replace("HANG: abandoned}", f"HANG: abandoned}}, others: {others}")
        got = load("id,at,outcome,wait\n1,2026-01-05,PHANTOM,3\n", mapping)
        assert (got.column("outcome"), got.told) == (outcome, told)


FEEDBACK = """\
table: feedback
source: s
columns:
  record: id
  day: day
  kind: {value: survey}
  channel: {from: channel, missing: ["NULL"]}
  nps_points: {from: score, bands: [[0, 6, -100], [7, 8, 0], [9, 10, 100]]}
  timely: {from: timely, true: ["Yes"], false: ["No"]}
  text: {from: text, optional: true}
  customer: {from: customer, optional: true}
"""


def test_scores_become_points_by_bands_and_zero_is_a_value(load):
    got = load("id,day,channel,score,timely\n" + "".join(f"{at},2026-01-05,NULL,{at},Yes\n" for at in range(12)), FEEDBACK)
    assert got.column("nps_points") == [-100] * 7 + [0] * 2 + [100] * 2
    assert got.told == [(13, "score", "no_band")]
    assert got.column("channel") == [None] * 11


def test_flags_take_the_words_of_the_mapping_only(load):
    got = load("id,day,channel,score,timely\n1,2026-01-05,,9,Yes\n2,2026-01-05,,9,No\n3,2026-01-05,,9,true\n4,2026-01-05,,9,\n", FEEDBACK)
    assert got.column("timely") == [True, False, None]
    assert got.told == [(4, "timely", "invalid_flag")]


def test_a_code_is_trimmed_and_composed(load):
    got = load("id,day,channel,score,timely\n1,2026-01-05,  Cafe\u0301\u3000,9,Yes\n", FEEDBACK)
    assert got.column("channel") == ["Café"]


def test_a_code_of_a_page_is_refused(load):
    got = load("id,day,channel,score,timely\n1,2026-01-05," + "x" * 201 + ",9,Yes\n", FEEDBACK)
    assert got.told == [(2, "channel", "code_too_long")]
    assert len(got.problems[0].value) <= 80


def test_texts_leave_the_facts_masked_and_with_their_language(load):
    got = load(
        'id,day,channel,score,timely,text\n1,2026-01-05,,9,Yes,"请回电13800138000，谢谢"\n2,2026-01-05,,9,Yes,\n3,2026-01-05,,9,bad,x\n',
        FEEDBACK,
    )
    assert got.column("text") == [(7 << 36) | 2, None]
    assert got.texts == [
        {"text_id": (7 << 36) | 2, "batch": 7, "line": 2, "month": 202601, "masked": "请回电[MOBILE]，谢谢", "language": "zh"}
    ]


def test_raw_ids_reach_neither_facts_nor_problems(load):
    got = load("id,day,channel,score,timely,customer\n1,2026-01-05,,9,Yes,ID-77\n2,2026-01-05,,x,Yes,ID-\x0088\n", FEEDBACK)
    assert "ID-" not in str(got.rows) + str(got.problems)
    assert got.told == [(3, "customer", "control_character"), (3, "score", "invalid_int")]
    assert got.problems[0].value == "***"


def test_personal_data_in_a_code_is_masked_and_told_once(load):
    got = load(
        "id,day,channel,score,timely\n1,2026-01-05,13800138000,9,Yes\n2,2026-01-05,a@b.cn,9,Yes\n13900139000,2026-01-05,web,9,Yes\n",
        FEEDBACK,
    )
    assert got.column("channel") == ["[MOBILE]", "[EMAIL]", "web"]
    told = {problem.column: (problem.code, problem.severity, problem.line, problem.args["count"]) for problem in got.problems}
    assert told == {"channel": ("personal_data_in_code", "warning", 2, 2), "id": ("personal_data_in_code", "warning", 4, 1)}
    assert got.column("record")[2].startswith("p")


def test_filtered_rows_are_counted_and_told_once(load):
    got = load(
        "id,day,channel,score,timely\n1,2026-01-05,a,9,Yes\n2,2026-01-05,b,9,Yes\n3,bad,b,9,Yes\n", FEEDBACK + "only: {channel: [a]}\n"
    )
    assert got.counted == {"read": 3, "accepted": 1, "rejected": 0, "filtered": 2}
    assert [(problem.code, problem.severity, problem.args) for problem in got.problems] == [("rows_filtered", "warning", {"count": 2})]


def test_a_file_without_dates_takes_the_first_day_of_its_period(load):
    mapping = FEEDBACK.replace("  day: day\n", "") + "period: 2026-10\n"
    got = load("id,channel,score,timely\n1,,9,Yes\n", mapping)
    assert (got.column("day"), got.column("month")) == ([date(2026, 10, 1)], [202610])


def test_every_bad_cell_of_a_row_is_told_and_the_row_counted_once(load):
    got = load("id,day,channel,score,timely\n1,x,,y,z\n", FEEDBACK)
    assert [code for _, _, code in got.told] == ["invalid_date", "invalid_int", "invalid_flag"]
    assert got.counted["rejected"] == 1


def test_lines_can_stand_for_records_where_a_file_numbers_none(load):
    got = load("day,channel,score,timely\n2026-01-05,,9,Yes\n2026-01-05,,9,Yes\n", FEEDBACK.replace("record: id", "record: {line: true}"))
    assert got.column("record") == ["2", "3"]


def test_columns_named_like_the_table_need_no_mapping(load):
    got = load("案件号,activity,instant,办结事件\nA,x,2026-01-05,是\n", table="process_event")
    assert (got.rows[0]["case"], got.rows[0]["final"], got.rows[0]["source"]) == ("A", True, "file")
