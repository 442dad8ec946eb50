"""Serving the site with granian."""

from __future__ import annotations

from granian.constants import Interfaces
from granian.server import Server

from hengzhi.spine.workspaces import Workspace


def run_server(workspace: Workspace, *, host: str, port: int) -> None:
    """Serve until interrupted; the workspace was chosen before and stands in HENGZHI_HOME."""
    server = Server("hengzhi.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, workers=1, websockets=False)
    server.serve()
