"""kill -9 at any point of an import: nothing lost, nothing twice, nothing half, and the retry works at once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.faults
HARNESS = Path(__file__).with_name("harness.py")


def _killed(workspace, tmp_path, hengzhi, points, seed):
    assert hengzhi("doctor").code == 0
    folder = tmp_path / "files"
    folder.mkdir()
    command = [sys.executable, str(HARNESS), str(workspace.root), str(folder), str(points), str(seed)]
    around = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=around, timeout=3000)
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["points"] == points
    assert found["killed"] >= points * 0.6, "the kills came too late to try anything"
    return found


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_killed_import_is_as_if_it_had_never_been_tried(workspace, tmp_path, hengzhi, seed):
    """Four times 25 points, spread over the whole duration of an import."""
    _killed(workspace, tmp_path, hengzhi, points=25, seed=seed)


@pytest.mark.slow
def test_a_thousand_kills(workspace, tmp_path, hengzhi):
    _killed(workspace, tmp_path, hengzhi, points=1000, seed=5)
