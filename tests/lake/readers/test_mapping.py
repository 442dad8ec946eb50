"""Mapping files: judged whole, every fault with its line."""

from pathlib import Path

import pytest

from hengzhi.core import InvalidMapping
from hengzhi.lake.mapping import load_mapping

GOOD = """\
table: process_event
source: loans
columns:
  case: case
  activity: {from: step}
  at: {from: [date, time], format: "%y%m%d %H:%M:%S"}
"""


def faults(text, tables):
    with pytest.raises(InvalidMapping) as raised:
        load_mapping(text, tables)
    return [(problem.line, problem.code) for problem in raised.value.fields["problems"]]


def test_every_fault_is_listed_with_file_and_line(tables, tmp_path):
    path = tmp_path / "loans.yaml"
    path.write_text(
        "table: process_event\n"  # 1
        "sorce: loans\n"
        "zone: Mars/Olympus\n"  # 3
        "period: 2026-13\n"
        "encoding: ebcdic\n"  # 5
        "columns:\n"
        "  case: {from: case, valeus: {a: b}}\n"  # 7
        "  activty: step\n"
        "  at: {from: at, format: '%q'}\n"  # 9
        "  amount: {value: 1, from: x}\n"
        "  final: {from: x, true: [Y], false: [Y]}\n"  # 11
        "  case: again\n",
        encoding="utf-8",
    )
    with pytest.raises(InvalidMapping) as raised:
        load_mapping(path, tables)
    problems = raised.value.fields["problems"]
    assert [(problem.line, problem.code) for problem in problems] == [
        (2, "mapping_unknown_key"),
        (3, "mapping_bad_zone"),
        (4, "mapping_bad_period"),
        (5, "mapping_bad_value"),
        (7, "mapping_required"),
        (7, "mapping_unknown_setting"),
        (8, "mapping_unknown_column"),
        (9, "mapping_bad_format"),
        (10, "mapping_from_or_value"),
        (11, "mapping_both"),
        (12, "mapping_twice"),
    ]
    assert problems[0] == "loans.yaml:2: no key 'sorce' (nearest: source)"
    assert str(problems[6]).endswith("no column 'activty' (nearest: activity)")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [(1, "mapping_not_a_mapping")]),
        ("- a\n- b\n", [(1, "mapping_not_a_mapping")]),
        ("table: [\n", [(2, "mapping_not_yaml")]),
        ("table: nothing\ncolumns: {a: b}\n", [(1, "mapping_unknown_table")]),
        ("source: x\n", [(1, "mapping_no_table")]),
        ("table: process_event\n", [(1, "mapping_no_columns")]),
        (GOOD + "header: false\n", [(7, "mapping_names_or_header")]),
        (GOOD.replace("case: case", "case: &a case") + "delimiter: *a\n", [(7, "mapping_alias")]),
        (GOOD + "skip_lines: [0]\n", [(7, "mapping_bad_value")]),
        (GOOD + "  amount: {from: x, bands: [[0, 6, 1], [6, 8, 2]]}\n", [(7, "mapping_bad_value")]),
        (GOOD + "  staff: {from: x, format: '%Y'}\n", [(7, "mapping_unknown_setting")]),
    ],
)
def test_faults_of_every_kind_name_their_line(tables, text, expected):
    assert faults(text, tables) == expected


def test_constants_and_translations_must_be_values_of_the_column(tables):
    text = "table: contact\ncolumns:\n  record: r\n  at: at\n  kind: {value: fax}\n  outcome: {from: o, values: {A: servd}, others: lost}\n"
    assert faults(text, tables) == [(5, "mapping_unknown_code"), (6, "mapping_unknown_code"), (6, "mapping_unknown_code")]


def test_words_stay_the_words_they_are(tables):
    mapping = load_mapping(GOOD + "  final: {from: done, true: [Yes, on, 1], false: [No, 08, ~x]}\n", tables)
    assert mapping.rule("final").true == ("Yes", "on", "1")
    assert mapping.rule("final").false == ("No", "08", "~x")


def test_the_hash_is_of_what_is_said_not_how(tables):
    spaced = "# a note\n" + GOOD.replace("{from: step}", "step")
    assert load_mapping(GOOD, tables).sha256 == load_mapping(spaced, tables).sha256
    assert load_mapping(GOOD, tables).sha256 != load_mapping(GOOD.replace("step", "stage"), tables).sha256


def test_missing_words_hold_for_one_column_or_for_all(tables):
    mapping = load_mapping(GOOD + "  missing: ['NULL']\n  staff: {from: s, missing: [NO_SERVER]}\nmissing: ['-']\n", tables)
    assert mapping.rule("staff").missing == ("-", "NULL", "NO_SERVER")
    assert mapping.rule("case").missing in (("-",), ("-", "NULL"))


def test_the_mapping_of_the_docs_is_right(tables):
    root = next(parent for parent in Path(__file__).parents if (parent / "docs" / "en" / "mappings.md").exists())
    for language in ("zh", "en"):
        text = (root / "docs" / language / "mappings.md").read_text(encoding="utf-8").split("```yaml")[1].split("```")[0]
        mapping = load_mapping(text.replace("header: false ", "header: true "), tables)
        assert (mapping.table, mapping.skip_lines, mapping.only) == ("contact", (2,), (("type", ("PS", "NW")),))
