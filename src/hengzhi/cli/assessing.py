"""Commands on figures: assess, risks, trace, replay, audit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from hengzhi.cli.context import TARGET_MISSED, answer, catalogue, day, language, me, progress, the_workspace, told
from hengzhi.cli.data import Json
from hengzhi.core import Period, Text

audit_app = typer.Typer(help="审计 · audit", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("assess")(assess)
    app.command("trace")(trace)
    app.command("replay")(replay)
    app.add_typer(audit_app, name="audit")


def assess(
    period: Annotated[str, typer.Option("--period", help="2026-10, 2026Q4, 2026, 2026-01..2026-10")],
    on: Annotated[str | None, typer.Option("--on", help="评估日 · day of the assessment (YYYY-MM-DD), today by default")] = None,
    fail_on_missed: Annotated[bool, typer.Option("--fail-on-missed", help="有目标未达则退出码 3 · exit 3 when a target is missed")] = False,
    json: Json = False,
) -> None:
    """评估一个期间 · assess a period: observations, verdicts, risks."""
    with told(as_json=json):
        workspace = the_workspace()
        from hengzhi.spine.runs.reading import assess_and_read

        with progress(Text("评估", "assessing")) as show:
            found = assess_and_read(
                workspace=workspace,
                catalogue=catalogue(),
                periods=_periods(period),
                on=day(on),
                by=me(),
                progress=show,
            )
        answer(found, as_json=json, rows=lambda: _assessed(found))
    if fail_on_missed and any(v["verdict"] == "missed" for v in found["verdicts"]):
        raise typer.Exit(TARGET_MISSED)


def trace(
    figure: Annotated[str, typer.Argument(help="obs:7 · rating:3#0 · feedback.satisfied@unit=0110@2026-10")], json: Json = False
) -> None:
    """一个数从哪里来 · where a figure comes from: formula, data, files, run."""
    with told(as_json=json):
        workspace = the_workspace()
        from hengzhi.spine.runs.trace import trace as follow
        from hengzhi.spine.runs.trace import trace_json

        data = trace_json(follow(workspace=workspace, catalogue=catalogue(), figure=figure), str(workspace.root))
        answer(data, as_json=json, rows=lambda: _traced(data))


def replay(run: Annotated[str, typer.Argument(help="运行编号或 latest · a run's uid, or latest")], json: Json = False) -> None:
    """从事实文件重算一次运行并比较 · compute a run again from its fact files and compare."""
    with told(as_json=json):
        workspace = the_workspace()
        from hengzhi.process.replays import replay_any

        found = replay_any(workspace=workspace, catalogue=catalogue(), name=run)
        data = {"run": found.run, "output_sha256": found.output_sha256, "files": found.files, "identical": found.identical}
        line = Text(
            f"一致 identical · {found.files} 个文件 · {found.output_sha256}", f"identical · {found.files} files · {found.output_sha256}"
        )
        answer(data, as_json=json, rows=lambda: iter([line.in_(language())]))


@audit_app.command("verify")
def verify(json: Json = False) -> None:
    """核验审计链 · verify the audit chain."""
    with told(as_json=json):
        workspace = the_workspace()
        from hengzhi.spine.audit.services import verify as check

        found = check(workspace.root / "log" / "audit-anchors.jsonl")
        line = Text(f"审计链完整：{found.entries} 条", f"the audit chain is whole: {found.entries} entries")
        answer({"entries": found.entries, "last_hash": found.last_hash}, as_json=json, rows=lambda: iter([line.in_(language())]))


def _periods(text: str) -> tuple[Period, ...]:
    first, dots, last = text.partition("..")
    if not dots:
        return (Period.parse(text),)
    start, end = Period.parse(first), Period.parse(last)
    return tuple(Period.month(m) for m in Period(start.start, end.end).months())


def _assessed(found: dict[str, Any]) -> Iterator[str]:
    count = f"{found['observations']:,}"
    yield Text(f"运行 {found['run']} · {count} 条观测", f"run {found['run']} · {count} observations").in_(language())
    for risk in found["risks"]:
        yield f"  {risk['risk']} {risk['name']}: {risk['score']:.1f} · {risk['level_name']}"
    for verdict in found["verdicts"]:
        yield f"    {verdict['name']}: {verdict['shown']} · {verdict['verdict_name']}"


def _traced(data: dict[str, Any]) -> Iterator[str]:
    name = data["indicator"]["name_zh" if language().startswith("zh") else "name_en"]
    note = data["indicator"]["note_zh" if language().startswith("zh") else "note_en"]
    yield f"{name} · {data['scope'] or '*'} · {data['period']} = {data['value']}"
    yield f"  {note}"
    yield f"  x = {data['x']}  n = {data['n']}  [{data['lower']}, {data['upper']}]  {data['method']}"
    yield f"  {data['evaluation']['verdict']}  run {data['run']}  data v{data['data_version']}  {data['indicator']['version']}"
    yield data["sql"]
    for file in data["files"]:
        yield f"  {file['sha256'][:12]}  {file['rows']:>10,}  {file['path']}"
