"""Writes the reference pages of docs/zh and docs/en from the code; with --check only compares them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools")]

from reference_pages import commands, errors, facts, indicators, mappings, words  # noqa: E402

PAGES = {
    "indicators.md": indicators.page,
    "facts.md": facts.page,
    "mappings.md": mappings.page,
    "commands.md": commands.page,
    "errors.md": errors.page,
    "words.md": words.page,
}
LANGUAGES = ("zh", "en")


def pages() -> Iterator[tuple[Path, str]]:
    """Every reference page with the text it should have."""
    for language in LANGUAGES:
        for name, write in PAGES.items():
            yield ROOT / "docs" / language / "reference" / name, write(language)


def outdated() -> list[Path]:
    """The pages that are missing, differ from the code, or belong to nothing."""
    wanted = dict(pages())
    there = {path for language in LANGUAGES for path in (ROOT / "docs" / language / "reference").glob("*")}
    wrong = [path for path, text in wanted.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    return sorted([*wrong, *(there - set(wanted))])


def main() -> int:
    """Write the pages, or with --check name those that differ and return 1."""
    if "--check" in sys.argv[1:]:
        wrong = outdated()
        for path in wrong:
            print(f"{path.relative_to(ROOT).as_posix()} differs from the code: run python tools/reference.py")
        return 1 if wrong else 0
    for path, text in pages():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
