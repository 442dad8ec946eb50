"""What the tests of the lake's readers share: the tables, a pseudonymiser, and a file made of text."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from hengzhi.core import Problem
from hengzhi.feedback.facts import FACTS as FEEDBACK_FACTS
from hengzhi.lake.mapping import Mapping_, default_mapping, load_mapping
from hengzhi.lake.readers import Block, Limits, read
from hengzhi.lake.tables import FactTable
from hengzhi.process.facts import FACTS as PROCESS_FACTS
from hengzhi.technology.facts import FACTS as TECHNOLOGY_FACTS

TABLES = {table.key: table for table in (*FEEDBACK_FACTS, *PROCESS_FACTS, *TECHNOLOGY_FACTS)}
SHANGHAI = ZoneInfo("Asia/Shanghai")
MAPPINGS = Path(__file__).parents[3] / "examples" / "mappings"


class Hashes:
    """A pseudonymiser that tests can predict, and that remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[str | None]]] = []

    def pseudonyms(self, role: str, raw: pa.Array) -> pa.Array:
        self.asked.append((role, raw.to_pylist()))
        return pa.array([None if value is None else pseudonym(role, value) for value in raw.to_pylist()], pa.string())


def pseudonym(role: str, value: str) -> str:
    return "p" + hashlib.sha256(f"{role}:{value}".encode()).hexdigest()[:10]


@dataclass(frozen=True)
class Outcome:
    """All blocks of one read, put together."""

    facts: pa.Table
    texts: list[dict[str, Any]]
    problems: list[Problem]
    blocks: list[Block]

    @property
    def rows(self) -> list[dict[str, Any]]:
        return self.facts.to_pylist()

    def column(self, key: str) -> list[Any]:
        return self.facts[key].to_pylist()

    @property
    def told(self) -> list[tuple[int, str, str]]:
        return [(problem.line, problem.column, problem.code) for problem in self.problems]

    @property
    def counted(self) -> dict[str, int]:
        """Rows read, accepted, rejected and filtered; they always tally."""
        blocks = self.blocks
        counted = {
            "read": sum(block.rows_read for block in blocks),
            "accepted": self.facts.num_rows,
            "rejected": sum(block.rejected for block in blocks),
            "filtered": sum(block.filtered for block in blocks),
        }
        assert counted["read"] == counted["accepted"] + counted["rejected"] + counted["filtered"]
        return counted


def outcome(path: Path, mapping: Mapping_, *, zone: ZoneInfo = SHANGHAI, batch: int = 7, **limits: int) -> Outcome:
    table = TABLES[mapping.table]
    blocks = list(read(path, mapping, table, batch=batch, zone=zone, pseudonymiser=Hashes(), limits=Limits(**limits)))
    texts = [row for block in blocks if block.texts is not None for row in block.texts.to_pylist()]
    problems = [problem for block in blocks for problem in block.problems]
    facts = pa.Table.from_batches([block.facts for block in blocks], schema=table.schema())
    return Outcome(facts, texts, problems, blocks)


@pytest.fixture
def tables() -> Mapping[str, FactTable]:
    return TABLES


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Outcome]:
    """Read ``content`` as a file named ``name`` by a mapping text, or by the column names of ``table``."""

    def loaded(
        content: str | bytes,
        mapping: str = "",
        *,
        name: str = "file.csv",
        table: str = "",
        zone: ZoneInfo = SHANGHAI,
        **limits: int,
    ) -> Outcome:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        made = load_mapping(mapping, TABLES) if mapping else default_mapping(TABLES[table])
        return outcome(path, made, zone=zone, **limits)

    return loaded


@pytest.fixture
def read_real() -> Callable[[str, str], Outcome]:
    """Read a real file beside the project by a mapping of examples/; skipped by name where there is none."""

    def found(name: str, mapping: str) -> Outcome:
        given = os.environ.get("HENGZHI_SHARED")
        roots = [Path(given)] if given else [parent / "shared" for parent in Path(__file__).resolve().parents]
        root = next((root for root in roots if (root / "mission.md").exists()), None)
        if root is None or not (root / "data" / name).exists():
            pytest.skip(f"no real data: {name}")
        return outcome(root / "data" / name, load_mapping(MAPPINGS / f"{mapping}.yaml", TABLES))

    return found
