"""Finds tables by their rules.

A chain of functions: rulings → lines → nets of lines that hang together → each net turned the way its
glyphs stand → faces → cells → text. Every step is a function of its own; see ``rulings``, ``faces``
and ``cell_text``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..core.geometry import BBox, turned, union
from ..core.model import RULING_FILL_EDGE, Array, Page, Table
from .cell_text import texts, visible
from .faces import Grid, grids
from .placing import cell_of, cells_of_grid
from .refine import columns_parted, rows_parted, spans_parted, squeezed
from .rulings import apart, enough, merged, nets, running, split
from .tiles import seen, white_tiles
from .verdict import is_table

PADDING = 0.65  # of the letters' size: a fill this near to a stroke fills the cell that the stroke bounds
EDGE = 0.2  # of the page's height: how far from its edge a table may break off or go on
ROW = "row"  # the kind of a single row, until it is known whether it belongs to a table
# points: a total set apart from its table stands no farther off. Without such rows one known table of 294 pages (forms,
# yearbooks, the competition, small cases) is lost, none won.
NEAR_ROW = 60.0
SAME_EDGE = 3.0  # points by which its edges may miss those of the table's columns
OVERFLOW = 40.0  # points by which text may run on past a table's border


def find_ruled(page: Page) -> list[Table]:
    """The tables of ``page`` that rules bound, in reading order; a single row is one where it fits one of the others.

    Edges of filled areas divide what strokes bound only where they run from stroke to stroke and part two
    shades, since a fill behind a word would otherwise cut its cell. Outside of what strokes bound, fills
    make tables too, and rows of tables: a shaded heading above them, shaded rows between two of them.
    """
    chars = visible(page.chars)
    filled = page.rulings["kind"] == RULING_FILL_EDGE
    horizontal, vertical = _lines(page.rulings[~filled])
    if filled.any() and len(chars):
        edges = _lines(page.rulings[filled])
        padding = PADDING * float(np.median(chars["size"]))
        across = seen(apart(running(edges[0], vertical), horizontal, padding), page.fills, True)
        upright = seen(apart(running(edges[1], horizontal), vertical, padding), page.fills, False)
        horizontal, vertical = np.vstack((horizontal, across)), np.vstack((vertical, upright))
        found = _tables(page, horizontal, vertical, chars)
        fills = _outside(np.concatenate((page.rulings[filled], white_tiles(page.fills))), found)
        if not len(fills):
            return _with_fitting_rows(found)
        across, upright = _lines(fills)
        horizontal, vertical = np.vstack((horizontal, across)), np.vstack((vertical, upright))
    return _with_fitting_rows(_tables(page, horizontal, vertical, chars))


def _with_fitting_rows(found: Sequence[Table]) -> list[Table]:
    """The tables, and of the single rows those that stand near one of them, on its columns: its total, set apart."""
    whole = [table for table in found if table.kind != ROW]
    fitting = [
        replace(row, kind="ruled") for row in found if row.kind == ROW and any(_fits(row, table) for table in whole)
    ]
    return sorted([*whole, *fitting], key=lambda t: (t.bbox.top, t.bbox.x0))


def _fits(row: Table, table: Table) -> bool:
    """Does a single row lie as a table does, near it, its sides and edges being edges of the table's columns?"""
    if row.rotation != table.rotation:
        return False
    along, across = (("top", "bottom"), ("x0", "x1")) if row.rotation % 180 else (("x0", "x1"), ("top", "bottom"))
    edges = np.array([getattr(cell.bbox, side) for cell in table.cells for side in along])
    mine = np.array([getattr(cell.bbox, side) for cell in row.cells for side in along])
    start, end = across
    gap = max(
        getattr(row.bbox, start) - getattr(table.bbox, end), getattr(table.bbox, start) - getattr(row.bbox, end)
    )
    aligned = np.abs(mine[:, None] - edges[None, :]).min(axis=1) <= SAME_EDGE
    return bool(-SAME_EDGE <= gap <= NEAR_ROW and aligned.all())


def _lines(rulings: Array) -> tuple[Array, Array]:
    horizontal, vertical = split(rulings)
    return merged(horizontal), merged(vertical)


def _outside(rulings: Array, tables: list[Table]) -> Array:
    """The rulings that lie in no table's box."""
    keep = np.ones(len(rulings), dtype=bool)
    for table in (t for t in tables if t.kind != ROW):
        x0, top, x1, bottom = table.bbox.grown(2)
        inside = (rulings["x0"] >= x0) & (rulings["x1"] <= x1)
        keep &= ~(inside & (rulings["top"] >= top) & (rulings["bottom"] <= bottom))
    return np.asarray(rulings[keep])


def _tables(page: Page, horizontal: Array, vertical: Array, chars: Array) -> list[Table]:
    """The tables that lines bound; what stands in a table inside another one belongs to the inner one."""
    found: list[Table] = []
    free = np.ones(len(chars), dtype=bool)
    groups = [(_bounds(h, v), h, v) for h, v in nets(horizontal, vertical)]
    for box, h, v in sorted(groups, key=lambda group: group[0].area):
        tables = _tables_of_net(page, h, v, chars[free & _within(chars, box.grown(OVERFLOW))])
        for table in (t for t in tables if t.kind != ROW) if len(groups) > 1 else ():
            free &= ~_within(chars, table.bbox)
        found += tables
    return sorted(found, key=lambda t: (t.bbox.top, t.bbox.x0))


def _bounds(horizontal: Array, vertical: Array) -> BBox:
    """The box around a net."""
    return BBox(
        float(min(horizontal[:, 1].min(), vertical[:, 0].min())),
        float(min(horizontal[:, 0].min(), vertical[:, 1].min())),
        float(max(horizontal[:, 2].max(), vertical[:, 0].max())),
        float(max(horizontal[:, 0].max(), vertical[:, 2].max())),
    )


def _within(chars: Array, box: BBox) -> Array:
    """Which characters have their middle in ``box``."""
    x, y = (chars["x0"] + chars["x1"]) / 2, (chars["top"] + chars["bottom"]) / 2
    return np.asarray((x >= box.x0) & (x <= box.x1) & (y >= box.top) & (y <= box.bottom))


def _tables_of_net(page: Page, horizontal: Array, vertical: Array, chars: Array) -> list[Table]:
    if len(chars) < 2:
        return []
    rotation = majority_rotation(chars)
    horizontal, vertical = _upright_lines(horizontal, vertical, rotation, page.width, page.height)
    if not enough(np.array(len(horizontal)), np.array(len(vertical))):
        return []
    chars = upright_chars(chars, rotation, page.width, page.height)
    tolerance = float(np.clip(0.3 * np.median(chars["size"]), 1.5, 3.5))
    found = (_table(page, grid, chars, rotation) for grid in grids(horizontal, vertical, tolerance))
    return [table for table in found if table]


def majority_rotation(chars: Array) -> int:
    """How most of ``chars`` stand: 0, 90, 180 or 270 degrees clockwise."""
    return int(np.bincount((chars["rotation"].astype(np.intp) // 90) % 4, minlength=4).argmax()) * 90


def upright_chars(chars: Array, rotation: int, width: float, height: float) -> Array:
    """``chars`` of a page of ``width`` x ``height`` points turned so that ``rotation`` is upright."""
    if not rotation:
        return chars
    x0, top, x1, bottom = (chars[field] for field in BBox._fields)
    result = chars.copy()
    for field, value in zip(
        BBox._fields,
        {
            90: (top, width - x1, bottom, width - x0),
            180: (width - x1, height - bottom, width - x0, height - top),
            270: (height - bottom, x0, height - top, x1),
        }[rotation],
        strict=True,
    ):
        result[field] = value
    result["rotation"] = (chars["rotation"] - rotation) % 360
    return result


def _upright_lines(
    horizontal: Array, vertical: Array, rotation: int, width: float, height: float
) -> tuple[Array, Array]:
    """The lines of a net after their page is turned so that ``rotation`` is upright."""
    match rotation:
        case 90:
            return _flipped(vertical, at=width), _flipped(horizontal, along=width)
        case 180:
            return _flipped(horizontal, at=height, along=width), _flipped(vertical, at=width, along=height)
        case 270:
            return _flipped(vertical, along=height), _flipped(horizontal, at=height)
    return horizontal, vertical


def _flipped(lines: Array, at: float | None = None, along: float | None = None) -> Array:
    """Lines counted from the other side of a page: ``at`` points wide across them, ``along`` along them."""
    position, start, end = lines.T
    if at is not None:
        position = at - position
    if along is not None:
        start, end = along - end, along - start
    return np.column_stack((position, start, end))


def _table(page: Page, grid: Grid, chars: Array, rotation: int) -> Table | None:
    """The table that ``grid`` bounds, or None where what stands in it makes no table."""
    cell = cell_of(grid, chars)
    for refined in (squeezed, columns_parted, rows_parted, spans_parted):
        better = refined(grid, chars, cell)
        if better is not grid:
            grid, cell = better, cell_of(better, chars)
    said = texts(chars, cell, len(grid.spans))
    # The turned page has its sides swapped.
    side = (page.height, page.width) if rotation % 180 else (page.width, page.height)
    kind = "ruled" if is_table(grid, chars, cell, said) or _is_rest(grid, said, side[1]) else ROW
    if kind == ROW and (len(grid.ys) > 2 or len(grid.spans) < 2 or not all(said)):
        return None
    cells = cells_of_grid(grid, said, page, lambda box: turned(box, rotation, *side))
    return Table(page.number, union(c.bbox for c in cells), rotation, cells, kind)


def _is_rest(grid: Grid, said: list[str], height: float) -> bool:
    """Is it a single row at the edge of the page, which may belong to a table on the page beside it?

    At the top it may be the end of a record that the page break cut, with text in one column only.
    """
    if len(grid.ys) > 2 or len(grid.xs) < 4:
        return False
    spoken = sum(map(bool, said))
    ends = grid.ys[0] < EDGE * height and spoken >= 1
    begins = grid.ys[-1] > (1 - EDGE) * height and spoken >= 3
    return bool(ends or begins)
