"""Every record of every room, so that Django finds them in one app."""

from hengzhi.spine.access.models import Assignment, Role
from hengzhi.spine.audit.models import AuditEntry
from hengzhi.spine.clocks.models import Clock, ClockExtension, ClockPause, ClockRule
from hengzhi.spine.datasets.models import Batch, DataVersion, FactFile, Pseudonym
from hengzhi.spine.findings.models import Action, ActionNeed, Cause, EffectCheck, Finding
from hengzhi.spine.happenings.models import Happening, Impact, TimelineEntry
from hengzhi.spine.people.models import FirstLogin, Person, RecoveryCode, SecondFactor, SignedIn
from hengzhi.spine.runs.models import Evaluation, IndicatorVersion, Observation, PolicyVersion, Rating, RatingPart, Run, ScopeVersion
from hengzhi.spine.scopes.models import OrgUnit, Scope, WorkspaceStamp

__all__ = [
    "Action",
    "ActionNeed",
    "Assignment",
    "AuditEntry",
    "Batch",
    "Cause",
    "Clock",
    "ClockExtension",
    "ClockPause",
    "ClockRule",
    "DataVersion",
    "EffectCheck",
    "Evaluation",
    "FactFile",
    "Finding",
    "FirstLogin",
    "Happening",
    "Impact",
    "IndicatorVersion",
    "Observation",
    "OrgUnit",
    "Person",
    "PolicyVersion",
    "Pseudonym",
    "Rating",
    "RatingPart",
    "RecoveryCode",
    "Role",
    "Run",
    "Scope",
    "ScopeVersion",
    "SecondFactor",
    "SignedIn",
    "TimelineEntry",
    "WorkspaceStamp",
]
