"""Feedback: what customers expect, say and experience (M1, R1)."""

from hengzhi.core import Text
from hengzhi.engine.capability import Capability
from hengzhi.feedback.facts import FACTS
from hengzhi.feedback.indicators import INDICATORS, TARGETS

CAPABILITY = Capability("feedback", Text("客户反馈", "Feedback"), FACTS, indicators=INDICATORS, targets=TARGETS)
