"""The roles that are shipped, as data; what an institution adds are rows with the same fields."""

from __future__ import annotations

from dataclasses import dataclass

from hengzhi.core import Text


@dataclass(frozen=True, slots=True)
class RoleEntry:
    """A named set of permissions; one that is time-boxed is only given until a day."""

    key: str
    names: Text
    permissions: frozenset[str]
    time_boxed: bool = False


def _role(key: str, zh: str, en: str, *permissions: str, time_boxed: bool = False) -> RoleEntry:
    return RoleEntry(key, Text(zh, en), frozenset(permissions), time_boxed)


_READ = ("risk.figure.view", "loop.finding.view", "people.unit.view")
_READ_WIDELY = (*_READ, "risk.figure.export", "risk.run.view", "data.batch.view")

ROLES: tuple[RoleEntry, ...] = (
    _role(
        "service_quality_officer",
        "服务质量岗",
        "service-quality officer",
        *_READ_WIDELY,
        "risk.run.make",
        "data.batch.import",
        "data.batch.undo",
        "text.customer.view",
        "people.person.view",
    ),
    _role("complaint_handler", "投诉处理岗", "complaint handler", *_READ, "text.customer.view"),
    _role("interviewer", "访谈员", "interviewer", "people.unit.view"),
    _role("inspector", "检查员", "inspector", *_READ),
    _role("department_head", "部门负责人", "department head", *_READ, "risk.figure.export", "people.person.view"),
    _role("project_team", "专项小组成员", "project-team member", *_READ_WIDELY),
    _role("trainer", "培训师", "trainer", *_READ),
    _role("it_support", "IT 支持", "IT support", *_READ, "data.batch.view", "system.health.view"),
    _role("operational_risk", "操作风险（第二道防线）", "operational risk (second line)", *_READ_WIDELY),
    _role("executive", "高级管理层", "executive", *_READ, "risk.figure.export"),
    _role("analyst", "分析师", "analyst", *_READ_WIDELY, "risk.run.make"),
    _role(
        "data_protection_officer",
        "个人信息保护负责人",
        "data-protection officer",
        "people.unit.view",
        "data.batch.view",
        "text.customer.view",
        "pii.person.view",
        "audit.entry.view",
    ),
    _role("external_assessor", "外部评估人员", "external assessor", "risk.figure.view", time_boxed=True),
    _role(
        "system_administrator",
        "系统管理员",
        "system administrator",
        "people.person.view",
        "people.person.manage",
        "people.unit.view",
        "people.unit.import",
        "system.health.view",
        "system.settings.change",
    ),
    _role(
        "security_administrator",
        "安全管理员",
        "security administrator",
        "people.person.view",
        "people.role.grant",
        "people.role.define",
        "people.session.end",
        "people.unit.view",
        "security.rule.change",
    ),
    _role("audit_administrator", "审计管理员", "audit administrator", "people.person.view", "audit.entry.view", "audit.chain.verify"),
)

SHIPPED = {role.key: role for role in ROLES}

# 三权分立: the three administrators are three people (GB/T 22239-2019 8.1.5; trust.md S27).
ADMINISTRATORS = frozenset({"system_administrator", "security_administrator", "audit_administrator"})

# The first person of a house holds these, so that it works at once; the roles are then handed on.
FIRST = ("security_administrator", "system_administrator", "service_quality_officer")

# Who runs the system never reads customers' words nor touches the audit log, whatever other role they hold.
NEVER_WITH_SYSTEM = frozenset({"text.customer.view", "pii.person.view", "audit.entry.view", "audit.chain.verify"})
SYSTEM = "system.settings.change"
