"""What never changes, as rules of the database itself: they hold whoever writes, by whatever program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.db.backends.base.base import BaseDatabaseWrapper

_DONE = "EXISTS (SELECT 1 FROM hengzhi_run r WHERE r.id = {run} AND r.state = 'done')"
_RUN_OF = "(SELECT {up}.run_id FROM hengzhi_{up} {up} WHERE {up}.id = OLD.{up}_id)"
_BATCH = ("uid", '"table"', "content_sha256", "mapping_sha256", "source", "version", "rows", "months", "received_on")
_FILE = ("id", "batch_id", '"table"', "month", "path", "sha256", "rows", "shadow")
_ENTRY = ("id", "uid", "at", '"by"', "verb", "kind", '"of"', '"before"', '"after"', "mac")


@dataclass(frozen=True, slots=True)
class Rule:
    """An operation on a table that is refused where ``when`` holds ({ne} = differs, nulls counted as equal)."""

    table: str
    operation: Literal["UPDATE", "DELETE"]
    when: str = "1 = 1"

    @property
    def name(self) -> str:
        """The trigger's name."""
        return f"keep_{self.table.removeprefix('hengzhi_')}_{self.operation.lower()}"

    @property
    def said(self) -> str:
        """What the database answers."""
        return f"{self.table.removeprefix('hengzhi_')}: what was recorded never changes ({self.operation.lower()} refused)"


def _changed(columns: Sequence[str]) -> str:
    return " OR ".join(f"OLD.{column} {{ne}} NEW.{column}" for column in columns)


_USED = "EXISTS (SELECT 1 FROM hengzhi_observation o WHERE o.indicator_id = OLD.id)"

RULES: tuple[Rule, ...] = (
    Rule("hengzhi_observation", "UPDATE"),
    Rule("hengzhi_observation", "DELETE", _DONE.format(run="OLD.run_id")),
    Rule("hengzhi_evaluation", "UPDATE"),
    Rule("hengzhi_evaluation", "DELETE", _DONE.format(run=_RUN_OF.format(up="observation"))),
    Rule("hengzhi_rating", "UPDATE"),
    Rule("hengzhi_rating", "DELETE", _DONE.format(run="OLD.run_id")),
    Rule("hengzhi_ratingpart", "UPDATE"),
    Rule("hengzhi_ratingpart", "DELETE", _DONE.format(run=_RUN_OF.format(up="rating"))),
    Rule("hengzhi_run", "UPDATE", "OLD.state = 'done'"),
    Rule("hengzhi_run", "DELETE", "OLD.state = 'done'"),
    Rule("hengzhi_indicatorversion", "UPDATE", _USED),
    Rule("hengzhi_indicatorversion", "DELETE", _USED),
    Rule("hengzhi_policyversion", "UPDATE"),
    Rule("hengzhi_policyversion", "DELETE"),
    Rule("hengzhi_scopeversion", "UPDATE"),
    Rule("hengzhi_scopeversion", "DELETE"),
    # A merged file may say from which version on it is superseded; once.
    Rule("hengzhi_factfile", "UPDATE", f"OLD.superseded_version IS NOT NULL OR {_changed(_FILE)}"),
    Rule("hengzhi_factfile", "DELETE"),
    # A committed batch can only be undone; once.
    Rule(
        "hengzhi_batch",
        "UPDATE",
        f"OLD.version IS NOT NULL AND ({_changed(_BATCH)} OR OLD.undone_version IS NOT NULL"
        " OR NOT (NEW.state = OLD.state OR (OLD.state = 'done' AND NEW.state = 'undone')))",
    ),
    Rule("hengzhi_batch", "DELETE", "OLD.version IS NOT NULL"),
    # An entry is sealed once; all else stands from the moment it is recorded.
    Rule("hengzhi_auditentry", "UPDATE", f"OLD.position IS NOT NULL OR {_changed(_ENTRY)}"),
    Rule("hengzhi_auditentry", "DELETE"),
)


def lay(connection: BaseDatabaseWrapper) -> None:
    """Put the rules on all tables that are there, anew where they stand already."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for rule in RULES:
            if rule.table in tables:
                for command in (*_dropping(rule, connection.vendor), *_creating(rule, connection.vendor)):
                    cursor.execute(command)


def lift(connection: BaseDatabaseWrapper) -> None:
    """Take the rules away, so that tables can be altered; ``lay`` puts them back."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for rule in RULES:
            if rule.table in tables:
                for command in _dropping(rule, connection.vendor):
                    cursor.execute(command)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The rules that do not stand."""
    known = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        known = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    with connection.cursor() as cursor:
        cursor.execute(known)
        standing = {str(row[0]) for row in cursor.fetchall()}
    return sorted({rule.name for rule in RULES} - standing)


def _dropping(rule: Rule, vendor: str) -> tuple[str, ...]:
    if vendor == "sqlite":
        return (f"DROP TRIGGER IF EXISTS {rule.name}",)
    return (
        f"DROP TRIGGER IF EXISTS {rule.name} ON {rule.table}",
        f"DROP TRIGGER IF EXISTS {rule.name}_all ON {rule.table}",
        f"DROP FUNCTION IF EXISTS {rule.name}()",
    )


def _creating(rule: Rule, vendor: str) -> tuple[str, ...]:
    if vendor == "sqlite":
        when = rule.when.format(ne="IS NOT")
        return (
            f"CREATE TRIGGER {rule.name} BEFORE {rule.operation} ON {rule.table} FOR EACH ROW WHEN {when}"
            f" BEGIN SELECT RAISE(ABORT, '{rule.said}'); END",
        )
    refuse = f"RAISE EXCEPTION '{rule.said}' USING ERRCODE = 'integrity_constraint_violation';"
    row, when = ("NEW" if rule.operation == "UPDATE" else "OLD"), rule.when.format(ne="IS DISTINCT FROM")
    # TRUNCATE knows no rows and would pass a row trigger by.
    all_rows = f"IF TG_OP = 'TRUNCATE' THEN {refuse} END IF;" if rule.operation == "DELETE" else ""
    body = f"{all_rows} IF {when} THEN {refuse} END IF; RETURN {row};"
    commands = [
        f"CREATE FUNCTION {rule.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$",
        f"CREATE TRIGGER {rule.name} BEFORE {rule.operation} ON {rule.table} FOR EACH ROW EXECUTE FUNCTION {rule.name}()",
    ]
    if rule.operation == "DELETE":
        commands.append(f"CREATE TRIGGER {rule.name}_all BEFORE TRUNCATE ON {rule.table} EXECUTE FUNCTION {rule.name}()")
    return tuple(commands)
