"""The receipt of an import: what became of a file, row by row counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hengzhi.core import Problem
from hengzhi.spine.datasets.models import Batch


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a file."""

    batch: str
    table: str
    name: str
    state: str  # done | already_imported | dry_run
    rows_in_file: int
    accepted: int
    duplicates: int
    rejected: int
    warnings: int
    months: tuple[int, ...]
    version: int | None
    problems_file: str | None
    unknown_units: dict[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()  # the first few, for showing

    @classmethod
    def of(cls, batch: Batch, state: str = "done", problems: tuple[Problem, ...] = ()) -> Receipt:
        """The receipt of a committed batch; a second import of it accepts nothing."""
        again = state == "already_imported"
        return cls(
            batch=batch.uid,
            table=batch.table,
            name=batch.name,
            state=state,
            rows_in_file=batch.rows_in_file,
            accepted=0 if again else batch.rows,
            duplicates=batch.rows if again else batch.duplicates,
            rejected=batch.rejected,
            warnings=batch.warnings,
            months=tuple(batch.months),
            version=batch.version,
            problems_file=batch.problems_file or None,
            unknown_units=dict(batch.unknown_units),
            problems=problems,
        )


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    """The receipt under the names of the API."""
    names = (
        "batch",
        "table",
        "name",
        "state",
        "rows_in_file",
        "accepted",
        "duplicates",
        "rejected",
        "warnings",
        "version",
        "problems_file",
    )
    return {name: getattr(receipt, name) for name in names} | {"months": list(receipt.months), "unknown_units": receipt.unknown_units}
