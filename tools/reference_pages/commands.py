"""The reference page of the command line, read from the commands themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer

from hengzhi.cli import context
from hengzhi.cli.main import app
from hengzhi.core import Text
from reference_pages.markdown import head, table

_TITLE = Text("命令", "Commands")
_INTRO = Text(
    "`hengzhi [-C 目录] 命令 …`。工作区由 `-C` 指定，否则取环境变量 `HENGZHI_HOME`，再否则取当前目录及其上级中最近的 `hengzhi.toml`。"
    '输出语言取环境变量 `HENGZHI_LANGUAGE`（`zh` 或 `en`），否则取工作区的语言。`--json` 输出一个对象 `{"ok", "data", "problems"}`。',
    "`hengzhi [-C DIR] COMMAND …`. The workspace is named by `-C`, else by the environment variable `HENGZHI_HOME`, else it is the nearest "
    "`hengzhi.toml` in or above the current folder. Answers come in the language of `HENGZHI_LANGUAGE` (`zh` or `en`), else in the "
    'workspace\'s. `--json` prints one object `{"ok", "data", "problems"}`.',
)
_EXITS = (
    (context.OK, Text("成功", "success")),
    (context.FAILED, Text("失败，错误写明原因与处理办法", "failed; the error says why and what to do")),
    (context.USAGE, Text("命令写法有误", "the command line is wrong")),
    (context.TARGET_MISSED, Text("`assess --fail-on-missed`：有目标未达", "`assess --fail-on-missed`: a target is missed")),
    (context.PARTIAL, Text("已导入，但有行被拒绝", "imported, but some rows were rejected")),
)


def page(language: str) -> str:
    """The page in one language."""
    root = typer.main.get_command(app)
    sections = "\n".join(_command(name, command, language) for name, command in commands())
    before = Text("命令之前的选项", "Options before the command").in_(language)
    exits = table(
        [Text("退出码", "exit code").in_(language), Text("含义", "meaning").in_(language)], ((n, t.in_(language)) for n, t in _EXITS)
    )
    title = Text("退出码", "Exit codes").in_(language)
    return f"{head(_TITLE, _INTRO, language)}\n## {before}\n\n{_options(root, language)}\n{sections}\n## {title}\n\n{exits}"


def commands() -> Iterator[tuple[str, Any]]:
    """Every command that does something, by its full name."""
    yield from _inside("", typer.main.get_command(app))


def help_in(text: str, language: str) -> str:
    """One language of a help text written ``中文 · English``; a text without Chinese is for both."""
    zh, dot, en = text.partition(" · ")
    if not dot or not re.search(r"[\u4e00-\u9fff]", zh):
        return text.strip()
    return (zh if language == "zh" else en).strip().rstrip(".")


def _inside(prefix: str, group: Any) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        full = f"{prefix} {name}".strip()
        if hasattr(command, "commands"):
            yield from _inside(full, command)
        else:
            yield full, command


def _command(name: str, command: Any, language: str) -> str:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    usage = " ".join(["hengzhi", name, *(p.name.upper() for p in arguments)])
    named = [Text("参数", "argument").in_(language), Text("含义", "meaning").in_(language)]
    first = table(named, ((f"`{p.name.upper()}`", help_in(p.help or "", language)) for p in arguments))
    parts = [
        f"## {name}",
        help_in(command.help or "", language),
        f"```\n{usage}\n```",
        first.rstrip(),
        _options(command, language).rstrip(),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _options(command: Any, language: str) -> str:
    options = [p for p in command.params if p.param_type_name == "option"]
    header = [Text("选项", "option").in_(language), Text("含义", "meaning").in_(language), Text("默认", "default").in_(language)]
    return table(
        header, ((f"`{', '.join(p.opts)}`", help_in(p.help or "", language), _default(p, language)) for p in options if not _typers(p))
    )


def _typers(option: Any) -> bool:
    """Whether the option is one that typer brings along."""
    return option.hidden or option.name.endswith("_completion")


def _default(option: Any, language: str) -> str:
    if option.required:
        return Text("必填", "required").in_(language)
    return "" if option.default is None or option.default is False or callable(option.default) else f"`{option.default}`"
