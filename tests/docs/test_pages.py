"""The pages written by hand: both languages, links that lead somewhere, names that exist, nothing of one machine."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
CODE = re.compile(r"`([^`\n]+)`")
SHORT = 140  # words in one line are prose; a page of one screen has so many lines at most
FEATURE = re.compile(r"^\| (\d+) \| .+ \| (尚无 · not yet|部分 · part|已有 · there) \| (.+) \| (.+) \|$", re.MULTILINE)


def _prose(root: Path) -> list[Path]:
    pages = [path for path in (root / "docs").rglob("*.md") if path.parent.name not in ("reference", "methods")]
    return sorted([*pages, root / "README.md", root / "README.en.md", root / "CHANGELOG.md"])


def _source(root: Path) -> str:
    files = [path for ending in ("py", "html") for path in sorted((root / "src" / "hengzhi").rglob(f"*.{ending}"))]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_every_page_stands_in_both_languages(root: Path) -> None:
    zh, en = ({path.relative_to(root / "docs" / lang).as_posix() for path in (root / "docs" / lang).rglob("*.md")} for lang in ("zh", "en"))
    assert zh == en


def test_every_link_leads_to_a_file(root: Path) -> None:
    dead = [
        f"{path.relative_to(root)}: {target}"
        for path in (*_prose(root), *(root / "docs").rglob("reference/*.md"))
        for target in LINK.findall(path.read_text(encoding="utf-8"))
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert dead == []


def test_every_file_and_folder_named_exists(root: Path) -> None:
    homes = (root, root / "src" / "hengzhi", root / "src" / "hengzhi" / "examples")
    named = {
        (path.relative_to(root).as_posix(), name.partition("::")[0])
        for path in _prose(root)
        for name in CODE.findall(path.read_text(encoding="utf-8"))
        if re.fullmatch(r"[\w./-]+/[\w.-]+\.(py|md|html|yaml|toml|js)(::\w+)?", name) and not name.startswith(("policy/", "mappings/"))
    }
    assert sorted((page, name) for page, name in named if not any((home / name).exists() for home in homes)) == []


def test_every_test_named_exists(root: Path) -> None:
    named = {
        name for path in _prose(root) for name in CODE.findall(path.read_text(encoding="utf-8")) if re.fullmatch(r"[\w/]+\.py::\w+", name)
    }
    assert len(named) > 20
    gone = [n for n in named if f"def {n.partition('::')[2]}(" not in (root / n.partition("::")[0]).read_text(encoding="utf-8")]
    assert sorted(gone) == []


def test_every_function_named_beside_its_file_is_in_it(root: Path) -> None:
    beside = re.compile(r"`(_?[a-z_]+)`(?: in | ?[(（])`((?!tests/)[a-z_/]+\.py)`")
    said = [(path.name, *found) for path in _prose(root) for found in beside.findall(path.read_text(encoding="utf-8"))]
    assert len(said) > 20
    source = root / "src" / "hengzhi"
    wrong = [s for s in said if not re.search(rf"^\s*(def|class) {s[1]}\b", (source / s[2]).read_text(encoding="utf-8"), re.MULTILINE)]
    assert wrong == []


def test_every_floor_of_the_contract_stands_in_the_picture(root: Path) -> None:
    contract = (root / ".importlinter").read_text(encoding="utf-8").split("layers =")[1].split("\n\n")[0]
    rooms = re.findall(r"\((\w+)\)", contract)
    for language in ("zh", "en"):
        picture = (root / "docs" / language / "house.md").read_text(encoding="utf-8").split("```")[1]
        assert [room for room in rooms if not re.search(rf"\b{room}\b", picture)] == []


def test_every_key_of_a_mapping_is_explained_in_both_languages(root: Path) -> None:
    from hengzhi.lake.mapping.load import _KEYS
    from hengzhi.lake.mapping.rules import _BY_TYPE

    keys = {*_KEYS, *(setting for settings in _BY_TYPE.values() for setting in settings)}
    for language in ("zh", "en"):
        told = "".join((root / "docs" / language / page).read_text(encoding="utf-8") for page in ("mappings.md", "how-to/import.md"))
        assert sorted(key for key in keys if not re.search(rf"(?<!\w){key}(?!\w)", told)) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_line_of_the_table_of_mappings_is_one(language: str, root: Path) -> None:
    from hengzhi.app import CATALOGUE
    from hengzhi.lake.mapping import load_mapping

    page = (root / "docs" / language / "how-to" / "import.md").read_text(encoding="utf-8")
    rows = [line.split(" | ", 1)[1] for line in page.splitlines() if line.startswith("| ")][2:]
    lines = [line for row in rows for line in CODE.findall(row)]
    assert len(lines) > 15
    for line in lines:
        key = line.partition(":")[0]
        table = next((t for t in CATALOGUE.facts.values() if t.has(key)), CATALOGUE.table("feedback"))
        rules = {column.key: f"{column.key}: Any" for column in table.columns if column.required}
        top = {"table": f"table: {table.key}", **{name: f"{name}: {value}" for name, value in _TOGETHER.get(key, {}).items()}}
        (rules if table.has(key) and key != "source" else top)[key] = line
        load_mapping("\n".join([*top.values(), "columns:", *(f"  {rule}" for rule in rules.values())]), CATALOGUE.facts)


_TOGETHER = {"header": {"names": "[a]"}, "names": {"header": "false"}}


def test_every_key_of_the_policy_is_explained_in_both_languages(root: Path) -> None:
    from hengzhi.engine.policy import _FIELDS, _RULES

    for language in ("zh", "en"):
        told = (root / "docs" / language / "how-to" / "policy.md").read_text(encoding="utf-8")
        assert [key for key in (*_FIELDS, *_RULES, "targets") if key not in told] == []


def test_the_policy_shown_is_accepted(root: Path) -> None:
    from hengzhi.app import CATALOGUE
    from hengzhi.engine.policy import read_policy

    for language in ("zh", "en"):
        text = (root / "docs" / language / "how-to" / "policy.md").read_text(encoding="utf-8").split("```yaml")[1].split("```")[0]
        assert read_policy(text, CATALOGUE).target("feedback.satisfied").floor == "orange"


def test_every_word_of_the_glossary_stands_in_the_code_and_once_in_each_language(root: Path) -> None:
    source = _source(root)
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", (root / "docs" / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE)
    rows = [row for row in rows if row[0] != "中文" and not row[0].startswith("---")]
    assert len(rows) > 60
    words = {word for _, _, cell in rows for word in CODE.findall(cell)}
    assert sorted(word for word in words if not re.search(rf"\b{word}\b", source)) == []
    for column in (0, 1):
        said = [row[column] for row in rows]
        assert sorted({word for word in said if said.count(word) > 1}) == []


def test_every_feature_has_its_row_and_what_is_there_has_a_test(root: Path, reference: ModuleType) -> None:
    from django.urls import resolve
    from reference_pages.commands import commands

    known = {name for name, _ in commands()}
    rows = FEATURE.findall((root / "docs" / "features.md").read_text(encoding="utf-8"))
    assert [int(number) for number, *_ in rows] == list(range(1, 130))
    for number, state, where, test in rows:
        assert test != "—" or "there" not in state, number
        assert "part" not in state or where != "—", f"{number}: say what lacks"
        for name in CODE.findall(where):
            if name.startswith("hengzhi "):
                assert name.removeprefix("hengzhi ") in known, name
            if name.startswith("/"):
                resolve(name)
        for name in CODE.findall(test):
            file, _, function = name.partition("::")
            assert f"def {function}" in (root / file).read_text(encoding="utf-8"), name


def test_the_count_of_features_is_right(root: Path) -> None:
    page = (root / "docs" / "features.md").read_text(encoding="utf-8")
    rows = FEATURE.findall(page)
    counts = [sum(word in row[1] for row in rows) for word in ("there", "part", "not yet")]
    assert re.findall(r"已有 there (\d+) · 部分 part (\d+) · 尚无 not yet (\d+)", page) == [tuple(map(str, counts))]


def test_pages_stay_short_and_decisions_say_what_was_given_up(root: Path) -> None:
    numbers = []
    for path in sorted((root / "docs" / "decisions").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        numbers.append(path.name[:3])
        assert text.startswith(f"# {path.name[:3]} ")
        assert [part for part in ("**Context.**", "**Choice.**", "**What we gave up.**") if part not in text] == [], path.name
    assert len(set(numbers)) == len(numbers)
    long = [
        path.name
        for path in _prose(root)
        if path.name not in ("features.md", "glossary.md") and len(path.read_text("utf-8").splitlines()) > SHORT
    ]
    assert long == []


@pytest.mark.parametrize("what", [r"/root/|/home/|/tmp/|/work/", r"192\.168\.(?!1\.20)", r"\.internal\b|artifactory|nexus"])
def test_no_page_speaks_of_one_machine(what: str, root: Path) -> None:
    pages = [*_prose(root), *(root / "docs").rglob("reference/*.md")]
    assert [path.name for path in pages if re.search(what, path.read_text(encoding="utf-8"))] == []


def test_chinese_prose_uses_chinese_punctuation(root: Path) -> None:
    prose = [path for path in (root / "docs" / "zh").rglob("*.md") if path.parent.name != "reference" and path.name != "mappings.md"]
    wrong = []
    for path in [*prose, root / "README.md"]:
        text = re.sub(r"```.*?```|`[^`\n]*`|\]\([^)]*\)", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        wrong += [f"{path.name}: {found}" for found in re.findall(r"[\u4e00-\u9fff][,;:?!]", text)]
    assert wrong == []
