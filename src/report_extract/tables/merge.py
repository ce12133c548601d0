"""Elementary cells of a split region → cells that span: which neighbours are one cell.

The merge step of Tensmeyer et al. (ICDAR 2019). A pair of places side by side, or one below the other, is one cell or
two; ``model`` tells which from the rules about them, the words that cross their common side, and how the text lies in
the stretch that no rule parts. Rules that close a face are no votes: what they part is never joined.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..core.model import Array
from ..page.words import is_cjk
from .faces import rectangles
from .laid import cover
from .order_statistics import median
from .region import Region

WALL = 0.6  # a side is ruled where a line covers this share of it
REACH = 0.35  # ems within which a rule lies on an edge
RUN = 0.5  # ems between words of one run
BLANK = 0.4  # ems between two Latin words of one phrase
INSET = 0.1  # ems by which a run may reach over an edge
FLUSH = 0.5  # ems by which the beginnings of a column's words may differ


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """The elementary cells of a region and what stands in them; all arrays of shape (rows, columns) where not said.

    Attributes:
        xs, ys: the edges of columns and rows.
        across, upright: how much of the sides is ruled: shapes (rows + 1, columns), (rows, columns + 1).
        left, right, top, bottom: around the words in each place; nan where there are none.
        figures: how many of the words in each place are figures, as a share.
        cross_x, cross_y: how far (ems) words reach over the side to the right, shape (rows, columns - 1), and below.
    """

    xs: Array
    ys: Array
    across: Array
    upright: Array
    left: Array
    right: Array
    top: Array
    bottom: Array
    figures: Array
    cross_x: Array
    cross_y: Array
    em: float

    @property
    def filled(self) -> Array:
        return ~np.isnan(self.left)


def places(at: Region, xs: Array, ys: Array) -> Places:
    """The elementary cells between edges, with the words of the region put where their middles lie."""
    n_rows, n_cols, em = len(ys) - 1, len(xs) - 1, at.em
    boxes = at.boxes
    across = cover(at.frame.horizontal, ys, xs, REACH * em)
    upright = cover(at.frame.vertical, xs, ys, REACH * em).T
    row, col, _ = owners(at, xs, ys, upright)
    extent: dict[str, Array] = {}
    for name, edge, sign in (("left", 0, 1), ("right", 2, -1), ("top", 1, 1), ("bottom", 3, -1)):
        least = np.full((n_rows, n_cols), np.inf)
        np.minimum.at(least, (row, col), sign * boxes[:, edge])
        extent[name] = np.where(np.isinf(least), np.nan, sign * least)
    count, figures = np.zeros((n_rows, n_cols)), np.zeros((n_rows, n_cols))
    np.add.at(count, (row, col), 1)
    np.add.at(figures, (row, col), at.is_figure)
    # A word reaches over an edge by what stands on its lesser side.
    over_x = np.minimum(boxes[:, 2:3] - xs[None, 1:-1], xs[None, 1:-1] - boxes[:, 0:1]) / em
    over_y = np.minimum(boxes[:, 3:4] - ys[None, 1:-1], ys[None, 1:-1] - boxes[:, 1:2]) / em
    cross_x, cross_y = np.zeros((n_rows, max(0, n_cols - 1))), np.zeros((max(0, n_rows - 1), n_cols))
    np.maximum.at(cross_x, row, np.clip(over_x, 0, None))
    np.maximum.at(cross_y.T, col, np.clip(over_y, 0, None))
    share = figures / np.maximum(1, count)
    return Places(xs, ys, across, upright, **extent, figures=share, cross_x=cross_x, cross_y=cross_y, em=em)


def owners(at: Region, xs: Array, ys: Array, upright: Array) -> tuple[Array, Array, Array]:
    """The row and column of each word, and which words stay whole though an edge cuts them.

    Words that follow one another closely are a run. A run that reaches over an edge with no rule on it has run on past
    its cell, as a spreadsheet lets it: it stands in the cell that it begins in where it is flush with the others of
    that column, else in the one around its middle.
    """
    boxes, em = at.boxes, at.em
    row = np.clip(np.searchsorted(ys, (boxes[:, 1] + boxes[:, 3]) / 2, "right") - 1, 0, len(ys) - 2)
    col = _column(xs, (boxes[:, 0] + boxes[:, 2]) / 2)
    whole = np.zeros(len(boxes), dtype=bool)
    follows = np.zeros(len(boxes), dtype=bool)
    near = (at.line_of[1:] == at.line_of[:-1]) & (boxes[1:, 0] - boxes[:-1, 2] < RUN * em)
    follows[1:] = near & ~(_begins_column(xs, boxes, col, near, em) & ~_one_phrase(at))
    first = np.flatnonzero(~follows)
    last = np.append(first[1:], len(boxes)) - 1
    begins, ends = boxes[first, 0], boxes[last, 2]
    from_col, to_col = _column(xs, begins + INSET * em), _column(xs, ends - INSET * em)
    for i in np.flatnonzero(from_col < to_col).tolist():
        mine = slice(first[i], last[i] + 1)
        r, a, b = int(row[first[i]]), int(from_col[i]), int(to_col[i])
        if (upright[r, a + 1 : b + 1] > WALL).any():
            continue
        others = begins[(from_col == a) & (np.arange(len(first)) != i)]
        flush = len(others) and abs(begins[i] - median(others)) < FLUSH * em
        col[mine] = a if flush else _column(xs, (begins[i : i + 1] + ends[i : i + 1]) / 2)
        whole[mine] = True
    return row, col, whole


def _begins_column(xs: Array, boxes: Array, col: Array, near: Array, em: float) -> Array:
    """Which words, but for the first, begin behind an edge, flush with the other words that begin there."""
    leads = np.concatenate(([True], ~near))
    usual = np.full(len(xs) - 1, np.inf)
    for c in np.unique(col[leads]).tolist():
        usual[c] = median(boxes[leads & (col == c), 0])
    behind = xs[col[1:]] <= boxes[1:, 0] + INSET * em
    parted = behind & (boxes[:-1, 2] <= xs[col[1:]] + INSET * em)
    return np.asarray(parted & (np.abs(boxes[1:, 0] - usual[col[1:]]) < FLUSH * em))


def _one_phrase(at: Region) -> Array:
    """Which words, but for the first, follow a Latin one as Latin words follow one another, a blank apart."""
    words = [w for line in at.lines for w in line]
    return np.array(
        [not is_cjk(a.text[-1]) and not is_cjk(b.text[0]) and b.x0 - a.x1 < BLANK * at.em for a, b in pairwise(words)],
        dtype=bool,
    )


def _column(xs: Array, x: Array) -> Array:
    return np.clip(np.searchsorted(xs, x, "right") - 1, 0, len(xs) - 2)


# fmt: off
NUMBERS = (
    "wall", "wall_all", "wall_least", "side_low", "side_high", "side_low_next", "side_high_next", "end", "end_next",
    "filled", "filled_next", "cross", "figures", "figures_next", "before_low", "before_high", "filled_low",
    "filled_low_next", "filled_high", "filled_high_next", "run", "run_filled", "run_offset", "run_first", "offset",
    "white", "place", "place_next", "n", "m", "row_filled", "row_figures", "line_filled", "line_filled_next",
    "above_body", "size", "size_next", "cross_all", "only",
)
# fmt: on


def beside(at: Places) -> Array:
    """What speaks for each place and the one to its right being one cell; shape (rows, columns - 1, len(NUMBERS))."""
    return _numbers(at.upright, at.across, at.left, at.right, at.xs, at.cross_x, at.figures, at.em)


def below(at: Places) -> Array:
    """The same for each place and the one below it; shape (rows - 1, columns, len(NUMBERS))."""
    found = _numbers(at.across.T, at.upright.T, at.top.T, at.bottom.T, at.ys, at.cross_y.T, at.figures.T, at.em)
    return np.swapaxes(found, 0, 1)


def _numbers(
    walls: Array, sides: Array, begin: Array, end: Array, edges: Array, cross: Array, figures: Array, em: float
) -> Array:
    """For each place (i, k) and the next along its line, (i, k + 1).

    Args:
        walls: between the places of a line, the outer ones too; shape (n, m + 1).
        sides: before and after each line; shape (n + 1, m).
        begin, end: of the words of each place along the line; nan where there are none; shape (n, m).
        edges: shape (m + 1,).
        cross: how far words reach over the wall; shape (n, m - 1).
        figures: the share of figures among the words of each place; shape (n, m).
        em: the unit.
    """
    n, m = begin.shape
    filled = ~np.isnan(begin)
    inner = walls[:, 1:-1]
    ones = np.ones((n, m - 1))
    wall_all = inner.mean(axis=0) * ones
    low, high = sides[:-1], sides[1:]
    pad = np.zeros((1, m), dtype=bool)
    above, under = np.vstack((pad, filled[:-1])), np.vstack((filled[1:], pad))
    wall_above, wall_under = np.vstack((ones[:1], inner[:-1])), np.vstack((inner[1:], ones[:1]))
    run = _runs(walls, begin, end, edges, em)
    text_begin = np.fmin(begin[:, :-1], begin[:, 1:])
    text_end = np.fmax(end[:, :-1], end[:, 1:])
    middle = (edges[:-2] + edges[2:]) / 2
    offset = np.nan_to_num(np.abs((text_begin + text_end) / 2 - middle) / em, nan=9.0)
    white = np.nan_to_num(np.where(filled[:, :-1], edges[1:-1] - end[:, :-1], begin[:, 1:] - edges[1:-1]) / em, nan=9.0)
    size = np.diff(edges) / em
    first_body = _first_body(figures, filled)
    rows = np.arange(n)[:, None]
    columns = [
        inner,
        wall_all,
        np.minimum(wall_above, wall_under),
        low[:, :-1],
        high[:, :-1],
        low[:, 1:],
        high[:, 1:],
        walls[:, :-2],
        walls[:, 2:],
        filled[:, :-1],
        filled[:, 1:],
        cross,
        figures[:, :-1],
        figures[:, 1:],
        wall_above,
        wall_under,
        above[:, :-1],
        above[:, 1:],
        under[:, :-1],
        under[:, 1:],
        *run,
        offset,
        np.clip(white, -5, 20),
        rows / n * ones,
        np.arange(m - 1)[None, :] / m * ones,
        n * ones,
        m * ones,
        filled.mean(axis=1, keepdims=True) * ones,
        figures.mean(axis=1, keepdims=True) * ones,
        filled.mean(axis=0)[None, :-1] * ones,
        filled.mean(axis=0)[None, 1:] * ones,
        (rows < first_body) * ones,
        size[None, :-1] * ones,
        size[None, 1:] * ones,
        (cross > 0.1).mean(axis=0)[None, :] * ones,
        (filled.sum(axis=1, keepdims=True) == 1) * ones,
    ]
    return np.stack([np.asarray(c, dtype=float) for c in columns], axis=2)


def _runs(walls: Array, begin: Array, end: Array, edges: Array, em: float) -> list[Array]:
    """Of the stretch without walls around each side: its places, how many of them are filled, how far its text is off
    its middle, and whether its first place is filled."""
    n, m = begin.shape
    found = [np.ones((n, max(0, m - 1))) for _ in range(4)]
    filled = ~np.isnan(begin)
    for i in range(n):
        k = 0
        while k < m:
            last = k
            while last + 1 < m and walls[i, last + 1] <= WALL:
                last += 1
            if last > k:
                mine = filled[i, k : last + 1]
                middle = (edges[k] + edges[last + 1]) / 2
                off = 9.0
                if mine.any():
                    off = abs((np.nanmin(begin[i, k : last + 1]) + np.nanmax(end[i, k : last + 1])) / 2 - middle) / em
                values = (last - k + 1, mine.sum(), off, float(mine[0]))
                for kind, value in zip(found, values, strict=True):
                    kind[i, k:last] = value
            k = last + 1
    return found


def _first_body(figures: Array, filled: Array) -> int:
    """The first line of which half is figures."""
    share = figures.sum(axis=1) / np.maximum(1, filled.sum(axis=1))
    return int(np.argmax(share >= 0.5)) if (share >= 0.5).any() else len(share)


def joined(at: Places, right: Array, down: Array) -> Array:
    """The cells that joined places make.

    Args:
        at: the places.
        right, down: the probability that a place is one cell with the one to its right, below it; shapes (rows,
            columns - 1), (rows - 1, columns).

    Returns:
        Spans (first row, first column, row after the last, column after the last), ordered by row, then column.
    """
    face = np.arange(at.left.size).reshape(at.left.shape)
    pairs = []
    for odds, walls, step in ((right, at.upright[:, 1:-1], (0, 1)), (down, at.across[1:-1], (1, 0))):
        for r, c in np.argwhere((odds > 0.5) & (walls <= WALL)).tolist():
            pairs.append((float(odds[r, c]), (r, c), (r + step[0], c + step[1])))
    for _, a, b in sorted(pairs, key=lambda pair: (-pair[0], pair[1:])):
        if face[a] != face[b]:
            both = (face == face[a]) | (face == face[b])
            rows, cols = np.flatnonzero(both.any(axis=1)), np.flatnonzero(both.any(axis=0))
            box = (slice(rows[0], rows[-1] + 1), slice(cols[0], cols[-1] + 1))
            if _may_join(at, right, down, face, both, box):
                face[box] = face[a]
    spans, _ = rectangles(face)
    return spans


def _may_join(at: Places, right: Array, down: Array, face: Array, both: Array, box: tuple[slice, slice]) -> bool:
    """May all places of a box be one cell: no wall inside, no part of another joined cell, and likely each?"""
    rows, cols = box
    if (at.upright[rows, cols.start + 1 : cols.stop] > WALL).any() or (
        at.across[rows.start + 1 : rows.stop, cols] > WALL
    ).any():
        return False
    others = np.unique(face[box][~both[box]])
    if any((face == other).sum() > 1 for other in others):
        return False
    odds = [right[rows, cols.start : cols.stop - 1].ravel(), down[rows.start : rows.stop - 1, cols].ravel()]
    return bool(np.concatenate(odds).mean() > 0.5)
