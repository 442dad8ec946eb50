"""Technology: systems, their failures and their security (M4, R4)."""

from hengzhi.core import Text
from hengzhi.engine.capability import Capability
from hengzhi.technology.facts import FACTS
from hengzhi.technology.indicators import INDICATORS, TARGETS

CAPABILITY = Capability("technology", Text("科技与安全", "Technology and security"), FACTS, indicators=INDICATORS, targets=TARGETS)
