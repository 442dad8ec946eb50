"""Commands on the house itself: init, doctor, first-login, serve, demo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from hengzhi.cli.context import FAILED, SETTINGS, answer, catalogue, default_policy, language, root_of, say, the_workspace, told
from hengzhi.cli.data import Json
from hengzhi.core import Text


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("init")(init)
    app.command("doctor")(doctor)
    app.command("first-login")(first_login)
    app.command("serve")(serve)


def init(
    chosen: Annotated[str, typer.Option("--language", help="zh | en")] = "zh",
    institution_zh: Annotated[str, typer.Option("--institution-zh", help="机构中文名 · the institution's Chinese name")] = "本机构",
    institution_en: Annotated[
        str, typer.Option("--institution-en", help="机构英文名 · the institution's English name")
    ] = "Our institution",
    zone: Annotated[str, typer.Option("--zone", help="时区 · time zone")] = "Asia/Shanghai",
    json: Json = False,
) -> None:
    """新建工作区 · make a workspace."""
    with told(as_json=json):
        from hengzhi.spine.workspaces import make_workspace

        root = root_of(SETTINGS.directory)
        made = make_workspace(
            root=root,
            institution=Text(institution_zh, institution_en),
            language="en" if chosen.startswith("en") else "zh",
            zone=zone,
            policy=default_policy(),
        )
        SETTINGS.directory = str(root)
        the_workspace()
        line = Text(f"工作区已建好：{root}", f"workspace made: {root}")
        answer({"root": str(root), "workspace_id": made.id}, as_json=json, rows=lambda: iter([line.in_(language())]))


def doctor(json: Json = False) -> None:
    """检查工作区 · check the workspace."""
    with told(as_json=json):
        workspace = the_workspace()
        from hengzhi.spine.health import examine

        found = examine(workspace, catalogue())
        answer(found, as_json=json, rows=lambda: _checks(found))
    if not found["healthy"]:
        raise typer.Exit(FAILED)


def first_login(json: Json = False) -> None:
    """给第一位用户一个一次性登录地址 · a one-time address for the first person."""
    with told(as_json=json):
        the_workspace()
        from hengzhi.spine.people.services import offer_first_login

        token = offer_first_login()
        path = f"/first-login/{token}" if token else None
        line = Text(f"打开 {path}", f"open {path}") if path else Text("已有用户，请直接登录。", "somebody can sign in already.")
        answer({"path": path}, as_json=json, rows=lambda: iter([line.in_(language())]))


def serve(
    host: Annotated[str, typer.Option("--host", help="监听地址 · address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="端口 · port")] = 8000,
) -> None:
    """启动网站 · start the site."""
    with told(as_json=False):
        workspace = the_workspace()
        from hengzhi.cli.serving import run_server
        from hengzhi.spine.people.services import offer_first_login

        address = f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0', '::1') else host}:{port}"  # noqa: S104
        token = offer_first_login()
        say(Text(f"衡质在此运行：{address}  （Ctrl-C 结束）", f"Hengzhi runs at {address}  (Ctrl-C ends it)"))
        if token:
            say(Text(f"首次登录（一次有效）：{address}/first-login/{token}", f"first login (once): {address}/first-login/{token}"))
        run_server(workspace, host=host, port=port)


def _checks(found: dict[str, Any]) -> Iterator[str]:
    for check in found["checks"]:
        yield f"{'✓' if check['ok'] else '✗'} {check['name']}: {check['detail']}"
