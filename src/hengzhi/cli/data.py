"""Commands on data: import, batches, undo, gc."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from hengzhi.cli.context import PARTIAL, answer, catalogue, day, language, me, progress, the_workspace, told
from hengzhi.core import Problem, Text

Json = Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象 · print one JSON object")]

batch_app = typer.Typer(help="批次 · batches of imported data", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("import")(import_)
    app.command("gc")(gc)
    app.add_typer(batch_app, name="batch")


def import_(
    table: Annotated[str, typer.Argument(help="事实表 · fact table, such as feedback or process_event")],
    file: Annotated[Path, typer.Argument(help="CSV TSV JSONL Parquet XES (.gz)")],
    mapping: Annotated[str | None, typer.Option("--mapping", help="映射名或文件 · a mapping's name or file")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不写入 · judge only, write nothing")] = False,
    received: Annotated[str | None, typer.Option("--received", help="收到日期 · day received (YYYY-MM-DD), today by default")] = None,
    json: Json = False,
) -> None:
    """导入一个文件 · import a file into a fact table."""
    with told(as_json=json):
        workspace = the_workspace()
        from hengzhi.spine.datasets.receipts import receipt_json
        from hengzhi.spine.datasets.services import import_path

        with progress(Text("导入", "importing")) as show:
            receipt = import_path(
                workspace=workspace,
                catalogue=catalogue(),
                table=table,
                path=file,
                mapping=mapping,
                by=me(),
                received_on=day(received),
                dry_run=dry_run,
                progress=show,
            )
        data = receipt_json(receipt)
        answer(data, as_json=json, rows=lambda: _receipt(data, receipt.problems), problems=[_problem(p) for p in receipt.problems])
    if receipt.rejected and receipt.state != "already_imported":
        raise typer.Exit(PARTIAL)


@batch_app.command("list")
def list_(json: Json = False) -> None:
    """列出批次，最近的在前 · list batches, the latest first."""
    with told(as_json=json):
        the_workspace()
        from hengzhi.spine.datasets.services import batches

        found = [_batch(b) for b in batches()[:500]]
        answer({"items": found, "next": None}, as_json=json, rows=lambda: (_line(b) for b in found))


@batch_app.command("undo")
def undo(batch: Annotated[str, typer.Argument(help="批次编号 · the batch")], json: Json = False) -> None:
    """撤销一个批次：以后的版本不再含它 · take a batch out of all later versions."""
    with told(as_json=json):
        the_workspace()
        from hengzhi.spine.datasets.services import undo_batch

        found = _batch(undo_batch(uid=batch, by=me()))
        answer(found, as_json=json, rows=lambda: iter([_line(found)]))


def gc(
    hours: Annotated[float, typer.Option("--older-than-hours", help="只删更旧的 · only what is older")] = 24.0, json: Json = False
) -> None:
    """删除不属于任何批次的文件 · remove files that belong to no batch."""
    with told(as_json=json):
        workspace = the_workspace()
        from hengzhi.spine.datasets.services import collect_garbage

        found = collect_garbage(workspace=workspace, older_than_seconds=hours * 3600)
        answer(
            {"files": found.files, "bytes": found.bytes},
            as_json=json,
            rows=lambda: iter([Text(f"删除 {found.files} 个文件", f"removed {found.files} files").in_(language())]),
        )


def _batch(b: Any) -> dict[str, Any]:
    names = (
        "uid",
        "table",
        "name",
        "state",
        "rows_in_file",
        "rows",
        "duplicates",
        "rejected",
        "version",
        "undone_version",
        "content_sha256",
    )
    return {("batch" if n == "uid" else n): getattr(b, n) for n in names} | {"at": b.at.isoformat(), "by": b.by}


def _line(b: dict[str, Any]) -> str:
    return f"{b['batch']}  {b['state']:8} {b['table']:14} {b['rows']:>10,}  v{b['version'] or '-'}  {b['name']}"


def _problem(problem: Problem) -> dict[str, Any]:
    from hengzhi.spine.datasets.problems import told_problem

    what, remedy = told_problem(problem, language())
    place = {"source": problem.source, "line": problem.line, "column": problem.column}
    return {**place, "code": problem.code, "value": problem.value, "severity": problem.severity, "sentence": what, "remedy": remedy}


def _receipt(data: dict[str, Any], problems: tuple[Problem, ...]) -> Iterator[str]:
    states = {
        "done": Text("已导入", "imported"),
        "already_imported": Text("此内容已导入过", "this content was imported before"),
        "dry_run": Text("试运行，未写入", "dry run, nothing written"),
    }
    yield f"{states[data['state']].in_(language())}: {data['name']} → {data['table']}"
    labels = (
        ("rows_in_file", Text("文件行数", "rows in file")),
        ("accepted", Text("接受", "accepted")),
        ("duplicates", Text("重复", "duplicates")),
        ("rejected", Text("拒绝", "rejected")),
        ("warnings", Text("提醒", "warnings")),
    )
    for key, label in labels:
        yield f"  {label.in_(language())}: {data[key]:,}"
    if data["version"]:
        yield f"  {Text('数据版本', 'data version').in_(language())}: {data['version']}"
    for problem in problems[:5]:
        told_one = _problem(problem)
        yield f"  ! {told_one['sentence']} {told_one['remedy']}"
    if data["problems_file"]:
        yield f"  {Text('问题清单', 'problems').in_(language())}: {data['problems_file']}"
