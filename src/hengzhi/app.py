"""Composition: the one module that knows all capabilities."""

from __future__ import annotations

from hengzhi import feedback, monitoring, process, technology
from hengzhi.engine.catalogue import Catalogue
from hengzhi.engine.policy import default_policy_text

CAPABILITIES = (feedback.CAPABILITY, process.CAPABILITY, technology.CAPABILITY, monitoring.CAPABILITY)

CATALOGUE = Catalogue(
    facts={table.key: table for capability in CAPABILITIES for table in capability.facts},
    derived={derived.key: derived for capability in CAPABILITIES for derived in capability.derived},
    indicators={indicator.key: indicator for capability in CAPABILITIES for indicator in capability.indicators},
)

DEFAULT_POLICY = default_policy_text((key, target) for capability in CAPABILITIES for key, target in capability.targets.items())
