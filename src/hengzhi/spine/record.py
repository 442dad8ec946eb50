"""What every record carries: identity, place, version, and who made and changed it when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, Self

from django.db import models
from django.utils import timezone

from hengzhi.core import HengzhiError, UnknownKey
from hengzhi.spine.identity import new_uid
from hengzhi.spine.scopes.models import Scope


class Named(Protocol):
    """Whoever has a user name."""

    @property
    def username(self) -> str: ...


def name_of(by: str | Named) -> str:
    """The name under which a person, or the console, is recorded."""
    return by if isinstance(by, str) else by.username


class StaleRecord(HengzhiError):
    """Somebody else has changed the record since it was read."""

    code = "stale_record"


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to any record.

    >>> Ref.parse("complaint:01J")
    Ref(kind='complaint', uid='01J')
    """

    kind: str
    uid: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """The reference written ``kind:uid``."""
        kind, colon, uid = text.partition(":")
        if not (kind and colon and uid):
            raise UnknownKey("record", text)
        return cls(kind, uid)

    def __str__(self) -> str:
        return f"{self.kind}:{self.uid}"


class Record(models.Model):
    """The columns of every record; ``version`` rises by one with each change and serves as ETag."""

    uid = models.CharField(max_length=26, unique=True, default=new_uid, editable=False)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+")
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.CharField(max_length=150)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.CharField(max_length=150)

    class Meta:
        abstract = True

    def change(self, *, by: str, **fields: Any) -> dict[str, Any]:
        """Set and store fields, unless the stored version is another; returns what they were, for the audit.

        Raises:
            StaleRecord: the record was changed since it was read.
        """
        before = {name: getattr(self, name) for name in fields}
        values = {**fields, "version": self.version + 1, "changed_by": by, "changed_at": timezone.now()}
        manager = type(self)._default_manager
        if manager.filter(pk=self.pk, version=self.version).update(**values) == 0:
            raise StaleRecord(uid=self.uid, version=self.version)
        for name, value in values.items():
            setattr(self, name, value)
        return before


def scope_row(text: str) -> Scope:
    """The stored scope written as text, made on first use."""
    return Scope.objects.get_or_create(text=text)[0]
