"""The reference pages are those of the code, and every entry of every list is whole in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from types import ModuleType

import pytest

from hengzhi.app import CAPABILITIES, CATALOGUE
from hengzhi.core import Text
from hengzhi.engine.indicators import Indicator
from hengzhi.engine.words import LEVEL_NAMES, MEASURE_NAMES, MEASURE_TARGETS, RISK_NAMES, UNIT_NAMES, VERDICT_NAMES
from hengzhi.lake.tables import Column, Unit

HAN = re.compile(r"[\u4e00-\u9fff]")
INDICATORS = sorted(CATALOGUE.indicators.values(), key=lambda i: i.key)
TABLES = [*CATALOGUE.facts.values(), *CATALOGUE.derived.values()]


def _both(text: Text) -> bool:
    return bool(text.zh.strip() and text.en.strip() and not HAN.search(text.en))


def _named(text: str) -> set[str]:
    return {name for _, name, *_ in Formatter().parse(text) if name}


def test_the_reference_pages_are_those_of_the_code(reference: ModuleType, root: Path) -> None:
    wrong = [path.relative_to(root).as_posix() for path in reference.outdated()]
    assert wrong == [], "run python tools/reference.py"


def test_a_page_that_differs_is_named(reference: ModuleType, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "PAGES", {**reference.PAGES, "words.md": lambda language: "else"})
    assert [path.name for path in reference.outdated()] == ["words.md", "words.md"]


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda i: i.key)
def test_every_indicator_is_whole(indicator: Indicator, reference: ModuleType) -> None:
    from reference_pages.indicators import default_owners

    assert re.fullmatch(r"[a-z]+\.[a-z][a-z0-9_]*", indicator.key)
    room = next(c for c in CAPABILITIES if indicator in c.indicators)
    assert indicator.key.split(".")[0] == room.key
    assert _both(indicator.names) and _both(indicator.note)
    assert indicator.source
    assert indicator.unit in UNIT_NAMES
    owners = default_owners().get(indicator.key, {})
    assert _both(Text(owners.get("zh", ""), owners.get("en", ""))), "no owner in the shipped targets"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_indicator_has_its_row_and_section(language: str, root: Path) -> None:
    page = (root / "docs" / language / "reference" / "indicators.md").read_text(encoding="utf-8")
    missing = [i.key for i in INDICATORS if f"[`{i.key}`](#" not in page or f"\n### {i.key}\n" not in page]
    assert missing == []


def test_every_table_and_column_has_both_names() -> None:
    unnamed = [table.key for table in TABLES if not (_both(table.names) and _both(table.grain))]
    columns: list[tuple[str, Column]] = [(table.key, column) for table in TABLES for column in table.columns]
    unnamed += [f"{key}.{column.key}" for key, column in columns if not _both(column.names)]
    assert unnamed == []


def test_every_command_argument_and_option_is_explained_in_both_languages(reference: ModuleType) -> None:
    from reference_pages.commands import commands, help_in

    poor = []
    for name, command in commands():
        helps = {name: command.help or "", **{f"{name} {p.name}": p.help or "" for p in command.params if p.name != "help"}}
        poor += [what for what, text in helps.items() if not text or HAN.search(help_in(text, "en"))]
        poor += [] if HAN.search(help_in(command.help or "", "zh")) else [name]
    assert poor == []


def test_every_error_has_both_sentences_with_the_same_placeholders(reference: ModuleType) -> None:
    from reference_pages.errors import sentences

    poor = [code for code, (what, remedy) in sentences().items() if not (_both(what) and _both(remedy))]
    assert poor == []
    named = {code: [_named(what.zh + remedy.zh), _named(what.en + remedy.en)] for code, (what, remedy) in sentences().items()}
    assert {code: names for code, names in named.items() if names[0] != names[1]} == {}


def test_every_error_class_has_its_message(reference: ModuleType, root: Path) -> None:
    from reference_pages.errors import sentences

    by_reason = {"error", "invalid_file"}  # the base class, and the one whose reason has a sentence of its own
    raised = {
        code: path.name
        for path in sorted((root / "src" / "hengzhi").rglob("*.py"))
        for code in re.findall(r'^    code = "([a-z_]+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert {code: name for code, name in raised.items() if code not in {*sentences(), *by_reason}} == {}


def test_verdicts_levels_risks_measures_and_units_are_named_in_both_languages() -> None:
    named = {**VERDICT_NAMES, **LEVEL_NAMES, **RISK_NAMES, **MEASURE_NAMES, **MEASURE_TARGETS}
    assert [key for key, text in named.items() if not _both(text)] == []
    assert set(UNIT_NAMES) == set(Unit)
