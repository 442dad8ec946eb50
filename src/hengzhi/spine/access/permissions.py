"""Every permission of the house, written "room.noun.verb"."""

from __future__ import annotations

from dataclasses import dataclass

from hengzhi.core import Text


@dataclass(frozen=True, slots=True)
class Permission:
    """Something that a person may be allowed to do, on a unit or on the whole institution."""

    key: str
    names: Text


PERMISSIONS: tuple[Permission, ...] = (
    Permission("risk.figure.view", Text("查看风险、措施和指标", "see risks, measures and indicators")),
    Permission("risk.figure.export", Text("把数字导出为文件", "take figures away as files")),
    Permission("risk.run.view", Text("查看运行", "see runs")),
    Permission("risk.run.make", Text("运行评估", "run assessments")),
    Permission("loop.finding.view", Text("查看整改和时限", "see findings and deadlines")),
    Permission("data.batch.view", Text("查看导入批次", "see imports")),
    Permission("data.batch.import", Text("导入数据", "import data")),
    Permission("data.batch.undo", Text("撤销导入", "undo imports")),
    Permission("text.customer.view", Text("查看客户原文", "read customers' own words")),
    Permission("pii.person.view", Text("查看可识别个人的字段", "see fields that identify persons")),
    Permission("people.person.view", Text("查看用户", "see people")),
    Permission("people.person.manage", Text("新建和停用用户", "add and disable people")),
    Permission("people.role.grant", Text("授予和收回角色", "give and withdraw roles")),
    Permission("people.role.define", Text("定义角色", "define roles")),
    Permission("people.session.end", Text("结束他人的会话", "end other people's sessions")),
    Permission("people.unit.view", Text("查看机构树", "see the tree of units")),
    Permission("people.unit.import", Text("导入机构和用户", "import units and people")),
    Permission("audit.entry.view", Text("查看审计日志", "read the audit log")),
    Permission("audit.chain.verify", Text("校验审计链", "verify the audit chain")),
    Permission("system.health.view", Text("查看系统健康", "see the system's health")),
    Permission("system.settings.change", Text("修改系统设置", "change system settings")),
    Permission("security.rule.change", Text("修改安全规则", "change security rules")),
)

KEYS = frozenset(permission.key for permission in PERMISSIONS)
