"""Every worked case, each in a test of its own, compared in the keys it expects."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


def _beside(name: str) -> ModuleType | None:
    path = Path(__file__).with_name(f"{name}.py")
    if not path.exists():
        return None
    spec = importlib.util.spec_from_file_location(f"reference_{name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


reference: Any = _beside("reference")
_PARTS = [module for module in (_beside("adapters_a"), _beside("adapters_b")) if module is not None]
ADAPTERS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {key: value for part in _PARTS for key, value in part.ADAPTERS.items()}
CASES = reference.load_cases()


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_reference_case(case: dict[str, Any]) -> None:
    if case["method"] not in ADAPTERS:
        pytest.fail(f"{case['id']}: unsupported method {case['method']}", pytrace=False)
    result = ADAPTERS[case["method"]](case["input"])
    wrong = []
    for key, expected in case["expected"].items():
        try:
            found = reference.found_for(key, result)
        except (KeyError, IndexError):
            wrong.append(f"{key}: expected {expected}, got nothing; there are {sorted(result)}")
            continue
        if not reference.agrees(case, key, found):
            wrong.append(f"{key}: expected {expected}, got {found}")
    if wrong:
        pytest.fail("\n".join([f"{case['id']} ({case['method']})", *wrong]), pytrace=False)


def test_reference_cases_are_beside_the_project() -> None:
    if not CASES:
        pytest.skip("no file of worked cases: neither shared/reference/methods.json nor HENGZHI_REFERENCE")
