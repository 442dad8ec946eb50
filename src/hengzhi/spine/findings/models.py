"""Findings with their causes, actions and effect checks."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from hengzhi.spine.record import Record

SEVERITIES = ("low", "medium", "high", "critical")
STATES = ("open", "accepted", "closed", "false", "duplicate")
ACTION_STATES = ("planned", "started", "done", "cancelled")


class Finding(Record):
    """Something to be mended: one open per key; it closes by an effect check, or ends by a human decision."""

    key = models.CharField(max_length=300, db_index=True)
    source_kind = models.CharField(max_length=32)
    source_uid = models.CharField(max_length=64)
    severity = models.CharField(max_length=8)
    title_code = models.CharField(max_length=64)
    title_args = models.JSONField(default=dict)
    owner = models.CharField(max_length=150, blank=True, default="")
    state = models.CharField(max_length=9, default="open")
    opened_on = models.DateField()
    last_seen_on = models.DateField()
    closed_on = models.DateField(null=True)
    reopened_at = models.DateTimeField(null=True)
    recurrences = models.IntegerField(default=0)
    earlier = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="later")
    decided_by = models.CharField(max_length=150, blank=True, default="")
    reason = models.CharField(max_length=1000, blank=True, default="")
    accepted_until = models.DateField(null=True)
    duplicate_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="duplicates")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=STATES), name="finding_state"),
            models.CheckConstraint(condition=Q(severity__in=SEVERITIES), name="finding_severity"),
            models.UniqueConstraint(fields=["key"], condition=Q(state__in=["open", "accepted"]), name="finding_one_open_per_key"),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "false", "duplicate"]) | ~Q(decided_by="") & ~Q(reason=""), name="finding_decided"
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", accepted_until__isnull=False) | ~Q(state="accepted") & Q(accepted_until__isnull=True),
                name="finding_accepted_until",
            ),
            models.CheckConstraint(
                condition=Q(state="duplicate", duplicate_of__isnull=False) | ~Q(state="duplicate") & Q(duplicate_of__isnull=True),
                name="finding_duplicate_of",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False) | ~Q(state="closed") & Q(closed_on__isnull=True),
                name="finding_closed_on",
            ),
        )
        indexes = (models.Index(fields=["state", "severity"], name="finding_list"),)


class Cause(models.Model):
    """One answer to "why"; asked again, it has causes of its own (five times is the custom)."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="causes")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    kind = models.CharField(max_length=8)
    text = models.CharField(max_length=1000)
    is_root = models.BooleanField(default=False)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            # 银行保险机构操作风险管理办法 (2023 No. 5) art. 2: internal process, staff, IT system, external event.
            models.CheckConstraint(condition=Q(kind__in=["process", "staff", "system", "external"]), name="cause_kind"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="cause_not_its_own"),
        )


class Action(Record):
    """What somebody does about a finding, by when."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="actions")
    title = models.CharField(max_length=300)
    owner = models.CharField(max_length=150)
    due_on = models.DateField()
    effort_hours = models.IntegerField(default=0)
    cost_cents = models.BigIntegerField(default=0)
    state = models.CharField(max_length=9, default="planned")
    started_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    needs = models.ManyToManyField("self", through="ActionNeed", symmetrical=False, related_name="needed_by")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(owner=""), name="action_owner"),
            models.CheckConstraint(condition=Q(effort_hours__gte=0, cost_cents__gte=0), name="action_effort_and_cost"),
            models.CheckConstraint(
                condition=Q(state="planned", started_on__isnull=True, done_on__isnull=True)
                | Q(state="started", started_on__isnull=False, done_on__isnull=True)
                | Q(state="done", started_on__isnull=False, done_on__gte=F("started_on"))
                | Q(state="cancelled", done_on__isnull=True),
                name="action_state_fits_its_days",
            ),
        )


class ActionNeed(models.Model):
    """One action that can start only when another is done."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="+")
    needs = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["action", "needs"], name="action_need_once"),
            models.CheckConstraint(condition=~Q(action=F("needs")), name="action_need_not_itself"),
        )


class EffectCheck(Record):
    """Did an action work: the question, fixed before the action starts, and its answer, given by somebody else than the owner."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="checks")
    indicator = models.CharField(max_length=100, blank=True, default="")  # none: judged by evidence alone
    baseline = models.CharField(max_length=20, blank=True, default="")  # months, such as 2026-07..2026-09
    review = models.CharField(max_length=20, blank=True, default="")
    comparison = models.CharField(max_length=12)
    controls = models.JSONField(default=list)  # units that are compared with
    target_change = models.FloatField(null=True)  # relative: -0.2 is 20 % less
    question = models.CharField(max_length=1000, blank=True, default="")
    review_on = models.DateField()
    computed = models.JSONField(null=True)
    verdict = models.CharField(max_length=10, blank=True, default="")
    conclusion = models.CharField(max_length=13, blank=True, default="")
    reason = models.CharField(max_length=1000, blank=True, default="")
    checked_by = models.CharField(max_length=150, blank=True, default="")
    checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(comparison__in=["before_after", "controls", "evidence"]), name="effect_check_comparison"),
            models.CheckConstraint(
                condition=Q(comparison="evidence", indicator="") | ~Q(indicator="") & Q(target_change__isnull=False),
                name="effect_check_question",
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True, conclusion="", checked_by="")
                | Q(checked_at__isnull=False, conclusion__in=["effective", "not_effective"]) & ~Q(checked_by=""),
                name="effect_check_concluded",
            ),
            # Whoever says "effective" where the figures don't says why.
            models.CheckConstraint(condition=~Q(conclusion="effective") | Q(verdict="met") | ~Q(reason=""), name="effect_check_reason"),
        )
