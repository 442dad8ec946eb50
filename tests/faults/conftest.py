"""A process that can be killed at any moment of a real import, hundreds of times a minute."""

import os
import random
import signal
import sys
import time
from contextlib import suppress

import pytest

ROWS = 20_000
HEAD = "record,day,kind,satisfaction,unit,customer,text\n"


def survey_rows(count, first=0):
    """Surveys over three months, with persons and texts, so that every kind of write takes place."""
    chance = random.Random(first)
    words = ["wait", "queue", "helpful", "branch", "等候", "手机银行", "很好"]
    lines = (
        f"{first + n},2026-{n % 3 + 6:02d}-{n % 28 + 1:02d},survey,{n % 5 + 1},u{n % 40},c{n % 700},{' '.join(chance.choices(words, k=6))}"
        for n in range(count)
    )
    return HEAD + "\n".join(lines) + "\n"


class Victim:
    """Runs the real command line in a forked copy of a process that has already loaded it."""

    def __init__(self, root):
        self.root = root

    def start(self, *words):
        """Start a command; gives its process id."""
        child = os.fork()
        if child:
            return child
        os.setsid()
        quiet = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(quiet, stream)
        code = 1
        try:
            from hengzhi.cli.main import app

            sys.argv = ["hengzhi", "-C", str(self.root), *map(str, words)]
            app()
        except SystemExit as end:
            code = int(end.code or 0)
        finally:
            os._exit(code)

    def run(self, *words):
        """Run a command to its end; gives its exit code."""
        return os.waitstatus_to_exitcode(os.waitpid(self.start(*words), 0)[1])

    def kill(self, *words, after):
        """Kill a command after so many seconds; gives whether it was still running."""
        child = self.start(*words)
        until = time.monotonic() + after
        while time.monotonic() < until:
            if os.waitpid(child, os.WNOHANG)[0]:
                return False
            time.sleep(min(0.002, max(0.0, until - time.monotonic())))
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.fixture
def victim(workspace):
    return Victim(workspace.root)
