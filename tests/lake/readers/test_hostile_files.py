"""Whatever bytes come in: judged blocks that tally or one clear refusal, never anything else."""

import gzip
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hengzhi.core import InvalidFile

MAPPING = """\
table: process_event
source: s
columns:
  case: case
  activity: step
  at: at
  amount: {from: amount, optional: true}
"""
ROWS = [(f"案件{at}", f"受理,{at}", f"2026-01-05T08:00:{at:02d}.5+08:00", "1.5") for at in range(8)]
CSV = "case,step,at,amount\n" + "".join(f'{case},"{step}",{at},{amount}\n' for case, step, at, amount in ROWS)
JSONL = "".join(json.dumps(dict(zip(("case", "step", "at", "amount"), row, strict=True)), ensure_ascii=False) + "\n" for row in ROWS)
EVENT = '<trace><event><string key="case" value="{}"/><string key="step" value="{}"/><date key="at" value="{}"/></event></trace>'
XES = "<log>" + "".join(EVENT.format(case, step, at) for case, step, at, _ in ROWS)
SEEDS = [
    ("f.csv", CSV.encode()),
    ("f.csv", CSV.encode("gb18030")),
    ("f.csv", CSV.encode("utf-16")),
    ("f.csv.gz", gzip.compress(CSV.encode(), mtime=0)),
    ("f.jsonl", JSONL.encode()),
    ("f.xes", (XES + "</log>").encode()),
]
PIECES = [b'"', b"\n", b"\r", b",", b"\0", b"\xef\xbb\xbf", b"\xff", b"<", b"[" * 300, b"9" * 30, b"2026-02-30"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.floats(0, 1), st.sampled_from(["cut", "put", "end"]), st.sampled_from(PIECES)), max_size=5),
    st.sampled_from([10, 1 << 20]),
)
def test_mutated_files_are_judged_or_refused(load, seed, changes, chunk_bytes):
    name, data = seed
    for share, change, piece in changes:
        at = int(share * len(data))
        tail = {"cut": data[at + len(piece) :], "put": piece + data[at:], "end": b""}[change]
        data = data[:at] + tail
    try:
        got = load(data, MAPPING, name=name, chunk_bytes=chunk_bytes)
    except InvalidFile as refused:
        assert refused.fields["reason"] and refused.fields["source"] == name
        return
    assert got.counted["read"] > 0
    assert got.facts["case"].null_count == got.facts["at"].null_count == 0
    refused_lines = {problem.line for problem in got.problems if problem.severity == "error"}
    assert len(refused_lines) <= got.counted["rejected"]


@pytest.mark.parametrize("content", [b"\0" * 1000, b"\xff" * 1000, b'"' * 1000, b"\n" * 1000, b"," * 1000, "\ufeff".encode() * 100])
@pytest.mark.parametrize("name", ["f.csv", "f.tsv", "f.jsonl", "f.xes", "f.parquet", "f.csv.gz", "f.xes.gz"])
def test_files_of_one_byte_over_and_over_are_refused(load, content, name):
    with pytest.raises(InvalidFile):
        load(content, MAPPING, name=name)
