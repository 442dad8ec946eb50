"""Markdown: headings, tables and cells that can't break them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hengzhi.core import Text


def head(title: Text, intro: Text, language: str) -> str:
    """The head of a page: its title, that it is generated, and one paragraph."""
    made = Text(
        "本页由 `tools/reference.py` 依代码生成，请勿手改。", "Generated from the code by `tools/reference.py`; don't edit by hand."
    )
    return f"# {title.in_(language)}\n\n<!-- {made.in_(language)} -->\n\n{intro.in_(language)}\n"


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; an empty one is left out."""
    lines = [_line(row) for row in rows]
    return "\n".join([_line(header), "|" + " --- |" * len(header), *lines]) + "\n" if lines else ""


def code(text: object) -> str:
    """``text`` as code, or a dash where there is none."""
    return f"`{text}`" if text not in ("", None) else "—"


def codes(texts: Iterable[object], language: str) -> str:
    """Several names as code."""
    return Text("、", ", ").in_(language).join(f"`{text}`" for text in texts) or "—"


def _line(cells: Sequence[object]) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(cell: object) -> str:
    return str(cell).replace("|", "\\|").replace("\n", " ") or "—"
