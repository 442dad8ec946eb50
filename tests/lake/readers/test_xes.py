"""XES logs: events and the attributes of their traces, streamed and without entities."""

import gzip

import pytest

from hengzhi.core import InvalidFile

LOG = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
  <global scope="event"><string key="concept:name" value="UNKNOWN"/></global>
  <string key="meta" value="x"><int key="a" value="1"/></string>
  <trace>
    <string key="concept:name" value="A"/>
    <int key="AMOUNT_REQ" value="20000"/>
    <event>
      <date key="time:timestamp" value="2011-10-01T00:38:44.546+02:00"/>
      <string key="concept:name" value="submitted"><float key="time:timestamp" value="1.0"/></string>
      <string key="org:resource" value="112"/>
    </event>
    <event>
      <string value="accepted" key="concept:name"/>
      <date key="time:timestamp" value="2011-10-01T10:00:00+02:00"/>
    </event>
  </trace>
  <trace>
    <string key="concept:name" value="B"/>
    <event>
      <string key="concept:name" value="no time"/>
    </event>
  </trace>
  <trace>
    <event><string key="concept:name" value="x"/><date key="time:timestamp" value="2011-10-01T10:00:00Z"/></event>
  </trace>
  <event><string key="concept:name" value="stray"/></event>
</log>
"""
MAPPING = """\
table: process_event
source: loans
columns:
  case: "case:concept:name"
  activity: "concept:name"
  at: "time:timestamp"
  staff: "org:resource"
  amount: "case:AMOUNT_REQ"
"""


def reason(load, content, mapping=MAPPING, name="log.xes"):
    with pytest.raises(InvalidFile) as raised:
        load(content, mapping, name=name)
    return raised.value.fields


@pytest.mark.parametrize("chunk_bytes", [1, 64, 1 << 20])
def test_events_carry_their_trace_and_their_line(load, chunk_bytes):
    got = load(LOG, MAPPING, name="log.xes", chunk_bytes=chunk_bytes)
    assert [(row["case"], row["activity"], str(row["at"]), row["offset_minutes"], row["amount"], row["line"]) for row in got.rows] == [
        ("A", "submitted", "2011-09-30 22:38:44.546000", 120, 2_000_000, 8),
        ("A", "accepted", "2011-10-01 08:00:00", 120, 2_000_000, 13),
    ]
    assert sorted(got.told) == [
        (20, "time:timestamp", "missing_value"),
        (25, "case:concept:name", "missing_value"),
        (27, "event", "event_outside_trace"),
    ]
    assert got.counted == {"read": 5, "accepted": 2, "rejected": 3, "filtered": 0}


def test_prefixed_namespaces_gzip_and_gb18030_are_read(load):
    text = LOG.replace("<trace", "<x:trace").replace("</trace", "</x:trace").replace("<event", "<x:event").replace("</event", "</x:event")
    text = text.replace("<log ", '<x:log xmlns:x="http://www.xes-standard.org/" ').replace("</log", "</x:log")
    assert load(gzip.compress(text.encode()), MAPPING, name="log.xes.gz").counted["accepted"] == 2
    chinese = LOG.replace("UTF-8", "GB18030").replace("submitted", "受理")
    assert load(chinese.encode("gb18030"), MAPPING, name="log.xes").column("activity") == ["受理", "accepted"]


def test_names_of_the_standard_need_no_mapping(load):
    got = load(LOG, table="process_event", name="log.xes")
    assert (got.column("case"), got.column("activity")) == (["A", "A"], ["submitted", "accepted"])


BOMB = '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><log><trace>&b;</trace></log>'
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/passwd">]><log><string key="a" value="&x;"/></log>'


@pytest.mark.parametrize("content", [BOMB, EXTERNAL, '<!DOCTYPE log SYSTEM "http://example.org/x.dtd"><log/>'])
def test_document_types_and_entities_are_refused(load, content):
    assert reason(load, content)["reason"] == "xml_dtd_refused"


def test_files_that_are_no_logs_are_refused_with_their_reason(load):
    assert reason(load, "")["reason"] == "empty_file"
    assert reason(load, "<html></html>")["reason"] == "not_xes"
    assert reason(load, "<log></log>")["reason"] == "header_only"
    assert reason(load, "case,step\nA,x\n")["reason"] == "xml_malformed"
    cut = reason(load, LOG.split("112")[0])
    assert (cut["reason"], cut["line"]) == ("xml_malformed", 11)
    assert reason(load, "<log>" + "<list key='a'>" * 100)["reason"] == "xml_too_deep"


def test_a_key_that_no_event_has_is_a_missing_column(load):
    fields = reason(load, LOG, MAPPING.replace('"org:resource"', "org:resurce"))
    assert (fields["reason"], fields["column"], fields["near"]) == ("missing_column", "org:resurce", "org:resource")
