"""Puts the parts of a table together: rows left out, rows put below, columns put beside, cut cells joined.

Nothing here decides whether parts belong together; that is ``tables.continuation``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..core.geometry import BBox, overlap
from ..core.model import Cell, Reading, Table

Cells = tuple[Cell, ...]
_SAME = 0.5  # of the smaller box: two that share more are of one part


def word_of(table: Table, told: Mapping[tuple[int, BBox], bool]) -> bool | None:
    """What a person said of a table's last part: whether the next page goes on with it; None: nothing.

    Args:
        told: page and place of a part -> what was said of it.
    """
    page, box = (table.parts or ((table.page, table.bbox),))[-1]
    return next((word for (at, area), word in told.items() if at == page and overlap(area, box) > _SAME), None)


def rows_of(table: Table) -> list[list[Cell]]:
    """The cells that begin in each row."""
    rows: list[list[Cell]] = [[] for _ in range(table.n_rows)]
    for cell in table.cells:
        rows[cell.row].append(cell)
    return rows


def is_cut(table: Table, row: int) -> bool:
    """Can the table be cut above ``row`` without cutting a cell?"""
    return not any(cell.row < row < cell.row + cell.row_span for cell in table.cells)


def head_of(table: Table, rows: int) -> Table:
    """The table's first ``rows`` rows: headings are told by these, however many pages it goes on."""
    return replace(table, cells=tuple(cell for cell in table.cells if cell.row + cell.row_span <= rows))


def with_columns(table: Table, column: Sequence[int]) -> Table:
    """The table on a finer grid: its column edge k becomes ``column[k]``."""
    if list(column) == list(range(len(column))):
        return table
    return replace(
        table,
        cells=tuple(
            replace(c, col=column[c.col], col_span=column[c.col + c.col_span] - column[c.col]) for c in table.cells
        ),
    )


def without_rows(table: Table, left_out: Collection[int]) -> Table:
    """The table without some rows; a cell that spans one of them spans one row less."""
    kept = [row for row in range(table.n_rows) if row not in left_out]
    if len(kept) == table.n_rows:
        return table
    number = {row: n for n, row in enumerate(kept)}
    cells = []
    for cell in table.cells:
        rows = [number[r] for r in range(cell.row, cell.row + cell.row_span) if r in number]
        if rows:
            cells.append(replace(cell, row=rows[0], row_span=len(rows)))
    return replace(table, cells=_ordered(cells))


def noted(table: Table, rows: Collection[int]) -> Table:
    """The table with what some rows say among its notes: they are no rows of the whole, but must not vanish."""
    said = [" ".join(c.text for c in row if c.text) for n, row in enumerate(rows_of(table)) if n in rows]
    return replace(table, notes=(*table.notes, *said))


def below(upper: Table, lower: Table, cut: bool) -> Table:
    """``upper`` with the rows of ``lower`` below it.

    Args:
        upper, lower: tables on the same columns; the last ones of ``upper`` may be missing in ``lower``.
        cut: the first row of ``lower`` is the rest of the last row of ``upper``.
    """
    lower = widened(lower, upper.n_cols)
    shift = upper.n_rows - int(cut)
    join_row = upper.n_rows
    last = {(c.col, c.col_span): c for c in upper.cells if c.row + c.row_span == join_row}
    heirs = {(c.col, c.col_span): c for c in lower.cells if c.row == 0}
    grown = {}
    for place, heir in heirs.items():
        if place in last and (cut or _goes_on(last[place], heir, heirs)):
            grown[place] = _joined(last[place], heir, heir.row_span - int(cut))
    cells = [c for c in upper.cells if c.row + c.row_span < join_row or (c.col, c.col_span) not in grown]
    cells += grown.values()
    cells += [replace(c, row=c.row + shift) for c in lower.cells if c.row > 0 or (c.col, c.col_span) not in grown]
    return replace(upper, cells=_ordered(cells), **_of_both(upper, lower))


def widened(table: Table, n_cols: int) -> Table:
    """The table with empty columns at its right up to ``n_cols``."""
    cells = list(table.cells)
    for last in (c for c in table.cells if c.col + c.col_span == table.n_cols):
        empty = replace(last, col_span=1, readings=(Reading("", last.readings[0].by),), doubts=())
        cells += [replace(empty, col=col) for col in range(table.n_cols, n_cols)]
    return replace(table, cells=_ordered(cells)) if len(cells) > len(table.cells) else table


def fits(upper: Table, lower: Table) -> bool:
    """Do the last row of ``upper`` and the first of ``lower`` divide into the same columns?"""
    join_row = upper.n_rows
    last = {(c.col, c.col_span) for c in upper.cells if c.row + c.row_span == join_row}
    return last == {(c.col, c.col_span) for c in lower.cells if c.row == 0}


def beside(left: Table, right: Table) -> Table:
    """``left`` with the columns of ``right`` beside it; both have the same rows."""
    shift = left.n_cols
    cells = [*left.cells, *(replace(c, col=c.col + shift) for c in right.cells)]
    return replace(left, cells=_ordered(cells), **_of_both(left, right))


def _goes_on(upper: Cell, lower: Cell, heirs: dict[tuple[int, int], Cell]) -> bool:
    """Is ``lower`` the empty rest of a merged cell, a heading of rows that the page break cut?"""
    leads = all(not cell.text for (col, _), cell in heirs.items() if col <= lower.col)
    return leads and bool(upper.text) and (upper.row_span > 1 or lower.row_span > 1)


def _joined(upper: Cell, lower: Cell, more_rows: int) -> Cell:
    """``upper`` with the text of ``lower`` and ``more_rows`` more rows; it stays where its text is."""
    whole = replace(upper, row_span=upper.row_span + more_rows, doubts=(*upper.doubts, *lower.doubts))
    if not lower.text:
        return whole
    if not upper.text:
        return replace(whole, page=lower.page, bbox=lower.bbox, readings=lower.readings)
    return with_more(whole, lower.text, min(upper.confidence, lower.confidence))


def with_more(cell: Cell, text: str, confidence: float = 1.0) -> Cell:
    """A cell that says something, with one more line of it."""
    blank = " " if (cell.text[-1] + text[0]).isascii() and cell.text[-1] != "-" else ""
    return replace(cell, readings=(Reading(cell.text + blank + text, cell.readings[0].by, confidence),))


def _of_both(first: Table, more: Table) -> dict[str, Any]:
    """What a table made of two has of both: where its parts are, what is doubted in them, and the notes."""
    return {
        "parts": _parts(first, more),
        "doubts": (*first.doubts, *more.doubts),
        "confidence": min(first.confidence, more.confidence),
        "notes": (*first.notes, *more.notes),
    }


def _parts(first: Table, more: Table) -> tuple[tuple[int, BBox], ...]:
    return (first.parts or ((first.page, first.bbox),)) + (more.parts or ((more.page, more.bbox),))


def _ordered(cells: Sequence[Cell]) -> Cells:
    return tuple(sorted(cells, key=lambda c: (c.row, c.col)))
