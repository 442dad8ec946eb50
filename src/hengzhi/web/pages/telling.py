"""Figures in words: values with their unit, targets, verdicts, reasons and changes, in the reader's language."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hengzhi.core import Text
from hengzhi.engine.indicators import Indicator
from hengzhi.engine.words import LEVEL_NAMES, UNIT_NAMES, VERDICT_NAMES, shown
from hengzhi.spine.runs.pages.figures import Figure, Rated
from hengzhi.spine.scopes.labels import Labels
from hengzhi.web import drawings
from hengzhi.web.numbers import MISSING, change, count

_SHARE, _COUNT = "share", "count"


def said(text: Text) -> str:
    """A text of the house in the reader's language."""
    return text.in_(get_language() or "zh")


def named(text: Text) -> str:
    """A name as it begins a line or a title."""
    words = said(text)
    return words[:1].upper() + words[1:]


def level(key: str) -> str:
    """The name of a level."""
    return said(LEVEL_NAMES[key])


def verdict(key: str) -> str:
    """The name of a verdict."""
    return said(VERDICT_NAMES[key])


def value(number: float | None, indicator: Indicator) -> str:
    """A value with its unit; a dash where there is none."""
    plain = shown(number, indicator.unit)
    if number is None or indicator.unit.value == _SHARE:
        return plain
    if indicator.unit.value == _COUNT and indicator.kind == "mean":
        return plain
    return f"{plain} {said(UNIT_NAMES[indicator.unit])}".strip()


def target(number: float | None, indicator: Indicator) -> str:
    """What is wanted, such as ≥ 88.0 %; a dash where the policy names nothing."""
    if number is None:
        return MISSING
    return f"{'≤' if indicator.direction == 'down' else '≥'} {value(number, indicator)}"


def bounds(figure: Figure, indicator: Indicator) -> str:
    """The two-sided 95 % interval; for a complete count the words that say so."""
    if figure.method == "census":
        return _("complete count, no interval")
    if figure.lower is None or figure.upper is None:
        return MISSING
    return f"{value(figure.lower, indicator)} – {value(figure.upper, indicator)}"


def sample(figure: Figure) -> str:
    """How many cases stand behind a figure."""
    return _("complete count") if figure.n is None and figure.method == "census" else count(figure.n)


def cases(figure: Figure) -> str:
    """How many cases stand behind a figure, where no heading says n."""
    if figure.n is not None:
        return f"n {sample(figure)}"
    return sample(figure) if figure.method == "census" else ""


def reason(figure: Figure) -> str:
    """Why there is no verdict, or what to know about it; "" where nothing."""
    known = {
        "expected_and_empty": _("expected, but no data came"),
        "coverage_low": _("too many days without data to judge"),
        "period_running": _("the period is not over yet"),
    }
    if figure.reason:
        return known.get(figure.reason, figure.reason)
    if figure.is_small:
        return _("too few cases to colour or rank")
    return ""


def hint(figure: Figure, indicator: Indicator) -> str:
    """What a reader should know beside the verdict: the plain comparison, and how many cases would prove it."""
    if figure.verdict != "not_shown" or figure.is_small:
        return reason(figure)
    side = _above_target(figure, indicator)
    if figure.needed_n is not None and figure.n is not None and figure.needed_n > figure.n:
        return _("%(side)s; at the same level about %(more)s more cases are needed") % {
            "side": side,
            "more": count(figure.needed_n - figure.n),
        }
    return side


def _above_target(figure: Figure, indicator: Indicator) -> str:
    if figure.arithmetic:
        return _("better than the target")
    return _("short of the target")


def arithmetic(figure: Figure) -> str:
    """The plain comparison with the target, which stands beside the verdict and never instead of it."""
    if figure.arithmetic is None:
        return MISSING
    return _("meets the target as plain arithmetic") if figure.arithmetic else _("misses the target as plain arithmetic")


def interval(figure: Figure | None, indicator: Indicator) -> drawings.Interval | None:
    """The small drawing of value, interval and target; None for a complete count or without a value."""
    if figure is None or figure.value is None or figure.lower is None or figure.upper is None or figure.method == "census":
        return None
    words = _("%(value)s, 95%% interval %(bounds)s, target %(target)s") % {
        "value": value(figure.value, indicator),
        "bounds": bounds(figure, indicator),
        "target": target(figure.target, indicator),
    }
    return drawings.interval(
        value=figure.value, lower=figure.lower, upper=figure.upper, target=figure.target, verdict=figure.verdict, words=words
    )


def course(new: float | None, old: float | None, indicator: Indicator) -> tuple[str, str]:
    """The change of a value as (kind, words): shares in percentage points, others in their unit."""
    if new is None or old is None:
        return "same", MISSING
    up = indicator.direction != "down"
    if indicator.unit.value == _SHARE:
        kind, words = change(100 * (new - old), up_is_good=up, places=2)
        return kind, words if kind == "same" else _("%(change)s percentage points") % {"change": words}
    return change(new - old, up_is_good=up, places=0 if float(new).is_integer() and float(old).is_integer() else 2)


def moved(now: Rated | None, before: Rated | None) -> tuple[str, str]:
    """The change of a risk score as (kind, words); a higher score is worse."""
    if now is None:
        return "same", ""
    if before is None:
        return "same", _("no score before")
    return change(now.score - before.score, up_is_good=False)


def why_level(rated: Rated, names: dict[str, str], labels: Labels) -> str:
    """Why a risk has its level; ``names`` are the indicators' by key, ``labels`` those of codes."""
    kind, _sep, key = rated.reason.partition(":")
    if kind == "proven":
        indicator, _at, scope = key.partition("@")
        name = names.get(indicator, indicator) + (f" · {said(labels.scope(scope))}" if scope else "")
        return _("%(indicator)s is missed by proof, so the level is at least one below its own") % {"indicator": name}
    if kind == "two_periods_to_improve":
        return _("the score would give %(level)s, but a level improves only after two periods") % {"level": level(rated.raw_level)}
    return _("the level is the band of the score")


def part_kind(kind: str) -> str:
    """What kind of part adds to a score."""
    return {
        "indicator": _("indicator"),
        "missing": _("missing data"),
        "floor": _("floor"),
        "uplift": _("uplift"),
    }[kind]
