"""Delimited files: header, delimiter, encoding and physical lines."""

import gzip
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hengzhi.core import InvalidFile

EVENTS = """\
table: process_event
source: loans
zone: Asia/Shanghai
columns:
  case: case
  activity: step
  at: started_at
"""
HEADER = "case,step,started_at\n"


def reason(load, *args, **kwargs):
    with pytest.raises(InvalidFile) as raised:
        load(*args, **kwargs)
    return raised.value.fields


def test_events_are_read_with_their_lines(load):
    got = load(HEADER + "A,counter,2026-01-05T09:00:00\nA,desk 3,2026-01-05 09:20\n", EVENTS)
    assert [(row["case"], row["activity"], str(row["at"]), row["line"], row["month"]) for row in got.rows] == [
        ("A", "counter", "2026-01-05 01:00:00", 2, 202601),
        ("A", "desk 3", "2026-01-05 01:20:00", 3, 202601),
    ]
    assert got.column("source") == ["loans", "loans"]
    assert got.column("seq") == [-1, -1]
    assert got.column("batch") == [7, 7]


def test_an_empty_file_and_a_file_of_header_only_are_refused(load):
    assert reason(load, "", EVENTS)["reason"] == "empty_file"
    assert reason(load, "\ufeff\r\n", EVENTS)["reason"] == "empty_file"
    assert reason(load, b"", EVENTS, name="file.csv.gz")["reason"] == "empty_file"
    assert reason(load, HEADER, EVENTS)["reason"] == "header_only"
    assert reason(load, HEADER + "\n\n", EVENTS)["reason"] == "header_only"


def test_lines_are_physical_after_quoted_newlines_and_blank_lines(load):
    got = load(HEADER + '"A","two\nlines",2026-01-05\n\nB,x,2026-01-06\nC,y\n\nD,z,2026-01-08\n', EVENTS)
    assert got.told == [(2, "step", "control_character"), (6, "", "wrong_field_count")]
    assert got.column("line") == [5, 8]
    assert got.problems[1].args == {"expected": 3, "found": 2}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(load, delimiter):
    text = (
        (HEADER + "A,x;y|z,2026-01-05\n").replace(",", delimiter)
        if delimiter == ","
        else (HEADER + "A,x,2026-01-05\n").replace(",", delimiter)
    )
    assert load(text, EVENTS).counted["accepted"] == 1


@pytest.mark.parametrize(
    ("codec", "bom"),
    [
        ("utf-8", b""),
        ("utf-8-sig", b""),
        ("gb18030", b""),
        ("gbk", b""),
        ("utf-16", b""),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("utf-16-be", b"\xfe\xff"),
    ],
)
@pytest.mark.parametrize("chunk_bytes", [7, 1 << 20])
def test_encodings_are_found_out(load, codec, bom, chunk_bytes):
    text = "case,step,started_at\n案件1,受理,2026-01-05\n案件2,放款完成,2026-01-06\n"
    got = load(bom + text.encode(codec), EVENTS, chunk_bytes=chunk_bytes)
    assert got.column("activity") == ["受理", "放款完成"]
    assert got.column("line") == [2, 3]


def test_gb18030_behind_a_utf8_mark_is_refused_with_its_reason(load):
    fields = reason(load, b"\xef\xbb\xbf" + "case,step,started_at\nA,受理业务,2026-01-05\n".encode("gb18030"), EVENTS)
    assert (fields["reason"], fields["found"]) == ("bom_contradicts", "gb18030")
    named = EVENTS + "encoding: gb18030\n"
    assert load(b"\xef\xbb\xbf" + "case,step,started_at\nA,受理,2026-01-05\n".encode("gb18030"), named).column("activity") == ["受理"]


def test_a_mark_inside_the_header_or_a_row_is_named(load):
    fields = reason(load, "case,\ufeffstep,started_at\nA,x,2026-01-05\n", EVENTS)
    assert (fields["reason"], fields["column"], fields["line"]) == ("bom_in_header", "step", 1)
    assert reason(load, "\ufeff\ufeffcase,step,started_at\nA,x,2026-01-05\n", EVENTS)["reason"] == "bom_in_header"
    got = load(HEADER + "A,x,2026-01-05\n\ufeffB,y,2026-01-06\n", EVENTS)
    assert got.told == [(3, "case", "stray_bom")]


def test_latin_1_is_read_only_when_the_mapping_says_so(load):
    text = "".join(f"{number},Prüfung läuft,2026-01-05\n" for number in range(5))
    data = (HEADER + text).encode("latin-1")
    assert reason(load, data, EVENTS)["reason"] == "unknown_encoding"
    assert load(data, EVENTS + "encoding: latin-1\n").column("activity") == ["Prüfung läuft"] * 5


def test_one_undecodable_row_is_refused_and_the_others_stay(load):
    rows = [f"C{number},步骤,2026-01-05\n".encode() for number in range(50)]
    rows[20] = b"C20,\xff\xfe\xe6,2026-01-05\n"
    got = load(HEADER.encode() + b"".join(rows), EVENTS)
    assert got.told == [(22, "step", "bad_encoding")]
    assert got.counted["accepted"] == 49


def test_one_broken_row_in_a_hundred_thousand_is_named_by_its_line(load):
    rows = [f"C{number},step {number % 7},2026-01-{number % 28 + 1:02d} 08:00:00\n" for number in range(100_000)]
    rows[77_777] = "C77777,step,2026-13-45 08:00:00\n"
    got = load(HEADER + "".join(rows), EVENTS, chunk_bytes=1 << 20)
    assert got.told == [(77_779, "started_at", "invalid_date")]
    assert got.counted == {"read": 100_000, "accepted": 99_999, "rejected": 1, "filtered": 0}


def test_a_quote_never_closed_costs_its_own_line_only(load):
    got = load(HEADER + 'A,"open,2026-01-05\nB,y,2026-01-06\nC,z,2026-01-07\n', EVENTS)
    assert got.told == [(2, "", "unclosed_quote")]
    assert got.column("case") == ["B", "C"]


def test_a_forgotten_quote_does_not_swallow_the_rows_up_to_the_next_one(load):
    got = load(HEADER + 'A,"open,2026-01-05\nB,y,2026-01-06\nC,"z",2026-01-07\nD,x,2026-01-08\n', EVENTS)
    assert got.told == [(2, "", "unclosed_quote")]
    assert got.column("case") == ["B", "C", "D"]


def test_quotes_inside_unquoted_fields_are_text(load):
    got = load(HEADER + 'A,5" pipe,2026-01-05\nB,6" pipe,2026-01-06\n"C","say ""hi""",2026-01-07\n', EVENTS)
    assert got.column("activity") == ['5" pipe', '6" pipe', 'say "hi"']
    assert got.column("line") == [2, 3, 4]


def test_nul_bytes_refuse_their_row(load):
    rows = "".join(f"C{number},step,2026-01-05\n" for number in range(100))
    assert load(HEADER + rows + "D,st\0ep,2026-01-05\n", EVENTS).told == [(102, "step", "control_character")]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings_of_every_system_are_read(load, ending):
    got = load((HEADER + "A,x,2026-01-05\nB,y,2026-01-06").replace("\n", ending), EVENTS)
    assert got.column("line") == [2, 3]


def test_gzip_is_unpacked_and_a_broken_one_refused(load):
    packed = gzip.compress((HEADER + "A,x,2026-01-05\n" * 1000).encode())
    got = load(packed, EVENTS, name="file.csv.gz")
    assert got.counted["accepted"] == 1000
    assert sum(block.bytes_read for block in got.blocks) == len(packed)
    assert reason(load, packed[:-20], EVENTS, name="file.csv.gz")["reason"] == "broken_gzip"
    assert reason(load, b"no gzip at all", EVENTS, name="file.csv.gz")["reason"] == "broken_gzip"


def test_a_bomb_is_refused_by_its_ratio_and_by_its_size(load):
    packed = gzip.compress((HEADER + "A,x,2026-01-05\n" * 200_000).encode())
    limits = {"name": "file.csv.gz", "chunk_bytes": 1 << 16}
    assert reason(load, packed, EVENTS, ratio=50, ratio_from=1 << 20, **limits)["reason"] == "too_compressed"
    assert reason(load, packed, EVENTS, uncompressed_bytes=1 << 20, **limits)["reason"] == "too_large"


def test_a_missing_column_is_named_with_the_nearest_one(load):
    fields = reason(load, "case,step,start_at\nA,x,2026-01-05\n", EVENTS)
    assert {key: fields[key] for key in ("reason", "source", "line", "column", "near")} == {
        "reason": "missing_column",
        "source": "file.csv",
        "line": 1,
        "column": "started_at",
        "near": "start_at",
    }
    assert reason(load, "case,step,step,started_at\nA,x,y,2026-01-05\n", EVENTS)["reason"] == "duplicate_column"


def test_the_order_of_columns_does_not_matter(load):
    straight = load(HEADER + "A,x,2026-01-05\n", EVENTS)
    turned = load("started_at,extra,case,step\n2026-01-05,?,A,x\n", EVENTS)
    assert straight.facts.equals(turned.facts)


def test_described_lines_are_skipped_and_still_counted(load):
    got = load(HEADER + "编号,步骤,时刻\nA,x,2026-01-05\n", EVENTS + "skip_lines: [2]\n")
    assert got.column("line") == [3]


def test_a_file_without_header_is_read_by_the_names_of_the_mapping(load):
    got = load("A,x,2026-01-05\nB,y,2026-01-06\n", EVENTS + "header: false\nnames: [case, step, started_at]\n")
    assert got.column("line") == [1, 2]


def _irregular_file(seed: int) -> str:
    chance = random.Random(seed)
    cells = ["a", "b c", '"q"', '"two\nlines"', '"x"",y"', 'in"ch', "", "受理", '"受,理"', '"open']
    rows = []
    for number in range(60):
        width = chance.choices([3, 2, 4], [20, 1, 1])[0]
        row = [f"C{number}", chance.choice(cells), f"2026-01-{chance.randint(1, 31):02d}", "extra"][:width]
        rows.append(",".join(row) + chance.choice(["\n", "\n", "\r\n", "\n\n"]))
    return HEADER + "".join(rows)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10_000), st.sampled_from([1, 64, 97, 1000]))
def test_the_size_of_blocks_changes_nothing(load, seed, chunk_bytes):
    text = _irregular_file(seed)
    whole, pieces = load(text, EVENTS), load(text, EVENTS, chunk_bytes=chunk_bytes)
    assert whole.rows == pieces.rows
    assert whole.problems == pieces.problems
    assert whole.counted == pieces.counted


def test_a_column_that_goes_nowhere_by_its_name_is_told_with_the_one_meant(load):
    got = load("record,day,kind,满意度\nr1,2026-10-01,rating,5\n", table="feedback")
    assert got.column("satisfaction") == [None]
    unused = [problem for problem in got.problems if problem.code == "column_unused"]
    assert [(p.line, p.column, p.args["near"], p.severity) for p in unused] == [(1, "满意度", "满意度评分", "warning")]


def test_a_written_mapping_may_leave_columns_out(load):
    assert not load(HEADER.replace("\n", ",remark\n") + "A,counter,2026-01-05T09:00:00,x\n", EVENTS).problems
