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
