"""Reporting a happening, adding to its timeline and impacts, and closing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from hengzhi.core import HengzhiError, Text, UnknownKey
from hengzhi.spine.audit.services import record
from hengzhi.spine.clocks.events import Moved, note_event
from hengzhi.spine.happenings.models import KINDS, MEASURES, Happening, Impact, TimelineEntry
from hengzhi.spine.record import Named, Ref, name_of, scope_row

KIND_NAMES = {
    "complaint": Text("投诉", "complaint"),
    "incident": Text("事件", "incident"),
    "leak": Text("数据泄露", "data leak"),
    "near_miss": Text("未遂事件", "near miss"),
    "loss": Text("损失", "loss"),
}

# Level-1 event types. Source: Basel framework OPE25.17, table 2.
BASEL_CLASSES = {
    "ET1": Text("内部欺诈", "internal fraud"),
    "ET2": Text("外部欺诈", "external fraud"),
    "ET3": Text("就业制度和工作场所安全", "employment practices and workplace safety"),
    "ET4": Text("客户、产品和业务活动", "clients, products and business practices"),
    "ET5": Text("实物资产损坏", "damage to physical assets"),
    "ET6": Text("业务中断和系统失败", "business disruption and system failures"),
    "ET7": Text("执行、交割和流程管理", "execution, delivery and process management"),
}


class HappeningClosed(HengzhiError):
    """A closed happening takes no more entries."""

    code = "happening_closed"


@dataclass(frozen=True, slots=True)
class Money:
    """Loss in one currency, in cents: gross, recovered and net."""

    gross: int
    recovered: int

    @property
    def net(self) -> int:
        """What is lost after recoveries."""
        return self.gross - self.recovered


def report_happening(
    *,
    kind: str,
    title: str,
    discovered_at: datetime,
    by: str | Named,
    scope: str = "",
    severity: str = "medium",
    occurred_at: datetime | None = None,
    confirmed: bool = True,
    source: str = "",
) -> Happening:
    """A new happening, or the known one of that source.

    Raises:
        UnknownKey: there is no such kind.
    """
    if kind not in KINDS:
        raise UnknownKey("happening_kind", kind)
    with transaction.atomic():
        known = Happening.objects.filter(kind=kind, source=source).first() if source else None
        if known is not None:
            return known
        made = Happening.objects.create(
            kind=kind,
            title=title,
            severity=severity,
            confirmed=confirmed,
            occurred_at=occurred_at,
            discovered_at=discovered_at,
            source=source,
            scope=scope_row(scope),
            created_by=name_of(by),
            changed_by=name_of(by),
        )
        record(
            by=name_of(by), verb="report_happening", kind=kind, of=made.uid, after={"title": title, "scope": scope, "severity": severity}
        )
    return made


def add_entry(*, happening: Happening, at: datetime, noted_at: datetime, by: str | Named, text: str = "", event: str = "") -> Moved:
    """Add a line to the timeline; an event moves the clocks of the happening.

    Raises:
        HappeningClosed: no more lines are taken.
    """
    with transaction.atomic():
        _must_be_open(happening)
        TimelineEntry.objects.create(happening=happening, at=at, noted_at=noted_at, by=name_of(by), text=text, event=event)
        record(by=name_of(by), verb="add_entry", kind=happening.kind, of=happening.uid, after={"at": at, "event": event, "text": text})
        if not event:
            return Moved()
        return note_event(event=event, of=Ref(happening.kind, happening.uid), at=at, by=by, scope=happening.scope.text)


def add_impact(
    *,
    happening: Happening,
    measure: str,
    amount: int,
    at: datetime,
    by: str | Named,
    recovered: int = 0,
    currency: str = "",
    basel_class: str = "",
    accounted_on: date | None = None,
) -> Impact:
    """Add what a happening did; money in cents, with its Basel event type.

    Raises:
        UnknownKey: there is no such measure or event type.
    """
    if measure not in MEASURES:
        raise UnknownKey("impact_measure", measure)
    if basel_class and basel_class not in BASEL_CLASSES:
        raise UnknownKey("basel_class", basel_class)
    with transaction.atomic():
        _must_be_open(happening)
        made = Impact.objects.create(
            happening=happening,
            measure=measure,
            amount=amount,
            recovered=recovered,
            currency=currency,
            basel_class=basel_class,
            accounted_on=accounted_on,
            by=name_of(by),
            at=at,
        )
        after = {"measure": measure, "amount": amount, "recovered": recovered, "currency": currency, "basel_class": basel_class}
        record(by=name_of(by), verb="add_impact", kind=happening.kind, of=happening.uid, after=after)
    return made


def close_happening(*, happening: Happening, at: datetime, by: str | Named) -> Happening:
    """The happening, closed.

    Raises:
        HappeningClosed: it was closed before.
    """
    with transaction.atomic():
        _must_be_open(happening)
        before = happening.change(by=name_of(by), state="closed", closed_at=at)
        record(by=name_of(by), verb="close_happening", kind=happening.kind, of=happening.uid, before=before, after={"closed_at": at})
    return happening


def money_of(happening: Happening) -> Mapping[str, Money]:
    """Losses by currency."""
    found: dict[str, Money] = {}
    for impact in happening.impacts.filter(measure="money"):
        sofar = found.get(impact.currency, Money(0, 0))
        found[impact.currency] = Money(sofar.gross + impact.amount, sofar.recovered + impact.recovered)
    return found


def _must_be_open(happening: Happening) -> None:
    if happening.state != "open":
        raise HappeningClosed(uid=happening.uid)
