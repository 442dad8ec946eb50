"""Which files make up a table at a data version."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from hengzhi.lake.files import Facts, FileRef
from hengzhi.lake.tables import FactTable
from hengzhi.spine.datasets.models import Batch, DataVersion, FactFile

SEVERAL = "*"  # the source of a batch whose rows name different sources


def current_version() -> int:
    """The last data version given out; 0 before the first import."""
    found = DataVersion.objects.first()
    return found.last if found else 0


def counted(version: int) -> Q:
    """The condition under which a batch counts at ``version``."""
    alive = Q(undone_version__isnull=True) | Q(undone_version__gt=version)
    return Q(version__isnull=False, version__lte=version) & alive


def facts_at(table: FactTable, version: int, *, source: str | None = None) -> Facts:
    """The files of ``table`` at ``version`` (of the batches of one source, if given)."""
    batches = Batch.objects.filter(table=table.key)
    if source is not None:
        batches = batches.filter(source__in=[source, SEVERAL])
    files = _files(table.key, batches.filter(counted(version)))
    undone = batches.filter(undone_version__lte=version).exists()
    refs = tuple(
        FileRef(f.path, f.sha256, f.month, f.rows, f.batch_id, f.shadow, f.batch.received_on, f.batch.version or 0)
        for f in files.select_related("batch")
    )
    return Facts(table, refs, shadows_count=undone)


def committed_files() -> list[FileRef]:
    """Every file that some version reads: texts, shadows and those of undone batches as well."""
    return [FileRef(f.path, f.sha256, f.month, f.rows, f.batch_id, f.shadow) for f in FactFile.objects.order_by("id")]


def _files(table: str, batches: QuerySet[Batch]) -> QuerySet[FactFile]:
    return FactFile.objects.filter(table=table, batch__in=batches).order_by("month", "id")
