"""Delimited files: header, delimiter, encoding and physical lines."""

import pytest

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


def test_events_are_read_with_their_lines(load):
    """
    case,step,started_at
    A,counter,2026-01-05T09:00:00
    """
    got = load("case,step,started_at\nA,counter,2026-01-05T09:00:00\nA,desk 3,2026-01-05 09:20\n", EVENTS)
    assert [(row["case"], row["activity"], str(row["at"]), row["line"], row["month"]) for row in got.rows] == [
        ("A", "counter", "2026-01-05 01:00:00", 2, 202601),
        ("A", "desk 3", "2026-01-05 01:20:00", 3, 202601),
    ]
    assert got.column("source") == ["loans", "loans"]
    assert got.column("seq") == [-1, -1]


def test_an_empty_file_and_a_file_of_header_only_are_refused(load):
    for content, reason in (("", "empty_file"), ("\ufeff\n", "empty_file"), ("case,step,started_at\n", "header_only")):
        with pytest.raises(InvalidFile) as raised:
            load(content, EVENTS)
        assert raised.value.fields["reason"] == reason


def test_lines_are_physical_after_quoted_newlines_and_blank_lines(load):
    got = load('case,step,started_at\n"A","two\nlines",2026-01-05\n\nB,x,2026-01-06\nC,y\n\nD,z,2026-01-08\n', EVENTS)
    assert got.told == [(2, "step", "control_character"), (6, "", "wrong_field_count")]
    assert got.column("line") == [5, 8]
