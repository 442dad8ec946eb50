"""Findings from runs and effects from observations: what was stored is what is judged."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from hengzhi.app import CATALOGUE
from hengzhi.core import Period, Text
from hengzhi.engine.scopes import UnitSpan
from hengzhi.spine.findings.actions import add_action, finish_action, start_action
from hengzhi.spine.findings.effects import ask_effect, compute_effect, conclude_effect, find_check
from hengzhi.spine.findings.from_runs import open_from_run
from hengzhi.spine.findings.models import Finding
from hengzhi.spine.findings.queries import finding_json
from hengzhi.spine.findings.services import FindingRefused, close_finding, find_finding, mark_false, open_finding
from hengzhi.spine.policies import current_policy
from hengzhi.spine.record import Ref
from hengzhi.spine.runs.assessments import assess_period
from hengzhi.spine.scopes.services import save_units

pytestmark = pytest.mark.both_databases

TREATED, UNTREATED = ("0110", "0120", "0130", "0140"), ("0210", "0220", "0230", "0240")
REVIEWED = datetime(2026, 10, 5, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def assessed(load, workspace):
    """Load answers given as (unit, month, satisfied, all) and assess their months."""

    def done(cells, *, name="feedback"):
        cells = list(cells)
        lines = ["record,day,kind,unit,satisfaction"]
        for unit, month, satisfied, n in cells:
            lines += [f"{unit}{month}{at},{month}-{at % 28 + 1:02},survey,{unit},{5 if at < satisfied else 1}" for at in range(n)]
        load(text="\n".join(lines), name=name)
        return assess(sorted({month for _, month, _, _ in cells}))

    def assess(months):
        return assess_period(
            workspace=workspace,
            catalogue=CATALOGUE,
            policy=current_policy(workspace, CATALOGUE),
            periods=tuple(Period.parse(month) for month in months),
            on=date(2026, 10, 1),
            by="test",
        )

    done.assess = assess
    return done


@pytest.fixture
def units(database):
    codes = (*TREATED, *UNTREATED)
    save_units(units=[UnitSpan(code, Text(code, code), "", date(2020, 1, 1), None) for code in codes], by="test")


def open_keys():
    return sorted(f.key for f in Finding.objects.filter(state="open", key__startswith="feedback.satisfied@"))


def test_a_proven_miss_past_its_limit_opens_one_finding_and_running_twice_opens_no_second(assessed, units):
    run = assessed([("0110", "2026-07", 100, 200), ("0120", "2026-07", 195, 200)])
    first = open_from_run(run=run, by="officer")
    assert open_keys() == ["feedback.satisfied@", "feedback.satisfied@unit=0110"]
    told = finding_json(
        Finding.objects.get(key="feedback.satisfied@unit=0110"), "en", {k: i.names for k, i in CATALOGUE.indicators.items()}
    )
    assert told["title"] == "satisfied (4–5 of 5) 2026-07: 0.5, proven past its limit 0.8 (n=200)"
    assert told["opened_on"] == "2026-07-31" and told["source"]["kind"] == "observation"
    again = open_from_run(run=run, by="officer")
    assert (again.opened, again.reopened, len(again.known)) == ((), (), len(first.opened))
    open_from_run(run=assessed.assess(["2026-07"]), by="officer")
    assert Finding.objects.filter(key__startswith="feedback.satisfied@").count() == 2


def test_a_miss_that_is_not_proven_past_its_limit_opens_none(assessed, units):
    open_from_run(run=assessed([("0110", "2026-07", 156, 200), ("0120", "2026-07", 166, 200)]))
    assert open_keys() == []


def test_a_false_alarm_stays_one_in_the_next_run(assessed, units):
    open_from_run(run=assessed([("0110", "2026-07", 100, 200)]))
    mark_false(finding=Finding.objects.get(key="feedback.satisfied@unit=0110"), reason="device broken", by="officer")
    open_from_run(run=assessed([("0110", "2026-08", 100, 200)], name="august"))
    assert open_keys() == ["feedback.satisfied@"]


def _months(before, after, units, *, n=60):
    """Shares of satisfied answers before and after, a little different in each unit and month."""
    for at, unit in enumerate(units):
        for month in (4, 5, 6):
            yield unit, f"2026-{month:02}", before + (at + month) % 3, n
        for month in (7, 8, 9):
            yield unit, f"2026-{month:02}", after + (at + month) % 3, n


def check(*, controls=(), change=0.2):
    finding = open_finding(
        source=Ref("test", "1"), key="x", scope="", severity="low", title=("stated", {"text": "x"}), on=date(2026, 6, 30)
    )
    action = add_action(finding=finding, title="train", owner="lin", due_on=date(2026, 6, 30), by="chief")
    asked = ask_effect(
        action=action,
        indicator="feedback.satisfied",
        baseline="2026-04..2026-06",
        review="2026Q3",
        controls=controls,
        target_change=change,
        review_on=date(2026, 10, 1),
        by="chief",
    )
    start_action(action=action, on=date(2026, 6, 30), by="lin")
    finish_action(action=action, on=date(2026, 7, 1), by="lin")
    return find_check(asked.uid)


def test_a_rise_beyond_that_of_the_untreated_units_is_met_and_attributable(assessed, units):
    assessed([*_months(30, 45, TREATED), *_months(30, 30, UNTREATED)])
    effect = compute_effect(check=check(controls=UNTREATED), by="wang")
    assert (effect.verdict, effect.direction, effect.attributable, effect.units, effect.control_units) == ("met", "improved", True, 4, 4)
    assert effect.change == pytest.approx(15 / 31, abs=0.02)
    assert len(effect.observations) == 8 * 6


def test_a_rise_that_all_units_share_is_not_met(assessed, units):
    assessed([*_months(30, 45, TREATED), *_months(30, 45, UNTREATED)])
    effect = compute_effect(check=check(controls=UNTREATED), by="wang")
    assert (effect.verdict, effect.direction) == ("missed", "no_change_shown")


def test_before_and_after_alone_is_no_proof_of_a_cause(assessed, units):
    assessed(_months(30, 45, (*TREATED, *UNTREATED)))
    effect = compute_effect(check=check(), by="wang")
    assert (effect.verdict, effect.attributable, effect.units) == ("met", False, 8)
    assert effect.change == pytest.approx(15 / 31, abs=0.02)


def test_months_without_data_are_no_effect(assessed, units):
    assessed([("0110", "2026-04", 30, 60)])
    assert compute_effect(check=check(controls=UNTREATED), by="wang").verdict == "no_data"


def test_an_answer_against_the_figures_wants_a_reason_and_the_end_follows_the_answer(assessed, units):
    assessed([*_months(30, 45, TREATED), *_months(30, 45, UNTREATED)])
    asked = check(controls=UNTREATED)
    with pytest.raises(FindingRefused, match="not_computed"):
        conclude_effect(check=asked, effective=True, at=REVIEWED, by="wang")
    compute_effect(check=asked, by="wang")
    with pytest.raises(FindingRefused, match="no_reason"):
        conclude_effect(check=asked, effective=True, at=REVIEWED, by="wang")
    with pytest.raises(FindingRefused, match="review_early"):
        conclude_effect(check=asked, effective=False, at=datetime(2026, 9, 30, tzinfo=REVIEWED.tzinfo), by="wang")
    conclude_effect(check=asked, effective=False, at=REVIEWED, by="wang")
    with pytest.raises(FindingRefused, match="effect_unchecked"):
        close_finding(finding=find_finding(asked.action.finding.uid), on=date(2026, 10, 6), by="chief")


def test_the_command_line_opens_lists_and_exports_findings(assessed, units, hengzhi, tmp_path):
    assessed([("0110", "2026-07", 100, 200)])
    opened = hengzhi("finding", "open", "--run", "latest", "--json")
    assert opened.code == 0 and opened.data["opened"] > 0
    assert hengzhi("finding", "open", "--json").data["opened"] == 0
    item = next(f for f in hengzhi("finding", "list", "--json").data["items"] if f["key"] == "feedback.satisfied@unit=0110")
    assert hengzhi("finding", "show", item["uid"], "--json").data["actions"] == []
    refused = hengzhi("finding", "close", item["uid"], "--json")
    assert refused.code == 1 and refused.json["problems"][0]["code"] == "finding_refused"
    file = tmp_path / "ledger.csv"
    assert hengzhi("finding", "export", file, "--json").data["lines"] == opened.data["opened"]
    assert hengzhi("finding", "reconcile", file, "--dry-run", "--json").data["unchanged"] == opened.data["opened"]
