"""Units of the institution with their dates, and the scopes that figures are made for."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class OrgUnit(models.Model):
    """One unit in one span of time; a move or rename is a new row that starts when the old one ends."""

    code = models.CharField(max_length=64)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    parent = models.CharField(max_length=64, blank=True, default="")
    kind = models.CharField(max_length=32, default="branch")
    start = models.DateField()
    end = models.DateField(null=True)  # first day it no longer is

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["code", "start"], name="org_unit_code_start"),
            models.CheckConstraint(condition=Q(end__isnull=True) | Q(end__gt=F("start")), name="org_unit_ends_after_start"),
        )


class Scope(models.Model):
    """A place that figures belong to, written ``unit=0110;channel=phone``; the root is the empty text."""

    text = models.CharField(max_length=500, unique=True)


class WorkspaceStamp(models.Model):
    """Which workspace this database belongs to: one row."""

    only = models.BooleanField(primary_key=True, default=True)
    workspace_id = models.CharField(max_length=36)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(only=True), name="workspace_stamp_only"),)
