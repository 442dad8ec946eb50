"""Each shipped indicator against the same number worked out by hand."""

from datetime import date

import pytest

from hengzhi.app import CATALOGUE

FEEDBACK = """
    record,day,kind,channel,unit,satisfaction,nps_points
    1,2026-07-01,survey,phone,n1,5,100
    2,2026-07-02,survey,phone,n1,4,0
    3,2026-07-03,survey,app,n2,3,-100
    4,2026-07-04,rating,app,n2,5,
    5,2026-07-05,complaint,app,,,
    6,2026-07-06,complaint,,n1,,
    7,2026-08-06,opinion,phone,n1,,
    """

CONTACTS = """
    record,at,kind,outcome,channel,wait_seconds,resolved
    1,2026-07-01T01:00,call,served,phone,10,1
    2,2026-07-01T02:00,call,served,phone,20,0
    3,2026-07-01T03:00,call,served,phone,21,1
    4,2026-07-01T04:00,call,abandoned,phone,15,
    5,2026-07-01T05:00,call,not_offered,phone,900,1
    6,2026-07-01T06:00,visit,served,branch,601,
    7,2026-07-01T07:00,visit,served,branch,600,1
    8,2026-07-01T08:00,visit,abandoned,branch,1200,
    9,2026-07-01T09:00,call,served,phone,,1
    """

# Closed: A (60 min, a→b→a, check twice), B (120 min, a→a), C (30 min, one team unknown); open: D.
EVENTS = """
    case,seq,activity,at,lifecycle,team,due_at,final
    A,0,take,2026-07-01T01:00,complete,a,2026-07-01T02:00,0
    A,1,check,2026-07-01T01:20,complete,b,,0
    A,2,check,2026-07-01T01:40,complete,a,,0
    A,3,decide,2026-07-01T02:00,complete,a,,1
    B,0,take,2026-07-01T01:00,start,a,2026-07-01T02:59,0
    B,1,take,2026-07-01T01:30,complete,a,,0
    B,2,decide,2026-07-01T03:00,complete,a,,1
    C,0,take,2026-07-02T01:00,complete,,,0
    C,1,decide,2026-07-02T01:30,complete,,,1
    D,0,take,2026-07-03T01:00,complete,a,2026-07-03T01:30,0
    """

PROBES = """
    system,at,seconds,requests,failed,up,planned
    mobile,2026-07-01T01:00,60,100,3,1,0
    mobile,2026-07-01T01:01,60,100,0,1,
    mobile,2026-07-01T01:02,60,50,50,0,1
    online,2026-07-01T01:00,60,200,1,0,0
    """

ROSTER = """
    unit,day,delivers,expected_days
    n1,2026-07-01,feedback,5
    n2,2026-07-01,feedback,2
    s1,2026-07-01,contact,4
    """

# key, x, n, value worked out by hand for the whole institution in July 2026
BY_HAND = [
    ("feedback.satisfied", 3, 4, 0.75),  # 5, 4, 5 of 5, 4, 3, 5
    ("feedback.complaints", 2, None, 2),
    ("feedback.right_first_time", 4, 5, 0.8),  # records 1, 3, 7, 9 of those served with an outcome: 1, 2, 3, 7, 9
    ("feedback.promise_kept", 1, 2, 0.5),  # A at the minute of its promise, B a minute late; D is open
    ("process.waiting_over_10min", 2, 7, 2 / 7),  # 601 and 1200 of the 7 offered contacts with a known wait
    ("process.calls_within_20s", 2, 4, 0.5),  # 10 and 20 of the calls 10, 20, 21, 15 (abandoned)
    ("process.pingpong", 1, 2, 0.5),  # A; C knows no team
    ("process.rework", 1, 3, 1 / 3),  # A; B's take was only started the first time
    ("technology.failure_rate", 4, 400, 0.01),  # planned maintenance left out
    ("technology.availability", 2, 3, 2 / 3),
    ("monitoring.data_on_time", 6, 11, 6 / 11),  # n1: days 1, 2, 6 of 5; n2: 3, 4 of 2; s1 sends contacts: 1 day of 4 …
]


@pytest.fixture
def july(house):
    house.add("feedback", FEEDBACK).add("contact", CONTACTS.replace("channel,", "channel,unit,").replace(",phone,", ",phone,s1,"))
    house.rows["contact"] = []
    house.add("contact", CONTACTS).add("process_event", EVENTS).add("probe", PROBES).add("unit_month", ROSTER)
    for row in house.rows["contact"]:
        row["unit"] = "s1"
    return house.answer("2026-07", on=date(2026, 12, 1))


@pytest.mark.parametrize(("key", "x", "n", "value"), BY_HAND)
def test_a_share_rate_or_count_is_what_a_person_counts(july, row_of, key, x, n, value):
    row = row_of(july, key, period="2026-07")
    assert (row.x, row.n) == (x, n)
    assert row.value == pytest.approx(value, rel=1e-15)


def test_feedback_of_a_quarter_is_counted_without_taps(july, row_of):
    row = row_of(july, "feedback.responses", period="2026Q3")
    assert (row.x, row.n, row.value, row.method) == (6, None, 6.0, "census")


@pytest.mark.parametrize(
    ("key", "n", "s", "ss", "value"),
    [
        ("feedback.nps", 3, 0, 20_000, 0.0),  # 100, 0, -100
        ("process.handling_closed_minutes", 3, 12_600, 3600**2 + 7200**2 + 1800**2, 70.0),  # 60, 120 and 30 minutes
        ("process.transfers", 2, 2, 4, 1.0),  # A twice, B never; C knows nobody
    ],
)
def test_a_mean_is_what_a_person_reckons(july, row_of, key, n, s, ss, value):
    row = row_of(july, key, period="2026-07")
    assert (row.n, int(row.s), int(row.ss)) == (n, s, ss)
    assert row.value == pytest.approx(value, rel=1e-15)


def test_the_90th_percentile_is_the_smallest_value_that_nine_of_ten_do_not_exceed(july, row_of):
    row = row_of(july, "process.handling_p90", period="2026-07")
    assert row.n == 3
    assert row.value == pytest.approx(120, rel=0.005)  # ceil(0.9 * 3) = 3rd of 30, 60, 120; the histogram is exact to 0.5 %


def test_every_shipped_indicator_is_worked_out_here():
    by_hand = {key for key, *_ in BY_HAND}
    rest = {"feedback.responses", "feedback.nps", "process.handling_closed_minutes", "process.transfers", "process.handling_p90"}
    assert by_hand | rest == set(CATALOGUE.indicators)


def test_without_a_final_event_anywhere_every_case_of_a_source_counts_as_closed(house, row_of):
    house.add("process_event", "case,seq,activity,at\nA,0,take,2026-07-01T01:00\nA,1,end,2026-07-01T02:00")
    house.add("process_event", "source,case,seq,activity,at,final\nother,A,0,take,2026-07-01T01:00,1\nother,B,0,take,2026-07-01T03:00,0")
    assert row_of(house.answer("2026-07"), "process.rework", period="2026-07").n == 2  # A of the first source, A of the other


def test_a_case_belongs_to_the_month_of_its_last_event_in_the_institutions_zone(house, row_of):
    rows = "case,seq,activity,at\nA,0,take,2026-07-30T01:00\nA,1,end,2026-07-31T15:59\nB,0,take,2026-07-30T01:00\nB,1,end,2026-07-31T16:00"
    house.add("process_event", rows)
    for row in house.rows["process_event"]:
        row["month"] = 202608 if row["at"].hour == 16 else 202607  # 16:00 UTC is midnight in Shanghai
    answer = house.answer("2026-07", "2026-08")
    assert [row_of(answer, "process.rework", period=p).n for p in ("2026-07", "2026-08")] == [1, 1]


def test_cases_of_two_sources_with_the_same_number_never_merge(house, row_of):
    text = "source,case,seq,activity,at\n{0},1,0,take,2026-07-01T01:00\n{0},1,1,end,2026-07-01T02:00"
    house.add("process_event", text.format("one")).add("process_event", text.format("two"))
    row = row_of(house.answer("2026-07"), "process.rework", period="2026-07")
    assert (row.x, row.n) == (0, 2)


def test_data_that_came_late_are_not_on_time(house, row_of):
    house.add("feedback", FEEDBACK).add("unit_month", ROSTER)
    house.received = date(2026, 8, 6)  # the sixth day of the next month
    assert row_of(house.answer("2026-07"), "monitoring.data_on_time", period="2026-07").x == 0
    house.received = date(2026, 8, 5)
    assert row_of(house.answer("2026-07"), "monitoring.data_on_time", period="2026-07").x == 5
