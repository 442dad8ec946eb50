"""How long pages take from stored observations, on the demo institution; aim: the overview within 100 ms.

HENGZHI_BENCH_WORKSPACE names a workspace that holds the demo bank; otherwise one is made.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import call, process, tell

PAGES = (
    "/",
    "/risks/R4",
    "/indicators/process.waiting_over_10min",
    "/measures",
)


def main() -> None:
    """Serve each page some times inside this process, signed in."""
    with tempfile.TemporaryDirectory() as folder:
        root = os.environ.get("HENGZHI_BENCH_WORKSPACE") or folder
        if not (Path(root) / "demo.json").is_file():
            cli = [sys.executable, "-c", "from hengzhi.cli import main; main()", "-C", root]
            tell(process("make the demo institution", [*cli, "demo", "--no-serve", "--json"]))
        _time(root)


def _time(root: str) -> None:
    os.environ["HENGZHI_HOME"], os.environ["DJANGO_SETTINGS_MODULE"] = root, "hengzhi.settings"
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.test import Client

    person = get_user_model().objects.order_by("id").first() or get_user_model().objects.create(username="bench")
    client = Client(HTTP_HOST="localhost")
    client.force_login(person)
    floor = call("the emptiest answer of the site (/health)", lambda: client.get("/health"), times=20)
    tell(floor)
    for path in PAGES:
        page = f"{path}?period=2026-10"
        if client.get(page).status_code != 200:  # the first time also loads templates
            raise SystemExit(f"{page} does not answer")
        tell(call(page, lambda page=page: client.get(page), times=20), against=floor)


if __name__ == "__main__":
    main()
