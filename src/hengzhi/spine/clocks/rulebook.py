"""The rulebook: which version of a rule holds on a day, and revising it."""

from __future__ import annotations

import difflib
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from hengzhi.core import HengzhiError, UnknownKey
from hengzhi.spine.audit.services import record
from hengzhi.spine.clocks.models import ClockRule
from hengzhi.spine.clocks.rules import Rule, rule_of
from hengzhi.spine.clocks.shipped import SHIPPED
from hengzhi.spine.locks import exclusive
from hengzhi.spine.record import Named, name_of


class RuleNotInForce(HengzhiError):
    """A rule does not hold on that day, or is disabled."""

    code = "rule_not_in_force"


class ApprovalNeeded(HengzhiError):
    """Somebody else than who asks must approve."""

    code = "approval_needed"


def as_rule(row: ClockRule) -> Rule:
    """What a stored version says."""
    return rule_of(row.key, row.spec, valid_from=row.valid_from, valid_until=row.valid_until, enabled=row.enabled)


def rules_on(day: date) -> QuerySet[ClockRule]:
    """Every version that holds on a day, disabled ones included, by key."""
    _keep_shipped()
    return ClockRule.objects.filter(Q(valid_until=None) | Q(valid_until__gt=day), valid_from__lte=day).order_by("key", "-valid_from", "-id")


def rule_in_force(key: str, day: date) -> ClockRule:
    """The enabled version of a rule that holds on a day.

    Raises:
        UnknownKey: there is no such rule.
        RuleNotInForce: not on that day, or it is disabled.
    """
    row = rules_on(day).filter(key=key).first()
    if row is None:
        known = sorted(set(ClockRule.objects.values_list("key", flat=True)))
        if key not in known:
            raise UnknownKey("clock_rule", key, next(iter(difflib.get_close_matches(key, known, n=1)), ""))
    if row is None or not row.enabled:
        raise RuleNotInForce(rule=key, on=day.isoformat())
    return row


def revise_rule(*, key: str, from_: date, by: str | Named, approved_by: str | Named, **changes: Any) -> ClockRule:
    """A new version of a rule that holds from a day on; the one before ends there. Clocks that run keep theirs.

    Raises:
        UnknownKey: there is no such rule.
        ApprovalNeeded: whoever asks for it also approves it.
    """
    asked, approved = name_of(by), name_of(approved_by)
    if asked == approved or not approved:
        raise ApprovalNeeded(by=asked)
    with transaction.atomic():
        exclusive("clock_rules")
        old = rules_on(from_).filter(key=key).first()
        if old is None:
            raise UnknownKey("clock_rule", key)
        new = replace(as_rule(old), valid_from=from_, **changes)
        ClockRule.objects.filter(pk=old.pk).update(valid_until=from_)
        row, fresh = ClockRule.objects.get_or_create(
            key=key, digest=new.version, defaults={**_columns(new), "by": asked, "approved_by": approved}
        )
        if not fresh:  # what it says held from that day before: it holds again
            ClockRule.objects.filter(pk=row.pk).update(valid_until=new.valid_until, enabled=new.enabled)
        record(
            by=asked, verb="revise_rule", kind="clock_rule", of=key, before={**old.spec, "enabled": old.enabled}, after=_told(new, approved)
        )
    row.refresh_from_db()
    return row


def enable_rule(*, key: str, on: date, enabled: bool, by: str | Named) -> ClockRule:
    """Switch the version of a rule that holds on a day on or off.

    Raises:
        UnknownKey: there is none.
    """
    with transaction.atomic():
        row = rules_on(on).filter(key=key).first()
        if row is None:
            raise UnknownKey("clock_rule", key)
        before, row.enabled = row.enabled, enabled
        row.save(update_fields=["enabled"])
        record(by=name_of(by), verb="enable_rule", kind="clock_rule", of=key, before={"enabled": before}, after={"enabled": enabled})
    return row


def _keep_shipped() -> None:
    known = set(ClockRule.objects.filter(approved_by="").values_list("key", "digest"))
    fresh = [
        ClockRule(key=rule.key, digest=rule.version, by="house", **_columns(rule))
        for rule in SHIPPED
        if (rule.key, rule.version) not in known
    ]
    ClockRule.objects.bulk_create(fresh, ignore_conflicts=True)


def _columns(rule: Rule) -> dict[str, Any]:
    return {"spec": rule.spec(), "valid_from": rule.valid_from, "valid_until": rule.valid_until, "enabled": rule.enabled}


def _told(rule: Rule, approved_by: str) -> dict[str, Any]:
    return {**rule.spec(), "valid_from": rule.valid_from, "enabled": rule.enabled, "approved_by": approved_by}
