"""A real browser on the pages of a live server."""

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "long enough and not common"
# Playwright keeps an event loop in this thread; Django's ORM would otherwise refuse to work beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser(live_server):
    """Debian's Chromium, without a screen; it hangs up before the server stops."""
    if not CHROMIUM:
        pytest.skip("chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser, live_server, officer):
    """Open an address as a signed-in person; complaints of the browser's console are kept in ``page.complaints``."""
    contexts = []

    def opened(address="/", *, width=1440, height=900, language="zh-hans", scripts=True, bypass_csp=False):
        context = browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=scripts, bypass_csp=bypass_csp, base_url=live_server.url
        )
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto("/login")
        if language == "en":
            page.click("button[name=language]")
        page.fill("#id_username", "officer")
        page.fill("#id_password", PASSWORD)
        page.click("main button[type=submit]")
        page.goto(address, wait_until="load")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def axe():
    """Run axe-core on a page opened with ``bypass_csp``; the answer is one line a violation of WCAG 2 A and AA."""
    source = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not source.exists():
        pytest.skip("axe-core is not installed")

    def check(page) -> list[str]:
        page.evaluate(source.read_text(encoding="utf-8"))
        rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", rules)
        return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found["violations"] for node in rule["nodes"]]

    return check


@pytest.fixture
def look(tmp_path):
    """Save a screenshot where HENGZHI_SHOTS says, so that a person can look at it."""
    folder = Path(os.environ.get("HENGZHI_SHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)

    def shoot(page, name: str) -> Path:
        path = folder / f"{name}.png"
        page.screenshot(path=str(path), full_page=True)
        return path

    return shoot
