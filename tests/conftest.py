"""What every test of the house relies on."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
REQUIRED_IN_CI = ("browser", "postgres")


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
    """A person who may sign in."""
    from django.contrib.auth import get_user_model

    return get_user_model().objects.create_user("officer", password=PASSWORD, display_name="服务质量岗")


@pytest.fixture(scope="session")
def make_bank():
    """A function that loads four months of the demo bank into a new workspace and assesses the last three."""

    def made(root: Path):
        from hengzhi.app import CATALOGUE, DEFAULT_POLICY
        from hengzhi.core import Period
        from hengzhi.demo.generate import batches
        from hengzhi.demo.institution import AS_OF, INSTITUTION, SERVICES, SYSTEMS, units
        from hengzhi.engine.scopes import UnitSpan
        from hengzhi.spine.datasets.imports import import_rows
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
