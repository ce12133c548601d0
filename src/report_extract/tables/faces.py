"""Lines that hang together → the faces they bound, as cells on a grid of rows and columns.

The lines' positions are gathered into tracks; a wall stands between two places of that grid where a line
covers most of the side they share. Places with no wall between them are one face, so that gaps, overshoots
and missing rules are judged by how much of a side is there, not by whether two segments touch exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..core.model import Array
from .rulings import connected, merged

COVERED = 0.6  # a wall stands where this share of a side is ruled
OVERSHOOT = 2.5  # lines may run on past a table's border by this many tolerances
MOST_PLACES = 400_000  # a net with more places than this is a drawing


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Cells on a grid, upright.

    Attributes:
        xs: the column edges, ascending; shape (columns + 1,).
        ys: the row edges, ascending; shape (rows + 1,).
        spans: one row a cell: first row, first column, row after the last, column after the last;
            ordered by row, then column. They cover every place exactly once.
        bounded: which cells the rules enclose; the others fill corners that the rules leave out.
    """

    xs: Array
    ys: Array
    spans: Array
    bounded: Array


def grids(horizontal: Array, vertical: Array, tolerance: float) -> list[Grid]:
    """The grids that a net of lines bounds.

    Args:
        horizontal, vertical: lines, shape (n, 3): position, start, end.
        tolerance: lines nearer than this to each other are one: a double rule, or one drawn askew.
    """
    xs, ys, upright, flat = _walls(horizontal, vertical, tolerance)
    if len(xs) < 2 or len(ys) < 2:
        return []
    face, inside = _faces(upright, flat)
    if not inside.any():
        return []
    return [_grid(xs, ys, *group) for group in _groups(inside, face)]


def _walls(horizontal: Array, vertical: Array, tolerance: float) -> tuple[Array, Array, Array, Array]:
    """Track edges and walls: upright[row, edge] and flat[edge, column] tell where a side is ruled."""
    horizontal, vertical = merged(horizontal, tolerance), merged(vertical, tolerance)
    left_right = _open_sides(horizontal, vertical, tolerance)
    top_bottom = _open_sides(vertical, horizontal, tolerance)
    horizontal, vertical = np.vstack((horizontal, *top_bottom)), np.vstack((vertical, *left_right))
    xs, column_of = np.unique(vertical[:, 0], return_inverse=True)
    ys, row_of = np.unique(horizontal[:, 0], return_inverse=True)
    if (len(xs) + 1) * (len(ys) + 1) > MOST_PLACES:
        return xs[:0], ys[:0], np.zeros((0, 0)), np.zeros((0, 0))
    upright = _covered(vertical, column_of, len(xs), ys).T
    return xs, ys, upright, _covered(horizontal, row_of, len(ys), xs)


def _open_sides(lines: Array, borders: Array, tolerance: float) -> list[Array]:
    """Lines that close the sides on which two or more ``lines`` run on past the outermost of ``borders``."""
    closing = []
    for ends, past, outermost in (
        (lines[:, 1], lines[:, 1] < borders[:, 0].min() - OVERSHOOT * tolerance, np.min),
        (lines[:, 2], lines[:, 2] > borders[:, 0].max() + OVERSHOOT * tolerance, np.max),
    ):
        if past.sum() < 2:
            continue
        there = np.abs(ends - outermost(ends[past])) <= 2 * tolerance
        if there.sum() >= 2:
            span = lines[there, 0]
            closing.append(np.array([[ends[there].mean(), span.min(), span.max()]]))
    return closing


def _covered(lines: Array, edge_of: Array, n_edges: int, tracks: Array) -> Array:
    """Which side is ruled: shape (n_edges, len(tracks) - 1)."""
    cover = np.zeros((n_edges, max(0, len(tracks) - 1)))
    step = max(1, 2_000_000 // max(1, len(tracks)))
    for at in range(0, len(lines), step):
        part = lines[at : at + step]
        shared = np.minimum(part[:, 2:3], tracks[None, 1:]) - np.maximum(part[:, 1:2], tracks[None, :-1])
        np.maximum.at(cover, edge_of[at : at + step], shared)
    return np.asarray(cover >= COVERED * np.diff(tracks)[None, :])


def _faces(upright: Array, flat: Array) -> tuple[Array, Array]:
    """The face of each place, and which places the rules enclose; both of shape (rows, columns)."""
    n_rows, n_cols = upright.shape[0], flat.shape[1]
    # A ring of places outside the grid: whatever is open to it is not enclosed.
    number = np.arange((n_rows + 2) * (n_cols + 2)).reshape(n_rows + 2, n_cols + 2)
    wall_x = np.zeros((n_rows + 2, n_cols + 1), dtype=bool)
    wall_y = np.zeros((n_rows + 1, n_cols + 2), dtype=bool)
    wall_x[1:-1], wall_y[:, 1:-1] = upright, flat
    a = np.concatenate((number[:, :-1][~wall_x], number[:-1][~wall_y]))
    b = np.concatenate((number[:, 1:][~wall_x], number[1:][~wall_y]))
    face = connected(number.size, a, b).reshape(number.shape)
    return face[1:-1, 1:-1], face[1:-1, 1:-1] != face[0, 0]


def _groups(inside: Array, face: Array) -> Iterator[tuple[int, int, Array]]:
    """The groups of enclosed places that share sides: first row, first column, and the faces there.

    Places of the box around a group that are not of it have face -1.
    """
    number = np.arange(inside.size).reshape(inside.shape)
    beside, below = inside[:, :-1] & inside[:, 1:], inside[:-1] & inside[1:]
    a = np.concatenate((number[:, :-1][beside], number[:-1][below]))
    b = np.concatenate((number[:, 1:][beside], number[1:][below]))
    group = connected(inside.size, a, b).reshape(inside.shape)
    rows, cols = np.nonzero(inside)
    labels, which, counts = np.unique(group[inside], return_inverse=True, return_counts=True)
    low, high = np.full((2, len(labels)), inside.size), np.zeros((2, len(labels)), dtype=int)
    for axis, places in enumerate((rows, cols)):
        np.minimum.at(low[axis], which, places)
        np.maximum.at(high[axis], which, places + 1)
    for k in np.flatnonzero(counts > 1).tolist():
        (top, left), (bottom, right) = low[:, k].tolist(), high[:, k].tolist()
        mine = group[top:bottom, left:right] == labels[k]
        yield top, left, np.where(mine, face[top:bottom, left:right], -1)


def _grid(xs: Array, ys: Array, top: int, left: int, face: Array) -> Grid:
    """The grid of one group of places, without the tracks that divide none of its cells."""
    spans, bounded = rectangles(face)
    used_y, used_x = np.unique(spans[:, [0, 2]]), np.unique(spans[:, [1, 3]])
    spans = np.column_stack([np.searchsorted(u, spans[:, k]) for k, u in enumerate((used_y, used_x, used_y, used_x))])
    return Grid(xs[left + used_x], ys[top + used_y], spans, bounded)


def rectangles(face: Array) -> tuple[Array, Array]:
    """Rectangles that cover each face: one where it is a rectangle, in reading order where it is not.

    Returns:
        Spans (first row, first column, row after the last, column after the last), ordered by row, then
        column, and which of them are faces; the others fill what is outside (-1).
    """
    labels, face_of, areas = np.unique(face, return_inverse=True, return_counts=True)
    face_of = face_of.reshape(face.shape)
    places = np.indices(face.shape).reshape(2, -1)
    low = np.full((len(labels), 2), max(face.shape))
    high = np.zeros((len(labels), 2), dtype=low.dtype)
    np.minimum.at(low, face_of.ravel(), places.T)
    np.maximum.at(high, face_of.ravel(), places.T + 1)
    whole = ((high - low).prod(axis=1) == areas) & (labels >= 0)
    spans = np.hstack((low, high))[whole]
    bounded = np.ones(len(spans), dtype=bool)
    if not whole.all():
        ragged = np.array(_pieces(face_of, ~whole[face_of]))
        spans = np.vstack((spans, ragged))
        bounded = np.append(bounded, labels[face_of[ragged[:, 0], ragged[:, 1]]] >= 0)
    order = np.lexsort((spans[:, 1], spans[:, 0]))
    return spans[order], bounded[order]


def _pieces(face: Array, free: Array) -> list[tuple[int, int, int, int]]:
    """The ``free`` places as rectangles of one face each, as wide as can be, then as high."""
    free = free.copy()
    spans = []
    for row, col in np.argwhere(free).tolist():
        if not free[row, col]:
            continue
        same = free[row:, col:] & (face[row:, col:] == face[row, col])
        end_col = col + _run(same[0])
        end_row = row + _run(same[:, : end_col - col].all(axis=1))
        free[row:end_row, col:end_col] = False
        spans.append((row, col, end_row, end_col))
    return spans


def _run(flags: Array) -> int:
    """How many of ``flags`` hold before the first that does not."""
    return len(flags) if flags.all() else int(np.argmin(flags))
