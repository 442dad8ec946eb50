"""The first person comes in: by a one-time address, with a password that is worth the name."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hengzhi.spine.people.services import offer_first_login

pytestmark = pytest.mark.django_db

GOOD = "纸鸢 flies over 7 rivers"


def _set(client, address, first, second=None):
    return client.post(address, {"new_password1": first, "new_password2": first if second is None else second})


@pytest.fixture
def address(intake):
    return f"/first-login/{offer_first_login()}"


def test_a_password_given_twice_signs_in_and_is_good_for_the_login_page(client, address):
    assert client.get(address).status_code == 200
    answer = _set(client, address, GOOD)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/imports").status_code == 200
    client.post("/logout")
    assert client.post("/login", {"username": "admin", "password": GOOD})["Location"] == "/"


@pytest.mark.parametrize(
    "password, words",
    [
        ("s3-o1", "至少 12 个字符"),
        ("qwertyuiop123", "常见"),
        ("1234567890123", "机构、产品"),
        ("JiangnanBank2026", "机构、产品"),
        ("江南银行江南银行江南银行", "机构、产品"),
        ("Hengzhi-admin-2026", "机构、产品"),
        ("", "两次输入密码"),
    ],
)
def test_a_weak_password_is_refused_below_its_field(client, address, password, words):
    import re

    answer = _set(client, address, password)
    text = answer.content.decode()
    assert answer.status_code == 422 and "__Host-hengzhi" not in answer.cookies
    told = text[text.index('id="wrong1"') :][:600]
    assert re.search(words, told) and not re.search(r"[a-z]{4} [a-z]", re.sub("<[^>]*>", "", told)), told
    assert password not in text or not password
    assert client.get(address).status_code == 200  # the address is still good


@pytest.mark.parametrize("password", ["é" * 6 + "字" * 6 + "😀 ok then", "a b" * 40, " twelve chars around "])
def test_any_script_spaces_and_length_are_taken_without_cutting(client, address, password):
    assert _set(client, address, password).status_code == 302
    client.post("/logout")
    assert client.post("/login", {"username": "admin", "password": password[:-1]}).status_code == 200
    assert client.post("/login", {"username": "admin", "password": password}).status_code == 302


def test_two_different_passwords_are_told_below_the_second_field(client, address):
    text = _set(client, address, GOOD, GOOD + "x").content.decode()
    assert "两次输入的密码不同" in text
    assert 'id="wrong2"' in text and 'id="wrong1"' not in text


def test_an_address_works_once_and_leaves_only_its_hash(client, address):
    from hengzhi.models import FirstLogin

    _set(client, address, GOOD)
    for answer in (client.get(address), _set(client, address, GOOD + "2")):
        assert answer.status_code == 410 and "hengzhi first-login" in answer.content.decode()
    assert address.rsplit("/", 1)[1] not in str(FirstLogin.objects.values())
    assert offer_first_login() is None


def test_an_address_runs_out_after_a_day(client, address):
    from hengzhi.models import FirstLogin

    FirstLogin.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(address).status_code == 410
    assert _set(client, address, GOOD).status_code == 410


@pytest.mark.parametrize("token", ["x", "A" * 43, "%00", "a" * 2000])
def test_a_guessed_address_opens_nothing(client, address, token):
    assert client.get(f"/first-login/{token}").status_code == 410


def test_the_page_is_kept_nowhere_and_refuses_a_form_without_its_token(address):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert "no-store" in strict.get(address)["Cache-Control"]
    assert _set(strict, address, GOOD).status_code == 403


def test_an_unknown_name_and_a_wrong_password_are_answered_alike(client, address):
    _set(client, address, GOOD)
    client.post("/logout")

    def told(name):
        text = client.post("/login", {"username": name, "password": "wrong"}).content.decode()
        return [line for line in text.splitlines() if "csrf" not in line and 'id="id_username"' not in line]

    assert told("admin") == told("nobody")


def test_five_wrong_tries_lock_the_account(client, address):
    _set(client, address, GOOD)
    client.post("/logout")
    for _ in range(5):
        client.post("/login", {"username": "admin", "password": "wrong"})
    assert client.post("/login", {"username": "admin", "password": GOOD}).status_code == 200
    assert client.get("/imports").status_code == 302
