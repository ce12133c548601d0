"""Which cell holds which character, text that overflows its cell included; the cells that a grid makes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ..core.geometry import BBox
from ..core.model import Array, Cell, Page, Reading
from .faces import Grid

TOUCHING = 0.12  # of the size: letters with no wider gap than this are of one run
CUT = 0.15  # of a letter's width: what a rule may clip without cutting it


def cells_of_grid(grid: Grid, said: Sequence[str], page: Page, to_page: Callable[[BBox], BBox]) -> tuple[Cell, ...]:
    """The cells of an upright grid, each with its text as the page's reader gave it.

    Args:
        said: the text of each span of the grid.
        page: that it stands on.
        to_page: turns an upright box back to where it stands on the page as displayed.
    """
    xs, ys = grid.xs.tolist(), grid.ys.tolist()
    return tuple(
        Cell(
            page.number,
            to_page(BBox(xs[c0], ys[r0], xs[c1], ys[r1])),
            r0,
            c0,
            r1 - r0,
            c1 - c0,
            (Reading(text, page.reader),),
        )
        for (r0, c0, r1, c1), text in zip(grid.spans.tolist(), said, strict=True)
    )


def cell_of(grid: Grid, chars: Array) -> Array:
    """The cell that holds each character, -1 where none does.

    That is the cell around its middle. A run of letters that touch is cut at the rules it crosses where they stand
    between two letters: text that touches across a rule is the text of two cells. Where a rule cuts through a
    letter, or one text runs on into a cell that says nothing else (``_overflows``), the piece is taken to stand
    whole in one cell: the one it begins in, where it begins at that cell's left edge and the others are
    otherwise empty, else the one that holds most of it.
    """
    cell = around(grid, (chars["x0"] + chars["x1"]) / 2, (chars["top"] + chars["bottom"]) / 2)
    first, last = _runs(chars)
    crossing = np.zeros(len(chars), dtype=bool)
    crossing[1:] = (cell[1:] != cell[:-1]) & (first[1:] == first[:-1])
    cut = _cut(grid, chars, cell) | crossing
    if not cut.any():
        return cell
    for begin in np.unique(first[cut]).tolist():
        end = int(last[begin]) + 1
        if len(np.unique(cell[begin:end])) < 2:
            continue
        pieces = [begin]
        for at in range(begin + 1, end):
            if cell[at] != cell[at - 1] and cell[at] >= 0 and cell[at - 1] >= 0:
                rule = _rule_between(grid, cell[at - 1], cell[at])
                clear = chars["x1"][at - 1] <= rule <= chars["x0"][at]
                if clear and not _overflows(grid, chars, cell, pieces[-1], at, end):
                    pieces.append(at)
        for a, b in zip(pieces, [*pieces[1:], end], strict=True):
            _settle(grid, chars, cell, a, b)
    return cell


def _settle(grid: Grid, chars: Array, cell: Array, begin: int, end: int) -> None:
    """Put a run of letters that crosses rules into one cell."""
    cells, counts = np.unique(cell[begin:end], return_counts=True)
    if len(cells) < 2:
        return
    start = cell[begin]
    others = cells[(cells != start) & (cells >= 0)]
    alone = all((cell == other).sum() == counts[cells == other][0] for other in others)
    if start >= 0 and alone and _is_flush_left(grid, int(start), chars[begin]):
        cell[begin:end] = start
    else:
        cell[begin:end] = cells[np.argmax(counts)]


def _rule_between(grid: Grid, left: int, right: int) -> float:
    """x of the rule between two cells of one line."""
    return float(max(grid.xs[grid.spans[right, 1]], grid.xs[grid.spans[left, 1]]))


def _overflows(grid: Grid, chars: Array, cell: Array, begin: int, at: int, end: int) -> bool:
    """Does the text from ``begin`` run on, at the letter ``at``, into a cell that says nothing of its own?

    It begins at the left edge of its cell.
    """
    start, there = int(cell[begin]), int(cell[at])
    if start < 0 or not _is_flush_left(grid, start, chars[begin]):
        return False
    mine = np.flatnonzero(cell == there)
    own = mine[(mine < at) | (mine >= end)]
    return not len(own)


def around(grid: Grid, x: Array, y: Array) -> Array:
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
