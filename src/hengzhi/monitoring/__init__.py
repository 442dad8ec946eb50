"""Monitoring: whether service quality is watched, found and handled (M5, R5)."""

from hengzhi.core import Text
from hengzhi.engine.capability import Capability
from hengzhi.monitoring.facts import DERIVED
from hengzhi.monitoring.indicators import INDICATORS, TARGETS

CAPABILITY = Capability("monitoring", Text("质量监测", "Monitoring"), derived=DERIVED, indicators=INDICATORS, targets=TARGETS)
