"""Every error has its sentence, in both languages."""

import importlib
import pkgutil
import string

import pytest

import hengzhi
from hengzhi.core import HengzhiError
from hengzhi.lake.problems import PROBLEMS
from hengzhi.lake.workspace import WorkspaceMissing
from hengzhi.spine.access.errors import OutOfScope
from hengzhi.spine.messages import MESSAGES, tell

for _module in pkgutil.walk_packages(hengzhi.__path__, "hengzhi."):
    if not _module.name.endswith("wsgi") and ".migrations" not in _module.name:
        importlib.import_module(_module.name)


def _kinds(of=HengzhiError):
    for kind in of.__subclasses__():
        if kind.__module__.startswith("hengzhi."):
            yield kind
            yield from _kinds(kind)


KINDS = sorted(set(_kinds()), key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_error_has_a_code_and_a_sentence_and_a_remedy_in_both_languages(kind):
    assert kind.code != "error"
    if kind.code == "invalid_file":  # told by its reason
        return
    message = MESSAGES[kind.code]
    for text in (message.what, message.remedy):
        assert text.zh
        assert text.en
        assert any("一" <= letter <= "鿿" for letter in text.zh)
        assert not any("一" <= letter <= "鿿" for letter in text.en)
        names = [{name for _, name, _, _ in string.Formatter().parse(told) if name} for told in (text.zh, text.en)]
        assert names[0] == names[1], "both languages name the same fields"
    assert 400 <= message.status < 600


def test_codes_are_told_apart():
    # What lies outside one's units reads exactly as what does not exist.
    codes = [kind.code for kind in KINDS if kind is not OutOfScope]
    assert {code for code in codes if codes.count(code) > 1} == set()


def test_no_sentence_stands_for_an_error_that_is_gone():
    assert set(MESSAGES) <= {kind.code for kind in KINDS} | set(PROBLEMS)


def test_an_error_is_told_in_the_readers_language():
    error = WorkspaceMissing(root="here")
    assert tell(error, "en").what == "There is no workspace in here or above it."
    assert "没有工作区" in tell(error, "zh-hans").what


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_problem_of_a_file_has_a_sentence_and_a_remedy_in_both_languages(code):
    for text in (PROBLEMS[code].message, PROBLEMS[code].remedy):
        assert text.zh
        assert text.en
