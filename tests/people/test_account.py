"""One's own account, other people's, and the second factor, through the pages."""

import re
import time

import pytest
from django.test import Client
from django.urls import get_resolver

from hengzhi.spine.people.sealing import SealBroken, open_secret, seal_secret
from hengzhi.spine.people.totp import code_at, matching_step, step_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]
PASSWORD = "long enough and not common"
OTHER = "another one that is long"


@pytest.mark.parametrize(
    "seconds, code",
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_one_time_codes_are_those_of_rfc_6238_appendix_b(seconds, code):
    assert code_at(b"12345678901234567890", seconds, digits=8) == code


def test_a_code_works_one_step_early_or_late_and_only_once():
    seed = b"12345678901234567890"
    found = [matching_step(seed, code_at(seed, 300 + drift), 300, after=-1) is not None for drift in (-60, -30, 0, 30, 60)]
    assert found == [False, True, True, True, False]
    assert matching_step(seed, code_at(seed, 300), 300, after=step_at(300)) is None


def test_a_sealed_secret_opens_with_its_key_only_and_shows_every_change():
    sealed = seal_secret(b"key", b"12345678901234567890")
    assert open_secret(b"key", sealed) == b"12345678901234567890" != sealed.encode()
    assert seal_secret(b"key", b"12345678901234567890") != sealed
    for key, text in ((b"other", sealed), (b"key", "A" + sealed[1:] if sealed[0] != "A" else "B" + sealed[1:])):
        with pytest.raises(SealBroken):
            open_secret(key, text)


def _signed_in(name="officer", password=PASSWORD) -> Client:
    browser = Client()
    assert browser.post("/login", {"username": name, "password": password}).status_code == 302
    return browser


def test_a_password_is_changed_with_the_old_one_and_all_other_sessions_end(officer):
    mine, other = _signed_in(), _signed_in()
    new = {"new_password1": OTHER, "new_password2": OTHER}
    assert mine.post("/account/password", {"old_password": "wrong", **new}).status_code == 422
    assert other.get("/account").status_code == 200
    assert mine.post("/account/password", {"old_password": PASSWORD, **new}).status_code == 302
    assert mine.get("/account").status_code == 200 and other.get("/account").status_code == 302
    _signed_in(password=OTHER)


def test_a_person_sees_their_sessions_and_ends_one_but_never_somebody_else_s(officer, person):
    from hengzhi.models import SignedIn

    mine, other = _signed_in(), _signed_in()
    person("guest", "executive")
    _signed_in("guest")
    assert mine.get("/account").content.decode().count("/account/sessions/") == 1
    theirs = SignedIn.objects.get(person__username="guest")
    assert mine.post(f"/account/sessions/{theirs.uid}/end").status_code == 404
    second = SignedIn.objects.filter(person=officer).order_by("-id").first()
    assert mine.post(f"/account/sessions/{second.uid}/end").status_code == 302
    assert other.get("/account").status_code == 302 and mine.get("/account").status_code == 200


def test_whoever_is_disabled_is_out_at_the_next_request_and_their_address_is_spent(officer, person):
    guest = person("guest", "executive")
    theirs, mine = _signed_in("guest"), _signed_in()
    assert theirs.get("/account").status_code == 200
    mine.post(f"/people/{guest.uid}/active", {"active": "0"})
    assert theirs.get("/account").status_code == 302
    assert Client().post("/login", {"username": "guest", "password": PASSWORD}).status_code == 200
    assert mine.post(f"/people/{officer.uid}/active", {"active": "0"}).status_code == 422


def test_a_person_is_added_signs_in_by_the_address_and_holds_only_what_is_given(officer):
    from hengzhi.models import Assignment, Person

    mine = _signed_in()
    page = mine.post("/people", {"username": "li", "name": "李雷", "unit": "0101"}).content.decode()
    address = re.search(r"/first-login/[\w-]+", page)[0]
    li = Person.objects.get(username="li")
    assert mine.post(f"/people/{li.uid}", {"role": "department_head", "unit": "0101", "start": "2026-01-01", "end": ""}).status_code == 302
    theirs = Client()
    assert theirs.post(address, {"new_password1": OTHER, "new_password2": OTHER}).status_code == 302
    assert theirs.get("/account").status_code == 200
    assert list(Assignment.objects.filter(person=li).values_list("role__key", flat=True)) == ["department_head"]
    assert mine.post("/people", {"username": "li", "name": "another"}).status_code == 422
    held = Assignment.objects.get(person=li)
    assert theirs.get("/units").status_code == 200
    mine.post(f"/people/{li.uid}/roles/{held.uid}/withdraw")
    assert theirs.get("/units").status_code == 403


def test_nobody_gives_themselves_a_role_through_the_page_nor_adds_fields_to_the_form(officer):
    from hengzhi.models import Person

    mine = _signed_in()
    assert mine.post(f"/people/{officer.uid}", {"role": "executive", "unit": "", "start": "2026-01-01"}).status_code == 422
    mine.post("/people", {"username": "han", "name": "韩", "is_superuser": "1", "is_staff": "1", "is_active": "0"})
    han = Person.objects.get(username="han")
    assert (han.is_superuser, han.is_staff, han.is_active) == (False, False, True)


def _turn_on(browser) -> tuple[bytes, list[str]]:
    import base64

    page = browser.post("/account/second-factor", {"act": "begin", "password": PASSWORD}).content.decode()
    seed = base64.b32decode(re.search(r"secret=([A-Z2-7]+)", page)[1])
    done = browser.post("/account/second-factor", {"act": "confirm", "code": code_at(seed, time.time() - 30)}).content.decode()
    return seed, re.findall(r"<code>([A-Z2-9-]{19})</code>", done)


def test_with_a_second_factor_the_password_alone_lets_nobody_in_and_no_code_works_twice(officer):
    mine = _signed_in()
    assert mine.post("/account/second-factor", {"act": "begin", "password": "wrong"}).status_code == 422
    seed, recovery = _turn_on(mine)
    assert len(recovery) == len(set(recovery)) == 10
    fresh = Client()
    answer = fresh.post("/login", {"username": "officer", "password": PASSWORD, "next": "/units"})
    assert answer["Location"] == "/login/code" and fresh.get("/units").status_code == 302
    assert fresh.post("/login/code", {"code": "000000"}).status_code == 200
    code = code_at(seed, time.time())
    assert fresh.post("/login/code", {"code": code})["Location"] == "/units"
    assert fresh.get("/units").status_code == 200
    for given, way in ((code, 200), (recovery[0].lower(), 302), (recovery[0], 200)):
        again = _signed_in()
        assert again.post("/login/code", {"code": given}).status_code == way


def test_five_wrong_codes_close_the_door_even_for_the_right_one(officer):
    _seed, recovery = _turn_on(_signed_in())
    for _ in range(5):
        _signed_in().post("/login/code", {"code": "123456"})
    assert _signed_in().post("/login/code", {"code": recovery[0]}).status_code == 200


def test_seeds_and_recovery_codes_do_not_stand_in_the_database(officer):
    from hengzhi.models import RecoveryCode, SecondFactor

    seed, recovery = _turn_on(_signed_in())
    assert seed not in SecondFactor.objects.get().sealed_seed.encode()
    assert not set(recovery) & set(RecoveryCode.objects.values_list("code_sha256", flat=True))


def test_a_role_that_asks_for_a_second_factor_leads_there_before_anything_else(officer, person):
    person("boss", "executive")
    mine, theirs = _signed_in(), _signed_in("boss")
    assert theirs.get("/units").status_code == 200
    mine.post("/roles/executive/second-factor", {"wanted": "1"})
    assert theirs.get("/units")["Location"] == "/account/second-factor"
    _turn_on(theirs)
    assert theirs.get("/units").status_code == 200


def test_each_refusal_is_in_the_audit_log(person):
    from hengzhi.models import AuditEntry

    browser = Client()
    browser.force_login(person("head", "department_head", "0101"))
    browser.get("/people/nobody")
    browser.get("/audit")
    browser.get("/risks?unit=0102")
    refused = AuditEntry.objects.filter(verb="refused", by="head").order_by("id")
    assert [entry.of for entry in refused] == ["GET /audit", "GET /risks"]


def _addresses(patterns, before=""):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _addresses(pattern.url_patterns, before + str(pattern.pattern))
        else:
            yield "/" + re.sub(r"<[^>]+>", "01ARZ3NDEKTSV4RRFFQ69G5FAV", before + str(pattern.pattern))


def test_no_address_takes_a_form_without_its_token(officer):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(officer)
    answers = {address: strict.post(address, {"language": "en"}).status_code for address in _addresses(get_resolver().url_patterns)}
    assert len(answers) > 30
    assert {address: status for address, status in answers.items() if status not in (403, 405)} == {}


@pytest.mark.parametrize(
    "language, words", [("zh", ("用户与角色", "角色", "机构", "我的账户")), ("en", ("People and roles", "Roles", "Units", "My account"))]
)
def test_the_pages_speak_both_languages(officer, language, words):
    mine = _signed_in()
    mine.post("/language", {"language": "en" if language == "en" else "zh-hans", "next": "/"})
    for address, title in zip(("/people", "/roles", "/units", "/account"), words, strict=True):
        assert f"<h1>{title}" in mine.get(address).content.decode(), address
