"""The audit log: whatever is done to it behind the house's back, verify names it."""

import json

import pytest
from django.db import connection, transaction

from hengzhi.spine.audit.models import AuditEntry
from hengzhi.spine.audit.services import AuditBroken, record, seal, verify
from hengzhi.spine.immutable import lift

pytestmark = pytest.mark.both_databases

ENTRIES = 12


@pytest.fixture
def anchors(workspace):
    return workspace.root / "log" / "audit-anchors.jsonl"


@pytest.fixture
def log(database, anchors):
    """Twelve sealed entries; the rules that keep them were removed, as somebody with the database in his hands can."""
    for at in range(ENTRIES):
        record(
            by="officer", verb="change", kind="target", of=f"t{at}", before={"value": at}, after={"value": at + 0.5, "names": ["甲", None]}
        )
    seal(anchors)
    lift(connection)


def _at(position):
    return AuditEntry.objects.get(position=position)


POSITIONS = (1, 2, 6, ENTRIES - 1, ENTRIES)
FORGED = {
    "by": "x",
    "verb": "x",
    "kind": "x",
    "of": "x",
    "mac": "x" * 64,
    "hash": "x" * 64,
    "before": {"value": 99},
    "after": None,
    "uid": "0" * 26,
}


@pytest.fixture
def attack(log, anchors):
    """Do something to the log, see what verify says, and take it back."""

    def done(deed):
        with pytest.raises(AuditBroken) as broken, transaction.atomic():
            deed()
            verify(anchors)
        return broken.value.fields

    yield done
    assert verify(anchors).entries == ENTRIES


def test_an_untouched_log_verifies(log, anchors):
    found = verify(anchors)
    assert found.entries == ENTRIES
    assert json.loads(anchors.read_text().splitlines()[-1])["hash"] == found.last_hash


def test_an_edited_entry_is_named(attack):
    for position in POSITIONS:
        entry = _at(position)
        for field, value in {**FORGED, "at": entry.at.replace(year=2020)}.items():
            told = attack(lambda: AuditEntry.objects.filter(pk=entry.pk).update(**{field: value}))  # noqa: B023
            assert told["position"] == position
            assert told["uid"] == (value if field == "uid" else entry.uid)


def test_a_deleted_entry_is_named(attack):
    for position in POSITIONS:
        told = attack(lambda: AuditEntry.objects.filter(position=position)._raw_delete("default"))  # noqa: B023
        assert told["position"] == position


def test_a_deleted_entry_is_named_when_the_rest_was_moved_up(attack):
    def deed():
        AuditEntry.objects.filter(position=position)._raw_delete("default")
        for later in AuditEntry.objects.filter(position__gt=position).order_by("position"):
            AuditEntry.objects.filter(pk=later.pk).update(position=later.position - 1)

    for position in POSITIONS:
        assert attack(deed)["position"] == position


def test_an_inserted_entry_is_named(attack):
    def deed():
        for later in AuditEntry.objects.filter(position__gte=position).order_by("-position"):
            AuditEntry.objects.filter(pk=later.pk).update(position=later.position + 1)
        old = AuditEntry.objects.order_by("position").first()
        AuditEntry.objects.create(uid="F" * 26, by="x", verb="approve", kind="x", of="y", mac=old.mac, hash=old.hash, position=position)

    for position in POSITIONS:
        told = attack(deed)
        assert (told["position"], told["uid"]) == (position, "F" * 26)


def test_swapped_entries_are_named(attack):
    def deed():
        AuditEntry.objects.filter(pk=first.pk).update(position=-1)
        AuditEntry.objects.filter(pk=second.pk).update(position=one)
        AuditEntry.objects.filter(pk=first.pk).update(position=other)

    for one, other in [(1, 2), (1, ENTRIES), (5, 6), (3, 9), (ENTRIES - 1, ENTRIES)]:
        first, second = _at(one), _at(other)
        told = attack(deed)
        assert (told["position"], told["uid"]) == (one, second.uid)


def test_a_truncated_log_is_named_by_its_anchor(attack):
    for kept in (0, 1, 6, ENTRIES - 1):
        told = attack(lambda: AuditEntry.objects.filter(position__gt=kept)._raw_delete("default"))  # noqa: B023
        assert told["reason"] == "truncated"
        assert told["position"] > kept


def test_an_entry_inserted_unsealed_is_named(log, anchors):
    forged = AuditEntry.objects.create(by="officer", verb="approve", kind="x", of="y", mac="0" * 64)
    with pytest.raises(AuditBroken) as broken:
        verify(anchors)
    assert broken.value.fields["uid"] == forged.uid


@pytest.mark.parametrize("kept", [0, 6, ENTRIES - 1])
def test_a_truncated_log_is_named_even_when_it_grew_again(log, anchors, kept):
    AuditEntry.objects.filter(position__gt=kept)._raw_delete("default")
    for at in range(ENTRIES):
        record(by="officer", verb="innocent", kind="x", of=str(at))
    with pytest.raises(AuditBroken):
        verify(anchors)
    with pytest.raises(AuditBroken):
        verify(anchors)


def test_an_anchor_torn_by_a_full_disk_or_a_kill_hides_nothing(log, anchors):
    with anchors.open("a") as file:
        file.write('{"position": 12, "ha')
    record(by="officer", verb="look", kind="x", of="y")
    assert verify(anchors).entries == ENTRIES + 1
    AuditEntry.objects.filter(position=ENTRIES + 1)._raw_delete("default")
    with pytest.raises(AuditBroken):
        verify(anchors)


def test_any_value_survives_either_database(database, anchors):
    values = [1e22, 1e16, 5.0, 1e-7, 0.1 + 0.2, -0.0, 2**63, "中😀", "e\u0301", [1, [2.0, None]], {"b": 1, "a": {"d": 2}}, float("nan")]
    for value in values:
        record(by="officer", verb="change", kind="x", of="y", after={"value": value})
    assert verify(anchors).entries == len(values)


def test_entries_are_sealed_with_the_transaction_that_recorded_them(database, workspace, load):
    """A tail that was deleted before anybody verified is missed because it was chained at once."""
    load(text="record,day,kind\n1,2026-07-01,survey")
    assert not AuditEntry.objects.filter(position=None).exists()
    lift(connection)
    AuditEntry.objects.order_by("-id")[:1].get().delete()
    with pytest.raises(AuditBroken):
        verify(workspace.root / "log" / "audit-anchors.jsonl")
