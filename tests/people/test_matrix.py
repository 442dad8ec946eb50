"""Every address × role × unit gives exactly what the table says; a page that forgets to ask is found.

The table is written by hand from what each role is for, not derived from the permissions it tests.
"""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

pytestmark = pytest.mark.django_db

# Who looks: name → role, unit. The relation to 0101 (城南分行) is in the name.
PEOPLE = {
    "officer": ("service_quality_officer", ""),
    "executive": ("executive", ""),
    "analyst": ("analyst", ""),
    "second_line": ("operational_risk", ""),
    "project": ("project_team", ""),
    "complaints": ("complaint_handler", ""),
    "inspector": ("inspector", ""),
    "trainer": ("trainer", ""),
    "it": ("it_support", ""),
    "assessor": ("external_assessor", ""),
    "interviewer": ("interviewer", ""),
    "privacy": ("data_protection_officer", ""),
    "system": ("system_administrator", ""),
    "security": ("security_administrator", ""),
    "audit": ("audit_administrator", ""),
    "nobody": ("", ""),
    "head_own": ("department_head", "0101"),
    "head_child": ("department_head", "010101"),
    "head_sibling": ("department_head", "0102"),
    "head_parent": ("department_head", "01"),
    "assessor_own": ("external_assessor", "0101"),
    "officer_own": ("service_quality_officer", "0101"),
}

READERS = {"officer", "executive", "analyst", "second_line", "project", "complaints", "inspector", "trainer", "it", "assessor"}
WITHOUT = {"interviewer", "privacy", "system", "security", "audit", "nobody"}
PARTIAL = {"head_own", "head_child", "head_sibling", "head_parent", "assessor_own", "officer_own"}
SEES_0101 = READERS | {"head_own", "head_parent", "assessor_own", "officer_own"}
SEES_010101 = SEES_0101 | {"head_child"}
SEES_0102 = READERS | {"head_sibling", "head_parent"}
WHOLE = READERS
EXPORTS = {
    "officer",
    "executive",
    "analyst",
    "second_line",
    "project",
    "head_own",
    "head_child",
    "head_sibling",
    "head_parent",
    "officer_own",
}
RUNS = {"officer", "analyst", "second_line", "project"}
IMPORTS_SEEN = RUNS | {"it", "privacy"}

IN_UNITS = {"head_own", "head_child", "head_sibling", "head_parent", "officer_own"}
PEOPLE_SEEN = {"officer", "system", "security", "audit"} | IN_UNITS


def _figures(seen: set[str]) -> dict[str, int]:
    """200 for who sees it, 404 for who sees other figures, 403 for who sees none."""
    return {name: 200 if name in seen else 403 if name in WITHOUT else 404 for name in PEOPLE}


def _files(seen: set[str]) -> dict[str, int]:
    return {name: 403 if status == 200 and name not in EXPORTS else status for name, status in _figures(seen).items()}


def _house(seen: set[str], elsewhere: set[str]) -> dict[str, int]:
    """Rows of the whole house: 404 for who holds the permission on a unit only."""
    return {name: 200 if name in seen else 404 if name in elsewhere else 403 for name in PEOPLE}


HOME = {name: 302 if name in WITHOUT else 200 for name in PEOPLE}
ANYWHERE = _figures(READERS | PARTIAL)
PAGES = {
    "/": HOME,
    "/risks": ANYWHERE,
    "/risks/R1": ANYWHERE,
    "/measures": ANYWHERE,
    "/measures/M1": ANYWHERE,
    "/indicators": ANYWHERE,
    "/indicators/feedback.satisfied": ANYWHERE,
    "/?unit=0101": {name: 302 if name in WITHOUT else status for name, status in _figures(SEES_0101).items()},
    "/?unit=010101": {name: 302 if name in WITHOUT else status for name, status in _figures(SEES_010101).items()},
    "/?unit=0102": {name: 302 if name in WITHOUT else status for name, status in _figures(SEES_0102).items()},
    "/?unit=?": {name: 302 if name in WITHOUT else status for name, status in _figures(WHOLE).items()},
    "/risks?unit=0101": _figures(SEES_0101),
    "/risks/R1?unit=0101": _figures(SEES_0101),
    "/risks/R1?unit=0102": _figures(SEES_0102),
    "/measures?unit=0101": _figures(SEES_0101),
    "/measures/M1?unit=010101": _figures(SEES_010101),
    "/indicators?unit=0102": _figures(SEES_0102),
    "/indicators/feedback.satisfied?unit=010101": _figures(SEES_010101),
    "/indicators?format=csv": _files(READERS | PARTIAL),
    "/indicators?format=csv&unit=0101": _files(SEES_0101),
    "/risks/R1?format=csv&table=units&unit=0101": _files(SEES_0101),
    "/indicators/feedback.satisfied?format=csv&unit=0102": _files(SEES_0102),
    "/figures/{root}": _figures(WHOLE),
    "/figures/{0101}": _figures(SEES_0101),
    "/figures/{010101}": _figures(SEES_010101),
    "/figures/{0102}": _figures(SEES_0102),
    "/figures/feedback.satisfied@unit=0101@2026-10": _figures(SEES_0101),
    "/figures/feedback.satisfied@@2026-10": _figures(WHOLE),
    "/figures/{rating 0101}": _figures(SEES_0101),
    "/figures/{rating root}": _figures(WHOLE),
    "/runs": _house(RUNS, {"officer_own"}),
    "/runs/{run}": _house(RUNS, {"officer_own"}),
    "/batches": _house(IMPORTS_SEEN, {"officer_own"}),
    "/batches/{batch}": _house(IMPORTS_SEEN, {"officer_own"}),
    "/imports": _house({"officer"}, {"officer_own"}),
    "/people": _house(PEOPLE_SEEN, set()),
    "/people/{head_child}": _house(PEOPLE_SEEN - {"head_sibling"}, {"head_sibling"}),
    "/people/{system}": _house(PEOPLE_SEEN - IN_UNITS, IN_UNITS),
    "/roles": _house(PEOPLE_SEEN, set()),
    "/units": _house(set(PEOPLE) - {"nobody", "assessor", "assessor_own", "audit"}, set()),
    "/audit": _house({"audit", "privacy"}, set()),
    "/account": dict.fromkeys(PEOPLE, 200),
}


@pytest.fixture
def crowd(person):
    """One signed-in browser for each of the people."""
    clients = {}
    for name, (role, unit) in PEOPLE.items():
        clients[name] = Client()
        clients[name].force_login(person(name, role, unit, home=unit))
    return clients


@pytest.fixture
def things(assessed, crowd):
    """Addresses of single things: figures of each unit, the run and the batch."""
    from hengzhi.models import Batch, Observation, RatingPart

    figures = Observation.objects.filter(key="feedback.satisfied", period="2026-10")
    found = {f"{{{unit}}}": f"obs:{figures.get(scope__text=f'unit={unit}').pk}" for unit in ("0101", "010101", "0102")}
    found["{root}"] = f"obs:{figures.get(scope__text='').pk}"
    for name, scope in (("{rating root}", ""), ("{rating 0101}", "unit=0101")):
        part = RatingPart.objects.filter(kind="indicator", rating__scope__text=scope, observation__isnull=False).first()
        found[name] = f"rating:{part.rating_id}%23{part.position}"
    names = {f"{{{name}}}": get_user_model().objects.get(username=name).uid for name in ("head_child", "system")}
    return {**found, **names, "{run}": assessed.uid, "{batch}": Batch.objects.get().uid}


def _unexpected(crowd, things, pages) -> list[str]:
    wrong = []
    for address, expected in pages.items():
        real = address
        for name, thing in things.items():
            real = real.replace(name, thing)
        for name, client in crowd.items():
            got = client.get(real).status_code
            if got != expected[name]:
                wrong.append(f"{name} {address}: {got}, not {expected[name]}")
    return wrong


def test_every_cell_of_the_matrix_is_as_written(crowd, things):
    assert _unexpected(crowd, things, PAGES) == []


def test_a_page_that_does_not_ask_is_found(crowd, things, monkeypatch):
    from hengzhi.spine.runs.pages import behind

    monkeypatch.setattr(behind, "visible", lambda rows, by, permission: rows)
    wrong = _unexpected(crowd, things, {address: PAGES[address] for address in ("/figures/{0101}", "/figures/{root}")})
    assert {line.split()[0] for line in wrong} == PARTIAL
