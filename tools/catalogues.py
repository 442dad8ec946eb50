"""Compile every message catalogue of a source folder: x.po becomes x.mo beside it."""

import sys
from pathlib import Path

import polib


def main(source: Path) -> None:
    """Compile the catalogues under ``source``."""
    for catalogue in sorted(source.glob("**/LC_MESSAGES/*.po")):
        polib.pofile(str(catalogue)).save_as_mofile(str(catalogue.with_suffix(".mo")))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
