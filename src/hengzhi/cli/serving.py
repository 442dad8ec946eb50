"""Serving the site with granian."""

from __future__ import annotations

import os

from granian import Granian
from granian.constants import Interfaces

from hengzhi.spine.workspaces import Workspace


def run_server(workspace: Workspace, *, host: str, port: int, workers: int = 1) -> None:
    """Serve ``workspace`` until the process is told to stop.

    Names other than localhost by which browsers reach it are given in HENGZHI_HOSTS.
    """
    os.environ["HENGZHI_HOME"] = str(workspace.root)
    os.environ["DJANGO_SETTINGS_MODULE"] = "hengzhi.settings"
    Granian(
        "hengzhi.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=workers,
        blocking_threads=4,
        respawn_failed_workers=True,
        log_access=False,
    ).serve()
