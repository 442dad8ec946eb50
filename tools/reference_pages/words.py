"""The reference page of the words that figures are told in: verdicts, levels, risks, measures, units."""

from __future__ import annotations

from collections.abc import Mapping

from hengzhi.app import CATALOGUE
from hengzhi.core import Text
from hengzhi.engine.policy import BANDS
from hengzhi.engine.words import LEVEL_NAMES, MEASURE_INDICATORS, MEASURE_NAMES, MEASURE_TARGETS, RISK_NAMES, UNIT_NAMES, VERDICT_NAMES
from reference_pages.markdown import code, codes, head, table

_TITLE = Text("结论、等级与单位的说法", "Words for verdicts, levels and units")
_INTRO = Text(
    "页面、命令与接口用同一组代码；两种语言的说法如下。结论与等级怎么得出，见[数字怎么来](../numbers.md)。",
    "Pages, commands and the API use the same codes; this is what they are called in both languages. "
    "How verdicts and levels come about: [numbers](../numbers.md).",
)
_MEANINGS = {
    "met": Text("单侧 95 % 界也在目标的好的一侧", "the one-sided 95 % bound, too, lies on the good side of the target"),
    "missed": Text("单侧 95 % 界也在目标的坏的一侧", "the one-sided 95 % bound, too, lies on the bad side of the target"),
    "not_shown": Text("数据不足以判定哪一侧", "the data don't decide between the sides"),
    "no_data": Text("应有数据而没有，或覆盖不足", "data were expected and are missing, or too few days are covered"),
    "not_due": Text("期间尚未结束", "the period is not over"),
    "no_target": Text("政策没有给出目标", "the policy names no target"),
}


def page(language: str) -> str:
    """The page in one language."""
    bands = dict(BANDS)
    starts = {level: f"≥ {bands[level]:g}" if bands.get(level) else ("< 40" if level else "—") for level in LEVEL_NAMES}
    meanings = {key: text.in_(language) for key, text in _MEANINGS.items()}
    targets = {key: text.in_(language) for key, text in MEASURE_TARGETS.items()}
    deciding = {key: _deciding(key, language) for key in MEASURE_NAMES}
    lists: tuple[tuple[Text, Mapping[str, Text], tuple[_Extra, ...]], ...] = (
        (Text("结论", "Verdicts"), VERDICT_NAMES, ((Text("含义", "meaning"), meanings),)),
        (Text("等级", "Levels"), LEVEL_NAMES, ((Text("得分", "score"), starts),)),
        (Text("风险", "Risks"), RISK_NAMES, ()),
        (Text("措施", "Measures"), MEASURE_NAMES, ((Text("目标", "target"), targets), (Text("由此判定", "decided by"), deciding))),
        (Text("单位", "Units"), {unit.value: text for unit, text in UNIT_NAMES.items()}, ()),
    )
    return head(_TITLE, _INTRO, language) + "".join(_section(*one, language) for one in lists)


_Extra = tuple[Text, Mapping[str, str]]


def _section(title: Text, names: Mapping[str, Text], extras: tuple[_Extra, ...], language: str) -> str:
    header = [Text("代码", "code"), Text("中文", "Chinese"), Text("英文", "English"), *(name for name, _ in extras)]
    rows = ((code(key), text.zh, text.en, *(more[key] for _, more in extras)) for key, text in names.items())
    return f"\n## {title.in_(language)}\n\n{table([text.in_(language) for text in header], rows)}"


def _deciding(measure: str, language: str) -> str:
    """The indicators that decide the target of a measure; those without a definition yet are told apart."""
    known, absent = ([key for key in MEASURE_INDICATORS[measure] if (key in CATALOGUE.indicators) == there] for there in (True, False))
    yet = Text("尚无：", "not yet: ").in_(language) + codes(absent, language) if absent else ""
    return Text("；", "; ").in_(language).join(filter(None, [codes(known, language) if known else "", yet]))
