"""Tables that were folded to save room: forms with two pairs and more in a row, long tables in two halves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..core.model import Cell, Table
from ..profile.spec import Profile
from ..text import normalize
from .headings import best_likeness

_SURE = 0.9  # likeness of a heading to a field's words
_FEWEST = 4  # fields that a form names


def unfolded(table: Table, profile: Profile) -> Table:
    """A form with several headings in a row as a table of two columns, a heading and its value in each row.

    A table is a form where every cell in the columns of headings is one, each with its value to the right, and
    some row holds two pairs; others are returned as they are.
    """
    table = stacked(table)
    words = [tuple(w for f in d.fields for w in f.headings) for d in profile.datasets if d.rows is None]
    grid = table.grid()
    if table.n_cols < 4 or not words or len(grid) > 30:
        return table
    for known in words:
        pairs = [_pairs(row, known) for row in grid]
        if all(pairs) and any(len(p) > 1 for p in pairs if p) and sum(len(p) for p in pairs if p) >= _FEWEST:
            return _made(table, [pair for row in pairs if row for pair in row])
    return table


def stacked(table: Table) -> Table:
    """A table set in two halves side by side under the same headings as one, the second half below the first."""
    grid = table.grid()
    half = table.n_cols // 2
    depth = _repeated_headings(grid, half) if table.n_cols % 2 == 0 and half > 1 else 0
    if not depth or any(c.col < half < c.col + c.col_span for c in table.cells):
        return table
    down = len(grid) - depth
    cells = [c for c in table.cells if c.col < half]
    cells += [replace(c, row=c.row + down, col=c.col - half) for c in table.cells if c.col >= half and c.row >= depth]
    filled = {c.row for c in cells if c.text} | set(range(depth))
    order = {row: i for i, row in enumerate(sorted(filled))}
    kept = [
        replace(c, row=order[c.row], row_span=1 if c.row >= depth else c.row_span) for c in cells if c.row in filled
    ]
    return replace(table, cells=tuple(kept))


def _repeated_headings(grid: Sequence[Sequence[Cell | None]], half: int) -> int:
    """How many rows of headings say the same on both sides."""
    depth = 0
    for row in grid[:3]:
        said = [normalize.key(c.text) if c else "" for c in row]
        if said[:half] != said[half:] or not any(said) or any(s.isdigit() for s in said):
            break
        depth += 1
    return depth if depth and depth < len(grid) else 0


def _pairs(row: Sequence[Cell | None], words: tuple[str, ...]) -> list[tuple[Cell, Cell]] | None:
    """The headings of a row, each with its value; None where the row is not made of them."""
    cells = list({id(c): c for c in row if c is not None}.values())
    said = [c for c in cells if normalize.key(c.text)]
    cells = said if len(cells) > 2 and len(said) % 2 == 0 else cells
    if len(cells) % 2 or not cells:
        return None
    found = list(zip(cells[::2], cells[1::2], strict=True))
    if any(best_likeness(normalize.key(head.text), words) < _SURE for head, _ in found):
        return None
    headings = [value for _, value in found if best_likeness(normalize.key(value.text), words) >= _SURE]
    return None if len(found) > 1 and len(headings) == len(found) else found


def _made(table: Table, pairs: Sequence[tuple[Cell, Cell]]) -> Table:
    cells = [
        replace(cell, row=row, col=col, row_span=1, col_span=1)
        for row, pair in enumerate(pairs)
        for col, cell in enumerate(pair)
    ]
    return replace(table, cells=tuple(cells), header_rows=0)
