"""The frame around every page: who may see it, in which language, under which headers, with which words on errors."""

import pytest

from hengzhi.core import InvalidPeriod, Period
from hengzhi.web.menu import Group, Page, sections
from hengzhi.web.selection import Selection

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_pages")]

PASSWORD = "long enough and not common"


def test_nothing_but_the_login_page_is_shown_to_strangers(client):
    answer = client.get("/?period=2026-10")
    assert answer.status_code == 302
    assert answer["Location"] == "/login?next=/%3Fperiod%3D2026-10"


def test_signing_in_leads_on_to_the_page_asked_for(client, officer):
    answer = client.post("/login", {"username": "officer", "password": PASSWORD, "next": "/?period=2026-10"})
    assert (answer.status_code, answer["Location"]) == (302, "/?period=2026-10")


def test_signing_in_never_leads_to_another_host(client, officer):
    answer = client.post("/login", {"username": "officer", "password": PASSWORD, "next": "https://example.org/"})
    assert answer["Location"] == "/"


def test_the_session_cookie_is_bound_to_this_host_and_changes_at_login(client, officer):
    client.get("/login")
    answer = client.post("/login", {"username": "officer", "password": PASSWORD})
    cookie = answer.cookies["__Host-hengzhi"]
    assert cookie["secure"] and cookie["httponly"] and cookie["path"] == "/" and cookie["samesite"] == "Lax" and not cookie["domain"]


def test_signing_out_kills_the_session_and_asks_the_browser_to_forget(client, officer):
    client.force_login(officer)
    captured = client.cookies["__Host-hengzhi"].value
    answer = client.post("/logout")
    assert "storage" in answer["Clear-Site-Data"]
    client.cookies["__Host-hengzhi"] = captured
    assert client.get("/").status_code == 302


def test_signing_out_takes_a_post(client, officer):
    client.force_login(officer)
    assert client.get("/logout").status_code == 405


def test_a_locked_account_is_answered_as_a_wrong_password_is(client, officer):
    wrong = [client.post("/login", {"username": "officer", "password": f"wrong {at}"}) for at in range(5)]
    locked = client.post("/login", {"username": "officer", "password": PASSWORD})
    assert {answer.status_code for answer in (*wrong, locked)} == {200}
    assert "__Host-hengzhi" not in locked.cookies
    assert _without_tokens(wrong[0]) == _without_tokens(locked)


def _without_tokens(answer) -> list[str]:
    return [line for line in answer.content.decode().splitlines() if "csrfmiddlewaretoken" not in line]


@pytest.mark.parametrize("address", ["/", "/login", "/nowhere", "/refused", "/broken", "/static/hengzhi/hengzhi.css"])
def test_every_answer_carries_the_careful_headers(client, officer, address):
    client.force_login(officer)
    client.raise_request_exception = False
    answer = client.get(address)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "style-src 'self'" in policy
    assert "unsafe" not in policy and "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert len(answer["X-Request-ID"]) == 12


def test_a_page_seen_by_a_person_is_not_kept_by_caches(client, officer):
    client.force_login(officer)
    assert "no-store" in client.get("/")["Cache-Control"]


def test_no_page_holds_an_inline_style_or_script(client, officer):
    client.force_login(officer)
    for address in ("/", "/login", "/nowhere"):
        text = client.get(address).content.decode()
        assert " style=" not in text and "<style" not in text and " onclick" not in text
        assert "<script>" not in text


def test_pages_speak_chinese_until_the_reader_chooses_english(client, officer):
    client.force_login(officer)
    assert 'lang="zh-Hans"' in client.get("/", headers={"accept-language": "en"}).content.decode()
    answer = client.post("/language", {"language": "en", "next": "/measures/?period=2026-10"})
    assert answer["Location"] == "/measures/?period=2026-10"
    page = client.get("/measures/?period=2026-10").content.decode()
    assert '<html lang="en">' in page and "Seven measures" in page and "Sign out" in page
    officer.refresh_from_db()
    assert officer.language == "en"


def test_the_language_chosen_comes_back_at_the_next_login(client, officer):
    officer.language = "en"
    officer.save()
    answer = client.post("/login", {"username": "officer", "password": PASSWORD})
    assert answer.cookies["__Host-language"].value == "en"


def test_choosing_a_language_never_leads_to_another_host(client):
    assert client.post("/language", {"language": "en", "next": "//example.org"})["Location"] == "/"


@pytest.mark.parametrize("address, post", [("/login", {}), ("/logout", {}), ("/language", {"language": "en"})])
def test_a_form_without_its_token_is_refused(officer, address, post):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(officer)
    answer = strict.post(address, post)
    assert answer.status_code == 403
    assert "刷新页面" in answer.content.decode()


@pytest.mark.parametrize(
    "address, status, words", [("/nowhere", 404, "没有这个页面"), ("/refused", 400, "2026Q4"), ("/broken", 500, "故障")]
)
def test_an_error_says_what_to_do_and_gives_an_id_but_no_inside(client, officer, address, status, words):
    client.force_login(officer)
    client.raise_request_exception = False
    answer = client.get(address)
    text = answer.content.decode()
    assert answer.status_code == status
    assert words in text and answer["X-Request-ID"] in text
    assert "Traceback" not in text and "secret inside" not in text


def test_an_unknown_host_is_refused_in_words(client):
    answer = client.get("/login", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "网址" in answer.content.decode()


def test_the_current_page_is_marked_and_carries_unit_and_period(client, officer):
    client.force_login(officer)
    text = client.get("/?unit=0110&period=2026-10").content.decode()
    assert text.count('aria-current="page"') == 3  # side menu, drawer, breadcrumb
    assert 'href="/measures?unit=0110&amp;period=2026-10"' in text
    assert '<option value="2026-10" selected>' in text
    assert "示例数据" in text


def test_the_menu_leaves_out_pages_without_an_address():
    menu = (
        Group("", (Page("home", "Home", "gauge"), Page("nowhere", "Nowhere", "gauge"))),
        Group("More", (Page("later", "Later", "gauge"),)),
    )
    drawn = sections("home", menu=menu)
    assert [line.url for section in drawn for line in section.lines] == ["/"]
    assert drawn[0].lines[0].current


def test_what_the_address_does_not_name_is_not_chosen():
    assert Selection.of({}) == Selection()
    chosen = Selection.of({"unit": "0110", "period": "2026Q4", "against": "2025Q4"})
    assert chosen.period == Period.parse("2026Q4")
    assert chosen.query() == "unit=0110&period=2026Q4&against=2025Q4"
    with pytest.raises(InvalidPeriod):
        Selection.of({"period": "October"})


@pytest.mark.parametrize(
    "key, ago_minutes, administrator, open_",
    [
        ("seen_at", 29, False, True),
        ("seen_at", 31, False, False),
        ("seen_at", 16, True, False),
        ("signed_in_at", 12 * 60 - 1, False, True),
        ("signed_in_at", 12 * 60 + 1, False, False),
    ],
)
def test_a_session_ends_when_idle_or_too_old(client, officer, key, ago_minutes, administrator, open_):
    if not administrator:
        officer.assignments.filter(role__key__endswith="_administrator").delete()
    client.force_login(officer)
    client.get("/")
    session = client.session
    session[key] -= 60 * ago_minutes
    session.save()
    assert (client.get("/").status_code == 200) is open_


def test_a_person_disabled_is_out_at_the_next_request(client, officer):
    client.force_login(officer)
    assert client.get("/").status_code == 200
    officer.is_active = False
    officer.save()
    assert client.get("/").status_code == 302


def test_a_database_that_is_away_is_told_as_such(client, officer):
    client.force_login(officer)
    client.raise_request_exception = False
    answer = client.get("/away")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "数据库" in answer.content.decode()


def test_health_says_only_ok_to_a_stranger(client):
    assert client.get("/health").content == b"ok"
    assert client.post("/health").status_code == 405


def test_large_parts_are_sent_packed(client):
    answer = client.get("/static/vendor/tabler.min.css", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert sum(len(block) for block in answer.streaming_content) < 150_000


def test_signing_in_and_out_and_every_refusal_stand_in_the_audit_log(client, officer):
    from hengzhi.models import AuditEntry

    client.post("/login", {"username": "officer", "password": "wrong"})
    client.post("/login", {"username": "officer", "password": PASSWORD})
    client.post("/logout")
    noted = AuditEntry.objects.filter(kind="session").order_by("id").values_list("by", "verb")
    assert list(noted) == [("officer", "sign_in_refused"), ("officer", "sign_in"), ("officer", "sign_out")]


def test_the_address_from_the_console_works_once_and_wants_a_good_password(client):
    from hengzhi.spine.people.services import offer_first_login

    address = f"/first-login/{offer_first_login()}"
    assert "admin" in client.get(address).content.decode()
    short = client.post(address, {"new_password1": "short", "new_password2": "short"})
    assert "12" in short.content.decode() and "__Host-hengzhi" not in short.cookies
    answer = client.post(address, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert answer["Location"] == "/" and client.get("/").status_code == 200
    again = client.get(address)
    assert again.status_code >= 400 and "hengzhi first-login" in again.content.decode()
    assert offer_first_login() is None


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT"])
def test_no_request_is_echoed(client, officer, method):
    client.force_login(officer)
    assert client.generic(method, "/").status_code == 405
