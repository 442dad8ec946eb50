"""Drawings, tables, pagers and numbers say what they are given, and nothing more."""

import re
from pathlib import Path

import polib
import pytest
from django.template.loader import render_to_string
from django.utils import translation

from hengzhi.web.drawings import interval, spark
from hengzhi.web.numbers import change, count, share
from hengzhi.web.parts import Chart, Column, Table, pager

ROOT = Path(__file__).resolve().parents[2]
LEVELS = {"red": "◆", "orange": "▲", "yellow": "■", "blue": "●", "normal": "○", "": "▨"}
VERDICTS = {"met": "✓", "missed": "✗", "not_shown": "?", "no_data": "—", "not_due": "…", "no_target": "·"}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_levels_and_verdicts_differ_in_shape_and_words_not_only_in_colour(language):
    with translation.override(language):
        levels = [_text("_level.html", {"level": key}) for key in LEVELS]
        verdicts = [_text("_verdict.html", {"verdict": key}) for key in VERDICTS]
    assert [text[0] for text in levels] == list(LEVELS.values())
    assert [text[0] for text in verdicts] == list(VERDICTS.values())
    assert len({text[1:] for text in (*levels, *verdicts)}) == len(levels) + len(verdicts)


def _text(template: str, context: dict[str, str]) -> str:
    return re.sub(r"<[^>]+>", "", render_to_string(template, context)).strip()


def test_an_interval_keeps_the_order_of_its_marks():
    drawn = interval(value=0.955, lower=0.945, upper=0.964, target=0.95, verdict="not_shown", words="95.5%")
    assert 10 == drawn.lower < drawn.target < drawn.value < drawn.upper == 90


def test_an_interval_of_one_point_is_still_visible():
    assert interval(value=1, lower=1, upper=1, target=None, verdict="met", words="1").width == 1


def test_an_interval_the_wrong_way_round_is_refused():
    with pytest.raises(ValueError):
        interval(value=0.5, lower=0.6, upper=0.4, target=None, verdict="met", words="")


def test_a_missing_value_breaks_the_line_instead_of_falling_to_zero():
    assert len(spark([1, 2, None, 2, 3], level="blue", words="").lines) == 2
    assert spark([None, None], level="blue", words="").last is None


def test_a_name_from_outside_is_shown_as_text_in_tables_and_charts():
    table = Table((Column("Unit"), Column("n", number=True)), (("<script>alert(1)</script>", "3"),))
    assert "<script>" not in render_to_string("_table.html", {"table": table})


def test_a_name_from_outside_can_not_leave_the_option_of_a_chart():
    evil = "</script><script>alert(1)</script>"
    chart = Chart(key="x", finding=evil, note="", option={"title": {"text": evil}}, table=Table((), ()))
    assert "<script>alert" not in render_to_string("_chart.html", {"chart": chart})


def test_a_row_longer_than_its_headings_is_refused():
    with pytest.raises(ValueError):
        Table((Column("Unit"),), (("a", "b"),)).cells()


def test_a_pager_says_the_total_and_keeps_the_rest_of_the_address():
    drawn = pager(total=101, number=2, size=50, query={"q": "等候", "page": "2"})
    assert (drawn.pages, drawn.previous, drawn.next) == (3, "?q=%E7%AD%89%E5%80%99&page=1", "?q=%E7%AD%89%E5%80%99&page=3")
    assert pager(total=0, number=9, size=50, query={}).number == 1


def test_a_missing_number_is_a_dash_never_zero():
    assert (count(None), share(None), count(1234567), share(0.9512)) == ("—", "—", "1,234,567", "95.1%")


def test_a_change_is_told_in_words():
    with translation.override("zh-hans"):
        assert change(2.14, up_is_good=False) == ("worse", "恶化 +2.1")
        assert change(-1.3, up_is_good=False) == ("better", "改善 −1.3")
        assert change(0.01, up_is_good=True) == ("same", "持平")


def test_every_sentence_has_its_chinese():
    import importlib.util

    spec = importlib.util.spec_from_file_location("messages", ROOT / "tools" / "messages.py")
    messages = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(messages)
    known = {
        entry.msgid
        for path in (ROOT / "src").rglob("*.po")
        for entry in polib.pofile(str(path))
        if entry.msgstr and "fuzzy" not in entry.flags
    }
    assert set(messages.sentences(ROOT / "src" / "hengzhi")) - known == set()


def test_every_icon_named_is_in_the_sprite():
    sprite = (ROOT / "src" / "hengzhi" / "static" / "vendor" / "icons.svg").read_text(encoding="utf-8")
    drawn = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    templates = (ROOT / "src" / "hengzhi").rglob("*.html")
    named = {name for file in templates for name in re.findall(r'"_icon.html" with name="([^"]+)"', file.read_text(encoding="utf-8"))}
    from hengzhi.web.menu import MENU

    assert named | {page.icon for group in MENU for page in group.pages} <= drawn
