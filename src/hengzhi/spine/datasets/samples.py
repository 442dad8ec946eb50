"""The first rows of a file as they would be stored: texts masked, persons hidden."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hengzhi.lake.readers import Block, Limits, read
from hengzhi.lake.tables import Column
from hengzhi.spine.datasets.imports import Source
from hengzhi.spine.datasets.upload_store import Cell, Sample, SampleColumn
from hengzhi.spine.datasets.vault import NoVault

_ROWS = 20
_TEXT_SHOWN = 80
_LIMITS = Limits(chunk_bytes=1 << 20)


def take_sample(source: Source, zone: ZoneInfo) -> Sample:
    """The first accepted rows, with instants in the institution's zone and numbers in their unit.

    Raises:
        InvalidFile: nothing of the file can be read.
    """
    blocks = read(source.path, source.mapping, source.table, batch=0, zone=zone, pseudonymiser=NoVault(), limits=_LIMITS)
    block = next((block for block in blocks if block.facts.num_rows), None)
    return _sample(block, source, zone) if block else Sample()


def _sample(block: Block, source: Source, zone: ZoneInfo) -> Sample:
    texts = {row["text_id"]: row["masked"] for row in block.texts.to_pylist()} if block.texts else {}
    rows = block.facts.slice(0, _ROWS).to_pylist()
    told = [{c.key: _told(c, texts, zone)(row[c.key]) for c in source.table if row[c.key] is not None} for row in rows]
    filled = [c for c in source.table if any(c.key in row for row in told)]
    columns = tuple(SampleColumn(c.key, c.names, c.type == "int") for c in filled)
    cells = tuple((str(row["line"]), *(line.get(c.key) for c in filled)) for row, line in zip(rows, told, strict=True))
    return Sample(columns, cells, tuple(c.names for c in source.table if c not in filled))


def _told(column: Column, texts: dict[int, str], zone: ZoneInfo) -> Callable[[Any], Cell]:
    tellers: dict[str, Callable[[Any], Cell]] = {
        "int": lambda value: str(Decimal(value).scaleb(-column.scale)),
        "flag": bool,
        "day": lambda value: value.isoformat(),
        "instant": lambda value: value.replace(tzinfo=UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"),
        "pseudonym": lambda _: "—",
        "text_ref": lambda value: _cut(texts.get(value, "")),
    }
    return tellers.get(column.type, _cut)


def _cut(text: str) -> str:
    return text if len(text) <= _TEXT_SHOWN else text[: _TEXT_SHOWN - 1] + "…"
