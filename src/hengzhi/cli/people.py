"""Commands on units, people and their roles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from hengzhi.cli.context import PARTIAL, answer, language, me, the_workspace, told
from hengzhi.cli.data import Json
from hengzhi.core import Text

unit_app = typer.Typer(help="机构 · units", no_args_is_help=True)
person_app = typer.Typer(help="用户 · people", no_args_is_help=True)
Conflict = Literal["stop", "skip", "update"]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.add_typer(unit_app, name="unit")
    app.add_typer(person_app, name="person")


@unit_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV: code,name_zh,name_en,parent,kind,start,end")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不写入 · judge only, write nothing")] = False,
    on_conflict: Annotated[Conflict, typer.Option("--on-conflict", help="已有且不同时 · where known and different")] = "stop",
    json: Json = False,
) -> None:
    """导入机构树 · import units; a move is a new row."""
    with told(as_json=json):
        the_workspace()
        from hengzhi.spine.scopes.unit_files import read_unit_file
        from hengzhi.spine.scopes.unit_import import import_units

        done = import_units(file=read_unit_file(file), on_conflict=on_conflict, dry_run=dry_run, by=me())
        data = {
            "state": done.state,
            "rows_in_file": done.rows,
            "added": list(done.added),
            "changed": list(done.changed),
            "unchanged": done.unchanged,
            "skipped": list(done.skipped),
        }
        problems = [{"line": p.line, "column": p.column, "code": p.code, "value": p.value} for p in done.problems]
        answer(data, as_json=json, rows=lambda: _receipt(data, problems), problems=problems)
    if done.problems:
        raise typer.Exit(PARTIAL)


@unit_app.command("list")
def units(
    on: Annotated[str | None, typer.Option("--on", help="某日的机构树 · the tree of a day (YYYY-MM-DD), today by default")] = None,
    json: Json = False,
) -> None:
    """列出机构 · list the units of a day."""
    with told(as_json=json):
        the_workspace()
        from hengzhi.spine.scopes.services import current_tree

        day = date.fromisoformat(on) if on else date.today()
        lines = current_tree().ancestors(day)
        spans = [s for s in current_tree().spans if s.code in lines and s.start <= day and (s.end is None or day < s.end)]
        found = [
            {
                "code": s.code,
                "name_zh": s.names.zh,
                "name_en": s.names.en,
                "parent": s.parent,
                "kind": s.kind,
                "start": s.start,
                "end": s.end,
            }
            for s in sorted(spans, key=lambda s: tuple(reversed(lines[s.code])))
        ]
        name = "name_en" if language().startswith("en") else "name_zh"
        rows = [f"{'  ' * (len(lines[str(u['code'])]) - 1)}{u['code']}  {u[name]}  {u['start']}" for u in found]
        answer({"items": found, "next": None}, as_json=json, rows=lambda: iter(rows))


@person_app.command("list")
def people(json: Json = False) -> None:
    """列出用户及其角色 · list people and their roles."""
    with told(as_json=json):
        the_workspace()
        from hengzhi.spine.people.directory import everybody

        found = [
            {
                "person": p.uid,
                "username": p.username,
                "name": p.name,
                "unit": p.unit,
                "active": p.active,
                "roles": [{"role": h.key, "unit": h.unit, "start": h.start, "end": h.end} for h in p.held],
            }
            for p in everybody()
        ]
        answer({"items": found, "next": None}, as_json=json, rows=lambda: (_person(p) for p in found))


def _person(p: dict[str, Any]) -> str:
    held = ", ".join(f"{h['role']}@{h['unit'] or '*'}" for h in p["roles"])
    return f"{p['username']:20} {p['name']:20} {'' if p['active'] else '✗'} {held}"


def _receipt(data: dict[str, Any], problems: list[dict[str, Any]]) -> Iterator[str]:
    states = {"done": Text("已导入", "imported"), "dry_run": Text("试运行，未写入", "dry run, nothing written")}
    yield states[data["state"]].in_(language())
    labels = (
        ("added", Text("新增", "added")),
        ("changed", Text("变更", "changed")),
        ("skipped", Text("跳过", "skipped")),
    )
    for key, label in labels:
        yield f"  {label.in_(language())}: {len(data[key])} {' '.join(data[key][:10])}"
    yield f"  {Text('不变', 'unchanged').in_(language())}: {data['unchanged']}"
    for problem in problems[:20]:
        yield f"  ! {problem['line']}: {problem['column']} {problem['code']} {problem['value']}"
