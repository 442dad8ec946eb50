"""Clock rules in their versions, clocks, and what moved their due moments."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from hengzhi.spine.record import Record

OPEN = ("running", "paused")
STATES = ("running", "paused", "met", "breached", "cancelled")


class ClockRule(models.Model):
    """One version of a rule; what it says never changes once a clock ran under it."""

    key = models.CharField(max_length=100)
    digest = models.CharField(max_length=12)
    spec = models.JSONField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)  # first day it no longer holds
    enabled = models.BooleanField(default=True)
    by = models.CharField(max_length=150)
    approved_by = models.CharField(max_length=150, blank=True, default="")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["key", "digest"], name="clock_rule_version"),
            models.CheckConstraint(condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")), name="clock_rule_span"),
            models.CheckConstraint(condition=~Q(approved_by=F("by")), name="clock_rule_approved_by_another"),
        )


class Clock(Record):
    """One deadline of one record: met when it was stopped in time, breached when it was not."""

    rule = models.ForeignKey(ClockRule, on_delete=models.PROTECT, related_name="clocks")
    rule_key = models.CharField(max_length=100)
    of_kind = models.CharField(max_length=32)
    of_uid = models.CharField(max_length=64)
    state = models.CharField(max_length=9, default="running")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    stopped_on = models.CharField(max_length=64, blank=True, default="")  # the event that ended it
    owner = models.CharField(max_length=150, blank=True, default="")
    after = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="next")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=STATES), name="clock_state"),
            models.CheckConstraint(condition=Q(due_at__gte=F("started_at")), name="clock_due_after_start"),
            models.CheckConstraint(
                condition=Q(state__in=["running", "paused", "breached"], stopped_at__isnull=True)
                | Q(state="met", stopped_at__isnull=False, stopped_at__lte=F("due_at"))
                | Q(state="breached", stopped_at__gt=F("due_at"))
                | Q(state="cancelled", stopped_at__isnull=False),
                name="clock_state_fits_its_times",
            ),
            models.UniqueConstraint(
                fields=["rule_key", "of_kind", "of_uid"],
                condition=Q(stopped_at__isnull=True),
                name="clock_one_open_per_record",
            ),
        )
        indexes = (models.Index(fields=["of_kind", "of_uid"], name="clock_of"), models.Index(fields=["state", "due_at"], name="clock_due"))


class ClockPause(models.Model):
    """A span in which a clock stood still."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="pauses")
    paused_at = models.DateTimeField()
    resumed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500)
    by = models.CharField(max_length=150)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(resumed_at__isnull=True) | Q(resumed_at__gte=F("paused_at")), name="clock_pause_span"),
            models.UniqueConstraint(fields=["clock"], condition=Q(resumed_at__isnull=True), name="clock_one_open_pause"),
        )


class ClockExtension(models.Model):
    """One step by which a clock was extended, approved by somebody else than who asked for it."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="extensions")
    step = models.IntegerField()
    due_before = models.DateTimeField()
    due_after = models.DateTimeField()
    reason = models.CharField(max_length=500)
    by = models.CharField(max_length=150)
    approved_by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["clock", "step"], name="clock_extension_step"),
            models.CheckConstraint(condition=~Q(approved_by="") & ~Q(approved_by=F("by")), name="clock_extension_approved_by_another"),
            models.CheckConstraint(condition=Q(due_after__gt=F("due_before")), name="clock_extension_extends"),
        )
