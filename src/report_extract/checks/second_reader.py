"""Where figures of a believed text layer do not add up: is it the report, or the way it was read?

The second reader, another program by other people, reads the same places. Where both see the same letters, the
report itself is wrong; where they differ, the reading is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from ..core.model import Cell, Check, Dataset, Page
from ..core.protocols import Document
from ..text.normalize import key


def reread(datasets: Sequence[Dataset], checks: Sequence[Check], second: Document) -> tuple[Dataset, ...]:
    """The datasets, the cells of failing checks read a second time.

    Args:
        datasets, checks: as balanced.
        second: the same input, opened by the second reader.
    """
    failing = {place for check in checks if check.status == "fail" for place in check.places}
    wanted = {(name, row, field) for name, row, field in failing if _is_native(datasets, name, row, field)}
    numbers = sorted({_cell(datasets, *place).page for place in wanted})
    pages = {page.number: page for page in second.pages(numbers)} if numbers else {}
    return tuple(
        replace(
            dataset,
            rows=tuple(
                {
                    field: _compared(cell, pages) if (dataset.name, number, field) in wanted else cell
                    for field, cell in row.items()
                }
                for number, row in enumerate(dataset.rows)
            ),
        )
        for dataset in datasets
    )


def recalled(datasets: Sequence[Dataset], before: Sequence[Dataset]) -> tuple[Dataset, ...]:
    """The datasets with what the second reader said of the same cells before, where their figures still do not add up.

    Args:
        datasets: as balanced anew.
        before: the same report's, reread.
    """
    known = {(d.name, name, c.page, c.bbox, c.raw): c for d in before for row in d.rows for name, c in row.items()}

    def told(dataset: str, field: str, cell: Cell) -> Cell:
        earlier = known.get((dataset, field, cell.page, cell.bbox, cell.raw))
        if earlier is None or not any(d.kind == "unbalanced" for d in cell.doubts):
            return cell
        kinds = {d.kind for d in earlier.doubts}
        if "report-error" in kinds and "unbalanced" not in kinds:
            return _report_error(cell)
        differing = [d for d in earlier.doubts if d.kind == "readings-differ" and d.values[0] == cell.raw]
        return replace(cell, doubts=(*cell.doubts, *(d for d in differing if d not in cell.doubts)))

    return tuple(
        replace(d, rows=tuple({name: told(d.name, name, cell) for name, cell in row.items()} for row in d.rows))
        for d in datasets
    )


def _cell(datasets: Sequence[Dataset], name: str, row: int, field: str) -> Cell:
    return next(d for d in datasets if d.name == name).rows[row][field]


def _is_native(datasets: Sequence[Dataset], name: str, row: int, field: str) -> bool:
    rows = next((d.rows for d in datasets if d.name == name), ())
    cell = rows[row].get(field) if row < len(rows) else None
    return cell is not None and cell.page > 0 and bool(cell.readings) and cell.readings[0].by == "pdfium"


def _compared(cell: Cell, pages: Mapping[int, Page]) -> Cell:
    """The cell with what the second reader says of it."""
    page = pages.get(cell.page)
    if page is None:
        return cell
    chars = page.chars
    x, y = (chars["x0"] + chars["x1"]) / 2, (chars["top"] + chars["bottom"]) / 2
    inside = (x >= cell.bbox.x0) & (x <= cell.bbox.x1) & (y >= cell.bbox.top) & (y <= cell.bbox.bottom)
    letters = "".join(np.sort(chars["text"][inside]))
    if Counter(key(letters)) != Counter(key(cell.raw)):
        return cell.doubted("readings-differ", cell.raw, letters)
    return _report_error(cell)


def _report_error(cell: Cell) -> Cell:
    said = [d.values[0] for d in cell.doubts if d.kind == "unbalanced" and d.values]
    return cell.settled("unbalanced").doubted("report-error", said[0]) if said else cell
