"""Processes: how services are handled, step by step (M2, R2)."""

from hengzhi.core import Text
from hengzhi.engine.capability import Capability
from hengzhi.process.facts import DERIVED, FACTS
from hengzhi.process.indicators import INDICATORS, TARGETS

CAPABILITY = Capability("process", Text("服务流程", "Processes"), FACTS, DERIVED, indicators=INDICATORS, targets=TARGETS)
