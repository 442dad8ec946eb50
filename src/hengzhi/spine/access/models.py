"""Roles an institution uses, and who holds which, where, from when to when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from hengzhi.spine.identity import new_uid


class Role(models.Model):
    """A role; the permissions of a shipped one stand in the code, those of an institution's own one here."""

    key = models.CharField(max_length=64, unique=True)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    permissions = models.JSONField(default=list)
    time_boxed = models.BooleanField(default=False)
    second_factor = models.BooleanField(default=False)  # who holds it signs in with a second factor
    shipped = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(key=""), name="role_has_key"),
            models.CheckConstraint(condition=~Q(name_zh="") & ~Q(name_en=""), name="role_has_both_names"),
        )


class Assignment(models.Model):
    """A person's role on a unit and all below it ("" = the whole institution); ``end`` is the first day it no longer holds."""

    uid = models.CharField(max_length=26, unique=True, default=new_uid, editable=False)
    person = models.ForeignKey("hengzhi.Person", on_delete=models.CASCADE, related_name="assignments")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="assignments")
    unit = models.CharField(max_length=64, blank=True, default="")
    start = models.DateField()
    end = models.DateField(null=True)
    granted_by = models.ForeignKey("hengzhi.Person", on_delete=models.PROTECT, null=True, related_name="granted")  # null = the console
    granted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "role", "unit"], condition=Q(end__isnull=True), name="assignment_open_once"),
            models.CheckConstraint(condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="assignment_ends_after_start"),
            models.CheckConstraint(condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("person")), name="assignment_not_to_oneself"),
        )
        indexes = (models.Index(fields=["person", "start"], name="assignment_person"),)
