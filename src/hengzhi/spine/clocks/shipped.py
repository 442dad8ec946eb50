"""The rules the house ships: an institution revises, disables or adds to them."""

from __future__ import annotations

from datetime import date

from hengzhi.core import Text
from hengzhi.spine.calendars.limits import Limit
from hengzhi.spine.clocks.rules import Extension, Rule

_COMPLAINTS = "银行业保险业消费投诉处理管理办法 (银保监会令2020年第3号) 处理期限"
_CYBER = "国家网络安全事件报告管理办法 第四条 (2025-11-01)"
_DORA = "Regulation (EU) 2022/2554 art. 19; Delegated Regulation (EU) 2025/301 art. 5"
_HOUSE = "house rule"
_SINCE = date(2020, 3, 1)
_ALWAYS = date(2000, 1, 1)

COMPLAINT = Rule(
    key="feedback.complaint",
    names=Text("消费投诉处理", "complaint decision"),
    source=_COMPLAINTS,
    limit=Limit(15, "days"),
    valid_from=_SINCE,
    extensions=(
        Extension(15, Text("情况复杂，延至30日；本机构须有另一人批准", "complex case, 30 days; another person approves")),
        Extension(
            30,
            Text(
                "情况特别复杂，经上级机构或总行（总公司）高级管理人员审批并告知投诉人，再延30日",
                "exceptional case, 30 more; approved by the higher office or senior management, complainant told",
            ),
        ),
    ),
    starts_on="complaint.received",
    stops_on=("complaint.decided", "complaint.withdrawn"),
    note=Text("收到之日不计；撤回当日终止", "the day of receipt is not counted; a withdrawal ends it the same day"),
)

PERIODIC = (
    Rule(
        key="feedback.first_analysis",
        names=Text("客户反馈首次分析", "first analysis of feedback"),
        source="M1",
        limit=Limit(1, "months"),
        valid_from=_ALWAYS,
        stops_on=("feedback.analysed",),
        every="quarter",
        note=Text("季末后一个月内", "within one month of the quarter's end"),
    ),
    Rule(
        key="monitoring.monthly_evaluation",
        names=Text("月度服务质量评价", "monthly evaluation"),
        source="M5",
        limit=Limit(1, "whole_months"),
        valid_from=_ALWAYS,
        stops_on=("monitoring.evaluated",),
        every="month",
        note=Text("次月末前完成", "by the end of the following month"),
    ),
    Rule(
        key="governance.quarterly_meeting",
        names=Text("季度风险评审会", "quarterly review meeting"),
        source="G3",
        limit=Limit(3, "whole_months"),
        valid_from=_ALWAYS,
        stops_on=("governance.met",),
        every="quarter",
        counts="within",
    ),
    Rule(
        key="thirdparty.yearly_assessment",
        names=Text("年度第三方评估", "yearly third-party assessment"),
        source="M6",
        limit=Limit(12, "whole_months"),
        valid_from=_ALWAYS,
        stops_on=("thirdparty.report_filed",),
        every="year",
        counts="within",
    ),
)


def _vulnerability(severity: str, names: Text, days: int, source: str) -> Rule:
    return Rule(
        key=f"technology.vulnerability_{severity}",
        names=names,
        source=source,
        limit=Limit(days, "days"),
        valid_from=_ALWAYS,
        starts_on=f"vulnerability.found_{severity}",
        stops_on=("vulnerability.fixed",),
        pausable=True,
        reminds=(7, 1),
    )


VULNERABILITIES = (
    _vulnerability("critical", Text("漏洞修复（严重）", "fix a critical vulnerability"), 15, "CISA BOD 19-02"),
    _vulnerability("high", Text("漏洞修复（高）", "fix a high vulnerability"), 30, "CISA BOD 19-02"),
    _vulnerability("medium", Text("漏洞修复（中）", "fix a medium vulnerability"), 90, _HOUSE),
    _vulnerability("low", Text("漏洞修复（低）", "fix a low vulnerability"), 180, _HOUSE),
)


def _report(key: str, names: Text, source: str, limit: Limit, since: date, events: tuple[str, str], *, enabled: bool = True) -> Rule:
    start, stop = events
    return Rule(
        key=f"technology.{key}",
        names=names,
        source=source,
        limit=limit,
        valid_from=since,
        enabled=enabled,
        starts_on=start,
        stops_on=(stop,),
        reminds=(1,),
        escalates=(0,),
    )


_CN, _EU, _PBOC = date(2025, 11, 1), date(2025, 1, 17), date(2025, 1, 1)
_INITIAL, _INTERMEDIATE, _FINAL = "dora.initial_sent", "dora.intermediate_sent", "dora.final_sent"

INCIDENTS = (
    _report(
        "incident_cn_critical",
        Text("网络安全事件报告（关键信息基础设施）", "incident report, critical infrastructure"),
        _CYBER,
        Limit(1, "hours"),
        _CN,
        ("cn.critical_incident_known", "cn.reported"),
    ),
    _report(
        "incident_cn_other",
        Text("网络安全事件报告（其他运营者）", "incident report, other operators"),
        _CYBER,
        Limit(4, "hours"),
        _CN,
        ("cn.incident_known", "cn.reported"),
    ),
    _report(
        "dora_initial_classified",
        Text("DORA 初次报告（定级后）", "DORA initial report, after classification"),
        _DORA,
        Limit(4, "hours"),
        _EU,
        ("dora.classified", _INITIAL),
    ),
    _report(
        "dora_initial_aware",
        Text("DORA 初次报告（获知后）", "DORA initial report, after awareness"),
        _DORA,
        Limit(24, "hours"),
        _EU,
        ("dora.aware", _INITIAL),
    ),
    _report(
        "dora_intermediate",
        Text("DORA 中期报告", "DORA intermediate report"),
        _DORA,
        Limit(72, "hours"),
        _EU,
        (_INITIAL, _INTERMEDIATE),
    ),
    _report("dora_final", Text("DORA 最终报告", "DORA final report"), _DORA, Limit(1, "months"), _EU, (_INTERMEDIATE, _FINAL)),
    _report(
        "pboc_report",
        Text("人民银行网络安全事件报告（草案）", "PBoC incident report (draft)"),
        "中国人民银行业务领域网络安全事件报告管理办法（征求意见稿）2025-01",
        Limit(2, "hours"),
        _PBOC,
        ("pboc.incident_known", "pboc.reported"),
        enabled=False,
    ),
    _report(
        "data_security_report",
        Text("数据安全事件报告", "data-security incident report"),
        "银行保险机构数据安全管理办法 (金规〔2024〕24号); to be checked against the official text",
        Limit(2, "hours"),
        date(2024, 12, 27),
        ("data.incident_known", "data.reported"),
        enabled=False,
    ),
)

SHIPPED: tuple[Rule, ...] = (COMPLAINT, *PERIODIC, *VULNERABILITIES, *INCIDENTS)
