"""What becomes of reports of no known kind: units, types, sums, years and cities, printed for judging by eye.

    python -m benchmarks.data FOLDER [--pages 3] [--units 200]

Prints a sample of the columns that have a unit, each with its heading and first values; whose and of which year each
document is said to be, with its first lines; and of the tables that print 計 or 合計 how many show a sum.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from report_extract.core.errors import ReportExtractError
from report_extract.core.model import Cell, Dataset, Extraction
from report_extract.pipeline import Options, extract_one
from report_extract.readers import open_document
from report_extract.sums.ledger import Ledger, ledger
from report_extract.sums.relations import find

_TOTAL = re.compile(r"^(?:.{0,8})?(?<![会統家設生推累時])(?:計|合計|小計|総計|総数|総額)(?:\(.*)?$")


def main() -> None:
    """Read the PDFs of a folder and print what is to be judged."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=3, help="so many pages of each document")
    parser.add_argument("--units", type=int, default=200, help="so many columns with a unit")
    arguments = parser.parse_args()
    units: list[str] = []
    printing, found, failed = 0, 0, 0
    for extraction in _read(arguments.folder, arguments.pages):
        who = extraction.identity
        first = " / ".join(line.text[:30] for line in extraction.lines[:4])
        print(f"{extraction.document}: {_told(who.municipality)} {_told(who.fiscal_year)} | {first}")
        failed += sum(check.status == "fail" for check in extraction.checks)
        for dataset in () if extraction.profile else extraction.datasets:
            units += [f"{extraction.document}: {line}" for line in _units(dataset)]
            figures = ledger(dataset)
            lines = _printed_totals(figures)
            printing += bool(lines)
            found += bool(lines & {(r.axis, r.line) for r in find(figures) if r.kind != "ratio"})
    random.Random(4).shuffle(units)
    print(f"\ncolumns with a unit: {len(units)}", *units[: arguments.units], sep="\n")
    print(f"\ntables that print totals: {printing}, with a sum: {found}; failing checks: {failed}")


def _read(folder: Path, pages: int) -> Iterator[Extraction]:
    for path in sorted(folder.rglob("*.pdf")):
        try:
            with open_document(path) as document:
                last = min(document.page_count, pages)
            yield extract_one(path, options=Options(ocr="never", pages=tuple(range(1, last + 1))))
        except ReportExtractError as error:
            print(f"{path.name}: {error}")


def _told(cell: Cell | None) -> str:
    return "-" if cell is None else (cell.text or "?") + ("" if cell.status == "ok" else " (asked)")


def _units(dataset: Dataset) -> Iterator[str]:
    for field in (f for f in dataset.fields if f.unit):
        values = [row[field.name].raw for row in dataset.rows if field.name in row and row[field.name].raw]
        yield f"{field.unit} | {field.title} | {field.type} | {', '.join(values[:3])}"


def _printed_totals(figures: Ledger) -> set[tuple[str, int]]:
    """The rows and columns that are called totals and have figures beside others."""
    there = np.isfinite(figures.values)
    rows = {
        ("row", i) for i, name in enumerate(figures.rows)
        if any(map(_TOTAL.match, name.split(" "))) and there[i].any() and there[:, there[i]].sum() > 2
    }  # fmt: skip
    columns = {
        ("column", i) for i, name in enumerate(figures.columns)
        if _TOTAL.match(name.rsplit(" ", 1)[-1]) and there[:, i].sum() > 1 and there.shape[1] > 2
        and not figures.ratio_columns[i]
    }  # fmt: skip
    return rows | columns


if __name__ == "__main__":
    main()
