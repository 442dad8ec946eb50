"""A person who signs in, and the one-time address of the first one."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from hengzhi.spine.identity import new_uid


class Person(AbstractUser):
    """A user of the house; roles and scopes come with the people's room."""

    uid = models.CharField(max_length=26, unique=True, default=new_uid, editable=False)
    language = models.CharField(max_length=10, blank=True, default="")
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    display_name = models.CharField(max_length=100, blank=True, default="")


class FirstLogin(models.Model):
    """A single-use token by which a person signs in for the first time; only its hash is kept."""

    token_sha256 = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="first_logins")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
