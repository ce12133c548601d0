"""Finds tables that rules do not bound: columns from white space, rows from baselines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..geometry import BBox, turned, union
from ..layout import rotations, upright, words
from ..model import Array, Cell, Page, Reading, Table
from .aligned_columns import column_edges
from .aligned_lines import Row, is_prose, rows_of, without_gutters
from .aligned_rows import Piece, body_start, heading, numeric_columns, pieces_of
from .rulings import merged, split


def find_aligned(page: Page, taken: Sequence[BBox] = ()) -> list[Table]:
    """The tables of ``page`` outside the boxes that are ``taken``, in reading order.

    Args:
        page: as a reader gave it.
        taken: boxes of tables that have been found already.
    """
    found: list[Table] = []
    for rotation in rotations(page):
        if int((page.chars["rotation"] == rotation).sum()) < 12:
            continue
        frame = upright(page, rotation)
        boxes = [turned(b, -rotation % 360, page.width, page.height) for b in taken]
        free = [w for w in words(frame) if not any(b.contains(*w.bbox.center) for b in boxes)]
        rules = merged(split(frame.rulings)[0])
        for part in without_gutters(rows_of(free)):
            for stretch in stretches(part):
                table = _table(frame, stretch, rules, rotation)
                if table:
                    found.append(table)
    return sorted(found, key=lambda t: (t.bbox.top, t.bbox.x0))


def stretches(rows: Sequence[Row]) -> list[list[Row]]:
    """Runs of rows that may hold a table: rows of several phrases, with a few single ones among them."""
    runs: list[list[Row]] = []
    run: list[Row] = []
    waiting: list[Row] = []
    for r in rows:
        last = (waiting or run)[-1] if run else None
        if last and r.top - last.bottom > 3.5 * r.size:
            runs.append(run)
            run, waiting = [], []
        if len(r.phrases) > 1:
            run += [*waiting, r]
            waiting = []
        elif run:
            waiting.append(r)
            if is_prose(r.phrases[0]) and len(r.phrases[0].words) > 9 or len(waiting) > 3:
                runs.append(run)
                run, waiting = [], []
    runs.append(run)
    return [run for run in runs if sum(len(r.phrases) > 1 for r in run) >= 2]


def _table(frame: Page, rows: list[Row], rules: Array, rotation: int) -> Table | None:
    edges = column_edges(rows)
    if not edges:
        return None
    n_cols = len(edges) + 1
    grid = [pieces_of(r, edges) for r in rows]
    numeric = numeric_columns(grid, n_cols)
    if not any(numeric):
        return None
    start = body_start(grid, numeric)
    head = heading(grid[:start], n_cols, rules) if start else []
    levels = max((p.row_end for p in head), default=-1) + 1
    pieces = head
    for i, body in enumerate(grid[start:]):
        for p in body:
            p.row = p.row_end = levels + i
        pieces += body
    return _assembled(frame, pieces, edges, levels, rotation)


def _assembled(frame: Page, pieces: list[Piece], edges: Sequence[float], levels: int, rotation: int) -> Table:
    """The table that ``pieces`` make, every place of its grid covered, turned as it lies on the page."""
    n_rows, n_cols = max(p.row_end for p in pieces) + 1, len(edges) + 1
    lines = [line for p in pieces for line in p.lines]
    xs = [min(p.x0 for p in lines), *edges, max(p.x1 for p in lines)]
    ys = _row_edges(pieces, n_rows)
    free = np.ones((n_rows, n_cols), bool)
    cells = []
    for p in pieces:
        free[p.row : p.row_end + 1, p.first : p.last + 1] = False
        box = BBox(xs[p.first], ys[p.row], xs[p.last + 1], ys[p.row_end + 1])
        span = (p.row, p.first, p.row_end - p.row + 1, p.last - p.first + 1)
        cells.append((box, span, (Reading(p.text, frame.reader),)))
    for r, c in np.argwhere(free).tolist():
        cells.append((BBox(xs[c], ys[r], xs[c + 1], ys[r + 1]), (r, c, 1, 1), (Reading("", frame.reader),)))
    cells.sort(key=lambda cell: cell[1][:2])
    placed = tuple(
        Cell(frame.number, turned(box, rotation, frame.width, frame.height), *span, readings)
        for box, span, readings in cells
    )
    box = union(c.bbox for c in placed)
    return Table(frame.number, box, rotation, placed, kind="aligned", header_rows=levels)


def _row_edges(pieces: Sequence[Piece], n_rows: int) -> list[float]:
    """The y of the edges between rows: half way between what stands above and what stands below."""
    tops, bottoms = np.full(n_rows, np.inf), np.full(n_rows, -np.inf)
    for p in pieces:
        tops[p.row] = min(tops[p.row], p.top)
        bottoms[p.row_end] = max(bottoms[p.row_end], p.bottom)
    tops = np.where(np.isfinite(tops), tops, np.minimum.accumulate(tops[::-1])[::-1])
    bottoms = np.where(np.isfinite(bottoms), bottoms, np.maximum.accumulate(bottoms))
    middle = np.maximum.accumulate((bottoms[:-1] + tops[1:]) / 2)
    return [float(tops.min()), *map(float, middle), float(bottoms.max())]
