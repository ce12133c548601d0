"""A table seen from each of its four sides, so that its headings lead and its records go on below them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ..core.geometry import union
from ..core.model import Cell, Reading, Table
from ..text import normalize

Side = Literal["top", "left", "bottom", "right"]
SIDES: tuple[Side, ...] = ("top", "left", "bottom", "right")
Rows = tuple[tuple[Cell | None, ...], ...]


@dataclass(frozen=True, slots=True)
class View:
    """A table with the headings of one of its sides on top.

    Attributes:
        side: where in the table these headings stand.
        rows: the cells; one that spans stands in every place it covers.
        banner: texts of the rows across the whole table that led it.
    """

    side: Side
    rows: Rows
    banner: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0


def view(table: Table, side: Side) -> View:
    """The table seen from ``side``: columns there may stand in reverse of their upright order."""
    grid: list[tuple[Cell | None, ...]] = [tuple(row) for row in table.grid()]
    if side in ("left", "right"):
        grid = list(zip(*grid, strict=True))
    if side in ("bottom", "right"):
        grid.reverse()
    banner = []
    while len(grid) > 1 and (said := across(grid[0])) is not None:
        banner.append(said.text)
        grid.pop(0)
    return View(side, tuple(grid), tuple(b for b in banner if b))


def across(row: Sequence[Cell | None]) -> Cell | None:
    """The one cell that fills a whole row of at least two places."""
    first = row[0]
    return first if first is not None and len(row) > 1 and all(c is first for c in row) else None


def filled(cells: Sequence[Cell | None]) -> list[Cell]:
    """The cells that say something, each once, in order."""
    seen: list[Cell] = []
    for cell in cells:
        if cell is not None and normalize.key(cell.text) and not any(cell is other for other in seen):
            seen.append(cell)
    return seen


def joined(cells: Sequence[Cell], between: str = " ") -> Cell:
    """Several cells as one: their texts in order, the box around them, the lowest confidence, all doubts."""
    if len(cells) == 1:
        return cells[0]
    first = cells[0]
    confidence = min(c.confidence for c in cells)
    readings = [Reading(between.join(c.raw for c in cells), first.readings[0].by, confidence)]
    if (now := between.join(c.text for c in cells)) != readings[0].text:
        readings.append(Reading(now, first.readings[-1].by, confidence))
    return Cell(
        page=first.page,
        bbox=union([c.bbox for c in cells if c.page == first.page]),
        row=first.row,
        col=first.col,
        readings=tuple(readings),
        doubts=tuple(dict.fromkeys(d for c in cells for d in c.doubts)),
    )


def depths(seen: View, at_most: int = 4) -> Iterator[int]:
    """How many rows of headings a view may have: no cell stands in both headings and body."""
    for depth in range(1, min(at_most, len(seen.rows) - 1) + 1):
        above, below = seen.rows[depth - 1], seen.rows[depth]
        if not any(a is b and a is not None for a, b in zip(above, below, strict=True)):
            yield depth
