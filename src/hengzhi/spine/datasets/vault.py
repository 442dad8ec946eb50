"""The vault: raw ids of persons in, random pseudonyms out; the raw id itself is kept nowhere."""

from __future__ import annotations

import hashlib

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from hengzhi.lake.workspace import Workspace
from hengzhi.spine.datasets.models import Pseudonym
from hengzhi.spine.identity import new_uid

_CHUNK = 500


class Vault:
    """Pseudonyms that are the same for the same raw id of a role, today and at the next import."""

    def __init__(self, workspace: Workspace) -> None:
        self._key = workspace.secret("pseudonym")[:64]
        self._known: dict[tuple[str, str], str] = {}

    def pseudonyms(self, role: str, raw: pa.Array) -> pa.Array:
        """The pseudonym of each raw id; null stays null."""
        distinct = pc.unique(raw).drop_null()
        hashes = [self._hash(str(value)) for value in distinct.to_pylist()]
        self._learn(role, [h for h in hashes if (role, h) not in self._known])
        names = pa.array([self._known[role, h] for h in hashes], pa.string())
        return names.take(pc.index_in(raw, value_set=distinct))

    def _hash(self, raw: str) -> str:
        return hashlib.blake2b(raw.encode(), key=self._key, digest_size=32).hexdigest()

    def _learn(self, role: str, hashes: list[str]) -> None:
        for start in range(0, len(hashes), _CHUNK):
            chunk = hashes[start : start + _CHUNK]
            self._read(role, chunk)
            fresh = [h for h in chunk if (role, h) not in self._known]
            if fresh:
                with transaction.atomic():
                    rows = [Pseudonym(role=role, keyed_hash=h, pseudonym=new_uid()) for h in fresh]
                    Pseudonym.objects.bulk_create(rows, ignore_conflicts=True)  # another importer may know it by now
                self._read(role, fresh)

    def _read(self, role: str, hashes: list[str]) -> None:
        found = Pseudonym.objects.filter(role=role, keyed_hash__in=hashes).values_list("keyed_hash", "pseudonym")
        self._known.update({(role, keyed): name for keyed, name in found})


class NoVault:
    """Stands in for the vault where nothing may be written, as in a dry run."""

    def pseudonyms(self, role: str, raw: pa.Array) -> pa.Array:
        """One and the same name for everybody."""
        return pc.if_else(pc.is_valid(raw), pa.scalar("-", pa.string()), pa.scalar(None, pa.string()))
