"""The audit log: entries that are only ever added, sealed into a chain of hashes."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from hengzhi.spine.identity import new_uid


class AuditEntry(models.Model):
    """Who did what to which record, before and after; ``hash`` and ``position`` come with the seal."""

    uid = models.CharField(max_length=26, unique=True, default=new_uid, editable=False)
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=150)
    verb = models.CharField(max_length=64)
    kind = models.CharField(max_length=32)
    of = models.CharField(max_length=200)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    mac = models.CharField(max_length=64)
    position = models.BigIntegerField(null=True, unique=True)
    hash = models.CharField(max_length=64, default="")
