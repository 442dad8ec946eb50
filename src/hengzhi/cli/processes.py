"""Commands on event logs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from hengzhi.cli.context import answer, me, the_workspace, told
from hengzhi.cli.data import Json

process_app = typer.Typer(help="流程 · processes", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.add_typer(process_app, name="process")


@process_app.command("summary")
def summary(log: Annotated[str, typer.Argument(help="日志来源名 · the log's source")], json: Json = False) -> None:
    """一份事件日志的概况 · what an event log is like."""
    with told(as_json=json):
        workspace = the_workspace()
        from hengzhi.process.services import summarise_log

        found = summarise_log(workspace=workspace, log=log, by=me())
        data = {"log": log, "run": found.run, "data_version": found.data_version, **found.summary.rounded()}
        answer(data, as_json=json, rows=lambda: _lines(data))


@process_app.callback()
def _group() -> None:
    """流程 · processes."""


def _lines(data: dict[str, Any]) -> Iterator[str]:
    for key in ("cases", "events", "activities", "variants", "top_variant_cases", "mean_days", "median_days", "tied_share"):
        yield f"{key:18} {data[key]:,}"
    for edge in data["waits"]:
        yield f"  {edge['source']} → {edge['target']}: n={edge['n']:,} {edge['mean_hours']:,.4f} h, {edge['total_days']:,.2f} d"
    for row in data["rework"]:
        yield f"  ↻ {row['activity']}: {row['cases']:,}"
