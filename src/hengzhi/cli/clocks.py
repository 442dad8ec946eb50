"""Commands on clocks: what is due, starting, extending and stopping."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from typing import Annotated, Any

import typer

from hengzhi.cli.context import answer, day, language, me, the_workspace, told
from hengzhi.cli.data import Json
from hengzhi.core import InvalidDay, Text

clock_app = typer.Typer(help="时限 · clocks", no_args_is_help=True)

Uid = Annotated[str, typer.Argument(help="时限编号 · the clock")]
At = Annotated[
    str | None, typer.Option("--at", help="时刻，机构时区 · moment in the institution's zone (YYYY-MM-DDTHH:MM), now by default")
]
By = Annotated[str | None, typer.Option("--by", help="办理人，默认本控制台 · who does it, this console by default")]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.add_typer(clock_app, name="clock")


@clock_app.command("list")
def list_(
    state: Annotated[str, typer.Option("--state", help="open overdue running paused met breached cancelled")] = "open",
    kind: Annotated[str, typer.Option("--kind", help="所属记录的种类 · kind of the record it belongs to")] = "",
    at: At = None,
    json: Json = False,
) -> None:
    """列出时限，先到期的在前 · list clocks, the soonest due first."""
    with told(as_json=json):
        workspace = the_workspace()
        from hengzhi.spine.clocks.queries import clock_json, list_clocks

        found = [clock_json(down, language()) for down in list_clocks(state=state, of_kind=kind, at=_moment(at, workspace.zone))]
        answer({"items": found, "next": None}, as_json=json, rows=lambda: _lines(found))


@clock_app.command("rules")
def rules(
    on: Annotated[str | None, typer.Option("--on", help="哪一天 · day (YYYY-MM-DD), today by default")] = None, json: Json = False
) -> None:
    """列出当日生效的时限规则 · list the rules that hold on a day."""
    with told(as_json=json):
        the_workspace()
        from hengzhi.spine.clocks.queries import list_rules

        found = list_rules(day(on), language())
        rows = (f"{'  ' if r['enabled'] else '✗ '}{r['key']:40} {r['amount']:>4} {r['unit']:14} {r['name']} · {r['source']}" for r in found)
        answer({"items": found, "next": None}, as_json=json, rows=lambda: rows)


@clock_app.command("start")
def start(
    rule: Annotated[str, typer.Argument(help="规则 · the rule's key, or an event such as dora.classified with --event")],
    of: Annotated[str, typer.Argument(help="所属记录 · the record it belongs to: kind:uid")],
    event: Annotated[bool, typer.Option("--event", help="第一个参数是事件 · the first argument is an event")] = False,
    at: At = None,
    scope: Annotated[str, typer.Option("--scope", help="范围 · scope: unit=0110;channel=phone")] = "",
    by: By = None,
    json: Json = False,
) -> None:
    """启动一个时限，或记一个事件 · start a clock, or note an event that stops and starts clocks."""
    with told(as_json=json):
        workspace = the_workspace()
        from hengzhi.spine.clocks.events import note_event
        from hengzhi.spine.clocks.services import start_clock
        from hengzhi.spine.record import Ref

        moment, whose = _moment(at, workspace.zone), Ref.parse(of)
        if event:
            moved = note_event(event=rule, of=whose, at=moment, by=by or me(), scope=scope)
            stopped, started = _told(moved.stopped, moment), _told(moved.started, moment)
        else:
            stopped, started = [], _told([start_clock(rule=rule, of=whose, at=moment, by=by or me(), scope=scope)], moment)
        data = started[0] if not event else {"stopped": stopped, "started": started}
        answer(data, as_json=json, rows=lambda: _lines([*stopped, *started]))


@clock_app.command("periods")
def periods(
    on: Annotated[str | None, typer.Option("--on", help="哪一天 · day (YYYY-MM-DD), today by default")] = None, json: Json = False
) -> None:
    """启动当前月、季、年的时限；重复运行无影响 · start the clocks of the current month, quarter and year, once."""
    with told(as_json=json):
        workspace = the_workspace()
        from hengzhi.spine.clocks.events import start_periodic

        found = _told(start_periodic(on=day(on), by=me()), datetime.now(workspace.zone))
        answer({"items": found, "next": None}, as_json=json, rows=lambda: _lines(found))


@clock_app.command("extend")
def extend(
    clock: Uid,
    reason: Annotated[str, typer.Option("--reason", help="理由 · why")],
    approved_by: Annotated[str | None, typer.Option("--approved-by", help="批准人，须为另一人 · who approves: another person")] = None,
    at: At = None,
    by: By = None,
    json: Json = False,
) -> None:
    """按规则延期一步 · extend a clock by the next step of its rule."""
    with told(as_json=json):
        workspace = the_workspace()
        from hengzhi.spine.clocks.services import extend_clock, find_clock

        moment = _moment(at, workspace.zone)
        found = extend_clock(clock=find_clock(clock), reason=reason, at=moment, by=by or me(), approved_by=approved_by)
        (data,) = _told([found], moment)
        answer(data, as_json=json, rows=lambda: _lines([data]))


@clock_app.command("stop")
def stop(clock: Uid, at: At = None, by: By = None, json: Json = False) -> None:
    """停止一个时限：按时或超时 · stop a clock: met or breached."""
    with told(as_json=json):
        workspace = the_workspace()
        from hengzhi.spine.clocks.services import find_clock, stop_clock

        moment = _moment(at, workspace.zone)
        (data,) = _told([stop_clock(clock=find_clock(clock), at=moment, by=by or me())], moment)
        answer(data, as_json=json, rows=lambda: _lines([data]))


@clock_app.command("reminders")
def reminders(
    on: Annotated[str | None, typer.Option("--on", help="哪一天 · day (YYYY-MM-DD), today by default")] = None, json: Json = False
) -> None:
    """当日应发的提醒与升级 · the reminders and escalations of a day."""
    with told(as_json=json):
        the_workspace()
        from hengzhi.spine.clocks.queries import due_reminders

        found = [
            {
                "key": r.key,
                "kind": r.kind,
                "days": r.days,
                "clock": r.clock.uid,
                "rule": r.clock.rule_key,
                "of": f"{r.clock.of_kind}:{r.clock.of_uid}",
            }
            for r in due_reminders(day(on))
        ]
        answer(
            {"items": found, "next": None},
            as_json=json,
            rows=lambda: (f"{r['kind']:9} {r['days']:>3}  {r['rule']}  {r['of']}" for r in found),
        )


def _told(clocks: Iterable[Any], at: datetime) -> list[dict[str, Any]]:
    from hengzhi.spine.clocks.queries import clock_json, stands

    return [clock_json(stands(clock, at=at), language()) for clock in clocks]


def _moment(text: str | None, zone: tzinfo) -> datetime:
    if text is None:
        return datetime.now(zone)
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidDay(text) from error
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _lines(clocks: list[dict[str, Any]]) -> Iterator[str]:
    late = Text("逾期", "overdue").in_(language())
    for c in clocks:
        left = late if c["overdue"] else f"{c['days_left']:+} d"
        yield f"{c['uid']}  {c['state_name']:8} {c['due_at'][:16]}  {left:>8}  {c['name']} · {c['of']['kind']}:{c['of']['uid']}"
