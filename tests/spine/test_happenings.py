"""Happenings: reported once, their timeline only grows, their events move clocks, their losses add up."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from hengzhi.core import UnknownKey
from hengzhi.spine.clocks.models import Clock
from hengzhi.spine.happenings.models import Happening, Impact, TimelineEntry
from hengzhi.spine.happenings.services import (
    BASEL_CLASSES,
    KIND_NAMES,
    HappeningClosed,
    Money,
    add_entry,
    add_impact,
    close_happening,
    money_of,
    report_happening,
)

pytestmark = pytest.mark.both_databases

AT = datetime(2026, 11, 3, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def outage(database):
    return report_happening(kind="incident", title="app down", discovered_at=AT, by="it", source="ITSM-7")


def test_a_happening_of_one_source_is_reported_once(outage):
    assert report_happening(kind="incident", title="again", discovered_at=AT, by="it", source="ITSM-7") == outage
    with pytest.raises(UnknownKey):
        report_happening(kind="gossip", title="x", discovered_at=AT, by="it")


def test_the_timeline_moves_clocks_and_never_changes(outage):
    moved = add_entry(happening=outage, at=AT, noted_at=AT, by="it", event="dora.classified", text="major")
    assert [clock.rule_key for clock in moved.started] == ["technology.dora_initial_classified"]
    assert Clock.objects.get().of_uid == outage.uid
    for deed in (lambda: TimelineEntry.objects.update(text="minor"), lambda: TimelineEntry.objects.all()._raw_delete("default")):
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            deed()


def test_losses_add_up_with_their_recoveries(outage):
    add_impact(happening=outage, measure="money", amount=100_00, recovered=30_00, currency="CNY", basel_class="ET6", at=AT, by="it")
    add_impact(happening=outage, measure="money", amount=50_00, currency="CNY", basel_class="ET6", at=AT, by="it")
    add_impact(happening=outage, measure="customers", amount=1200, at=AT, by="it")
    assert money_of(outage) == {"CNY": Money(150_00, 30_00)}
    assert money_of(outage)["CNY"].net == 120_00


@pytest.mark.parametrize(
    "wrong",
    [
        {"measure": "money", "amount": 1},
        {"measure": "customers", "amount": -1},
        {"measure": "money", "amount": 1, "recovered": 2, "currency": "CNY"},
        {"measure": "minutes", "amount": 1, "currency": "CNY"},
    ],
)
def test_the_database_refuses_impossible_impacts(outage, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Impact.objects.create(happening=outage, by="x", at=AT, **wrong)


def test_a_closed_happening_takes_no_more_entries(outage):
    close_happening(happening=outage, at=AT, by="it")
    with pytest.raises(HappeningClosed):
        add_entry(happening=outage, at=AT, noted_at=AT, by="it", text="late")
    with pytest.raises(IntegrityError), transaction.atomic():
        Happening.objects.update(state="open")


def test_kinds_and_event_types_are_named_in_both_languages(database):
    assert all(text.zh and text.en for text in (*KIND_NAMES.values(), *BASEL_CLASSES.values()))
