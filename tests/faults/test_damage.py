"""One changed byte: named by replay and doctor, refused by assess, harmless where it can be made anew."""

import random

import pytest

pytestmark = pytest.mark.faults

ROWS = "record,day,kind,satisfaction,text\n" + "".join(
    f"{n},2026-{n % 3 + 6:02d}-{n % 28 + 1:02d},survey,{n % 5 + 1},words {n} and more\n" for n in range(3000)
)
ASSESS = ("assess", "--period", "2026-06..2026-08", "--on", "2026-10-01", "--json")


def _flip(path, chance):
    content = bytearray(path.read_bytes())
    at = chance.randrange(len(content))
    content[at] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


@pytest.fixture
def assessed(hengzhi, tmp_path):
    (tmp_path / "survey.csv").write_text(ROWS)
    assert hengzhi("import", "feedback", tmp_path / "survey.csv").code == 0
    return hengzhi(*ASSESS).data


def test_a_changed_byte_in_any_fact_file_is_named(hengzhi, workspace, assessed):
    files = sorted((workspace.lake / "feedback").rglob("*.parquet"))
    assert len(files) == 3
    for at, file in enumerate(files):
        whole = file.read_bytes()
        _flip(file, random.Random(at))
        told = hengzhi("replay", "latest", "--json")
        assert (told.code, told.json["problems"][0]["code"]) == (1, "fact_file_damaged")
        assert file.relative_to(workspace.root).as_posix() in told.json["problems"][0]["sentence"]
        told = hengzhi("doctor", "--json")
        assert told.code == 1
        assert any(file.name in check["detail"] for check in told.data["checks"] if not check["ok"])
        file.write_bytes(whole)
    assert hengzhi("replay", "latest").code == 0


def test_a_missing_or_shortened_file_is_named(hengzhi, workspace, assessed):
    file = min((workspace.lake / "feedback").rglob("*.parquet"))
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    assert file.name in hengzhi("replay", "latest", "--json").json["problems"][0]["sentence"]
    file.unlink()
    assert file.name in hengzhi("replay", "latest", "--json").json["problems"][0]["sentence"]


def test_texts_are_looked_after_too(hengzhi, workspace, assessed):
    file = min((workspace.lake / "text").rglob("*.parquet"))
    _flip(file, random.Random(5))
    told = hengzhi("doctor", "--json")
    assert any(file.name in check["detail"] for check in told.data["checks"] if not check["ok"])


def test_a_damaged_file_never_gives_another_number(hengzhi, workspace, assessed):
    """Cells that were kept stand for files already read; whatever has to be read again is verified first."""
    file = min((workspace.lake / "feedback").rglob("*.parquet"))
    _flip(file, random.Random(6))
    again = hengzhi(*ASSESS)
    assert again.data["output_sha256"] == assessed["output_sha256"]
    for cell in (workspace.lake / "cells").rglob("*.arrow"):
        cell.unlink()
    told = hengzhi(*ASSESS)
    assert (told.code, told.json["problems"][0]["code"]) == (1, "fact_file_damaged")


def test_damaged_kept_results_are_made_anew(hengzhi, workspace, assessed):
    kept = [p for folder in ("cells", "derived") for p in (workspace.lake / folder).rglob("*") if p.is_file()]
    assert kept
    for at, path in enumerate(kept):
        if path.stat().st_size:
            _flip(path, random.Random(at))
    again = hengzhi(*ASSESS)
    assert again.code == 0, again.err
    assert again.data["output_sha256"] == assessed["output_sha256"]
