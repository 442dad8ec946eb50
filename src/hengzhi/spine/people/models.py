"""A person who signs in, and the one-time address of the first one."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from hengzhi.spine.identity import new_uid


class Person(AbstractUser):
    """A user of the house; what they may do stands in their assignments."""

    uid = models.CharField(max_length=26, unique=True, default=new_uid, editable=False)
    language = models.CharField(max_length=10, blank=True, default="")
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    display_name = models.CharField(max_length=100, blank=True, default="")
    unit = models.CharField(max_length=64, blank=True, default="")  # where the person works; "" = not said


class FirstLogin(models.Model):
    """A single-use token by which a person signs in for the first time; only its hash is kept."""

    token_sha256 = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="first_logins")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class SignedIn(models.Model):
    """A session as its owner sees it: which device, from where, since when."""

    uid = models.CharField(max_length=26, unique=True, default=new_uid, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="signed_in")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=200, blank=True, default="")
    address = models.CharField(max_length=45, blank=True, default="")
    at = models.DateTimeField(default=timezone.now)


class SecondFactor(models.Model):
    """The seed of a person's one-time codes, sealed; it counts once a first code has confirmed it."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="second_factor")
    sealed_seed = models.CharField(max_length=200)
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=-1)  # of the last code that was accepted: a code works once
    failures = models.IntegerField(default=0)  # since the last code that was right
    blocked_until = models.DateTimeField(null=True)


class RecoveryCode(models.Model):
    """A code that lets a person in once without the device; only its hash is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="recovery_codes")
    code_sha256 = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "code_sha256"], name="recovery_code_once"),
            models.CheckConstraint(condition=~Q(code_sha256=""), name="recovery_code_hashed"),
        )
