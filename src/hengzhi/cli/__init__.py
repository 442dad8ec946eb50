"""The command line: parse, one call, render."""

from hengzhi.cli.main import main

__all__ = ["main"]
