"""A happening, what it cost whom, and its timeline that is only ever added to."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from hengzhi.spine.record import Record

KINDS = ("complaint", "incident", "leak", "near_miss", "loss")
MEASURES = ("customers", "records", "minutes", "money")


class Happening(Record):
    """Something that happened once; a leak counts when it is confirmed, a suspected one is told apart."""

    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    severity = models.CharField(max_length=8, default="medium")
    confirmed = models.BooleanField(default=True)
    occurred_at = models.DateTimeField(null=True)
    discovered_at = models.DateTimeField()
    source = models.CharField(max_length=200, blank=True, default="")  # the ticket or file it came from
    state = models.CharField(max_length=6, default="open")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="happening_kind"),
            models.CheckConstraint(condition=Q(severity__in=["low", "medium", "high", "critical"]), name="happening_severity"),
            models.CheckConstraint(
                condition=Q(occurred_at__isnull=True) | Q(occurred_at__lte=F("discovered_at")), name="happening_found_after_it_occurred"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | Q(state="closed", closed_at__gte=F("discovered_at")),
                name="happening_state",
            ),
            models.UniqueConstraint(fields=["kind", "source"], condition=~Q(source=""), name="happening_source_once"),
        )


class Impact(models.Model):
    """What a happening did: customers, records or minutes, or money with what was recovered of it (in cents)."""

    happening = models.ForeignKey(Happening, on_delete=models.PROTECT, related_name="impacts")
    measure = models.CharField(max_length=9)
    amount = models.BigIntegerField()
    recovered = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True, default="")
    basel_class = models.CharField(max_length=4, blank=True, default="")
    accounted_on = models.DateField(null=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(measure__in=MEASURES), name="impact_measure"),
            models.CheckConstraint(condition=Q(amount__gte=0, recovered__gte=0, recovered__lte=F("amount")), name="impact_amount"),
            models.CheckConstraint(
                condition=Q(measure="money") & ~Q(currency="") | ~Q(measure="money") & Q(currency="", recovered=0), name="impact_currency"
            ),
            models.CheckConstraint(condition=Q(basel_class__in=["", *(f"ET{n}" for n in range(1, 8))]), name="impact_basel_class"),
        )


class TimelineEntry(models.Model):
    """One line of a happening's timeline: what was done or known when."""

    happening = models.ForeignKey(Happening, on_delete=models.PROTECT, related_name="timeline")
    at = models.DateTimeField()
    noted_at = models.DateTimeField()
    by = models.CharField(max_length=150)
    event = models.CharField(max_length=64, blank=True, default="")
    text = models.TextField(blank=True, default="")
