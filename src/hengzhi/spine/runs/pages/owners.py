"""Who answers for an indicator or a measure, by the policy a run was judged by."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping

import yaml

from hengzhi.core import Text
from hengzhi.engine.indicators import Indicator
from hengzhi.spine.runs.models import PolicyVersion
from hengzhi.spine.runs.pages.current import Pin


def owners(pin: Pin | None) -> Mapping[str, Text]:
    """The owner of each indicator; empty where there is no run."""
    return _owners(pin.policy) if pin and pin.policy else {}


def owner_of(measure: Iterable[Indicator], known: Mapping[str, Text]) -> Text:
    """The owner of a measure: whoever answers for most of its indicators."""
    named = [known[i.key] for i in measure if i.key in known and known[i.key].zh]
    return max(dict.fromkeys(named), key=named.count) if named else Text("", "")


@functools.lru_cache(maxsize=32)
def _owners(sha256: str) -> dict[str, Text]:
    # Kept by its hash: a policy version never changes.
    content = PolicyVersion.objects.filter(sha256=sha256).values_list("content", flat=True).first() or ""
    targets = (yaml.safe_load(content) or {}).get("targets") or {}
    return {key: Text(str(entry.get("owner_zh", "")), str(entry.get("owner_en", ""))) for key, entry in targets.items()}
