"""JSON lines and Parquet: the same facts as from CSV."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hengzhi.core import InvalidFile

MAPPING = """\
table: process_event
source: loans
columns:
  case: case.id
  activity: step
  at: at
  amount: amount
  final: done
"""


def test_json_lines_are_read_by_dotted_path(load):
    rows = [
        {"case": {"id": "A"}, "step": "受理", "at": "2026-01-05T09:00:00+08:00", "amount": 0.1, "done": True},
        {"case.id": "B", "step": "x", "at": "2026-01-06", "amount": 12345678901.23, "done": None},
        {"case": {}, "step": "x", "at": "2026-01-06"},
    ]
    text = "\n".join(json.dumps(row) for row in rows) + "\n\n[1]\n{broken\n"
    for chunk_bytes in (5, 1 << 20):
        got = load(text, MAPPING, name="file.jsonl", chunk_bytes=chunk_bytes)
        assert [(row["case"], row["amount"], row["final"], row["line"]) for row in got.rows] == [
            ("A", 10, True, 1),
            ("B", 1234567890123, None, 2),
        ]
        assert got.told == [(3, "case.id", "missing_value"), (5, "", "invalid_json"), (6, "", "invalid_json")]


def test_deep_json_and_lone_surrogates_do_no_harm(load):
    good = '{"case.id": "A", "step": "x", "at": "2026-01-06", "amount": 1, "done": false}\n'
    got = load(good + "[" * 100_000 + "\n" + '{"case.id": "\\ud800", "step": "x", "at": "2026-01-06"}\n', MAPPING, name="file.jsonl")
    assert got.told == [(2, "", "invalid_json")]
    assert got.column("case") == ["A", "?"]


def test_typed_columns_of_parquet_give_the_same_facts(load, tmp_path):
    at = datetime(2026, 1, 5, 1, 0, 0, 500000)
    table = pa.table(
        {
            "case.id": pa.array([1, 2], pa.int32()),
            "step": pa.array(["受理", "x"]).dictionary_encode(),
            "at": pa.array([at.replace(tzinfo=UTC), None], pa.timestamp("ms", "Asia/Shanghai")),
            "amount": pa.array([Decimal("12.50"), None]),
            "done": [True, False],
        }
    )
    pq.write_table(table, tmp_path / "x.parquet")
    got = load((tmp_path / "x.parquet").read_bytes(), MAPPING, name="file.parquet")
    assert [(row["case"], row["activity"], row["at"], row["amount"], row["final"], row["line"]) for row in got.rows] == [
        ("1", "受理", at, 1250, True, 1)
    ]
    assert got.told == [(2, "at", "missing_value")]


def test_days_of_parquet_are_days(load, tmp_path):
    pq.write_table(pa.table({"record": ["1"], "day": [date(2026, 1, 5)], "kind": ["rating"]}), tmp_path / "x.parquet")
    got = load((tmp_path / "x.parquet").read_bytes(), table="feedback", name="file.parquet")
    assert got.column("day") == [date(2026, 1, 5)]


def test_files_that_are_not_what_they_are_called_are_refused(load):
    for content, name, reason in (
        (b"", "a.parquet", "empty_file"),
        (b"PAR1 no", "a.parquet", "parquet_unreadable"),
        (b"", "a.jsonl", "empty_file"),
        (b"x", "a.xlsx", "unknown_format"),
        (b"PK\x03\x04....", "a.csv", "not_text"),
    ):
        with pytest.raises(InvalidFile) as raised:
            load(content, MAPPING, name=name)
        assert raised.value.fields["reason"] == reason


def test_texts_of_parquet_that_are_not_utf8_refuse_their_row(load, tmp_path):
    broken = pa.Array.from_buffers(pa.string(), 2, pa.array([b"A", b"\xff"]).buffers())
    columns = {"case.id": broken, "step": ["x", "y"], "at": ["2026-01-05"] * 2, "amount": ["1"] * 2, "done": ["1"] * 2}
    pq.write_table(pa.table(columns), tmp_path / "x.parquet")
    got = load((tmp_path / "x.parquet").read_bytes(), MAPPING, name="file.parquet")
    assert got.told == [(2, "case.id", "bad_encoding")]
