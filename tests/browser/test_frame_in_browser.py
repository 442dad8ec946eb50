"""The frame as a browser shows it: no complaints, no violations, no sideways scrolling, and usable without scripts."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("sample_pages")]

SIZES = {"wide": (1440, 900), "narrow": (390, 844)}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_a_page_shows_without_a_complaint_or_sideways_scrolling(open_page, look, size, language):
    width, height = SIZES[size]
    page = open_page("/?period=2026-10", width=width, height=height, language=language)
    page.wait_for_selector("[data-chart] canvas")
    look(page, f"home-{size}-{language}")
    assert page.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("html").get_attribute("lang") == ("en" if language == "en" else "zh-Hans")


@pytest.mark.parametrize("address", ["/?period=2026-10", "/nowhere"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing(open_page, axe, address, size):
    width, height = SIZES[size]
    page = open_page(address, width=width, height=height, bypass_csp=True)
    assert axe(page) == []


def test_axe_finds_nothing_on_the_login_page(browser, live_server, axe, look):
    with browser.new_context(bypass_csp=True) as context:
        page = context.new_page()
        page.goto(f"{live_server.url}/login")
        look(page, "login")
        assert axe(page) == []


def test_axe_finds_nothing_where_the_first_person_chooses_a_password(browser, live_server, axe):
    from hengzhi.spine.people.services import offer_first_login

    with browser.new_context(bypass_csp=True) as context:
        page = context.new_page()
        page.goto(f"{live_server.url}/first-login/{offer_first_login()}")
        assert axe(page) == []


def test_the_menu_opens_without_scripts_on_a_phone(open_page, look):
    page = open_page("/", width=390, height=844, scripts=False)
    assert not page.locator("details.drawer nav").is_visible()
    page.click("details.drawer summary")
    assert page.locator("details.drawer nav").is_visible()
    look(page, "menu-narrow")
    assert page.locator("button.show").is_visible()


def test_a_chosen_unit_and_period_go_into_the_address(open_page):
    page = open_page("/?period=2026-10&q=a")
    page.click("text=以表格显示")
    assert page.locator("details.behind td").first.is_visible()
    page.evaluate("document.querySelector('select[name=period]').dispatchEvent(new Event('change', {bubbles: true}))")
    page.wait_for_url("**/?q=a&unit=&period=2026-10")


def test_the_keyboard_reaches_the_content_first(open_page):
    page = open_page("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_paper_has_no_chrome_and_shows_the_table_behind_the_chart(open_page, look):
    page = open_page("/?period=2026-10", width=794, height=1123)
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    look(page, "print")
    assert not page.locator(".topbar").is_visible() and not page.locator(".side").is_visible()
    assert page.locator("details.behind table").is_visible()


def test_after_signing_out_the_back_button_shows_nothing(open_page):
    page = open_page("/?period=2026-10")
    page.click("form.who button")
    page.wait_for_url("**/login")
    page.go_back()
    page.wait_for_url("**/login**")
    assert page.locator("#id_password").is_visible()
