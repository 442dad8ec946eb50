"""What the tutorial shows of one's own file is what happens."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest


def _steps(page: str) -> list[tuple[str, str]]:
    """Commands of the console blocks with the output shown; a here-document belongs to its command."""
    steps: list[tuple[str, str]] = []
    ending = ""
    for block in re.findall(r"```console\n(.*?)```", page, re.DOTALL):
        for line in block.splitlines():
            if ending:
                steps[-1] = (f"{steps[-1][0]}\n{line}", "")
                ending = "" if line == ending else ending
            elif line.startswith("$ "):
                steps.append((line[2:], ""))
                ending = found[1] if (found := re.search(r"<<'(\w+)'", line)) else ""
            else:
                steps[-1] = (steps[-1][0], f"{steps[-1][1]}{line}\n")
    return steps


def _shown(output: str) -> str:
    """The output as a pattern: an ellipsis stands for anything."""
    return ".*".join(re.escape(part) for part in output.strip().split("…"))


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.slow)])
def test_the_steps_with_a_file_of_ones_own_give_what_is_shown(language: str, root: Path, tmp_path: Path) -> None:
    page = (root / "docs" / language / "tutorial.md").read_text(encoding="utf-8")
    scripts = Path(sys.executable).parent
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("HENGZHI_", "DJANGO_")) and key != "DATABASE_URL"}
    environment = {**clean, "PATH": f"{scripts}:{os.environ['PATH']}", "PYTHONPATH": str(root / "src"), "CI": "1"}
    steps = _steps(page)
    assert len(steps) >= 7
    for command, shown in steps:
        done = subprocess.run(command, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False)
        said = (done.stdout + done.stderr).strip()
        assert re.fullmatch(_shown(shown), said, re.DOTALL), f"$ {command}\n{said}\n--- shown:\n{shown}"
