"""Facts without records: tables laid down in a workspace and assessed by the engine alone."""

import csv
import inspect
import io
import uuid
from dataclasses import replace
from datetime import date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hengzhi.app import CATALOGUE, DEFAULT_POLICY
from hengzhi.core import Period
from hengzhi.engine.assess import Question, assess
from hengzhi.engine.policy import read_policy
from hengzhi.engine.scopes import ScopeTree
from hengzhi.lake.files import Facts, FileRef, file_sha256

ON = date(2030, 1, 1)


def cell(text, column):
    if text == "":
        return None
    if column.type in ("int", "text_ref"):
        return int(text)
    if column.type == "flag":
        return {"1": True, "0": False, "true": True, "false": False}[text]
    if column.type == "day":
        return date.fromisoformat(text)
    return datetime.fromisoformat(text) if column.type == "instant" else text


def rows_of(table, text):
    """CSV text as rows of a fact table; the month is that of the day as it is written."""
    rows = []
    for line, given in enumerate(csv.DictReader(io.StringIO(inspect.cleandoc(text))), start=1):
        row = {c.key: cell((given.get(c.key) or "").strip(), c) for c in table.columns}
        row["source"] = row.get("source") or "test"
        row["seq"] = row["seq"] if row.get("seq") is not None else line
        day = row[table.day]
        rows.append({**row, "batch": 1, "line": line, "month": day.year * 100 + day.month})
    return rows


class House:
    """Fact tables by key; ``answer`` assesses what lies in them."""

    def __init__(self, workspace):
        self.workspace, self.rows, self.policy = workspace, {}, read_policy(DEFAULT_POLICY, CATALOGUE)
        self.tree, self.chunk, self.row_group, self.received = ScopeTree(), 10**9, 10**9, date(2026, 1, 1)

    def add(self, key, text):
        return self.add_rows(key, rows_of(CATALOGUE.table(key), text))

    def add_rows(self, key, rows):
        self.rows[key] = [*self.rows.get(key, []), *rows]
        return self

    def facts(self, months=None):
        return {key: self._facts(CATALOGUE.table(key), months) for key in CATALOGUE.facts}

    def _facts(self, table, months):
        files = []
        rows = [row for row in self.rows.get(table.key, []) if months is None or row["month"] in months]
        for month in sorted({row["month"] for row in rows}):
            mine = [row for row in rows if row["month"] == month]
            for at in range(0, len(mine), self.chunk):
                part = pa.Table.from_pylist(mine[at : at + self.chunk], schema=table.schema())
                path = self.workspace.lake / table.key / str(month) / f"{uuid.uuid4()}.parquet"
                path.parent.mkdir(parents=True, exist_ok=True)
                pq.write_table(part, path, row_group_size=self.row_group)
                relative = path.relative_to(self.workspace.root).as_posix()
                files.append(FileRef(relative, file_sha256(path), month, part.num_rows, batch=1, received_on=self.received, version=1))
        return Facts(table, tuple(files))

    def question(self, *periods, on=ON, catalogue=CATALOGUE):
        months = tuple(sorted({m for period in periods for m in Period.parse(period).months()}))
        return Question(catalogue, self.tree, self.policy, months, on)

    def answer(self, *periods, on=ON, catalogue=CATALOGUE, cache=False, facts=None):
        return assess(self.workspace, self.question(*periods, on=on, catalogue=catalogue), facts or self.facts(), cache=cache)

    def only(self, *keys, **changes):
        """The catalogue with these indicators alone, each with ``changes``."""
        chosen = {key: replace(CATALOGUE.indicators[key], **changes) for key in keys}
        return replace(CATALOGUE, indicators=chosen)


@pytest.fixture
def house(workspace):
    return House(workspace)


def row_of(answer, key, scope="", period=None):
    """The one row of an indicator in a scope (and period)."""
    found = [r for r in answer.rows if r.key == key and str(r.scope) == scope and (period is None or r.period == period)]
    assert len(found) == 1, [(r.key, str(r.scope), r.period) for r in answer.rows if r.key == key]
    return found[0]


@pytest.fixture(name="row_of")
def row_of_fixture():
    return row_of


# --- A small busy institution: four months, every table, unknown units, missing codes ---

MONTHS = (202606, 202607, 202608, 202609)
UNITS = ("head", "north", "n1", "n2", "south", "s1")
PARENTS = {"head": "", "north": "head", "n1": "north", "n2": "north", "south": "head", "s1": "south"}


def tree():
    from hengzhi.core import Text
    from hengzhi.engine.scopes import UnitSpan

    return ScopeTree(tuple(UnitSpan(code, Text(code, code), PARENTS[code], date(2020, 1, 1), None) for code in UNITS))


def _day(rng, month):
    return date(month // 100, month % 100, int(rng.integers(1, 29)))


def _some(rng, values, missing=0.1):
    return None if rng.random() < missing else str(rng.choice(values))


def _feedback(rng, month, n):
    for _ in range(n):
        kind = str(rng.choice(["survey", "complaint", "rating", "opinion"]))
        asked = kind in ("survey", "rating")
        yield {
            "day": _day(rng, month),
            "kind": kind,
            "channel": _some(rng, ["phone", "app"]),
            "unit": _some(rng, ["n1", "n2", "s1", "head", "ghost"]),
            "product": _some(rng, ["loan", "card"]),
            "service": _some(rng, ["open", "close"]),
            "satisfaction": int(rng.integers(1, 6)) if asked and rng.random() < 0.9 else None,
            "nps_points": int(rng.choice([-100, 0, 100])) if kind == "survey" else None,
        }


def _contact(rng, month, n):
    for _ in range(n):
        yield {
            "at": datetime.combine(_day(rng, month), datetime.min.time()).replace(hour=int(rng.integers(1, 9))),
            "kind": str(rng.choice(["call", "chat", "visit"])),
            "outcome": str(rng.choice(["served", "abandoned", "not_offered"])),
            "channel": _some(rng, ["phone", "app"]),
            "unit": _some(rng, ["n1", "n2", "s1", "ghost"]),
            "service": _some(rng, ["open", "close"]),
            "wait_seconds": int(rng.integers(0, 1200)) if rng.random() < 0.9 else None,
            "resolved": bool(rng.random() < 0.8) if rng.random() < 0.9 else None,
        }


def _probe(rng, month, n):
    for at in range(n):
        requests = int(rng.integers(0, 500))
        yield {
            "system": str(rng.choice(["mobile", "online"])),
            "at": datetime(month // 100, month % 100, 1 + at % 28, at % 24, at % 60),
            "seconds": 60,
            "requests": requests,
            "failed": int(rng.binomial(requests, 0.012)),
            "up": bool(rng.random() < 0.99),
            "planned": None if rng.random() < 0.5 else bool(rng.random() < 0.2),
        }


def _events(rng, month, n):
    for case in range(n):
        unit, service, channel = _some(rng, ["n1", "n2", "s1", "ghost"]), _some(rng, ["open", "close"]), _some(rng, ["phone", "app"])
        at = datetime(month // 100, month % 100, int(rng.integers(1, 20)), int(rng.integers(1, 9)))
        due = at.replace(day=min(28, at.day + 3)) if rng.random() < 0.7 else None
        length = int(rng.integers(1, 7))
        for step in range(length):
            at = at.replace(minute=int(rng.integers(0, 60))) if step == 0 else at + (at - at.replace(minute=0)) * 1 + _minutes(rng)
            yield {
                "case": f"{month}-{case}",
                "seq": step,
                "activity": str(rng.choice(["take", "check", "review", "decide"])),
                "at": at,
                "lifecycle": _some(rng, ["complete", "COMPLETE", "start"], 0.2),
                "team": _some(rng, ["a", "b", "c"], 0.15) if rng.random() < 0.8 else None,
                "staff": str(rng.choice(["p1", "p2", "p3"])),
                "unit": unit,
                "service": service,
                "channel": channel,
                "due_at": due,
                "final": bool(step == length - 1 and rng.random() < 0.9),
            }


def _minutes(rng):
    from datetime import timedelta

    return timedelta(minutes=int(rng.integers(0, 2000)))


def _roster(rng, month, n):
    first = date(month // 100, month % 100, 1)
    for unit in ("n1", "n2", "s1"):
        for delivers in ("feedback", "contact"):
            yield {"unit": unit, "day": first, "delivers": delivers, "expected_days": 20}


MAKERS = {
    "feedback": (_feedback, 300),
    "contact": (_contact, 300),
    "probe": (_probe, 60),
    "process_event": (_events, 80),
    "unit_month": (_roster, 1),
}


def busy_rows(key, months=MONTHS, seed=11):
    import numpy as np

    table, make = CATALOGUE.table(key), MAKERS[key]
    rows = []
    for month in months:
        rng = np.random.default_rng([seed, month, len(key)])
        rows += make[0](rng, month, make[1])
    whole = []
    for line, given in enumerate(rows, start=1):
        row = {c.key: given.get(c.key) for c in table.columns}
        row |= {"source": "test"} if table.has("source") else {}
        row |= {"record": f"r{line}"} if table.has("record") else {}
        day = row[table.day]
        local = day if not isinstance(day, datetime) else _local(day)
        whole.append({**row, "batch": 1, "line": line, "month": local.year * 100 + local.month})
    return whole


def _local(at):
    from datetime import UTC
    from zoneinfo import ZoneInfo

    return at.replace(tzinfo=UTC).astimezone(ZoneInfo("Asia/Shanghai"))


def fill(house):
    house.tree = tree()
    for key in MAKERS:
        house.add_rows(key, busy_rows(key))
    return house


@pytest.fixture
def busy(house):
    return fill(house)


@pytest.fixture
def another_house(tmp_path):
    """A second workspace, filled as the test likes."""
    from hengzhi.core import Text
    from hengzhi.spine.workspaces import make_workspace

    def made(name):
        place = make_workspace(root=tmp_path / name, institution=Text("", ""), language="en", zone="Asia/Shanghai", policy=DEFAULT_POLICY)
        return House(place)

    return made
