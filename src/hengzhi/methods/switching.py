"""Switching between normal, tightened and reduced inspection, lot by lot."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hengzhi.methods.acceptance import SamplingPlan, Severity

_SCORE_FOR_REDUCED = 30  # GB/T 2828.1-2012, 9.3.3
_ACCEPTED_FOR_NORMAL = 5  # 9.3.2
_REJECTED_TO_DISCONTINUE = 5  # 9.4


@dataclass(frozen=True, slots=True)
class Switching:
    """How the next lot is inspected, and what decides the next switch.

    ``recent`` are the outcomes of the last lots under normal inspection, at most five, newest last.
    """

    severity: Severity = "normal"
    recent: tuple[bool, ...] = ()
    score: int = 0
    accepted_in_a_row: int = 0
    rejected_when_tightened: int = 0
    discontinued: bool = False


def next_state(state: Switching, plan: SamplingPlan, found: int, *, tighter: SamplingPlan | None = None, steady: bool = True) -> Switching:
    """The state after a lot with ``found`` nonconforming cases under ``plan``.

    Args:
        state: before this lot.
        plan: the plan this lot was inspected with.
        found: nonconforming cases in the sample.
        tighter: the normal plan at the next smaller AQL, for the score.
        steady: production is steady and reduced inspection is wanted.

    Source: GB/T 2828.1-2012 (ISO 2859-1:1999), 9.3 and 9.4.
    """
    if state.discontinued:
        return state
    accepted = found <= plan.ac
    if state.severity == "tightened":
        return _after_tightened(state, accepted)
    if state.severity == "reduced":
        return state if accepted and steady else Switching()
    return _after_normal(state, plan, found, tighter, steady)


def resume(state: Switching) -> Switching:
    """Inspection taken up again after the supplier mended the process: tightened.

    Source: GB/T 2828.1-2012, 9.4.
    """
    return Switching(severity="tightened") if state.discontinued else state


def _after_normal(state: Switching, plan: SamplingPlan, found: int, tighter: SamplingPlan | None, steady: bool) -> Switching:
    accepted = found <= plan.ac
    recent = (*state.recent, accepted)[-5:]
    if recent.count(False) >= 2:
        return Switching(severity="tightened")
    score = state.score + _points(plan, found, tighter) if _points(plan, found, tighter) else 0
    if score >= _SCORE_FOR_REDUCED and steady:
        return Switching(severity="reduced")
    return replace(state, recent=recent, score=score)


def _points(plan: SamplingPlan, found: int, tighter: SamplingPlan | None) -> int:
    """Points of 9.3.3.2: 3 if accepted at the next smaller AQL too (Ac >= 2), 2 if accepted (Ac 0 or 1), else none."""
    if plan.ac <= 1:
        return 2 if found <= plan.ac else 0
    return 3 if tighter is not None and found <= tighter.ac else 0


def _after_tightened(state: Switching, accepted: bool) -> Switching:
    if accepted and state.accepted_in_a_row + 1 >= _ACCEPTED_FOR_NORMAL:
        return Switching()
    rejected = state.rejected_when_tightened + (not accepted)
    return replace(
        state,
        accepted_in_a_row=state.accepted_in_a_row + 1 if accepted else 0,
        rejected_when_tightened=rejected,
        discontinued=rejected >= _REJECTED_TO_DISCONTINUE,
    )
