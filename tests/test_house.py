"""The house keeps its own rules: import contracts catch what they are for, and the floors below Django stay free of it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LINT = Path(sys.executable).with_name("lint-imports")

SEEDED = {
    "a lower floor imports a higher one": ("methods/seeded.py", "import hengzhi.engine.indicators", "floors"),
    "two capabilities know each other": ("feedback/seeded.py", "import hengzhi.process.facts", "floors"),
    "a module stands on no floor": ("utils.py", "", "floors"),
    "the lake knows Django": ("lake/seeded.py", "import django", "no-django-below"),
    "a table of facts knows Django": ("feedback/facts.py", "import django.db", "no-django-below"),
    "the engine opens DuckDB": ("engine/seeded.py", "import duckdb", "engines"),
    "a page reads the lake": ("web/seeded.py", "import hengzhi.lake.tables", "entrances"),
    "a page reads records past the services": ("web/seeded.py", "import hengzhi.spine.models", "entrances"),
    "a command reads records past the services": ("cli/seeded.py", "import hengzhi.spine.models", "entrances"),
    "the command line leans on the pages": ("cli/seeded.py", "import hengzhi.web.menu", "floors"),
    "two modules of a folder import each other": ("methods/seeded.py", "import hengzhi.methods.other", "cycles"),
}
BESIDE = {"methods/other.py": "import hengzhi.methods.seeded\n", "spine/models.py": "", "spine/__init__.py": ""}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the sources and their contracts."""
    shutil.copytree(ROOT / "src" / "hengzhi", tmp_path / "hengzhi", ignore=shutil.ignore_patterns("static", "__pycache__", "*.mo"))
    shutil.copyfile(ROOT / ".importlinter", tmp_path / ".importlinter")
    return tmp_path


def _broken(house: Path, contract: str) -> bool:
    command = [str(LINT), "--no-cache", "--contract", contract]
    done = subprocess.run(command, cwd=house, capture_output=True, text=True, env={"PYTHONPATH": str(house)}, check=False)
    assert "Contracts:" in done.stdout, done.stdout + done.stderr
    return done.returncode != 0


@pytest.mark.parametrize("seed", SEEDED)
def test_each_contract_catches_what_it_is_for(house: Path, seed: str) -> None:
    place, line, contract = SEEDED[seed]
    assert not _broken(house, contract)
    for beside, text in BESIDE.items():
        _append(house / "hengzhi" / beside, text)
    _append(house / "hengzhi" / place, line)
    assert _broken(house, contract)


def _append(file: Path, line: str) -> None:
    file.parent.mkdir(exist_ok=True)
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    file.write_text(f"{text}\n{line}\n", encoding="utf-8")


@pytest.mark.parametrize("module", ["app", "core", "feedback.facts", "process.facts", "technology.facts", "engine.indicators"])
def test_the_floors_below_the_records_load_without_django(module: str) -> None:
    code = f"import sys, hengzhi.{module}; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": str(ROOT / "src")}, check=False).returncode == 0


def test_every_entrance_stands_in_the_contract_of_entrances() -> None:
    contract = (
        (ROOT / ".importlinter").read_text(encoding="utf-8").split("[importlinter:contract:entrances]")[1].split("forbidden_modules")[0]
    )
    there = [name for name in ("cli", "web", "api") if (ROOT / "src" / "hengzhi" / name / "__init__.py").exists()]
    assert [name for name in there if f"hengzhi.{name}\n" not in contract] == []


def test_each_module_says_in_one_sentence_what_it_is() -> None:
    silent = [
        str(file.relative_to(ROOT))
        for file in (ROOT / "src").rglob("*.py")
        if "migrations" not in file.parts and not file.read_text(encoding="utf-8").startswith('"""')
    ]
    assert silent == []


def test_hand_written_javascript_stays_small() -> None:
    scripts = (ROOT / "src" / "hengzhi" / "static" / "hengzhi").glob("*.js")
    assert sum(len(script.read_text(encoding="utf-8").splitlines()) for script in scripts) <= 600
