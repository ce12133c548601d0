"""Which cell holds which character, text that overflows its cell included."""

from __future__ import annotations

import numpy as np

from ..core.model import Array
from .faces import Grid

TOUCHING = 0.12  # of the size: letters with no wider gap than this are of one run
CUT = 0.15  # of a letter's width: what a rule may clip without cutting it


def cell_of(grid: Grid, chars: Array) -> Array:
    """The cell that holds each character, -1 where none does.

    That is the cell around its middle, but where a rule cuts through a letter, the whole run of letters is
    taken to stand in one cell: the one it begins in, where it begins at that cell's left edge and the others
    are otherwise empty, else the one that holds most of it.
    """
    cell = _around(grid, (chars["x0"] + chars["x1"]) / 2, (chars["top"] + chars["bottom"]) / 2)
    cut = _cut(grid, chars, cell)
    if not cut.any():
        return cell
    first, last = _runs(chars)
    for begin in np.unique(first[cut]).tolist():
        end = int(last[begin]) + 1
        cells, counts = np.unique(cell[begin:end], return_counts=True)
        if len(cells) < 2:
            continue
        start = cell[begin]
        others = cells[(cells != start) & (cells >= 0)]
        alone = all((cell == other).sum() == counts[cells == other][0] for other in others)
        if start >= 0 and alone and _is_flush_left(grid, int(start), chars[begin]):
            cell[begin:end] = start
        else:
            cell[begin:end] = cells[np.argmax(counts)]
    return cell


def _around(grid: Grid, x: Array, y: Array) -> Array:
    """The cell around each point, -1 outside the grid."""
    n_rows, n_cols = len(grid.ys) - 1, len(grid.xs) - 1
    owner = np.empty((n_rows, n_cols), dtype=np.intp)
    for number, (r0, c0, r1, c1) in enumerate(grid.spans.tolist()):
        owner[r0:r1, c0:c1] = number
    col, row = np.searchsorted(grid.xs, x) - 1, np.searchsorted(grid.ys, y) - 1
    inside = (col >= 0) & (col < n_cols) & (row >= 0) & (row < n_rows)
    return np.where(inside, owner[row.clip(0, n_rows - 1), col.clip(0, n_cols - 1)], -1)


def _cut(grid: Grid, chars: Array, cell: Array) -> Array:
    """Through which characters a side of their cell, or the outer border, runs."""
    margin = CUT * (chars["x1"] - chars["x0"])
    at = np.maximum(cell, 0)
    left, right = grid.xs[grid.spans[at, 1]], grid.xs[grid.spans[at, 3]]
    outside = (chars["x0"] + margin < left) | (chars["x1"] - margin > right)
    return np.asarray((cell >= 0) & outside & (chars["rotation"] == 0))


def _runs(chars: Array) -> tuple[Array, Array]:
    """The first and the last character of the run that each one belongs to."""
    n = len(chars)
    size = np.maximum(chars["size"][1:], 1)
    gap = chars["x0"][1:] - chars["x1"][:-1]
    rise = chars["bottom"][1:] - chars["bottom"][:-1]
    broken = (np.abs(gap) > TOUCHING * size) | (np.abs(rise) > 0.3 * size)
    begins = np.flatnonzero(np.concatenate(([True], broken)))
    run = np.cumsum(np.concatenate(([True], broken))) - 1
    ends = np.append(begins[1:], n) - 1
    return begins[run], ends[run]


def _is_flush_left(grid: Grid, cell: int, char: Array) -> bool:
    return bool(char["x0"] - grid.xs[grid.spans[cell, 1]] <= char["size"])
