"""The demo institution as it is written down: its tree of units, channels, products, services, systems and groups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from hengzhi.core import Period, Text

Scale = Literal["small", "full"]

INSTITUTION = Text("示例银行", "Demo Bank")
AS_OF = date(2026, 11, 5)
MONTHS: tuple[int, ...] = Period(date(2024, 9, 1), date(2026, 11, 1)).months()

NEW_SINCE = date(2026, 9, 1)  # 云岭 and 北岭 open
MERGED_ON = date(2026, 1, 1)  # first day on which 科技园 is part of 高新

HEAD = "00"
PHONE_CENTRE = "91"


@dataclass(frozen=True, slots=True)
class OrgUnit:
    """One unit of the tree; it exists on the days of the half-open ``[start, end)``."""

    code: str
    names: Text
    parent: str | None
    start: date
    end: date | None
    kind: Literal["head", "region", "branch", "department"]

    def is_open(self, month: int) -> bool:
        """Whether the unit exists on the first day of ``month`` (yyyymm)."""
        first = Period.month(month).start
        return self.start <= first and (self.end is None or first < self.end)


_REGIONS = (
    ("01", Text("中心城区分行", "Central Region")),
    ("02", Text("东部分行", "Eastern Region")),
    ("03", Text("西部分行", "Western Region")),
    ("04", Text("南部分行", "Southern Region")),
    ("05", Text("北部分行", "Northern Region")),
    ("06", Text("县域分行", "County Region")),
)
_DEPARTMENTS = (
    (PHONE_CENTRE, Text("远程银行部", "Remote Banking")),
    ("92", Text("客户体验部", "Customer Experience")),
    ("93", Text("运营管理部", "Operations")),
    ("94", Text("信息科技部", "Information Technology")),
    ("95", Text("人力资源部", "Human Resources")),
    ("96", Text("风险管理部", "Risk Management")),
    ("97", Text("服务质量部", "Service Quality")),
    ("98", Text("消费者权益保护部", "Consumer Protection")),
)
# Region by region; the first branches of each region also stand in the small bank.
_BRANCHES = {
    "01": "南城 Nancheng,老城 Laocheng,城中 Chengzhong,钟楼 Zhonglou,鼓楼 Gulou,"
    "文庙 Wenmiao,人民路 Renminlu,建设路 Jianshelu,中山路 Zhongshanlu,和平路 Hepinglu,解放路 Jiefanglu",
    "02": "滨江 Binjiang,东湖 Donghu,东门 Dongmen,江湾 Jiangwan,港口 Gangkou,"
    "海关 Haiguan,东岸 Dongan,望江 Wangjiang,临港 Lingang,东风 Dongfeng",
    "03": "高新 Gaoxin,科技园 Kejiyuan,西湖 Xihu,西关 Xiguan,软件园 Ruanjianyuan,"
    "大学城 Daxuecheng,西苑 Xiyuan,锦西 Jinxi,西站 Xizhan,创业园 Chuangyeyuan",
    "04": "城南 Chengnan,南湖 Nanhu,南站 Nanzhan,会展 Huizhan,新城 Xincheng,"
    "南苑 Nanyuan,世纪城 Shijicheng,南环 Nanhuan,机场 Jichang,金融城 Jinrongcheng",
    "05": "北岭 Beiling,北门 Beimen,北湖 Beihu,铁西 Tiexi,工业园 Gongyeyuan,"
    "北站 Beizhan,物流园 Wuliuyuan,钢城 Gangcheng,北苑 Beiyuan,矿山 Kuangshan",
    "06": "云岭 Yunling,清河 Qinghe,平安 Pingan,永安 Yongan,长兴 Changxing,"
    "龙泉 Longquan,石桥 Shiqiao,柳林 Liulin,太平 Taiping,白水 Baishui",
}
_SMALL = frozenset(["南城", "老城", "滨江", "东湖", "云岭", "北岭", "高新", "科技园", "城中", "城南"])
_FOUNDED = date(2010, 1, 1)


def units(scale: Scale) -> tuple[OrgUnit, ...]:
    """The tree of units, parents first: 10 branches in the small bank, 61 in the full one (60 after the merger)."""
    branches = _branches(scale)
    used = {branch.parent for branch in branches}
    head = OrgUnit(HEAD, Text("示例银行总行", "Demo Bank Head Office"), None, _FOUNDED, None, "head")
    regions = [OrgUnit(code, names, HEAD, _FOUNDED, None, "region") for code, names in _REGIONS if code in used]
    departments = [OrgUnit(code, names, HEAD, _FOUNDED, None, "department") for code, names in _DEPARTMENTS]
    return (head, *regions, *branches, *departments)


def _branches(scale: Scale) -> list[OrgUnit]:
    found = []
    for region, listed in _BRANCHES.items():
        for at, pair in enumerate(listed.split(","), start=1):
            zh, en = pair.split()
            if scale == "small" and zh not in _SMALL:
                continue
            start = NEW_SINCE if zh in ("云岭", "北岭") else _FOUNDED
            end = MERGED_ON if zh == "科技园" else None
            found.append(OrgUnit(f"{region}{at:02d}", Text(f"{zh}支行", f"{en} Branch"), region, start, end, "branch"))
    return found


def branch_code(zh: str) -> str:
    """The code of the branch whose Chinese short name is ``zh``.

    >>> branch_code("南城")
    '0101'
    """
    return next(unit.code for unit in _branches("full") if unit.names.zh == f"{zh}支行")


CHANNELS: tuple[tuple[str, Text], ...] = (
    ("counter", Text("柜面", "counter")),
    ("phone", Text("电话", "phone")),
    ("app", Text("手机银行", "mobile app")),
    ("online", Text("网上银行", "online banking")),
    ("social", Text("社交媒体", "social media")),
)
PRODUCTS: tuple[tuple[str, Text], ...] = (
    ("deposit", Text("存款与账户", "deposits and accounts")),
    ("card", Text("信用卡", "credit cards")),
    ("loan", Text("个人信贷", "personal credit")),
    ("corporate", Text("公司业务", "corporate banking")),
    ("wealth", Text("财富管理", "wealth management")),
    ("payment", Text("支付结算", "payments")),
)
SERVICES: tuple[tuple[str, Text], ...] = (
    ("corporate_account", Text("对公开户", "corporate account opening")),
    ("credit_card", Text("信用卡申请", "credit card application")),
    ("personal_loan", Text("个人贷款", "personal loan")),
    ("retail_loan", Text("零售贷款", "retail loan")),
    ("mortgage", Text("住房按揭", "mortgage")),
    ("sme_loan", Text("小微贷款", "small business loan")),
    ("personal_account", Text("个人开户", "personal account opening")),
    ("card_replacement", Text("挂失补卡", "loss report and replacement card")),
    ("remittance", Text("跨境汇款", "cross-border remittance")),
    ("wealth_purchase", Text("理财购买", "wealth product purchase")),
    ("payroll", Text("代发工资", "payroll service")),
    ("merchant", Text("商户收单", "merchant acquiring")),
)
SYSTEMS: tuple[tuple[str, Text], ...] = (
    ("mobile", Text("手机银行", "mobile banking")),
    ("online", Text("网银", "online banking")),
    ("core", Text("核心系统", "core banking")),
    ("teller", Text("柜面系统", "teller system")),
    ("payment", Text("支付", "payments")),
    ("credit", Text("信贷系统", "credit system")),
    ("card", Text("信用卡系统", "card system")),
    ("crm", Text("客户关系系统", "customer relationship system")),
    ("callcentre", Text("呼叫中心平台", "call centre platform")),
)
CRITICAL_SYSTEMS = frozenset({"mobile", "online", "core", "teller", "payment"})
GROUPS: tuple[tuple[str, Text], ...] = (
    ("retail", Text("大众客户", "retail")),
    ("elderly", Text("老年客户", "elderly")),
    ("premium", Text("贵宾客户", "premium")),
    ("business", Text("企业客户", "business")),
)
ACTIVITIES: tuple[tuple[str, Text], ...] = (
    ("intake", Text("受理", "intake")),
    ("entry", Text("录入", "data entry")),
    ("check", Text("初审", "first check")),
    ("review", Text("复核", "review")),
    ("supplement", Text("资料补正", "supplement documents")),
    ("approve", Text("审批", "approval")),
    ("issue", Text("制单", "issue documents")),
    ("notify", Text("通知客户", "notify customer")),
    ("archive", Text("归档", "archive")),
)
TEAMS: tuple[tuple[str, Text], ...] = (
    ("front", Text("受理岗", "front desk")),
    ("review", Text("复核岗", "review desk")),
    ("supplement", Text("补正岗", "supplement desk")),
)
