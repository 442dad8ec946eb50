"""Every code that readers and mappings give has its sentence in both languages."""

import re
import string
from pathlib import Path

import pytest

import hengzhi.lake.mapping as mapping_package
import hengzhi.lake.readers as readers_package
from hengzhi.lake.mapping import load_mapping
from hengzhi.lake.problems import PROBLEMS
from hengzhi.lake.readers.judged import CODES

FOLDERS = [Path(package.__file__).parent for package in (mapping_package, readers_package)]
SOURCES = [path.read_text(encoding="utf-8") for folder in FOLDERS for path in folder.glob("*.py")]
GIVEN = (
    r'InvalidFile\(\s*"(\w+)"',
    r'Problem\([^"()]*(?:\([^()]*\))?[^"()]*(?:"\w*", )?(?<!\{)"(\w+)"',
    r'tally\.add\("(\w+)"',
    r'faults\.(?:add|unknown)\(\s*"(\w+)"',
    r'Unreadable\("(\w+)"',
    r'"(empty_file|broken_gzip)"',
)


def codes_in_use():
    found = {code for source in SOURCES for pattern in GIVEN for code in re.findall(pattern, source)}
    return found | set(CODES) - {""}


def test_every_code_in_use_has_its_text_and_no_other():
    assert codes_in_use() == set(PROBLEMS)


@pytest.mark.parametrize("code", PROBLEMS)
def test_texts_stand_in_both_languages_with_the_same_places(code):
    for text in (PROBLEMS[code].message, PROBLEMS[code].remedy):
        assert re.search(r"[\u4e00-\u9fff]", text.zh)
        assert not re.search(r"[\u4e00-\u9fff]", text.en)
        assert places(text.zh) == places(text.en)


def places(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_shipped_mappings_are_right(tables):
    folder = next(parent for parent in Path(__file__).parents if (parent / "examples").exists()) / "examples" / "mappings"
    paths = sorted(folder.glob("*.yaml"))
    assert {path.stem for path in paths} >= {"bpic2012", "feedback", "contact", "process_event", "probe"}
    assert all(load_mapping(path, tables).table in tables for path in paths)


def test_messages_can_be_made_of_what_problems_carry(load):
    mapping = "table: contact\nsource: s\ncolumns:\n  record: id\n  at: at\n  kind: {value: call}\n  outcome: o\n  wait_seconds: w\n"
    got = load("id,at,o,w\n1,x,served,1\n2,2026-01-05,lost,1\n3,2026-01-05,served,-1\n4,2026-01-05,served,1.5\n5\n", mapping)
    for problem in got.problems:
        fields = {"source": problem.source, "line": problem.line, "column": problem.column, "value": problem.value, **problem.args}
        for text in (PROBLEMS[problem.code].message, PROBLEMS[problem.code].remedy):
            assert text.zh.format(**fields) and text.en.format(**fields)
    assert len(got.problems) == 5
