"""The command ``demo``: the demo institution, made, checked and served."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from hengzhi.cli.context import FAILED, SETTINGS, answer, default_policy, language, progress, root_of, the_workspace, told
from hengzhi.cli.data import Json
from hengzhi.cli.house import serve
from hengzhi.core import Text


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("demo")(demo)


def demo(
    check: Annotated[bool, typer.Option("--check", help="核对植入的问题 · check what was planted")] = False,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="不启动网站 · don't start the site")] = False,
    seed: Annotated[int, typer.Option("--seed", help="随机种子 · seed")] = 7,
    scale: Annotated[str, typer.Option("--scale", help="small (10 branches) | full (60)")] = "small",
    without: Annotated[list[str] | None, typer.Option("--without", help="不植入某行 · leave a planted row out, such as P5")] = None,
    host: Annotated[str, typer.Option("--host", help="监听地址 · address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="端口 · port")] = 8000,
    json: Json = False,
) -> None:
    """示例机构 · the demo institution: simulated data, labelled so everywhere."""
    if scale not in ("small", "full"):
        raise typer.BadParameter("small | full", param_hint="--scale")
    if check:
        _check(as_json=json)
        return
    with told(as_json=json):
        _make(seed=seed, scale=scale, without=frozenset(without or ()), as_json=json)
    if not no_serve:
        serve(host=host, port=port)


def _make(*, seed: int, scale: str, without: frozenset[str], as_json: bool) -> None:
    from hengzhi.demo.institution import INSTITUTION
    from hengzhi.spine.workspaces import exists, make_workspace

    root = root_of(SETTINGS.directory)
    if not exists(root):
        make_workspace(root=root, institution=INSTITUTION, language="zh", zone="Asia/Shanghai", policy=default_policy())
    SETTINGS.directory = str(root)
    workspace = the_workspace()
    from hengzhi.demo.making import is_demo, make_demo

    if is_demo(workspace):
        line = Text("示例机构已就绪。", "The demo institution is ready.")
        answer({"state": "ready", "root": str(root)}, as_json=as_json, rows=lambda: iter([line.in_(language())]))
        return
    with progress(Text("生成示例机构", "making the demo institution")) as show:
        made = make_demo(workspace=workspace, seed=seed, scale=scale, without=without, progress=show)  # type: ignore[arg-type]
    data = {
        "state": "made",
        "root": str(root),
        "run": made.run.uid,
        "batches": made.batches,
        "rows": made.rows,
        "seconds": round(made.seconds, 1),
        "output_sha256": made.run.output_sha256,
        **made.run.summary,
    }
    line = Text(
        f"示例机构已生成：{made.rows:,} 行，{made.seconds:.0f} 秒。",
        f"The demo institution is made: {made.rows:,} rows in {made.seconds:.0f} s.",
    )
    answer(data, as_json=as_json, rows=lambda: iter([line.in_(language())]))


def _check(*, as_json: bool) -> None:
    with told(as_json=as_json):
        workspace = the_workspace()
        from hengzhi.demo.making import check_demo, checked_json

        data = checked_json(check_demo(workspace))
        answer(data, as_json=as_json, rows=lambda: _lines(data))
    if data["wrong"]:
        raise typer.Exit(FAILED)


def _lines(data: dict[str, Any]) -> Iterator[str]:
    from hengzhi.demo.making import told_state

    where = "where_zh" if language().startswith("zh") else "where_en"
    marks = {"found": "✓", "absent": "✓", "wrong": "✗", "pending": "…"}
    for item in data["items"]:
        yield f"{marks[item['state']]} {item['id']:4} {item[where]} · {told_state(item['state']).in_(language())} · {item['detail']}"
