"""Bringing the database of a workspace up to date, or refusing one that is newer."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from hengzhi.core import HengzhiError
from hengzhi.lake.workspace import Workspace
from hengzhi.spine.immutable import lay, lift, missing
from hengzhi.spine.locks import alone
from hengzhi.spine.scopes.services import stamp


class DatabaseNewer(HengzhiError):
    """The database was written by a newer version of the product."""

    code = "database_newer"


def prepare(workspace: Workspace) -> None:
    """Apply the migrations that are missing and tie the database to the workspace.

    Raises:
        DatabaseNewer: it has migrations that this version does not know.
        WrongDatabase: it belongs to another workspace.
    """
    if _is_behind():
        with alone(workspace.root / "run" / "migrate.lock"):
            if _is_behind():  # another process may have been first
                lift(connection)
                call_command("migrate", verbosity=0, interactive=False)
    if missing(connection):
        lay(connection)
    stamp(workspace)


def _is_behind() -> bool:
    executor = MigrationExecutor(connection)
    known = set(executor.loader.disk_migrations)
    unknown = [name for app, name in executor.loader.applied_migrations if app == "hengzhi" and (app, name) not in known]
    if unknown:
        raise DatabaseNewer(migrations=unknown)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
