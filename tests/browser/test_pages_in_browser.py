"""The reading pages as a browser shows them: no complaints, no violations, no sideways scrolling, on paper and without scripts."""

import os

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = {"wide": (1440, 900), "narrow": (390, 844)}
ADDRESSES = {
    "home": "/",
    "home-unit": "/?unit=0101",
    "risks": "/risks",
    "risk": "/risks/R2",
    "risk-unit": "/risks/R5?unit=0301",
    "measures": "/measures",
    "measure": "/measures/M2",
    "measure-empty": "/measures/M6",
    "indicators": "/indicators",
    "indicator": "/indicators/process.pingpong",
    "indicator-count": "/indicators/feedback.responses",
    "figure": "/figures/feedback.satisfied@unit=0101@2026-10",
    "runs": "/runs",
    "not-assessed": "/?period=2030-01",
}


@pytest.fixture
def served(make_bank, settings, tmp_path, transactional_db):
    """The assessed bank as the workspace of the live server; returns the addresses of all pages."""
    settings.WORKSPACE = make_bank(tmp_path / "workspace")
    settings.DEMO = True
    from hengzhi.spine.runs.models import Run

    return {**ADDRESSES, "run": f"/runs/{Run.objects.get().uid}"}


def test_every_page_shows_without_complaint_or_sideways_scrolling(served, open_page, look):
    found = []
    for language in ("zh-hans", "en"):
        for size, (width, height) in SIZES.items():
            page = open_page("/risks", width=width, height=height, language=language)
            for name, address in served.items():
                page.goto(address, wait_until="load")
                if page.locator("[data-chart]").count():
                    page.wait_for_selector("[data-chart] canvas")
                if "HENGZHI_SHOTS" in os.environ:
                    look(page, f"{name}-{language}-{size}")
                place = f"{name} {language} {size}"
                found += [f"{place}: {said}" for said in page.complaints]
                page.complaints.clear()
                wide = page.evaluate("document.documentElement.scrollWidth")
                found += [f"{place}: {wide} px wide"] if wide > width else []
    assert found == []
    _whole_without_scripts(open_page("/indicators/process.pingpong", scripts=False))
    _whole_on_paper(open_page("/risks/R2", width=794, height=1123), look)


def _whole_without_scripts(page):
    page.click("text=以表格显示")
    assert page.locator("details.behind td").first.is_visible()
    page.click("text=如何计算")
    assert page.locator("pre.sql").is_visible()


def _whole_on_paper(page, look):
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    look(page, "risk-print")
    assert page.locator("details.behind table").is_visible()
    assert page.locator(".points tfoot").first.is_visible()


def test_axe_finds_nothing_on_any_page(served, open_page, axe):
    found = []
    for language, (width, height) in (("zh-hans", SIZES["wide"]), ("en", SIZES["narrow"])):
        page = open_page("/risks", width=width, height=height, language=language, bypass_csp=True)
        for name, address in served.items():
            page.goto(address, wait_until="load")
            page.evaluate("document.querySelectorAll('details:not(.drawer)').forEach((panel) => (panel.open = true))")
            found += [f"{name} {language}: {line}" for line in axe(page)]
    assert found == []
