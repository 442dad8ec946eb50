"""Masking: identifiers of persons are found in any spelling, other numbers are left alone."""

import doctest
import random
from datetime import date, timedelta

import pyarrow as pa
import pytest

from hengzhi.lake import masking
from hengzhi.lake.language import languages
from hengzhi.lake.masking import mask, masked, masked_codes, personal_codes, shown

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def resident_id(chance):
    born = date(1940, 1, 1) + timedelta(days=chance.randrange(25_000))
    body = f"{chance.choice(['110101', '310115', '440305', '659001'])}{born:%Y%m%d}{chance.randrange(1000):03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


def card(chance):
    body = chance.choice(["622202", "621700", "625912", "4367421", "51234"])
    body += "".join(str(chance.randrange(10)) for _ in range((18 if body[0] == "6" and body[2] != "5" else 15) - len(body)))
    for check in "0123456789":
        doubled = [int(digit) * (2 if at % 2 else 1) for at, digit in enumerate(reversed(body + check))]
        if sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0:
            return body + check
    raise AssertionError


def mobile(chance):
    return f"1{chance.randrange(3, 10)}{chance.randrange(10**9):09d}"


def spellings(number):
    yield number
    yield number.translate(WIDE)
    if len(number) == 11:
        yield f"{number[:3]}-{number[3:7]}-{number[7:]}"
        yield f"{number[:3]} {number[3:7]} {number[7:]}"
        yield f"+86 {number}"
        yield f"86{number}"
    elif len(number) == 18 and number[6:8] in ("19", "20"):
        yield f"{number[:6]} {number[6:14]} {number[14:]}"
    else:
        yield " ".join(number[at : at + 4] for at in range(0, len(number), 4))
        yield "-".join(number[at : at + 4] for at in range(0, len(number), 4))


@pytest.mark.parametrize("make", [resident_id, card, mobile])
def test_every_injected_number_is_masked_in_every_spelling(make):
    chance = random.Random(7)
    for _ in range(300):
        number = make(chance)
        for spelt in spellings(number):
            for text in (spelt, f"我的号码是{spelt}，请回电。", f"no.{spelt} thanks", f"{spelt}元"):
                hidden = mask(text)
                assert "[" in hidden, text
                digits = [letter for letter in hidden if letter.isdigit()]
                assert len(digits) <= 4, (text, hidden)


def test_numbers_run_together_are_found_by_sliding():
    assert mask("联系1380013800020分钟") == "联系[MOBILE]20分钟"
    assert "[ID]" in mask("00110101199003077758" + "99")


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-05 09:30:00 至 2026-01-06 10:00:00",
        "订单 20260105093000",
        "金额 1 500 000.00 元",
        "call 0571-88158198 or 95588",
        "6222020200000000001",
        "a@b",
        "1234567890",
        "工号 12345678901",
    ],
)
def test_other_numbers_are_left_alone(text):
    assert mask(text) == text


def test_addresses_of_e_mail_are_masked():
    assert mask("写信到 Zhang.San+1@mail.example.com.cn，或 x＠qq．com") == "写信到 [EMAIL]，或 [EMAIL]"


def test_arrays_are_masked_like_their_texts():
    texts = pa.array(["无", "13800138000", None, "a@b.cn", "x" * 30])
    assert masked(texts).to_pylist() == ["无", "[MOBILE]", None, "[EMAIL]", "x" * 30]


def test_in_codes_only_a_whole_run_of_digits_is_an_identifier():
    codes = pa.array(["13800138000", "张三+8613800138000", "20260105138001380001", "110101199003077759", "a@b.cn", None, "C-00012345678"])
    assert personal_codes(codes).tolist() == [True, True, False, False, True, False, False]
    hidden = ["[MOBILE]", "张三+[MOBILE]", "20260105138001380001", "110101199003077759", "[EMAIL]", None, "C-00012345678"]
    assert masked_codes(codes).to_pylist() == hidden


def test_evil_texts_take_no_time():
    for text in ("a" * 50_000 + "@", "1 " * 50_000, "1" * 50_000, "a." * 25_000 + "@" + "a." * 25_000):
        mask(text)


def test_shown_values_are_masked_and_short():
    assert shown("13800138000") == "[MOBILE]"
    assert len(shown("x" * 500)) == 80


def test_languages_by_their_letters():
    texts = ["服务很好", "Very good service", "我用Visa双标卡 cash back", "서비스가 좋아요", "12345 !!", "ጥሩ አገልግሎት", "サービスがいい", ""]
    assert languages(pa.array(texts)).to_pylist() == ["zh", "en", "zh", "und", "und", "und", "und", "und"]


def test_the_example_of_mask_is_true():
    assert doctest.testmod(masking).failed == 0
