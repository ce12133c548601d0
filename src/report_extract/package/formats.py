"""What is made from a package's CSV files: descriptions for others, and the same data in other formats."""

from __future__ import annotations

from collections.abc import Container, Iterable
from pathlib import Path

from . import describe, workbook

# Name -> how it is written, and what it is called in the package.
FORMATS = {
    "xlsx": (workbook.write_workbook, "report.xlsx"),
    "parquet": (workbook.write_parquet, "parquet"),
    "sqlite": (describe.write_sqlite, "report.sqlite"),
}


def write_formats(directory: Path, wanted: Container[str] = (), lang: str = "ja") -> None:
    """Write the descriptions of the package in ``directory``, and the formats ``wanted``.

    Raises:
        ExportError: there is no package in ``directory``.
    """
    describe.write_sidecars(directory, lang)
    for name, (write, _) in FORMATS.items():
        if name in wanted:
            write(directory)


def formats_of(files: Iterable[str]) -> set[str]:
    """The formats among the files of a package: what an earlier run wrote is renewed by the next."""
    tops = {file.partition("/")[0] for file in files}
    return {name for name, (_, target) in FORMATS.items() if target in tops}
