"""Assessing and reading the outcome in the words of the API."""

from __future__ import annotations

from datetime import date
from typing import Any

from hengzhi.core import Period, Text
from hengzhi.engine.catalogue import Catalogue
from hengzhi.engine.words import LEVEL_NAMES, RISK_NAMES, VERDICT_NAMES, shown
from hengzhi.lake.workspace import Workspace
from hengzhi.spine.policies import current_policy
from hengzhi.spine.runs.assessments import Progress, assess_period
from hengzhi.spine.runs.models import Observation, Rating, Run


def assess_and_read(
    *, workspace: Workspace, catalogue: Catalogue, periods: tuple[Period, ...], on: date, by: str, progress: Progress | None = None
) -> dict[str, Any]:
    """Assess the periods by the policy in force, and read the whole institution's outcome of the last month."""
    policy = current_policy(workspace, catalogue)
    run = assess_period(workspace=workspace, catalogue=catalogue, policy=policy, periods=periods, on=on, by=by, progress=progress)
    return read_run(run, catalogue, workspace.language)


def read_run(run: Run, catalogue: Catalogue, language: str) -> dict[str, Any]:
    """A run's summary: its pins, its five risks and every verdict of the whole institution in its last month."""
    last = Period.month(max(run.parameters["months"]))
    risks = Rating.objects.filter(run=run, scope__text="", period=str(last)).prefetch_related("parts").order_by("risk")
    periods = {str(last), str(last.containing("quarter")), str(last.containing("year"))}
    seen = Observation.objects.filter(run=run, scope__text="", period__in=periods).select_related("evaluation").order_by("key", "period")
    return {
        "run": run.uid,
        "state": run.state,
        "months": run.parameters["months"],
        "data_version": run.data_version,
        "output_sha256": run.output_sha256,
        **run.summary,
        "risks": [_risk(rating, language) for rating in risks],
        "verdicts": [_verdict(observation, catalogue, language) for observation in seen],
    }


def _risk(rating: Rating, language: str) -> dict[str, Any]:
    parts = [
        {
            "kind": p.kind,
            "key": p.key,
            "weight": p.weight,
            "score": p.score,
            "points": p.points,
            "figure": f"rating:{rating.pk}#{p.position}",
        }
        for p in sorted(rating.parts.all(), key=lambda p: p.position)
    ]
    return {
        "risk": rating.risk,
        "name": RISK_NAMES[rating.risk].in_(language),
        "period": rating.period,
        "score": rating.score,
        "level": rating.level,
        "level_name": LEVEL_NAMES[rating.level].in_(language),
        "reason": rating.reason,
        "parts": parts,
    }


def _verdict(o: Observation, catalogue: Catalogue, language: str) -> dict[str, Any]:
    indicator = catalogue.indicators.get(o.key)
    names = indicator.names if indicator else Text(o.key, o.key)
    return {
        "figure": f"obs:{o.pk}",
        "indicator": o.key,
        "name": names.in_(language),
        "period": o.period,
        "x": o.x,
        "n": o.n,
        "value": o.value,
        "lower": o.lower,
        "upper": o.upper,
        "shown": shown(o.value, indicator.unit if indicator else None),
        "verdict": o.evaluation.verdict,
        "verdict_name": VERDICT_NAMES[o.evaluation.verdict].in_(language),
        "arithmetic": o.evaluation.arithmetic,
        "needed_n": o.evaluation.needed_n,
        "reason": o.evaluation.reason,
        "flags": o.flags,
    }
