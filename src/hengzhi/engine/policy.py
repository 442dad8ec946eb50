"""Policy: the institution's targets, limits, weights and rules; judged whole before it is used."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeGuard

import yaml

from hengzhi.core import HengzhiError, Text
from hengzhi.engine.catalogue import Catalogue

RISKS = ("R1", "R2", "R3", "R4", "R5")
Level = Literal["normal", "blue", "yellow", "orange", "red"]
LEVELS: tuple[Level, ...] = ("normal", "blue", "yellow", "orange", "red")
BANDS: tuple[tuple[Level, float], ...] = (("red", 80.0), ("orange", 60.0), ("yellow", 50.0), ("blue", 40.0), ("normal", 0.0))


class InvalidPolicy(HengzhiError):
    """The policy contradicts the catalogue or itself; ``problems`` lists every place."""

    code = "invalid_policy"

    def __init__(self, source: str, problems: tuple[str, ...]) -> None:
        super().__init__(source=source, problems=problems)


@dataclass(frozen=True, slots=True)
class Target:
    """What is wanted of an indicator, in the unit in which it is shown; no ``target`` means shown but not judged."""

    target: float | None = None
    limit: float | None = None
    worst: float | None = None
    ideal: float | None = None
    weight: float = 1.0
    owner: Text = field(default=Text("", ""))
    floor: Level | None = None  # a missed verdict lifts the risk to this level


@dataclass(frozen=True, slots=True)
class Policy:
    """All targets and rules that hold in one assessment."""

    targets: Mapping[str, Target]
    missing_score: float = 60.0
    min_coverage: float = 0.9
    cap: int = 200_000
    text: str = ""

    @property
    def sha256(self) -> str:
        """The version of the policy."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def target(self, key: str) -> Target:
        """The target of an indicator; an empty one where the policy names none."""
        return self.targets.get(key, Target(weight=0.0))


def level_of(score: float) -> Level:
    """The band in which a score lies (contracts.md §6)."""
    return next((level for level, least in BANDS if score >= least - 1e-9), "normal")


def worse(*levels: Level) -> Level:
    """The worst of some levels."""
    return max(levels, key=LEVELS.index)


def better_by_one(level: Level) -> Level:
    """One level below ``level``."""
    return LEVELS[max(0, LEVELS.index(level) - 1)]


def read_policy(text: str, catalogue: Catalogue, source: str = "policy.yaml", *, known_only: bool = False) -> Policy:
    """The policy written in YAML.

    Args:
        known_only: pass over targets of indicators that no longer exist, as in the policy of an old run.

    Raises:
        InvalidPolicy: with file and line of every problem.
    """
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        values = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise InvalidPolicy(source, (str(error),)) from error
    problems: list[str] = []
    lines = _lines(node)
    if not isinstance(values, dict):
        raise InvalidPolicy(source, (f"{source}:1: a mapping is wanted",))
    targets = {}
    listed = values.get("targets") or {}
    if not isinstance(listed, dict):
        raise InvalidPolicy(source, (f"{source}:{lines.get(('targets',), 1)}: targets: a mapping is wanted",))
    for key, entry in listed.items():
        place = f"{source}:{lines.get(('targets', key), 1)}: targets.{key}"
        if key not in catalogue.indicators and known_only:
            continue
        if key not in catalogue.indicators:
            problems.append(f"{place}: no such indicator")
        elif not isinstance(entry, dict):
            problems.append(f"{place}: a mapping is wanted")
        else:
            targets[key] = _target(entry, place, catalogue.indicators[key].direction, problems)
    rules = {name: values[name] for name in _RULES if values.get(name) is not None}
    problems += [
        f"{source}:{lines.get((name,), 1)}: {name}: a number from {low:g} to {high:g} is wanted"
        for name, (low, high) in _RULES.items()
        if name in rules and not (_number(rules[name]) and low <= rules[name] <= high)
    ]
    problems += [f"{source}:{lines.get((name,), 1)}: {name}: unknown" for name in values if name not in ("targets", *_RULES)]
    if problems:
        raise InvalidPolicy(source, tuple(problems))
    return Policy(
        targets,
        missing_score=float(rules.get("missing_score", 60)),
        min_coverage=float(rules.get("min_coverage", 0.9)),
        cap=int(rules.get("cap", 200_000)),
        text=text,
    )


_RULES = {"missing_score": (0, 100), "min_coverage": (0, 1), "cap": (1, 10_000_000)}
_FIELDS = ("target", "limit", "worst", "ideal", "weight", "owner_zh", "owner_en", "floor")


def _target(entry: Mapping[str, Any], place: str, direction: str, problems: list[str]) -> Target:
    problems += [f"{place}.{name}: unknown" for name in entry if name not in _FIELDS]
    numbers: dict[str, Any] = {name: entry[name] for name in ("target", "limit", "worst", "ideal") if entry.get(name) is not None}
    numbers["weight"] = entry.get("weight", 1.0 if "target" in numbers else 0.0)
    problems += [f"{place}.{name}: a number is wanted" for name, value in numbers.items() if not _number(value)]
    if entry.get("floor") not in (None, *LEVELS):
        problems.append(f"{place}.floor: one of {', '.join(LEVELS)} is wanted")
    target, limit = numbers.get("target"), numbers.get("limit")
    if _number(target) and _number(limit) and (target < limit if direction == "up" else target > limit):
        problems.append(f"{place}: the limit {limit} is better than the target {target}")
    if _number(numbers["weight"]) and numbers["weight"] < 0:
        problems.append(f"{place}.weight: must not be negative")
    owner = Text(str(entry.get("owner_zh", "")), str(entry.get("owner_en", "")))
    return Target(**{k: float(v) for k, v in numbers.items() if _number(v)}, owner=owner, floor=entry.get("floor"))


def _number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _lines(node: yaml.Node | None, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*path, str(key.value))
            found[here] = key.start_mark.line + 1
            found |= _lines(value, here)
    return found


def default_policy_text(indicators: Iterable[tuple[str, Mapping[str, Any]]]) -> str:
    """The policy a new workspace begins with, from the capabilities' shipped targets."""
    body = {"targets": {key: dict(values) for key, values in indicators}, "missing_score": 60, "min_coverage": 0.9, "cap": 200_000}
    return yaml.safe_dump(body, allow_unicode=True, sort_keys=False)
