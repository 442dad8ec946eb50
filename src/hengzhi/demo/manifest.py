"""What is planted in the demo bank and what an honest assessment must say of it; the engine never reads this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hengzhi.core import Text
from hengzhi.demo.institution import branch_code

Expected = Literal["met", "missed", "not_shown", "no_data", "not_met", "never_met", "rate", "no_row", "alert", "no_alert", "finding"]


@dataclass(frozen=True, slots=True)
class Planted:
    """One expectation of one planted row; a row with several scopes stands several times.

    For a problem ``verdict`` must stand for ``indicator`` at ``scope`` in at least one of the months
    ``earliest`` to ``latest`` (a quarter by its last month); for a non-problem in every one of them.
    Besides the verdicts there are not_met (missed or not_shown), never_met (anything but met), rate (the value lies
    within ``rate``), no_row (not expected, so nothing observed), alert, no_alert and finding.
    ``past_limit``: the one-sided bound lies beyond the limit, not the target alone. ``needs`` names the capability
    that is still to come (the row is then pending), ``in_facts`` whether the facts hold it yet.
    """

    id: str
    kind: Literal["problem", "non_problem"]
    where: Text
    since: int
    indicator: str
    scope: str
    earliest: int
    latest: int
    verdict: Expected
    naive: Text
    needs: str | None = None
    past_limit: bool = False
    in_facts: bool = True
    rate: tuple[float, float] | None = None


def _unit(zh: str) -> str:
    return f"unit={branch_code(zh)}"


_BURIED = Text("淹没在每月 90 条越界序列中", "buried among 90 series outside their limits each month")
_HIDDEN = Text("平均转办 1.1 至 1.5 次, 其他服务将其掩盖", "mean transfers 1.1 to 1.5, hidden by the other services")
_COUNTER = Text("南城支行柜面等候", "Nancheng Branch, counter waits")
_LOOP = Text("对公开户: 资料补正与复核往返", "corporate account opening: supplement and review loop")

MANIFEST: tuple[Planted, ...] = (
    Planted(
        "P1", "problem", _COUNTER, 202608, "process.waiting_over_10min", _unit("南城"), 202608, 202608, "rate", _BURIED,
        rate=(0.16, 0.25),
    ),
    Planted(
        "P3", "problem", _LOOP, 202605, "process.pingpong", "service=corporate_account", 202605, 202605, "rate", _HIDDEN,
        rate=(0.18, 0.36),
    ),
    Planted(
        "N1", "non_problem", Text("信用卡申请未办结案件", "credit card application, open cases"), 202610,
        "process.handling_closed_minutes", "service=credit_card", 202610, 202610, "never_met",
        Text("办理时长缩短 24 %, 达标", "handling time 24 % shorter, met"),
    ),
    Planted(
        "P1", "problem", Text("南城支行柜面等候", "Nancheng Branch, counter waits"), 202608,
        "process.waiting_over_10min", _unit("南城"), 202608, 202608, "alert",
        Text("淹没在每月 90 条越界序列中", "buried among 90 series outside their limits each month"), needs="alerts",
    ),
    Planted(
        "P2", "problem", Text("老城支行柜面等候", "Laocheng Branch, counter waits"), 202603,
        "process.waiting_over_10min", _unit("老城"), 202604, 202610, "alert",
        Text("环比从不显著", "never significant month on month"), needs="alerts",
    ),
    Planted(
        "P3", "problem", Text("对公开户: 资料补正与复核往返", "corporate account opening: supplement and review loop"), 202605,
        "process.pingpong", "service=corporate_account", 202605, 202606, "missed",
        Text("平均转办 1.1 至 1.5 次, 其他服务将其掩盖", "mean transfers 1.1 to 1.5, hidden by the other services"), past_limit=True,
    ),
    Planted(
        "P3", "problem", Text("对公开户: 资料补正与复核往返", "corporate account opening: supplement and review loop"), 202605,
        "process.pingpong", "service=corporate_account", 202605, 202610, "finding",
        Text("平均转办 1.1 至 1.5 次, 其他服务将其掩盖", "mean transfers 1.1 to 1.5, hidden by the other services"), needs="loops",
    ),
    Planted(
        "P4", "problem", Text("反诈话术课程", "anti-fraud course"), 202609,
        "staff.first_attempt_pass", "product=anti_fraud", 202609, 202609, "alert",
        Text("总体合格率高于 90 %", "overall pass rate above 90 %"), needs="staff", in_facts=False,
    ),
    Planted(
        "P5", "problem", Text("手机银行 2026-10-17 中断", "mobile banking, outage of 2026-10-17"), 202610,
        "technology.failure_rate", "system=mobile", 202610, 202610, "missed",
        Text("九个系统平均 0.3 %, 达标", "mean of 9 systems 0.3 %, met"), past_limit=True,
    ),
    Planted(
        "P6", "problem", Text("网银探测中断五天", "online banking, probe dead for five days"), 202610,
        "technology.failure_rate", "system=online", 202610, 202610, "no_data",
        Text("故障更少", "fewer failures"),
    ),
    Planted(
        "P6", "problem", Text("网银探测中断五天", "online banking, probe dead for five days"), 202610,
        "monitoring.data_on_time", "system=online", 202610, 202610, "missed",
        Text("故障更少", "fewer failures"), past_limit=True,
    ),
    Planted(
        "P6", "problem", Text("滨江支行两月无检查", "Binjiang Branch, no inspections for two months"), 202607,
        "monitoring.conformity", _unit("滨江"), 202607, 202608, "no_data",
        Text("支行从排名中消失", "the branch is missing from the ranking"), needs="inspections", in_facts=False,
    ),
    Planted(
        "P7", "problem", Text("2026 年二季度反馈数", "feedback records of 2026Q2"), 202604,
        "feedback.responses", "", 202606, 202606, "missed", Text("561 条, 达标", "561 rows, met"),
    ),
    Planted(
        "P8", "problem", Text("服务质量达标率 2026-09, 10", "conformity of 2026-09 and 10"), 202609,
        "monitoring.conformity", "", 202610, 202610, "not_shown", Text("两月均达标", "both months met"),
        needs="inspections", in_facts=False,
    ),
    Planted(
        "P9", "problem", Text("2025-11 一起泄露", "one leak of 2025-11"), 202511,
        "technology.leaks", "", 202610, 202610, "missed", Text("当月 0 起, 达标", "none this month, met"),
        needs="leaks", in_facts=False,
    ),
    Planted(
        "P10", "problem", Text("东湖支行 8 月投诉迟报", "Donghu Branch, late complaints of August"), 202608,
        "feedback.complaints", _unit("东湖"), 202608, 202608, "finding",
        Text("报告悄然改变, 或无人知晓", "the report changes silently, or nobody knows"), needs="revisions", in_facts=False,
    ),
    Planted(
        "P11", "problem", Text("个人贷款取消二次复核", "personal loan, second review removed"), 202603,
        "process.handling_minutes", "service=personal_loan", 202610, 202610, "met",
        Text("前后对比 −33 %", "before and after −33 %"), needs="effects", in_facts=False,
    ),
    Planted(
        "P12", "problem", Text("7 号检查员 2026-05, 06", "inspector 7 in 2026-05 and 06"), 202605,
        "monitoring.rater_agreement", "", 202605, 202606, "missed", Text("全行最佳团队", "best team of the bank"),
        needs="raters", in_facts=False,
    ),
    Planted(
        "N1", "non_problem", Text("信用卡申请未办结案件", "credit card application, open cases"), 202610,
        "process.handling_minutes", "service=credit_card", 202610, 202610, "not_met",
        Text("办理时长缩短 24 %, 达标", "handling time 24 % shorter, met"), needs="restricted mean",
    ),
    Planted(
        "N2", "non_problem", Text("零售贷款渠道结构", "retail loan, channel mix"), 202603,
        "process.handling_minutes", "service=retail_loan", 202610, 202610, "not_met",
        Text("改善 12 %", "improved by 12 %"), needs="decomposition", in_facts=False,
    ),
    Planted(
        "N3", "non_problem", Text("2026-03 最差六家支行", "the six worst branches of 2026-03"), 202604,
        "feedback.satisfied", "", 202604, 202610, "not_shown",
        Text("辅导使不满意下降 30 %", "coaching cut dissatisfaction by 30 %"), needs="effects", in_facts=False,
    ),
    Planted(
        "N4", "non_problem", Text("云岭支行: 9 条评价", "Yunling Branch: 9 ratings"), 202609,
        "feedback.satisfied", _unit("云岭"), 202610, 202610, "not_shown", Text("全行最佳", "best of the bank"),
    ),
    Planted(
        "N4", "non_problem", Text("北岭支行: 7 条评价", "Beiling Branch: 7 ratings"), 202609,
        "feedback.satisfied", _unit("北岭"), 202610, 202610, "not_shown", Text("全行最差", "worst of the bank"),
    ),
    Planted(
        "N5", "non_problem", Text("春节等候与全行故障", "spring festival waits, outage felt everywhere"), 202501,
        "process.waiting_over_10min", "", 202501, 202610, "no_alert", Text("各 60 条预警", "60 alerts each"),
        needs="alerts", in_facts=False,
    ),
    Planted(
        "N6", "non_problem", Text("科技园支行并入高新支行", "Kejiyuan Branch merged into Gaoxin Branch"), 202601,
        "process.waiting_over_10min", _unit("科技园"), 202601, 202610, "no_row", Text("支行下降 100 %", "the branch fell by 100 %"),
    ),
    Planted(
        "N6", "non_problem", Text("8 月投诉文件重复报送", "August complaints sent again"), 202608,
        "feedback.responses", "", 202609, 202609, "met", Text("投诉翻倍", "complaints doubled"),
    ),
)  # fmt: skip

PLANTED_IN_FACTS: frozenset[str] = frozenset(row.id for row in MANIFEST if row.in_facts)
