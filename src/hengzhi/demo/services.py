"""How each service of the demo bank is handled: its days, promise, channel and the loops of its cases (P3)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hengzhi.demo.bank import Bank, Floats

_LOOP, _LOOP_BEFORE, _LOOP_PLANTED = 0.035, 0.09, 0.27
_LOOP_SINCE = 202605


@dataclass(frozen=True, slots=True)
class Service:
    """One service: its share of cases in the small bank, mean days, promise, product and share of cases entered online."""

    code: str
    small_share: float
    days: float
    promised_days: int
    product: str
    online: float
    has_amount: bool = False
    handed_on: float = 0.38  # share of cases that the front desk hands to the review desk


HANDLED = (
    Service("corporate_account", 0.30, 2.4, 7, "corporate", 0.1, handed_on=0.92),
    Service("credit_card", 0.20, 2.5, 42, "card", 0.6),
    Service("personal_loan", 0.05, 3.6, 9, "loan", 0.3, has_amount=True),
    Service("retail_loan", 0.05, 3.2, 8, "loan", 0.4, has_amount=True),
    Service("mortgage", 0.05, 5.5, 14, "loan", 0.1, has_amount=True),
    Service("sme_loan", 0.05, 4.5, 11, "corporate", 0.1, has_amount=True),
    Service("personal_account", 0.05, 1.2, 3, "deposit", 0.4),
    Service("card_replacement", 0.05, 1.5, 4, "card", 0.5),
    Service("remittance", 0.05, 1.2, 3, "payment", 0.5, has_amount=True),
    Service("wealth_purchase", 0.05, 1.2, 3, "wealth", 0.7, has_amount=True),
    Service("payroll", 0.05, 1.8, 5, "corporate", 0.3),
    Service("merchant", 0.05, 2.2, 6, "payment", 0.3),
)
LOOPING = 0  # 对公开户
CARD = 1  # 信用卡申请


def shares_of_cases(bank: Bank) -> Floats:
    """The services' shares of cases: equal in the full bank, those with something planted larger in the small one."""
    if bank.volume < 1:
        return np.array([service.small_share for service in HANDLED])
    return np.full(len(HANDLED), 1 / len(HANDLED))


def loop_shares(bank: Bank, month: int) -> Floats:
    """Each service's share of cases that go from review to supplement and back: 3.5 %, for 对公开户 9 % and with P3 27 %."""
    shares = np.full(len(HANDLED), _LOOP)
    shares[LOOPING] = _LOOP_PLANTED if bank.plants("P3") and month >= _LOOP_SINCE else _LOOP_BEFORE
    return shares
