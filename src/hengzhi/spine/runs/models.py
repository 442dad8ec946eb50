"""Runs and what they computed: observations, evaluations and ratings, never changed once done."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from hengzhi.spine.identity import new_uid
from hengzhi.spine.scopes.models import Scope


class IndicatorVersion(models.Model):
    """The definition behind a figure, kept as long as the figure."""

    id = models.CharField(primary_key=True, max_length=120)
    key = models.CharField(max_length=100, db_index=True)
    spec = models.JSONField()


class PolicyVersion(models.Model):
    """The policy a run was judged by, whole."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    content = models.TextField()
    at = models.DateTimeField(default=timezone.now)


class ScopeVersion(models.Model):
    """The tree of units a run rolled up by, whole."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    content = models.JSONField()


class Run(models.Model):
    """One computation: code, data, definitions, policy and parameters in; an output hash out."""

    uid = models.CharField(max_length=26, unique=True, default=new_uid, editable=False)
    kind = models.CharField(max_length=32)
    state = models.CharField(max_length=8, default="writing")
    code = models.CharField(max_length=64)
    data_version = models.BigIntegerField()
    scope_version = models.ForeignKey(ScopeVersion, on_delete=models.PROTECT, null=True)
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, null=True)
    indicator_versions = models.JSONField(default=list)
    parameters = models.JSONField(default=dict)
    seed = models.BigIntegerField(default=0)
    engine = models.CharField(max_length=64, default="")
    output_sha256 = models.CharField(max_length=64, default="")
    summary = models.JSONField(default=dict)
    by = models.CharField(max_length=150, default="")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=["writing", "done", "failed"]), name="run_state"),
            models.CheckConstraint(condition=~Q(state="done") | ~Q(output_sha256=""), name="run_done_has_hash"),
        )


class Observation(models.Model):
    """What was seen: value, counts and interval of one indicator in one scope and period."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="observations")
    indicator = models.ForeignKey(IndicatorVersion, on_delete=models.PROTECT)
    key = models.CharField(max_length=100)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT)
    period = models.CharField(max_length=8)
    revision = models.IntegerField(default=1)
    x = models.BigIntegerField(null=True)
    n = models.BigIntegerField(null=True)
    s = models.CharField(max_length=40, default="")
    ss = models.CharField(max_length=40, default="")
    value = models.FloatField(null=True)
    lower = models.FloatField(null=True)
    upper = models.FloatField(null=True)
    method = models.CharField(max_length=40, default="")
    flags = models.JSONField(default=list)
    data_version = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["run", "indicator", "scope", "period"], name="observation_once_a_run"),)
        indexes = (models.Index(fields=["key", "scope", "period"], name="observation_figure"),)


class Evaluation(models.Model):
    """What it means: the verdict of an observation against the target of its policy."""

    observation = models.OneToOneField(Observation, on_delete=models.PROTECT, related_name="evaluation")
    target = models.FloatField(null=True)
    limit = models.FloatField(null=True)
    verdict = models.CharField(max_length=12)
    arithmetic = models.BooleanField(null=True)
    bound = models.FloatField(null=True)
    needed_n = models.BigIntegerField(null=True)
    score = models.FloatField(null=True)
    level = models.CharField(max_length=8, default="")
    proven = models.BooleanField(default=False)
    reason = models.CharField(max_length=40, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(verdict__in=["met", "missed", "not_shown", "no_data", "not_due", "no_target"]), name="evaluation_verdict"
            ),
        )


class Rating(models.Model):
    """The score and level of one risk in one scope and month."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="ratings")
    risk = models.CharField(max_length=2)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT)
    period = models.CharField(max_length=8)
    revision = models.IntegerField(default=1)
    score = models.FloatField()
    level = models.CharField(max_length=8)
    raw_level = models.CharField(max_length=8)
    reason = models.CharField(max_length=120, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["run", "risk", "scope", "period"], name="rating_once_a_run"),)
        indexes = (models.Index(fields=["risk", "scope", "period"], name="rating_figure"),)


class RatingPart(models.Model):
    """One row of the points that add up to a rating."""

    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="parts")
    position = models.IntegerField()
    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=100)
    observation = models.ForeignKey(Observation, on_delete=models.PROTECT, null=True)
    weight = models.FloatField()
    score = models.FloatField()
    points = models.FloatField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["rating", "position"], name="rating_part_position"),
            models.CheckConstraint(condition=Q(kind__in=["indicator", "missing", "floor", "uplift"]), name="rating_part_kind"),
        )
