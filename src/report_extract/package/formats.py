"""What is made from a package's CSV files: descriptions for others, and the same data in other formats."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

from . import describe, workbook

# Name -> how it is written, and what it is called in the package.
FORMATS = {
    "xlsx": (workbook.write_workbook, "report.xlsx"),
    "parquet": (workbook.write_parquet, "parquet"),
    "sqlite": (describe.write_sqlite, "report.sqlite"),
}


def write_formats(directory: Path, wanted: Container[str] = (), lang: str = "ja") -> None:
    """Write the descriptions, the formats ``wanted``, and those that are there from an earlier time.

    What an earlier run wrote is renewed, as it would say what no longer holds.

    Raises:
        ExportError: there is no package in ``directory``.
    """
    describe.write_sidecars(directory, lang)
    for name, (write, target) in FORMATS.items():
        if name in wanted or (directory / target).exists():
            write(directory)
