"""The reference page of the words that figures are told in: verdicts, levels, risks, measures, units."""

from __future__ import annotations

from collections.abc import Mapping

from hengzhi.core import Text
from hengzhi.engine.policy import BANDS
from hengzhi.engine.words import LEVEL_NAMES, MEASURE_NAMES, MEASURE_TARGETS, RISK_NAMES, UNIT_NAMES, VERDICT_NAMES
from reference_pages.markdown import code, head, table

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
    code_, name, both = Text("代码", "code"), Text("中文", "Chinese"), Text("英文", "English")
    meaning = Text("含义", "meaning")
    bands = dict(BANDS)
    starts = {level: f"≥ {bands[level]:g}" if bands.get(level) else ("< 40" if level else "—") for level in LEVEL_NAMES}
    lists = (
        (Text("结论", "Verdicts"), VERDICT_NAMES, meaning, {key: text.in_(language) for key, text in _MEANINGS.items()}),
        (Text("等级", "Levels"), LEVEL_NAMES, Text("得分", "score"), starts),
        (Text("风险", "Risks"), RISK_NAMES, None, {}),
        (
            Text("措施", "Measures"),
            MEASURE_NAMES,
            Text("目标", "target"),
            {key: text.in_(language) for key, text in MEASURE_TARGETS.items()},
        ),
        (Text("单位", "Units"), {unit.value: text for unit, text in UNIT_NAMES.items()}, None, {}),
    )
    out = head(_TITLE, _INTRO, language)
    for title, names, extra, more in lists:
        header = [text.in_(language) for text in (code_, name, both, extra) if text]
        out += f"\n## {title.in_(language)}\n\n{table(header, _rows(names, more if extra else None))}"
    return out


def _rows(names: Mapping[str, Text], more: Mapping[str, str] | None) -> list[tuple[str, ...]]:
    return [(code(key), text.zh, text.en, *([more.get(key, "")] if more is not None else [])) for key, text in names.items()]
