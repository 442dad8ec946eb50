"""The rules the house ships are whole."""

import pytest

from hengzhi.spine.calendars.china import CALENDARS
from hengzhi.spine.clocks.rules import rule_of
from hengzhi.spine.clocks.shipped import SHIPPED


@pytest.mark.parametrize("rule", SHIPPED, ids=lambda rule: rule.key)
def test_every_rule_has_both_names_a_source_and_survives_storage(rule):
    assert rule.names.zh and rule.names.en and rule.source and rule.calendar in CALENDARS
    again = rule_of(rule.key, rule.spec(), valid_from=rule.valid_from, valid_until=rule.valid_until, enabled=rule.enabled)
    assert again == rule and again.version == rule.version


def test_no_event_both_ends_and_starts_the_same_clock_and_no_key_stands_twice():
    assert [rule.key for rule in SHIPPED if rule.starts_on in rule.stops_on] == []
    assert len({rule.key for rule in SHIPPED}) == len(SHIPPED)
