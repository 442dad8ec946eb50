"""Making the demo bank in a workspace, and checking what the house says of it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hengzhi.app import CATALOGUE
from hengzhi.core import HengzhiError, Period, Text
from hengzhi.demo import manifest
from hengzhi.demo.check import Checked, Seen, check
from hengzhi.demo.generate import batches
from hengzhi.demo.institution import AS_OF, CHANNELS, GROUPS, MONTHS, PRODUCTS, SERVICES, SYSTEMS, Scale, units
from hengzhi.engine.scopes import UnitSpan
from hengzhi.lake.workspace import Workspace
from hengzhi.spine.datasets.rows import import_rows
from hengzhi.spine.policies import current_policy
from hengzhi.spine.runs.assessments import assess_period
from hengzhi.spine.runs.models import Observation, Run
from hengzhi.spine.runs.queries import current_observations
from hengzhi.spine.scopes.labels import save_names
from hengzhi.spine.scopes.services import save_units

_STAMP = "demo.json"
_BY = "demo"
_NAMES = {"channel": CHANNELS, "product": PRODUCTS, "service": SERVICES, "group": GROUPS, "system": SYSTEMS}


class DemoNotFound(HengzhiError):
    """The workspace does not hold the demo bank."""

    code = "demo_not_found"


@dataclass(frozen=True, slots=True)
class DemoMade:
    """What was loaded and computed."""

    run: Run
    batches: int
    rows: int
    seconds: float


def is_demo(workspace: Workspace) -> bool:
    """Whether the workspace holds the demo bank, whole."""
    return (workspace.root / _STAMP).is_file()


def make_demo(
    *,
    workspace: Workspace,
    seed: int,
    scale: Scale,
    without: frozenset[str],
    progress: Callable[[int, int], None] | None = None,
) -> DemoMade:
    """Load units and facts by the same commit as any import, and assess all months; a second call goes on where one stopped."""
    began, rows, count = time.monotonic(), 0, 0
    save_units(units=[_span(u) for u in units(scale)], by=_BY)
    save_names(workspace, {role: dict(names) for role, names in _NAMES.items()})
    for batch in batches(seed=seed, scale=scale, without=without):
        shape = CATALOGUE.table(batch.table)
        receipt = import_rows(workspace=workspace, table=shape, name=batch.name, rows=batch.rows, by=_BY, received_on=batch.received_on)
        count, rows = count + 1, rows + receipt.accepted
        if progress:
            progress(count, _EXPECTED_FILES + 1)
    policy = current_policy(workspace, CATALOGUE)
    periods = tuple(Period.month(month) for month in MONTHS)
    run = assess_period(workspace=workspace, catalogue=CATALOGUE, policy=policy, periods=periods, on=AS_OF, by=_BY)
    stamp = {"seed": seed, "scale": scale, "without": sorted(without), "as_of": AS_OF.isoformat()}
    (workspace.root / _STAMP).write_text(json.dumps(stamp) + "\n", encoding="utf-8")
    return DemoMade(run, count, rows, time.monotonic() - began)


_EXPECTED_FILES = 162


def check_demo(workspace: Workspace) -> list[Checked]:
    """Hold the manifest against the figures now in force; a problem left out when it was made must not be found.

    Raises:
        DemoNotFound: this is no demo bank.
    """
    path = workspace.root / _STAMP
    if not path.is_file():
        raise DemoNotFound(root=str(workspace.root))
    without = frozenset(json.loads(path.read_text(encoding="utf-8"))["without"])
    return check(manifest.MANIFEST, _look, _period_of, without)


def checked_json(rows: list[Checked]) -> dict[str, Any]:
    """The outcome under the names of the API."""
    items = [
        {
            "id": c.planted.id,
            "kind": c.planted.kind,
            "state": c.state,
            "where_zh": c.planted.where.zh,
            "where_en": c.planted.where.en,
            "indicator": c.planted.indicator,
            "scope": c.planted.scope,
            "expected": c.planted.verdict,
            "detail": c.detail,
        }
        for c in rows
    ]
    states = [item["state"] for item in items]
    return {state: states.count(state) for state in ("found", "absent", "wrong", "pending")} | {"items": items}


def told_state(state: str) -> Text:
    """The outcome of a row in words."""
    return {
        "found": Text("符合", "as planted"),
        "absent": Text("未植入，未发现", "left out, not found"),
        "wrong": Text("不符", "wrong"),
        "pending": Text("待后续能力", "pending"),
    }[state]


def _look(indicator: str, scope: str, period: str) -> Seen | None:
    found: Observation | None = current_observations().filter(key=indicator, scope__text=scope, period=period).first()
    if found is None:
        return None
    judged = found.evaluation
    down = CATALOGUE.indicators[indicator].direction == "down"
    other = found.lower if down else found.upper
    beyond = judged.limit is not None and other is not None and (other > judged.limit if down else other < judged.limit)
    return Seen(found.value, judged.verdict, judged.level, beyond, tuple(found.flags))


def _period_of(indicator: str, month: int) -> str | None:
    entry = CATALOGUE.indicators.get(indicator)
    whole = Period.month(month)
    if entry is None or entry.period == "month":
        return str(whole)
    longer = whole.containing(entry.period)
    return str(longer) if longer.end == whole.end else None


def _span(unit: Any) -> UnitSpan:
    return UnitSpan(unit.code, unit.names, unit.parent or "", unit.start, unit.end, unit.kind)
