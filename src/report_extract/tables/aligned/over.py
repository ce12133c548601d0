"""Ruled tables that tear apart what was drawn as one cell, or run several together: the drawing is believed.

Where rules part the columns of a table but not its rows, or the rows but not its headings, a ruled finder has to
guess at the rest. The order in which the text was drawn often tells it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ...core.geometry import BBox, overlap
from ...core.model import Array, Table
from ..view import Frame
from .drawn import SOFT, Block, blocks, is_value_block
from .tables import drawn_tables, rows_besides

COVERS = 0.5  # of the smaller box: a drawn table that covers as much of a ruled one is of the same place


def rather_drawn(ruled: Sequence[Table], views: Sequence[Frame]) -> list[Table]:
    """The ruled tables, those which the drawing contradicts replaced by what it says, where that is a table.

    Args:
        ruled: the tables of a page.
        views: the page, once for each rotation of its text.
    """
    kept = list(ruled)
    for frame in views if ruled else ():
        found = blocks(frame)
        for table in drawn_tables(frame, found):
            level = [t for t in kept if t.rotation == frame.rotation]
            rivals = [t for t in level if overlap(t.bbox, table.bbox) > COVERS]
            others = [t for t in level if not any(t is r for r in rivals)]
            if not rivals or any(rows_besides(t, [table], 1) for t in rivals) or _share(table, others, found, frame):
                continue
            torn = any(_torn(t, found, frame) for t in rivals)
            if (torn or _says_more(table, rivals, found, frame)) and table.n_cols >= max(t.n_cols for t in rivals):
                kept = [t for t in kept if not any(t is r for r in rivals)] + [table]
    return kept


def _says_more(table: Table, rivals: Sequence[Table], found: Sequence[Block], frame: Frame) -> bool:
    """Does a table have a row with two blocks or more that stand in none of its rivals?

    What stands there is asked, not the cells: those at the seam of two forms reach over the white between them.
    """
    boxes = np.array([frame.from_page(c.bbox) for c in table.cells])
    own = [frame.from_page(t.bbox) for t in rivals]
    free = (b for b in found if not any(_middle_in(b, box) for box in own))
    cells = (_cell((b.x0 + b.x1) / 2, b.middle, boxes) for b in free)
    rows = Counter(table.cells[cell].row for cell in cells if cell >= 0)
    return any(n > 1 for n in rows.values())


def _share(table: Table, others: Sequence[Table], found: Sequence[Block], frame: Frame) -> bool:
    """Does what stands in a table stand in one of the others as well, which it does not cover?"""
    box, boxes = frame.from_page(table.bbox), [frame.from_page(t.bbox) for t in others]
    return any(_middle_in(b, other) for b in found if _middle_in(b, box) for other in boxes)


def _torn(table: Table, found: Sequence[Block], frame: Frame) -> bool:
    """Do the lines of a block stand in different cells of a table, or several blocks of a line in one?"""
    boxes = np.array([frame.from_page(c.bbox) for c in table.cells])
    level: dict[int, list[Block]] = {}
    placed: list[tuple[Block, int]] = []
    for b in found:
        if not _middle_in(b, frame.from_page(table.bbox)):
            continue
        cells = {_cell(p.center, (p.top + p.bottom) / 2, boxes) for p in b.lines}
        if len(cells) > 1:
            return True
        cell = cells.pop()
        if cell >= 0:
            placed.append((b, table.cells[cell].row))
        level.setdefault(cell, []).append(b)
    level.pop(-1, None)
    return _spanned(placed) or sum(map(_are_several, level.values())) > 1 or any(map(_are_values, level.values()))


def _spanned(placed: Sequence[tuple[Block, int]]) -> bool:
    """Does a block stand in the middle of rows that it spans, what is drawn next being higher and to its right?

    Where the drawing goes back up to the left, too, it was not done row by row and says nothing.
    """
    up = [(a, b) for (a, low), (b, high) in pairwise(placed) if high < low]
    return any(b.x0 > a.x1 for a, b in up) and not any(b.x0 < a.x0 for a, b in up)


def _middle_in(b: Block, box: BBox) -> bool:
    return box.x0 < (b.x0 + b.x1) / 2 < box.x1 and box.top < b.middle < box.bottom


def _cell(x: float, y: float, boxes: Array) -> int:
    holds = (boxes[:, 0] <= x) & (x <= boxes[:, 2]) & (boxes[:, 1] <= y) & (y <= boxes[:, 3])
    return int(holds.argmax()) if holds.any() else -1


def _are_several(own: Sequence[Block]) -> bool:
    """Do three blocks or more stand in one cell, two of them side by side? A heading and those below it do.

    Those a blank apart are no two: 第2項第1号　本人の同意.
    """
    beside = any(b.x0 - a.x1 > SOFT * b.size and abs(a.middle - b.middle) < 0.3 * b.size for a in own for b in own)
    return len(own) > 2 and beside


def _are_values(own: Sequence[Block]) -> bool:
    """Do two values stand in one cell, one below the other?"""
    return len(own) > 1 and all(map(is_value_block, own)) and own[1].top > own[0].bottom
