"""The demo bank's files: their shape, their order, and that a seed decides every byte."""

import hashlib
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from hengzhi.core import UnknownKey
from hengzhi.demo.generate import batches
from hengzhi.demo.institution import AS_OF, MONTHS, SERVICES, units
from hengzhi.demo.services import HANDLED
from hengzhi.feedback.facts import CONTACT, FEEDBACK, SERVICE_UNIT, UNIT_MONTH
from hengzhi.lake.tables import PROVENANCE
from hengzhi.process.facts import PROCESS_EVENT
from hengzhi.technology.facts import PROBE, SYSTEM_MONTH

TABLES = {t.key: t for t in (FEEDBACK, CONTACT, UNIT_MONTH, SERVICE_UNIT, PROCESS_EVENT, SYSTEM_MONTH, PROBE)}
LAST_QUARTER = MONTHS[-4:]


def digest(table: pa.Table) -> str:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    return hashlib.sha256(sink.getvalue()).hexdigest()


def digests(**how) -> dict[str, str]:
    return {file.name: digest(file.rows) for file in batches(months=LAST_QUARTER, **how)}


@pytest.fixture(scope="module")
def complete():
    return digests()


def test_every_file_has_the_columns_of_its_table_without_the_provenance(files):
    for file in files:
        expected = TABLES[file.table].schema()
        for column in PROVENANCE:
            expected = expected.remove(expected.get_field_index(column.key))
        assert file.rows.schema.equals(expected), file.name


def test_no_column_is_a_float_and_no_required_value_is_missing(files):
    for file in files:
        for field in file.rows.schema:
            assert not pa.types.is_floating(field.type)
            assert field.nullable or file.rows[field.name].null_count == 0, (file.name, field.name)


def test_integers_and_codes_stay_within_what_their_columns_allow(files):
    for file in files:
        for column in TABLES[file.table]:
            values = file.rows[column.key]
            if column.codes:
                assert set(pc.unique(values).to_pylist()) <= set(column.codes)
            if column.lowest is not None and len(values) > values.null_count:
                least, most = pc.min_max(values).as_py().values()
                assert column.lowest <= least and (column.highest is None or most <= column.highest), (file.name, column.key)


def test_a_record_stands_once_in_a_file_and_rows_of_a_file_lie_in_its_month(files):
    for file in files:
        unique = file.rows.select(list(TABLES[file.table].unique)).group_by(list(TABLES[file.table].unique)).aggregate([])
        assert len(unique) == len(file.rows), file.name
        if file.table in ("contact", "process_event", "probe"):
            local = pc.add(file.rows["at"], pa.scalar(8 * 3600 * 10**6, pa.duration("us")))
            assert pc.unique(pc.strftime(local, "%Y-%m")).to_pylist() == [file.name[-15:-8]]


def test_files_arrive_in_order_and_before_the_day_of_the_assessment(files):
    days = [file.received_on for file in files if file.table not in ("unit_month", "service_unit", "system_month")]
    assert days == sorted(days)
    assert days[-1] == date(2026, 11, 3) <= AS_OF
    assert len({file.name for file in files}) == len(files)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(complete):
    assert digests() == complete
    other = digests(seed=8)
    assert all(other[name] != complete[name] for name in complete if "month" not in name and "unit" not in name)


def test_a_month_is_the_same_whatever_other_months_are_asked_for(files, complete):
    whole = {file.name: digest(file.rows) for file in files if "month" not in file.name and "unit" not in file.name}
    assert {name: whole[name] for name in complete if name in whole} == {n: d for n, d in complete.items() if n in whole}


@pytest.mark.parametrize(
    ("row", "touched"),
    [
        ("P1", {"contact-2026-08", "contact-2026-09", "contact-2026-10"}),
        ("P2", {"contact-2026-07", "contact-2026-08", "contact-2026-09", "contact-2026-10"}),
        ("P3", {"process_event-2026-07", "process_event-2026-08", "process_event-2026-09", "process_event-2026-10"}),
        ("P5", {"probe-2026-10"}),
        ("P6", {"probe-2026-10"}),
        ("P7", set()),
        ("N1", {"process_event-2026-10"}),
        ("N6", {"complaint-2026-08-copy", "complaint-2026-07-08"}),
    ],
)
def test_leaving_out_a_planted_row_changes_its_own_files_only(complete, row, touched):
    without = digests(without=frozenset({row}))
    changed = {name.removesuffix(".parquet") for name in complete if without.get(name) != complete[name]}
    assert changed == touched
    assert set(without) <= set(complete)


def test_leaving_out_the_tiny_branches_keeps_every_other_row(complete):
    def others(without):
        return [
            digest(file.rows.filter(pc.invert(pc.is_in(file.rows["unit"], pa.array(["0501", "0601"])))))
            for file in batches(months=LAST_QUARTER[2:], without=without)
            if file.name.startswith(("contact", "rating"))
        ]

    assert others(frozenset({"N4"})) == others(frozenset())


@pytest.mark.parametrize(("scale", "branches"), [("small", 10), ("full", 61)])
def test_the_tree_has_one_head_and_every_parent_comes_first(scale, branches):
    tree = units(scale)
    seen: set[str] = set()
    for unit in tree:
        assert unit.parent is None or unit.parent in seen
        seen.add(unit.code)
    assert len(seen) == len(tree)
    assert sum(unit.parent is None for unit in tree) == 1
    assert sum(unit.kind == "branch" for unit in tree) == branches
    assert sum(unit.kind == "branch" and unit.is_open(202610) for unit in tree) == branches - 1


def test_the_full_bank_makes_its_branches_and_calls_by_the_same_code():
    month = {file.name: file.rows for file in batches(scale="full", months=(202610,))}
    visits = pc.value_counts(month["contact-2026-10.parquet"]["kind"])
    counts = {entry["values"].as_py(): entry["counts"].as_py() for entry in visits}
    assert 50_000 < counts["visit"] < 54_500  # 58 branches with 900, two with 12
    assert 28_000 < counts["call"] < 32_000


def test_leaving_out_a_row_that_is_not_planted_is_refused():
    with pytest.raises(UnknownKey):
        batches(without=frozenset({"P99"}))


def test_the_services_of_cases_are_the_institutions_services_in_order():
    assert [service.code for service in HANDLED] == [code for code, _ in SERVICES]
    assert sum(service.small_share for service in HANDLED) == pytest.approx(1)
