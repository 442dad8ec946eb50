"""The rectification ledger (整改台账): findings and actions as one CSV file, and what came back in it reconciled."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from django.db import transaction

from hengzhi.core import HengzhiError, Text
from hengzhi.spine.cells import plain, safe
from hengzhi.spine.findings.actions import add_action, plan_action
from hengzhi.spine.findings.models import Action, Finding
from hengzhi.spine.findings.queries import Names, finding_json
from hengzhi.spine.findings.titles import ACTION_STATE_NAMES, CONCLUSION_NAMES
from hengzhi.spine.record import Named

COLUMNS = {
    "finding": Text("发现编号", "finding"),
    "key": Text("发现键", "key"),
    "title": Text("问题", "problem"),
    "scope": Text("范围", "scope"),
    "severity": Text("严重程度", "severity"),
    "finding_state": Text("发现状态", "finding state"),
    "opened_on": Text("发现日期", "opened on"),
    "cause": Text("根本原因", "root cause"),
    "action": Text("措施编号", "action"),
    "action_version": Text("措施版本", "action version"),
    "action_title": Text("整改措施", "what is done"),
    "owner": Text("责任人", "owner"),
    "due_on": Text("期限", "due on"),
    "effort_hours": Text("工作量（小时）", "effort (hours)"),
    "cost_cents": Text("费用（分）", "cost (cents)"),
    "action_state": Text("措施状态", "action state"),
    "done_on": Text("完成日期", "done on"),
    "effect": Text("效果核验", "effect"),
}
_PLANNED: dict[str, tuple[str, Callable[[str], Any]]] = {
    "action_title": ("title", str),
    "owner": ("owner", str),
    "due_on": ("due_on", date.fromisoformat),
    "effort_hours": ("effort_hours", int),
    "cost_cents": ("cost_cents", int),
}


class LedgerInvalid(HengzhiError):
    """A returned ledger can't be read, or lacks columns."""

    code = "ledger_invalid"


Outcome = Literal["unchanged", "changed", "added", "conflict", "refused"]


@dataclass(frozen=True, slots=True)
class Line:
    """What one line of a returned ledger came to, and why where it was not taken."""

    line: int
    outcome: Outcome
    finding: str
    action: str
    changes: Mapping[str, tuple[str, str]]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A returned ledger, line by line; nothing is written by a dry run."""

    lines: tuple[Line, ...]
    dry_run: bool

    def count(self, outcome: Outcome) -> int:
        """How many lines came to that."""
        return sum(line.outcome == outcome for line in self.lines)


def ledger_csv(*, language: str, names: Names | None = None, state: str = "") -> str:
    """The ledger as CSV text: a line per action, or per finding that has none."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([name.in_(language) for name in COLUMNS.values()])
    findings = Finding.objects.select_related("scope").prefetch_related("actions__checks", "causes").order_by("opened_on", "id")
    for finding in findings.filter(state=state) if state else findings:
        for row in _rows(finding, language, names):
            writer.writerow([safe(row[column]) for column in COLUMNS])
    return text.getvalue()


def reconcile_ledger(*, text: str, by: str | Named, dry_run: bool) -> Reconciled:
    """Take over what was planned in a returned ledger: new actions, and other owners, days, effort or cost of known ones.

    States, decisions and conclusions in the file are not taken: they are made in the house. An action that was changed
    since the export is a conflict and stays.

    Raises:
        LedgerInvalid: columns are missing.
    """
    rows = list(_read(text))
    with transaction.atomic():
        lines = tuple(_judge(at, row, by, dry_run) for at, row in rows)
    return Reconciled(lines, dry_run)


def read_ledger(path: Path) -> str:
    """The text of a returned ledger, in UTF-8 or as Chinese spreadsheets save it.

    Raises:
        LedgerInvalid: it is no text.
    """
    try:
        found = path.read_bytes()
    except OSError as error:
        raise LedgerInvalid(file=str(path), columns="") from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return found.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise LedgerInvalid(file=str(path), columns="")


def _rows(finding: Finding, language: str, names: Names | None) -> Iterator[dict[str, str]]:
    told = finding_json(finding, language, names)
    head = {
        "finding": finding.uid,
        "key": finding.key,
        "title": told["title"],
        "scope": finding.scope.text,
        "severity": told["severity_name"],
        "finding_state": told["state_name"],
        "opened_on": told["opened_on"],
        "cause": "；".join(cause.text for cause in finding.causes.all() if cause.is_root),
    }
    empty = dict.fromkeys(COLUMNS, "") | head
    actions = sorted(finding.actions.all(), key=lambda a: (a.due_on, a.pk))
    yield from ([empty | _action(action, language) for action in actions] or [empty])


def _action(action: Action, language: str) -> dict[str, str]:
    conclusions = [CONCLUSION_NAMES[check.conclusion].in_(language) for check in action.checks.all()]
    return {
        "action": action.uid,
        "action_version": str(action.version),
        "action_state": ACTION_STATE_NAMES[action.state].in_(language),
        "done_on": str(action.done_on or ""),
        "effect": "；".join(conclusions),
        **{column: str(getattr(action, field)) for column, (field, _) in _PLANNED.items()},
    }


def _read(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    known = {name: key for key, names in COLUMNS.items() for name in (key, names.zh, names.en)}
    heads = [known.get(cell.strip(), "") for cell in next(reader, [])]
    missing = {"finding", "action", "action_version", *_PLANNED} - set(heads)
    if missing:
        raise LedgerInvalid(file="", columns=", ".join(sorted(missing)))
    for cells in reader:
        if any(cells):
            yield reader.line_num, {head: plain(cell.strip()) for head, cell in zip(heads, cells, strict=False) if head}


def _judge(at: int, row: Mapping[str, str], by: str | Named, dry_run: bool) -> Line:
    uid, action_uid = row.get("finding", ""), row.get("action", "")

    def line(outcome: Outcome, changes: Mapping[str, tuple[str, str]] | None = None, reason: str = "") -> Line:
        return Line(at, outcome, uid, action_uid, changes or {}, reason)

    finding = Finding.objects.filter(uid=uid).first()
    if finding is None:
        return line("refused", reason="unknown_finding")
    values, wrong = _planned(row)
    if not action_uid:
        if not any(row.get(column) for column in _PLANNED):
            return line("unchanged")
        if wrong or not values.get("title") or not values.get("owner") or not values.get("due_on"):
            return line("refused", reason=wrong or "incomplete")
        if finding.state != "open":
            return line("refused", reason="finding_not_open")
        if not dry_run:
            add_action(finding=finding, by=by, **values)
        return line("added", {name: ("", str(value)) for name, value in values.items()})
    action = Action.objects.filter(uid=action_uid, finding=finding).first()
    if action is None or wrong:
        return line("refused", reason=wrong or "unknown_action")
    changes = {name: value for name, value in values.items() if value != getattr(action, name)}
    told = {name: (str(getattr(action, name)), str(value)) for name, value in changes.items()}
    if not changes:
        return line("unchanged")
    if row.get("action_version") != str(action.version):
        return line("conflict", told, "changed_since")
    if action.state in ("done", "cancelled") or ("owner" in changes and action.checks.exclude(checked_at=None).exists()):
        return line("refused", told, "action_over")
    if not dry_run:
        plan_action(action=action, by=by, **changes)
    return line("changed", told)


def _planned(row: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    values: dict[str, Any] = {}
    for column, (name, read) in _PLANNED.items():
        text = row.get(column, "")
        if not text:
            continue
        try:
            values[name] = read(text)
        except ValueError:
            return {}, f"invalid_{column}"
    if any(values.get(name, 0) < 0 for name in ("effort_hours", "cost_cents")):
        return {}, "negative"
    return values, ""


def outcomes_json(found: Reconciled) -> dict[str, Any]:
    """The reconciliation in the words of the API."""
    kinds: Iterable[Outcome] = ("unchanged", "changed", "added", "conflict", "refused")
    lines = [
        {"line": x.line, "outcome": x.outcome, "finding": x.finding, "action": x.action, "changes": dict(x.changes), "reason": x.reason}
        for x in found.lines
        if x.outcome != "unchanged"
    ]
    return {"dry_run": found.dry_run, **{kind: found.count(kind) for kind in kinds}, "lines": lines}
