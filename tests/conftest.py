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
