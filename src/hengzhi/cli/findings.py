"""Commands on findings: list, show, open from a run, close, and the rectification ledger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from hengzhi.cli.context import PARTIAL, answer, catalogue, day, language, me, the_workspace, told
from hengzhi.cli.data import Json
from hengzhi.core import Text

finding_app = typer.Typer(help="发现与整改 · findings and rectification", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.add_typer(finding_app, name="finding")


@finding_app.command("list")
def list_(
    state: Annotated[str, typer.Option("--state", help="open accepted closed false duplicate")] = "open",
    scope: Annotated[str | None, typer.Option("--scope", help="范围 · scope: unit=0110;channel=phone")] = None,
    json: Json = False,
) -> None:
    """列出发现，严重的在前 · list findings, the gravest first."""
    with told(as_json=json):
        the_workspace()
        from hengzhi.spine.findings.queries import finding_json, list_findings

        found = [finding_json(f, language(), _names()) for f in list_findings(state=state, scope=scope)]
        answer({"items": found, "next": None}, as_json=json, rows=lambda: (_line(f) for f in found))


@finding_app.command("show")
def show(finding: Annotated[str, typer.Argument(help="发现编号 · the finding")], json: Json = False) -> None:
    """一个发现的原因、措施与效果 · a finding with its causes, actions and effect."""
    with told(as_json=json):
        the_workspace()
        from hengzhi.spine.findings.queries import whole_finding_json
        from hengzhi.spine.findings.services import find_finding

        data = whole_finding_json(find_finding(finding), language(), _names())
        answer(data, as_json=json, rows=lambda: _whole(data))


@finding_app.command("open")
def open_(
    run: Annotated[str, typer.Option("--run", help="运行编号或 latest · a run's uid, or latest")] = "latest", json: Json = False
) -> None:
    """为已证实超出底线的指标立项；重复运行不会再立 · open findings for what a run has proven past its limit, once."""
    with told(as_json=json):
        the_workspace()
        from hengzhi.spine.findings.from_runs import open_from_run
        from hengzhi.spine.findings.queries import finding_json
        from hengzhi.spine.runs.queries import find_run

        found = open_from_run(run=find_run(run), by=me())
        fresh = [finding_json(f, language(), _names()) for f in (*found.opened, *found.reopened)]
        counts = {"opened": len(found.opened), "reopened": len(found.reopened), "known": len(found.known)}
        line = Text("新立 {opened}，重开 {reopened}，已有 {known}", "{opened} opened, {reopened} reopened, {known} known")
        data = {"run": found.run, "misses": found.misses, **counts, "items": fresh}
        answer(data, as_json=json, rows=lambda: iter([line.in_(language()).format(**counts), *(_line(f) for f in fresh)]))


@finding_app.command("close")
def close(
    finding: Annotated[str, typer.Argument(help="发现编号 · the finding")],
    on: Annotated[str | None, typer.Option("--on", help="哪一天 · day (YYYY-MM-DD), today by default")] = None,
    by: Annotated[str | None, typer.Option("--by", help="办理人，默认本控制台 · who does it, this console by default")] = None,
    json: Json = False,
) -> None:
    """关闭发现：须有责任人以外的人核验有效 · close a finding; somebody other than the owner has found it mended."""
    with told(as_json=json):
        the_workspace()
        from hengzhi.spine.findings.queries import finding_json
        from hengzhi.spine.findings.services import close_finding, find_finding

        closed = close_finding(finding=find_finding(finding), on=day(on), by=by or me())
        data = finding_json(closed, language(), _names())
        answer(data, as_json=json, rows=lambda: iter([_line(data)]))


@finding_app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="写入的文件 · CSV file to write")],
    state: Annotated[str, typer.Option("--state", help="只导出此状态 · only this state")] = "",
    json: Json = False,
) -> None:
    """导出整改台账 · write the rectification ledger as CSV."""
    with told(as_json=json):
        the_workspace()
        from hengzhi.spine.findings.ledger import ledger_csv

        text = ledger_csv(language=language(), names=_names(), state=state)
        file.write_text(text, encoding="utf-8-sig", newline="")
        rows = max(0, text.count("\r\n") - 1)
        done = Text(f"已写入 {file}：{rows} 行", f"wrote {file}: {rows} lines").in_(language())
        answer({"file": str(file), "lines": rows}, as_json=json, rows=lambda: iter([done]))


@finding_app.command("reconcile")
def reconcile(
    file: Annotated[Path, typer.Argument(help="改过的台账 · the ledger that came back (CSV)")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只比较，不写入 · compare only, write nothing")] = False,
    json: Json = False,
) -> None:
    """读回整改台账并核对 · take over what was planned in a returned ledger."""
    with told(as_json=json):
        the_workspace()
        from hengzhi.spine.findings.ledger import outcomes_json, read_ledger, reconcile_ledger

        data = outcomes_json(reconcile_ledger(text=read_ledger(file), by=me(), dry_run=dry_run))
        rows = (f"  {x['line']:>4}  {x['outcome']:9} {x['reason']} {x['changes']}" for x in data["lines"])
        head = "  ".join(f"{kind}: {data[kind]}" for kind in ("unchanged", "changed", "added", "conflict", "refused"))
        answer(data, as_json=json, rows=lambda: iter([head, *rows]))
    if data["conflict"] or data["refused"]:
        raise typer.Exit(PARTIAL)


def _line(f: dict[str, Any]) -> str:
    return f"{f['uid']}  {f['severity_name']:8} {f['state_name']:8} {f['scope'] or '*':24} {f['title']}"


def _whole(f: dict[str, Any]) -> Iterator[str]:
    yield _line(f)
    yield from _causes(f["causes"], 1)
    for action in f["actions"]:
        yield f"  → {action['title']} · {action['owner']} · {action['due_on']} · {action['state_name']}"
        for check in action["checks"]:
            yield f"    ? {check['indicator'] or check['question']} · {check['verdict'] or '—'} · {check['conclusion_name']}"


def _causes(causes: list[dict[str, Any]], depth: int) -> Iterator[str]:
    for cause in causes:
        yield f"{'  ' * depth}{'◆' if cause['is_root'] else '·'} {cause['text']} ({cause['kind_name']})"
        yield from _causes(cause["because"], depth + 1)


def _names() -> dict[str, Text]:
    """The names of all indicators."""
    return {key: indicator.names for key, indicator in catalogue().indicators.items()}
