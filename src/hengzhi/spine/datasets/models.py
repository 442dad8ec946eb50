"""Batches of facts and their files; the row of a batch is the one commit point of an import."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from hengzhi.spine.identity import new_uid


class BatchState(models.TextChoices):
    """Claimed while it is written; done when it counts; undone or failed when it does not."""

    CLAIMED = "claimed"
    DONE = "done"
    UNDONE = "undone"
    FAILED = "failed"


class Batch(models.Model):
    """One import of one content by one mapping into one table."""

    uid = models.CharField(max_length=26, unique=True, default=new_uid, editable=False)
    table = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    content_sha256 = models.CharField(max_length=64)
    mapping_sha256 = models.CharField(max_length=64)
    source = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=BatchState.choices, default=BatchState.CLAIMED)
    holder = models.CharField(max_length=200, default="")
    lease_until = models.DateTimeField()
    version = models.BigIntegerField(null=True)
    undone_version = models.BigIntegerField(null=True)
    rows_in_file = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    duplicates = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    warnings = models.BigIntegerField(default=0)
    months = models.JSONField(default=list)
    unknown_units = models.JSONField(default=dict)
    problems_file = models.CharField(max_length=255, default="")
    received_on = models.DateField()
    by = models.CharField(max_length=150, default="")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["table", "content_sha256", "mapping_sha256"], condition=Q(state__in=["claimed", "done"]), name="batch_content_once"
            ),
            models.CheckConstraint(condition=Q(state__in=["claimed", "failed"]) | Q(version__isnull=False), name="batch_done_has_version"),
            models.CheckConstraint(condition=~Q(state="undone") | Q(undone_version__isnull=False), name="batch_undone_has_version"),
        )
        indexes = (models.Index(fields=["table", "version"], name="batch_table_version"),)


class FactFile(models.Model):
    """One immutable Parquet file of a batch; a shadow holds rows that an earlier batch already has."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="files")
    table = models.CharField(max_length=64)
    month = models.IntegerField()
    path = models.CharField(max_length=255, unique=True)
    sha256 = models.CharField(max_length=64)
    rows = models.BigIntegerField()
    shadow = models.BooleanField(default=False)
    superseded_version = models.BigIntegerField(null=True)

    class Meta:
        indexes = (models.Index(fields=["table", "month"], name="fact_file_table_month"),)


class DataVersion(models.Model):
    """The last data version given out: one row, locked while the next one is."""

    only = models.BooleanField(primary_key=True, default=True)
    last = models.BigIntegerField(default=0)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(only=True), name="data_version_only"),)


class Pseudonym(models.Model):
    """The vault: a keyed hash of a raw id, and the random name under which it appears in facts."""

    role = models.CharField(max_length=16)
    keyed_hash = models.CharField(max_length=64)
    pseudonym = models.CharField(max_length=26, unique=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["role", "keyed_hash"], name="pseudonym_role_hash"),)
