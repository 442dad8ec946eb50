"""Effect checks: the question fixed before the action starts, computed from observations, answered by somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from hengzhi.core import Period, UnknownKey
from hengzhi.spine.audit.services import record
from hengzhi.spine.findings.comparing import Effect, Question, compare
from hengzhi.spine.findings.models import Action, EffectCheck
from hengzhi.spine.findings.services import FindingRefused
from hengzhi.spine.record import Named, name_of, scope_row


def ask_effect(
    *,
    action: Action,
    review_on: date,
    by: str | Named,
    indicator: str = "",
    scope: str = "",
    baseline: str = "",
    review: str = "",
    controls: Sequence[str] = (),
    target_change: float | None = None,
    question: str = "",
) -> EffectCheck:
    """Fix how the effect of an action will be judged: by an indicator's months before and after, or by evidence alone.

    ``baseline`` and ``review`` are spans of months such as ``2026-07..2026-09``; ``controls`` the units that are not treated;
    ``target_change`` is relative: -0.2 wants 20 % less.

    Raises:
        FindingRefused: the action has started, or the question is incomplete.
        InvalidPeriod: a span is none.
    """
    with transaction.atomic():
        _must(action.state == "planned", action.uid, action.state, "action_started")
        if indicator:
            before, after = months(baseline), months(review)
            _must(
                bool(before and after) and before[-1] < after[0] and target_change not in (None, 0),
                action.uid,
                action.state,
                "question_open",
            )
            _must(review_on >= Period.month(after[-1]).end, action.uid, action.state, "review_early")
        else:
            _must(bool(question.strip()), action.uid, action.state, "question_open")
        check = EffectCheck.objects.create(
            action=action,
            scope=scope_row(scope),
            indicator=indicator,
            baseline=baseline,
            review=review,
            comparison=("controls" if controls else "before_after") if indicator else "evidence",
            controls=sorted(controls),
            target_change=target_change,
            question=question,
            review_on=review_on,
            created_by=name_of(by),
            changed_by=name_of(by),
        )
        record(by=name_of(by), verb="ask_effect", kind="effect_check", of=check.uid, after=_asked(check))
    return check


def compute_effect(*, check: EffectCheck, by: str | Named) -> Effect:
    """The answer of the figures, kept with the observations it rests on.

    Raises:
        FindingRefused: it is answered already, or asks for evidence only.
    """
    with transaction.atomic():
        _must(check.checked_at is None, check.uid, check.conclusion, "checked")
        _must(bool(check.indicator) and check.target_change is not None, check.uid, check.conclusion, "evidence_only")
        effect = compare(
            Question(
                check.indicator,
                check.scope.text,
                months(check.baseline),
                months(check.review),
                tuple(check.controls),
                check.target_change or 0.0,
            )
        )
        check.change(by=name_of(by), computed=effect.as_json(), verdict=effect.verdict)
        record(by=name_of(by), verb="compute_effect", kind="effect_check", of=check.uid, after=effect.as_json())
    return effect


def conclude_effect(*, check: EffectCheck, effective: bool, at: datetime, by: str | Named, reason: str = "") -> EffectCheck:
    """The check, answered for good; against the figures, or without any, only with a reason.

    Raises:
        FindingRefused: by the action's owner, before its review day or its action's end, twice, or without figures and reason.
    """
    who, action = name_of(by), check.action
    with transaction.atomic():
        _must(check.checked_at is None, check.uid, check.conclusion, "checked")
        _must(who != action.owner, check.uid, check.conclusion, "own_action")
        _must(action.state == "done", check.uid, action.state, "action_open")
        _must(at.date() >= check.review_on, check.uid, check.conclusion, "review_early")
        _must(bool(check.verdict) or not check.indicator, check.uid, check.conclusion, "not_computed")
        _must(not effective or check.verdict == "met" or bool(reason.strip()), check.uid, check.conclusion, "no_reason")
        conclusion = "effective" if effective else "not_effective"
        check.change(by=who, conclusion=conclusion, reason=reason, checked_by=who, checked_at=at)
        after = {"conclusion": conclusion, "verdict": check.verdict, "reason": reason, "action": action.uid}
        record(by=who, verb="conclude_effect", kind="effect_check", of=check.uid, after=after)
    return check


def find_check(uid: str) -> EffectCheck:
    """The effect check with this uid.

    Raises:
        UnknownKey: there is none.
    """
    check = EffectCheck.objects.filter(uid=uid).select_related("action", "scope").first()
    if check is None:
        raise UnknownKey("effect_check", uid)
    return check


def months(span: str) -> tuple[int, ...]:
    """The months of a span such as ``2026-07..2026-09`` or ``2026Q3``.

    Raises:
        InvalidPeriod: it is none.
    """
    first, dots, last = span.partition("..")
    start = Period.parse(first)
    return Period(start.start, Period.parse(last).end).months() if dots else start.months()


def _asked(check: EffectCheck) -> dict[str, object]:
    names = ("indicator", "baseline", "review", "comparison", "controls", "target_change", "question", "review_on")
    return {"action": check.action.uid, "scope": check.scope.text, **{name: getattr(check, name) for name in names}}


def _must(holds: bool, uid: str, state: str, reason: str) -> None:
    if not holds:
        raise FindingRefused(uid=uid, state=state, reason=reason)
