"""Who may do what, where and from when to when."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from hengzhi.core import Text, UnknownKey
from hengzhi.spine.access.errors import Forbidden, OutOfScope
from hengzhi.spine.access.floor import suppressed
from hengzhi.spine.access.granting import GrantRefused, RolesApart, all_roles, define_role, grant_role, withdraw_role
from hengzhi.spine.access.grants import permissions_of
from hengzhi.spine.access.models import Assignment
from hengzhi.spine.access.permissions import KEYS, PERMISSIONS
from hengzhi.spine.access.roles import NEVER_WITH_SYSTEM, ROLES, SHIPPED
from hengzhi.spine.access.services import require, visible

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]

DAY = date(2026, 11, 20)
SEE = "risk.figure.view"


def test_every_permission_and_role_has_both_names_and_roles_only_name_permissions_there_are():
    assert all(p.names.zh and p.names.en and p.key.count(".") == 2 for p in PERMISSIONS)
    assert all(r.names.zh and r.names.en and r.permissions <= KEYS for r in ROLES)
    assert len(ROLES) == len({r.key for r in ROLES}) == 16


def test_the_system_administrator_reads_no_customer_text_and_touches_no_audit_log():
    assert not SHIPPED["system_administrator"].permissions & NEVER_WITH_SYSTEM
    assert not any("audit" in key for key in SHIPPED["system_administrator"].permissions | SHIPPED["security_administrator"].permissions)


def test_whoever_runs_the_system_loses_customer_text_even_with_a_second_role(person):
    root = person("root", "system_administrator")
    held = Assignment.objects.create(person=root, role=all_roles()[0], start=date(2026, 1, 1))
    assert held.role.key == "service_quality_officer" and "data.batch.import" in permissions_of(root, DAY)
    assert "text.customer.view" not in permissions_of(root, DAY)


def test_a_role_on_a_unit_reaches_all_units_below_it_and_none_beside_or_above(person):
    held = permissions_of(person("head", "department_head", "0101"), DAY)[SEE]
    assert held.units == {"0101", "010101", "010102"} and not held.whole
    assert not held.covers("01") and not held.covers("0102") and not held.covers("")


def test_a_role_holds_from_its_first_day_until_before_its_last(person):
    guest = person("guest", "external_assessor", start=date(2026, 3, 1), end=date(2026, 4, 1))
    held = [SEE in permissions_of(guest, day) for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1))]
    assert held == [False, True, True, False]


def test_a_unit_that_moved_is_seen_from_its_new_place_and_a_closed_one_from_its_last(person):
    from hengzhi.engine.scopes import UnitSpan
    from hengzhi.spine.scopes.services import save_units

    old, new, names = date(2025, 1, 1), date(2026, 6, 1), Text("西门支行", "West Gate")
    save_units(units=[UnitSpan("010102", names, "0101", old, new), UnitSpan("010102", names, "0102", new, None)], by="test")
    save_units(units=[UnitSpan("010101", Text("南城支行", "South"), "0101", old, new)], by="test")
    assert permissions_of(person("south", "department_head", "0101"), DAY)[SEE].units == {"0101", "010101"}
    assert permissions_of(person("north", "department_head", "0102"), DAY)[SEE].units == {"0102", "010102"}


def test_a_disabled_person_may_do_nothing(person):
    gone = person("gone", "executive")
    gone.is_active = False
    assert permissions_of(gone, DAY) == {}


def test_django_s_own_superuser_flag_opens_nothing(person):
    flagged = person("flagged")
    flagged.is_superuser = flagged.is_staff = True
    assert permissions_of(flagged, DAY) == {}


def test_without_the_permission_it_is_forbidden_and_outside_the_units_it_does_not_exist(person):
    head = person("head", "department_head", "0101")
    require(head, SEE, "unit=010101;channel=phone")
    with pytest.raises(Forbidden):
        require(head, "data.batch.import")
    for scope in ("", "unit=0102", "channel=phone", "unit=?"):
        with pytest.raises(OutOfScope):
            require(head, SEE, scope)


def test_rows_that_nobody_placed_are_seen_by_nobody(person):
    from hengzhi.models import WorkspaceStamp

    with pytest.raises(LookupError):
        visible(WorkspaceStamp.objects.all(), person("chief", "executive"), SEE)


def test_rows_of_the_house_are_not_seen_through_a_unit(person, assessed):
    from hengzhi.models import Run

    assert visible(Run.objects.all(), person("all", "analyst"), "risk.run.view").count() == 1
    assert visible(Run.objects.all(), person("part", "analyst", "01"), "risk.run.view").count() == 0


def test_figures_are_seen_by_the_unit_of_their_scope(person, assessed):
    from hengzhi.models import Observation

    head = person("head", "department_head", "0101")
    seen = set(visible(Observation.objects.all(), head, SEE).values_list("scope__text", flat=True))
    assert seen and all(text.startswith(("unit=0101", "unit=010101", "unit=010102")) for text in seen)
    assert visible(Observation.objects.all(), person("chief", "executive"), SEE).count() == Observation.objects.count()


def test_nobody_gives_a_role_to_themselves_nor_takes_their_own_away(person):
    guard = person("guard", "security_administrator")
    with pytest.raises(GrantRefused):
        grant_role(person=guard, role="executive", start=DAY, by=guard)
    with pytest.raises(GrantRefused):
        withdraw_role(assignment=guard.assignments.get().uid, on=DAY, by=guard)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(person=guard, role=all_roles()[0], start=DAY, granted_by=guard)


def test_only_who_guards_roles_gives_them_and_only_in_their_own_part(person):
    someone = person("someone")
    with pytest.raises(Forbidden):
        grant_role(person=someone, role="executive", start=DAY, by=person("head", "department_head"))
    guard = person("guard", "security_administrator", "0101")
    grant_role(person=someone, role="inspector", unit="010101", start=DAY, by=guard)
    for unit in ("", "0102"):
        with pytest.raises(OutOfScope):
            grant_role(person=someone, role="executive", unit=unit, start=DAY, by=guard)


def test_the_three_administrators_are_three_people(person):
    guard, root = person("guard", "security_administrator"), person("root", "system_administrator")
    for role in ("security_administrator", "audit_administrator", "data_protection_officer"):
        with pytest.raises(RolesApart):
            grant_role(person=root, role=role, start=DAY, by=guard)


def test_a_time_boxed_role_needs_an_end_and_ends_lie_after_starts(person):
    guard, guest = person("guard", "security_administrator"), person("guest")
    for end in (None, DAY, date(2026, 1, 1)):
        with pytest.raises(GrantRefused):
            grant_role(person=guest, role="external_assessor", start=DAY, end=end, by=guard)
    grant_role(person=guest, role="external_assessor", start=DAY, end=date(2026, 12, 1), by=guard)
    with pytest.raises(GrantRefused):
        grant_role(person=guest, role="external_assessor", start=DAY, end=date(2026, 12, 1), by=guard)


def test_giving_and_withdrawing_are_in_the_audit_log_and_hold_at_once(person):
    from hengzhi.models import AuditEntry

    guard, someone = person("guard", "security_administrator"), person("someone")
    held = grant_role(person=someone, role="executive", start=DAY, by=guard)
    assert SEE in permissions_of(someone, DAY)
    withdraw_role(assignment=held.uid, on=DAY, by=guard)
    assert SEE not in permissions_of(someone, DAY)
    assert list(AuditEntry.objects.filter(by="guard").order_by("id").values_list("verb", flat=True)) == ["grant_role", "withdraw_role"]


def test_an_institution_defines_its_own_roles_but_not_against_the_separation(person):
    guard, someone = person("guard", "security_administrator"), person("someone")
    define_role(key="counter_lead", names=Text("柜面主管", "counter lead"), permissions=[SEE], by=guard)
    grant_role(person=someone, role="counter_lead", unit="0102", start=DAY, by=guard)
    assert permissions_of(someone, DAY)[SEE].units == {"0102"}
    with pytest.raises(RolesApart):
        define_role(key="god", names=Text("全能", "all"), permissions=["system.settings.change", "text.customer.view"], by=guard)
    with pytest.raises(UnknownKey):
        define_role(key="odd", names=Text("怪", "odd"), permissions=["risk.figure.fly"], by=guard)
    with pytest.raises(GrantRefused):
        define_role(key="executive", names=Text("高管", "executive"), permissions=[SEE], by=guard)


def test_small_groups_of_persons_are_blank_and_the_total_does_not_give_one_away():
    assert suppressed({"a": 4, "b": 5, "c": 90}) == {"a": None, "b": None, "c": 90}
    assert suppressed({"a": 4, "b": 1, "c": 90}) == {"a": None, "b": None, "c": 90}
    assert suppressed({"a": 5, "b": 0, "c": 90}) == {"a": 5, "b": 0, "c": 90}


def test_findings_and_deadlines_are_those_of_ones_own_units(person):
    from hengzhi.core import UnknownKey
    from hengzhi.spine.findings.queries import list_findings
    from hengzhi.spine.findings.services import find_finding, open_finding
    from hengzhi.spine.record import Ref

    title = ("stated", {"text": "queue"})
    made = {
        scope: open_finding(source=Ref("inspection", scope), key=f"x@{scope}", scope=scope, severity="high", title=title, on=DAY)
        for scope in ("unit=0101", "unit=0102", "")
    }
    head = person("head", "department_head", "0101")
    assert [finding.scope.text for finding in list_findings(by=head)] == ["unit=0101"]
    with pytest.raises(UnknownKey):
        find_finding(made["unit=0102"].uid, by=head)
    with pytest.raises(Forbidden):
        list_findings(by=person("outside", "external_assessor"))
    assert len(list_findings(by=person("officer", "service_quality_officer"))) == 3
