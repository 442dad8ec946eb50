"""Importing the tree of units: new ones, moves, conflicts, and what is refused."""

from datetime import date

import pytest

from hengzhi.spine.scopes.services import current_tree
from hengzhi.spine.scopes.unit_files import read_units
from hengzhi.spine.scopes.unit_import import UnitConflicts, UnitRing, import_units

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]
HEAD = "code,name_zh,name_en,parent,kind,start,end\n"


def _take(rows: str, **more):
    return import_units(file=read_units((HEAD + rows).encode("gb18030"), "units.csv"), by="test", **more)


def test_a_new_unit_is_added_and_the_same_file_again_changes_nothing():
    assert _take("0103,东门分行,East Gate,01,branch,2026-01-01,").added == ("0103",)
    again = _take("0103,东门分行,East Gate,01,branch,2026-01-01,")
    assert (again.added, again.changed, again.unchanged) == ((), (), 1)


def test_a_move_is_a_new_row_and_the_old_one_ends_where_it_starts():
    rows = "010102,西门支行,西门支行,0102,branch,2026-07-01,"
    with pytest.raises(UnitConflicts):
        _take(rows)
    assert _take(rows, on_conflict="skip").skipped == ("010102",)
    assert _take(rows, on_conflict="update").changed == ("010102",)
    spans = [(s.parent, s.start, s.end) for s in current_tree().spans if s.code == "010102"]
    assert spans == [("0101", date(2025, 1, 1), date(2026, 7, 1)), ("0102", date(2026, 7, 1), None)]
    assert current_tree().ancestors(date(2026, 6, 30))["010102"][1] == "0101"


def test_a_dry_run_says_the_same_and_writes_nothing():
    before = current_tree()
    found = _take("0103,东门分行,,01,branch,2026-01-01,", dry_run=True)
    assert (found.state, found.added) == ("dry_run", ("0103",)) and current_tree() == before


def test_bad_rows_are_told_and_the_good_ones_go_in():
    found = _take(
        "0103,东门分行,,01,branch,2026-13-01,\n,无名,,01,branch,2026-01-01,\n0104,北门,,99,branch,2026-01-01,\n0105,好,,01,branch,2026-01-01,"
    )
    assert [(p.line, p.column) for p in found.problems] == [(2, "start"), (3, "code"), (0, "parent")]
    assert found.added == ("0105",)


def test_no_unit_comes_to_stand_above_itself():
    before = current_tree()
    with pytest.raises(UnitRing):
        _take("0101,城南分行,城南分行,010101,branch,2026-07-01,", on_conflict="update")
    assert current_tree() == before
