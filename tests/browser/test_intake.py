"""Bringing a file in as a person does it: choose, preview, confirm, read the receipt, undo; in both languages and on a phone."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = {"wide": (1440, 900), "narrow": (390, 844)}
WORDS = {
    "zh-hans": ("确认导入", "撤销此次导入", "已撤销", "不是数字"),
    "en": ("Confirm and import", "Undo this import", "undone", "is not a number"),
}


def _file(content: bytes, name: str = "十月回访.csv") -> dict:
    return {"name": name, "mimeType": "text/csv", "buffer": content}


def _calm(page, width: int) -> None:
    # Where no home page is served, the way to it after the login is answered by 404; that is not of these pages.
    said = [line for line in page.complaints if "404" not in line]
    assert said == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("size", SIZES)
def test_a_file_with_three_bad_rows_comes_in_and_goes_out_again(intake, open_page, look, feedback_csv, size, language):
    width, height = SIZES[size]
    confirm, undo, undone, wrong = WORDS[language]

    def shown(name: str) -> None:
        look(page, f"intake-{name}-{size}-{language}")
        _calm(page, width)

    page = open_page("/imports", width=width, height=height, language=language)
    page.select_option("#id_table", "feedback")
    page.set_input_files("#id_file", _file(feedback_csv))
    shown("upload")
    page.click("form.form button[type=submit]")
    page.wait_for_url("**/preview")
    assert page.locator(".figures .figure").all_inner_texts() == ["33", "30", "0", "3", "1"]
    assert wrong in page.locator(".problems").inner_text()
    shown("preview")
    page.get_by_role("button", name=confirm).click()
    page.wait_for_url("**/batches/*")
    assert page.locator(".figures .figure").all_inner_texts() == ["33", "30", "0", "3", "1"]
    shown("receipt")
    page.get_by_role("link", name=undo).click()
    shown("undo")
    page.get_by_role("button", name=undo).click()
    page.wait_for_url("**/batches/*")
    assert undone in page.locator("main").inner_text()
    page.goto("/batches")
    assert undone in page.locator("tbody tr").first.inner_text()
    shown("batches")


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_on_any_page_of_the_intake(intake, open_page, axe, feedback_csv, size):
    width, height = SIZES[size]
    page = open_page("/imports", width=width, height=height, bypass_csp=True)
    found = {"upload": axe(page)}
    page.select_option("#id_table", "feedback")
    page.set_input_files("#id_file", _file(b"PK\x03\x04", "book.xlsx"))
    page.click("form.form button[type=submit]")
    page.wait_for_selector(".alert-danger")
    found["refused"] = axe(page)
    page.set_input_files("#id_file", _file(b"a,b\n1,2\n", "wrong.csv"))
    page.click("form.form button[type=submit]")
    page.wait_for_url("**/preview")
    found["unreadable"] = axe(page)
    page.goto("/imports")
    found["waiting"] = axe(page)
    page.select_option("#id_table", "feedback")
    page.set_input_files("#id_file", _file(feedback_csv))
    page.click("form.form button[type=submit]")
    page.wait_for_url("**/preview")
    found["preview"] = axe(page)
    page.click("form[action$=confirm] button")
    page.wait_for_url("**/batches/*")
    found["receipt"] = axe(page)
    page.click("a[href$=undo]")
    found["undo"] = axe(page)
    page.goto("/batches")
    found["batches"] = axe(page)
    page.goto("/imports/tables")
    page.click("summary >> nth=2")
    found["tables"] = axe(page)
    page.goto("/batches?state=failed")
    found["no match"] = axe(page)
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_all_of_it_works_without_scripts_and_by_keyboard(intake, open_page, feedback_csv):
    page = open_page("/imports", scripts=False)
    assert page.locator("optgroup[data-table=process_event]").count() == 1  # all mappings, under the names of their tables
    page.focus("#id_table")
    page.keyboard.press("ArrowDown")
    assert page.locator("#id_table").input_value() == "feedback"
    page.set_input_files("#id_file", _file(feedback_csv))
    page.focus("form.form button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/preview")
    page.focus("form[action$=confirm] button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/batches/*")
    assert page.locator(".figures .figure").first.inner_text() == "33"


def test_the_mappings_offered_follow_the_table(intake, open_page):
    page = open_page("/imports")
    page.select_option("#id_table", "process_event")
    assert "bpic2012" in page.locator("#id_mapping").inner_text()
    page.select_option("#id_mapping", "bpic2012")
    page.select_option("#id_table", "feedback")
    assert "bpic2012" not in page.locator("#id_mapping").inner_text()
    assert page.locator("#id_mapping").input_value() == ""


def test_a_file_that_is_too_large_is_told_before_it_travels(intake, open_page, settings):
    settings.UPLOAD_FILE_BYTES = 1000
    page = open_page("/imports")
    page.set_input_files("#id_file", _file(b"a" * 2000))
    assert page.locator("#error_file").is_visible()
    page.set_input_files("#id_file", _file(b"a"))
    assert not page.locator("#error_file").is_visible()


def test_the_problems_are_saved_as_a_file_not_shown(intake, open_page, feedback_csv):
    page = open_page("/imports")
    page.select_option("#id_table", "feedback")
    page.set_input_files("#id_file", _file(feedback_csv))
    page.click("form.form button[type=submit]")
    page.wait_for_url("**/preview")
    with page.expect_download() as download:
        page.click(".problems form button")
    assert download.value.suggested_filename.startswith("problems-")
    assert "gossip" in download.value.path().read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("size", SIZES)
def test_the_first_login_shows_its_form_and_errors_without_a_violation(intake, browser, live_server, axe, look, size):
    from hengzhi.spine.people.services import offer_first_login

    width, height = SIZES[size]
    with browser.new_context(viewport={"width": width, "height": height}, bypass_csp=True) as context:
        page = context.new_page()
        page.goto(f"{live_server.url}/first-login/{offer_first_login()}")
        look(page, f"intake-first-login-{size}")
        assert axe(page) == []
        page.fill("#id_new_password1", "hengzhi")
        page.fill("#id_new_password2", "hengzhi2")
        page.click("main button[type=submit]")
        look(page, f"intake-first-login-refused-{size}")
        assert axe(page) == [] and page.evaluate("document.documentElement.scrollWidth") <= width
        page.goto(f"{live_server.url}/first-login/nothing")
        look(page, f"intake-first-login-spent-{size}")
        assert axe(page) == []
