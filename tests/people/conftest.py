"""A small bank with a tree of units, figures for each of them, and one person for each role."""

from datetime import date

import pytest

PASSWORD = "long enough and not common"
TODAY = date(2026, 11, 20)
UNITS = (
    ("01", "江南银行", ""),
    ("0101", "城南分行", "01"),
    ("010101", "南城支行", "0101"),
    ("010102", "西门支行", "0101"),
    ("0102", "城北分行", "01"),
)


@pytest.fixture
def bank(intake, db):
    """The site on a bank of five units: head office, two branches, and two outlets of the first."""
    from hengzhi.core import Text
    from hengzhi.engine.scopes import UnitSpan
    from hengzhi.spine.scopes.services import save_units

    save_units(units=[UnitSpan(code, Text(name, name), parent, date(2025, 1, 1), None) for code, name, parent in UNITS], by="test")
    return intake


@pytest.fixture
def assessed(bank, csv_file):
    """Figures of October for every unit and for the whole; the run."""
    from hengzhi.app import CATALOGUE
    from hengzhi.core import Period
    from hengzhi.spine.datasets.services import import_path
    from hengzhi.spine.policies import current_policy
    from hengzhi.spine.runs.assessments import assess_period

    lines = ["record,day,kind,channel,unit,customer,satisfaction"]
    for unit, _name, _parent in UNITS:
        lines += [f"{unit}-{at},2026-10-{at % 28 + 1:02},survey,phone,{unit},C{unit}{at},{at % 5 + 1}" for at in range(40)]
    path = csv_file("feedback.csv", "\n".join(lines))
    import_path(workspace=bank, catalogue=CATALOGUE, table="feedback", path=path, mapping=None, by="test", received_on=date(2026, 11, 2))
    policy = current_policy(bank, CATALOGUE)
    return assess_period(workspace=bank, catalogue=CATALOGUE, policy=policy, periods=(Period.parse("2026-10"),), on=TODAY, by="test")


@pytest.fixture
def person(django_user_model):
    """Make a person with one role, on a unit or on the whole institution."""
    from hengzhi.spine.access.granting import find_role
    from hengzhi.spine.access.models import Assignment

    def made(name, role="", unit="", *, start=date(2026, 1, 1), end=None, home=""):
        someone = django_user_model.objects.create_user(name, password=PASSWORD, display_name=name, unit=home)
        if role:
            Assignment.objects.create(person=someone, role=find_role(role), unit=unit, start=start, end=end)
        return someone

    return made
