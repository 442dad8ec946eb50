"""Bring the Chinese catalogue up to date with the sources: new sentences come in empty, unused ones go out."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

CALLS = {"_", "gettext", "gettext_lazy"}
_TRANSLATE = re.compile(r"""\{%\s*trans(?:late)?\s+(["'])(.*?)\1""")
_BLOCK = re.compile(r"\{%\s*blocktrans(?:late)?\b[^%]*%\}(.*?)\{%\s*endblocktrans(?:late)?\s*%\}", re.DOTALL)
_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def sentences(source: Path) -> dict[str, str]:
    """Every sentence to translate under ``source``, with the first file that says it."""
    found: dict[str, str] = {}
    for file in sorted([*source.rglob("*.py"), *source.rglob("templates/**/*.html")]):
        text = file.read_text(encoding="utf-8")
        said = _in_python(text) if file.suffix == ".py" else _in_template(text)
        for sentence in said:
            found.setdefault(sentence, file.relative_to(source).as_posix())
    return found


def _in_python(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def _in_template(text: str) -> Iterator[str]:
    # Django looks a template's sentence up with its percent signs doubled.
    yield from (match[2].replace("%", "%%") for match in _TRANSLATE.finditer(text))
    for match in _BLOCK.finditer(text):
        trimmed = " ".join(line.strip() for line in match[1].strip().splitlines())
        yield _VARIABLE.sub(r"%(\1)s", trimmed)


def main(source: Path) -> None:
    """Rewrite the catalogue under ``source``, keeping what is translated."""
    path = source / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    known = {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))} if path.exists() else {}
    catalogue = polib.POFile(wrapwidth=120)
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Language": "zh_Hans", "Plural-Forms": "nplurals=1; plural=0;"}
    for sentence, file in sorted(sentences(source).items(), key=lambda item: (item[1], item[0])):
        catalogue.append(polib.POEntry(msgid=sentence, msgstr=known.get(sentence, ""), occurrences=[(file, "")]))
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
    print(f"{len(catalogue)} sentences, {len(catalogue.untranslated_entries())} without a translation: {path}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
