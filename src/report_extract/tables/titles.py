"""A table's title and notes that stand inside its frame are not rows of it."""

from __future__ import annotations

from dataclasses import replace

from ..core.geometry import union
from ..core.model import Cell, Table
from ..page.words import is_cjk

WORDS = 6  # a title or a note has so many words at least
LETTERS = 40  # or so many letters, where words are not parted by blanks


def without_titles(table: Table) -> Table:
    """The table without the sentences over its whole width that lead or end it.

    They become lines of text outside of the table, and so its caption and notes.
    """
    n_rows, n_cols = table.n_rows, table.n_cols
    whole = {c.row: c for c in table.cells if c.col_span == n_cols and c.row_span == 1}
    first, last = 0, n_rows
    while first < last and first in whole and _is_sentence(whole[first]):
        first += 1
    while last > first and last - 1 in whole and _is_sentence(whole[last - 1]):
        last -= 1
    if last - first == n_rows or last - first < 2 or n_cols < 2:
        return table
    kept = tuple(replace(c, row=c.row - first) for c in table.cells if first <= c.row < last)
    return replace(
        table,
        cells=kept,
        bbox=union(c.bbox for c in kept),
        header_rows=max(0, table.header_rows - first),
    )


def _is_sentence(cell: Cell) -> bool:
    text = cell.text
    plain = sum(word[:1].isalpha() for word in text.split())
    return plain >= WORDS or sum(map(is_cjk, text)) >= LETTERS
