"""The command ``hengzhi`` and its options before the command."""

from __future__ import annotations

from typing import Annotated

import typer

from hengzhi import __version__
from hengzhi.cli import assessing, clocks, data, demo, findings, house, people, processes
from hengzhi.cli.context import SETTINGS

app = typer.Typer(
    name="hengzhi",
    help="衡质：金融服务质量风险评估与防控 · Service-quality risk, assessed from your own data.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"hengzhi {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    directory: Annotated[str | None, typer.Option("-C", metavar="DIR", help="工作区目录 · the workspace's folder")] = None,
    debug: Annotated[bool, typer.Option("--debug", help="显示调用栈 · show tracebacks")] = False,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="版本 · version")] = False,
) -> None:
    SETTINGS.directory, SETTINGS.debug = directory, debug


house.register(app)
data.register(app)
assessing.register(app)
processes.register(app)
clocks.register(app)
findings.register(app)
people.register(app)
demo.register(app)


def main() -> None:
    """Run the command line."""
    app()
