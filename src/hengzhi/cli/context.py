"""What every command needs: the workspace, the language, and how answers are given."""

from __future__ import annotations

import getpass
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from hengzhi.core import HengzhiError, InvalidDay, Text
from hengzhi.spine.workspaces import Workspace, open_workspace

if TYPE_CHECKING:
    from hengzhi.engine.catalogue import Catalogue

OK, FAILED, USAGE, TARGET_MISSED, PARTIAL = 0, 1, 2, 3, 4


@dataclass(slots=True)
class Settings:
    """The options that stand before the command."""

    directory: str | None = None
    debug: bool = False
    workspace: Workspace | None = None


SETTINGS = Settings()


def the_workspace(*, migrate: bool = True) -> Workspace:
    """The workspace of this process; Django is set up on it, and its database is brought up to date."""
    if SETTINGS.workspace is None:
        SETTINGS.workspace = open_workspace(SETTINGS.directory)
        os.environ["HENGZHI_HOME"] = str(SETTINGS.workspace.root)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hengzhi.settings")
        import django

        django.setup()
        from hengzhi.spine.schema import prepare

        if migrate:
            prepare(SETTINGS.workspace)
    return SETTINGS.workspace


def catalogue() -> Catalogue:
    """Everything that can be imported and computed; loaded only by commands that need it, so that help answers at once."""
    from hengzhi.app import CATALOGUE

    return CATALOGUE


def default_policy() -> str:
    """The policy that a new workspace begins with."""
    from hengzhi.app import DEFAULT_POLICY

    return DEFAULT_POLICY


def me() -> str:
    """Who works on this console."""
    try:
        return f"console:{getpass.getuser()}"
    except (KeyError, OSError):
        return "console"


def language() -> str:
    """The language of answers: HENGZHI_LANGUAGE, else the workspace's."""
    given = os.environ.get("HENGZHI_LANGUAGE", "")
    return given or (SETTINGS.workspace.language if SETTINGS.workspace else "zh")


def say(text: Text) -> None:
    """A line for people, on standard error."""
    typer.echo(text.in_(language()), err=True)


def answer(
    data: Mapping[str, Any], *, as_json: bool, rows: Callable[[], Iterator[str]], problems: Sequence[Mapping[str, Any]] = ()
) -> None:
    """Print the answer: one JSON object, or lines for people."""
    if as_json:
        typer.echo(json.dumps({"ok": True, "data": {"run": None, **data}, "problems": list(problems)}, ensure_ascii=False, default=str))
        return
    for line in rows():
        typer.echo(line)


@contextmanager
def told(*, as_json: bool) -> Iterator[None]:
    """Turn an error of the house, or a failure of the machine, into its sentence and exit code."""
    from hengzhi.spine.failures import MACHINE, of_machine

    try:
        yield
    except BrokenPipeError:
        raise  # whoever read the answer has seen enough
    except (HengzhiError, *MACHINE) as error:
        if SETTINGS.debug:
            logging.getLogger("hengzhi").exception("command failed")
        from hengzhi.spine.messages import tell

        ours = error if isinstance(error, HengzhiError) else of_machine(error, str(root_of(SETTINGS.directory)))
        found = tell(ours, language())
        if as_json:
            problem = {"code": found.code, "sentence": found.what, "remedy": found.remedy, "fields": found.fields}
            typer.echo(json.dumps({"ok": False, "data": None, "problems": [problem]}, ensure_ascii=False, default=str))
        else:
            typer.echo(f"✗ {found.what}\n  {found.remedy}".rstrip(), err=True)
        raise typer.Exit(FAILED) from error


@contextmanager
def progress(label: Text) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar on standard error, only where a person looks at it."""
    if not sys.stderr.isatty() or os.environ.get("NO_COLOR") or os.environ.get("CI"):
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label.in_(language()), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def day(text: str | None) -> date:
    """The day written as 2026-10-31; today where none is given.

    Raises:
        InvalidDay: it is written otherwise.
    """
    try:
        return date.fromisoformat(text) if text else date.today()
    except ValueError as error:
        raise InvalidDay(str(text)) from error


def root_of(directory: str | None) -> Path:
    """Where a new workspace is made: the flag, HENGZHI_HOME or the current folder."""
    return Path(directory or os.environ.get("HENGZHI_HOME") or ".").resolve()
