"""Figures with those of the year before in brackets behind or below them, 12(10), as two columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..core.model import Cell, Line, Table
from ..profile.spec import Words
from ..text import normalize
from .headings import years_in

_BRACKETED = re.compile(r"^(?P<own>[△▲-]?[\d,]*\d件?|[-―—])\((?P<prior>[△▲-]?[\d,]*\d件?|[-―—])?\)$")
_SAYS = re.compile(r"\(\)(?:内|書き|書)?(?:の数値|の件数|の数)?(?:は|が|:)")
_MOSTLY = 0.6  # share of a column's cells that have a bracket


def unbracketed(table: Table, lines: Sequence[Line], words: Words, year: int | None) -> Table:
    """The table, each column of such figures as two; as it is where nothing says that the brackets are last year's.

    Args:
        lines: the text outside all tables, a note of which may say so.
        words: those for the year before.
        year: the report's own.
    """
    columns = [col for col in range(1, table.n_cols) if _is_bracketed(table, col)]
    said = [*table.notes, *table.caption.split("\n"), *(line.text for line in lines if line.page == table.page)]
    said += [c.text for c in table.cells if c.row < max(1, table.header_rows)]
    if not columns or not any(_of_last_year(s, words, year) for s in said):
        return table
    place = [col + sum(other < col for other in columns) for col in range(table.n_cols + 1)]
    cells: list[Cell] = []
    for cell in table.cells:
        end = cell.col + cell.col_span
        moved = replace(cell, col=place[cell.col], col_span=place[end] - place[cell.col])
        cells += [moved] if cell.col_span > 1 or cell.col not in columns else _two(moved)
    return replace(table, cells=tuple(sorted(cells, key=lambda c: (c.row, c.col))))


def _is_bracketed(table: Table, col: int) -> bool:
    said = [normalize.key(c.text) for c in table.cells if c.col == col and c.col_span == 1 and normalize.key(c.text)]
    figures = [s for s in said if s[:1].isdigit() or s[:1] in "-―—△▲("]
    return len(figures) > 1 and sum(bool(_BRACKETED.match(s)) for s in figures) >= _MOSTLY * len(figures)


def _of_last_year(said: str, words: Words, year: int | None) -> bool:
    """Does a note say that what stands in brackets is of the year before?"""
    key = normalize.key(said)
    if not _SAYS.search(key):
        return False
    return any(normalize.key(word) in key for word in words.prior) or (
        year is not None and set(years_in(said)) == {year - 1}
    )


def _two(cell: Cell) -> list[Cell]:
    """A cell as that of the report's own year and that of the year before."""
    own, prior = replace(cell, col_span=1), replace(cell, col=cell.col + 1, col_span=1)
    found = _BRACKETED.match(normalize.key(cell.text))
    if found:
        figures = found["own"], found["prior"] or ""
        return [c.read(said, "part", cell.confidence) for c, said in zip((own, prior), figures, strict=True)]
    figure = cell.text[:1].isdigit() or not normalize.key(cell.text)
    return [own, replace(prior, readings=()) if figure else prior.read(f"前年度 {cell.text}", "part", cell.confidence)]
