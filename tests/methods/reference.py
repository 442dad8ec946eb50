"""Worked cases from a file: what each expects, and how far what we find is from it."""

import json
import os
import re
from pathlib import Path
from typing import Any

import numpy as np

_NUMBERED = re.compile(r"^(?P<key>.+?)_(?P<places>\d+(?:_\d+)*)$")
_FIRST = re.compile(r"^(?P<key>.+)_first(?P<count>\d+)$")


def shared_folder() -> Path | None:
    """The folder beside the project that holds the public cases, or None."""
    if os.environ.get("HENGZHI_SHARED"):
        return Path(os.environ["HENGZHI_SHARED"])
    for parent in Path(__file__).resolve().parents:
        if (parent / "shared" / "mission.md").exists():
            return parent / "shared"
    return None


def case_files() -> list[Path]:
    """The public file and the one HENGZHI_REFERENCE names, those that exist."""
    shared = shared_folder()
    named = os.environ.get("HENGZHI_REFERENCE")
    files = [shared / "reference" / "methods.json"] if shared else []
    files += [Path(named)] if named else []
    return [file for file in dict.fromkeys(files) if file.exists()]


def load_cases() -> list[dict[str, Any]]:
    """All cases in order, each once by id; a later file wins. Data files a case names become paths where found."""
    found: dict[str, dict[str, Any]] = {}
    for file in case_files():
        content = json.loads(file.read_text(encoding="utf-8"))
        for case in content["cases"] if isinstance(content, dict) else content:
            found[case["id"]] = {**case, "input": with_paths(case["input"], file.parent)}
    return list(found.values())


def with_paths(given: Any, folder: Path) -> Any:
    """The input, each name of a data file replaced by the path beside ``folder`` or in the shared reference folder."""
    if isinstance(given, dict):
        return {key: with_paths(value, folder) for key, value in given.items()}
    if isinstance(given, str) and re.fullmatch(r"[\w.-]+", given):
        shared = shared_folder()
        places = [folder, *([shared / "reference"] if shared else [])]
        names = [given] if re.search(r"\.(csv|json|tsv|txt)$", given) else [f"{given}.csv"]
        return next((str(place / name) for place in places for name in names if (place / name).exists()), given)
    return given


def found_for(key: str, result: dict[str, Any]) -> Any:
    """The part of ``result`` that an expected key means: itself, ``_first5``, or numbered elements counted from 1.

    Raises:
        KeyError: the result has no such part.
    """
    if key in result:
        return result[key]
    if (first := _FIRST.match(key)) and first["key"] in result:
        return _elements(result[first["key"]], range(1, int(first["count"]) + 1))
    if (numbered := _NUMBERED.match(key)) and numbered["key"] in result:
        return _elements(result[numbered["key"]], [int(place) for place in numbered["places"].split("_")])
    raise KeyError(key)


def _elements(values: Any, places: Any) -> list[Any]:
    series = np.asarray(values).ravel()
    # A single limit holds for every point.
    return [series[0] if series.size == 1 else series[place - 1] for place in places]


def tolerance_of(case: dict[str, Any], key: str, expected: Any) -> Any:
    """How far off each number may be: absolute, or relative to the expected one."""
    for name, scale in (("tolerance_abs", 1.0), ("tolerance_rel", None)):
        given = case.get(name)
        if isinstance(given, dict):
            given = given.get(key)
        if given is not None:
            return given * (np.abs(np.asarray(expected, dtype=float)) if scale is None else 1.0)
    return 1e-9


def agrees(case: dict[str, Any], key: str, found: Any) -> bool:
    """Whether what was found lies within the case's tolerance of what it expects."""
    expected = case["expected"][key]
    return _agrees(case, key, expected, found)


def _agrees(case: dict[str, Any], key: str, expected: Any, found: Any) -> bool:
    if isinstance(expected, dict):
        return all(part in found and _agrees(case, key, value, found[part]) for part, value in expected.items())
    if expected is None or isinstance(expected, (bool, str)) or (isinstance(expected, list) and any(isinstance(v, str) for v in expected)):
        return bool(found == expected)
    wanted, got = np.asarray(expected, dtype=float), np.asarray(found, dtype=float)
    if got.size == wanted.size + 1 and wanted.size > 1:
        got = got[1:]  # a series given with its start, expected without
    if wanted.size != got.size and 1 not in (wanted.size, got.size):
        return False
    if 0 in (wanted.size, got.size):
        return bool(wanted.size == got.size)
    got, wanted = (got.reshape(wanted.shape), wanted) if got.size == wanted.size else (got, wanted)
    # A few ulps, so that a tolerance of 1e-9 met exactly isn't failed by its own rounding.
    slack = 4 * np.finfo(float).eps * np.abs(wanted)
    return bool(np.all(np.abs(got - wanted) <= np.asarray(tolerance_of(case, key, expected)) + slack))
