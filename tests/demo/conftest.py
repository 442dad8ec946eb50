"""The small demo bank, generated once for all tests of it."""

from collections.abc import Callable

import pyarrow as pa
import pytest

from hengzhi.demo.generate import DemoBatch, batches


@pytest.fixture(scope="session")
def files() -> tuple[DemoBatch, ...]:
    return tuple(batches(seed=7, scale="small"))


@pytest.fixture(scope="session")
def facts(files: tuple[DemoBatch, ...]) -> Callable[[str], pa.Table]:
    def of(table: str) -> pa.Table:
        rows = pa.concat_tables([file.rows for file in files if file.table == table])
        if table != "feedback":
            return rows
        first: dict[tuple[str, str], int] = {}
        for at, key in enumerate(zip(rows["source"].to_pylist(), rows["record"].to_pylist(), strict=True)):
            first.setdefault(key, at)
        return rows.take(pa.array(list(first.values())))

    return of
