"""Rulings and filled areas from the paths of a page, whichever reader found the paths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.model import FILL, RULING, RULING_FILL_EDGE, RULING_RECT_EDGE, RULING_STROKE, Array
from . import rulings as common

HAIRLINE = 1.0  # points: a stroked rectangle no higher than this is one line, not two
_CORNER = 0.05  # points a rectangle's corner may be off
EVERYWHERE = (-1e9, -1e9, 1e9, 1e9)
LINE_TO, BEZIER_TO, MOVE_TO = 0, 1, 2  # how a point is reached; pdfium's FPDF_SEGMENT_*


@dataclass(frozen=True, slots=True)
class Paths:
    """All paths of a page as displayed; one entry a path, or one a point where the name says so.

    Attributes:
        points: shape (points, 2).
        kind: of each point: how it is reached (LINE_TO, BEZIER_TO, MOVE_TO).
        close: of each point: does the subpath close after it?
        path: of each point, its path.
        fill, stroke: is the path filled, stroked?
        width: of the stroke, in displayed points.
        fill_grey, stroke_grey: colour, 0 black to 1 white; NaN where it is fully transparent.
        clip: what of the path can be seen at most, as displayed, shape (paths, 4).
    """

    points: Array
    kind: Array
    close: Array
    path: Array
    fill: Array
    stroke: Array
    width: Array
    fill_grey: Array
    stroke_grey: Array
    clip: Array


@dataclass(frozen=True, slots=True)
class _Subpaths:
    """The subpaths of all paths: of each its path, its box (n, 4), and whether it is a rectangle."""

    path: Array
    box: Array
    rectangle: Array
    of: Array  # of each point, its subpath
    start: Array  # of each, its first point


def rulings_and_fills(paths: Paths, view: tuple[float, float]) -> tuple[Array, Array]:
    """RULING and FILL records of a page of ``view`` (width, height) points.

    White lines count only where they run over a darker area.
    """
    if not len(paths.points):
        return np.zeros(0, RULING), np.zeros(0, FILL)
    page = np.array([0.0, 0.0, *view])
    sub = _subpaths(paths)
    stroked = paths.stroke & ~np.isnan(paths.stroke_grey)
    filled = paths.fill & ~np.isnan(paths.fill_grey)
    areas = common.within(_areas(paths, sub, filled), page)
    lines = common.visible(common.within(_lines(paths, sub, filled, stroked), page), areas)
    return common.records(common.unique(lines), RULING), common.records(areas, FILL)


def covers(paths: Paths, order: Array) -> Array:
    """Filled rectangles that may hide what was drawn before them: x0, top, x1, bottom, grey, order, path; shape (n, 7).

    Args:
        paths: all paths of the page.
        order: when each of them is drawn.
    """
    if not len(paths.points):
        return np.zeros((0, 7))
    sub = _subpaths(paths)
    filled = (paths.fill & ~np.isnan(paths.fill_grey))[sub.path]
    use = np.flatnonzero(filled & sub.rectangle & ~common.thin(sub.box))
    path = sub.path[use]
    low = np.maximum(sub.box[use, :2], paths.clip[path, :2])
    high = np.minimum(sub.box[use, 2:], paths.clip[path, 2:])
    box, some = np.concatenate([low, high], axis=1), (high > low).all(axis=1)
    facts = np.stack([paths.fill_grey[path], order[path], path], axis=1)
    return np.concatenate([box, facts], axis=1)[some]


def _subpaths(paths: Paths) -> _Subpaths:
    new = (paths.kind == MOVE_TO) | np.r_[True, paths.path[1:] != paths.path[:-1]]
    start = np.flatnonzero(new)
    of = np.cumsum(new) - 1
    box = np.concatenate([np.minimum.reduceat(paths.points, start), np.maximum.reduceat(paths.points, start)], axis=1)
    corner = (np.abs(paths.points - box[of, :2]) <= _CORNER) | (np.abs(paths.points - box[of, 2:]) <= _CORNER)
    good = corner.all(axis=1) & (paths.kind != BEZIER_TO)
    size = np.diff(np.r_[start, len(of)])
    # Both diagonals of a bow tie stand in its corners too; in a rectangle every side follows an axis.
    side = np.abs(np.diff(paths.points, axis=0, prepend=paths.points[:1])).min(axis=1) <= _CORNER
    rectangle = np.logical_and.reduceat(good & (side | new), start) & (size >= 4) & (size <= 5)
    return _Subpaths(paths.path[start], box, rectangle, of, start)


def _lines(paths: Paths, sub: _Subpaths, filled: Array, stroked: Array) -> Array:
    """All lines, shape (m, 7) as ``rulings.from_segments`` gives them."""
    short = np.minimum(sub.box[:, 2] - sub.box[:, 0], sub.box[:, 3] - sub.box[:, 1])
    bar = sub.rectangle & ((filled[sub.path] & common.thin(sub.box)) | (stroked[sub.path] & (short <= HAIRLINE)))
    colour = np.where(stroked, paths.stroke_grey, paths.fill_grey)
    owner = sub.path[bar]
    extra = np.where(stroked[owner], paths.width[owner], 0.0)
    bars = common.from_thin_boxes(sub.box[bar], extra, colour[owner], paths.clip[owner])
    ends, path, subpath = _segments(paths, sub)
    drawn = stroked[path] & ~bar[subpath]
    edge = filled[path] & ~stroked[path] & ~bar[subpath] & (paths.fill_grey[path] < common.WHITE)
    edge &= np.abs(ends[:, 2:] - ends[:, :2]).max(axis=1, initial=0.0) >= common.SHORTEST_EDGE
    kind = np.where(edge, RULING_FILL_EDGE, np.where(sub.rectangle[subpath], RULING_RECT_EDGE, RULING_STROKE))
    width = np.where(edge, 0.0, paths.width[path])
    use = np.flatnonzero(drawn | edge)
    lines = common.from_segments(ends[use], width[use], kind[use], colour[path[use]], paths.clip[path[use]])
    return np.concatenate([lines, bars])


def _segments(paths: Paths, sub: _Subpaths) -> tuple[Array, Array, Array]:
    """All straight segments: ends (n, 4), path and subpath of each."""
    here = np.flatnonzero(paths.kind == LINE_TO)
    here = here[here > 0]
    closing = np.flatnonzero(paths.close)
    ends = np.concatenate(
        [
            np.concatenate([paths.points[here - 1], paths.points[here]], axis=1),
            np.concatenate([paths.points[closing], paths.points[sub.start[sub.of[closing]]]], axis=1),
        ]
    )
    point = np.concatenate([here, closing])
    return ends, paths.path[point], sub.of[point]


def _areas(paths: Paths, sub: _Subpaths, filled: Array) -> Array:
    """Filled rectangles and the boxes of other filled shapes, if a word has room in them: x0, top, x1, bottom, grey.

    Two rectangles, one inside the other, in one path are a frame and fill nothing.
    """
    width, height = sub.box[:, 2] - sub.box[:, 0], sub.box[:, 3] - sub.box[:, 1]
    count = np.bincount(sub.path, minlength=len(paths.fill))
    area = filled[sub.path] & ~common.thin(sub.box)
    area &= sub.rectangle | ((count[sub.path] == 1) & (width >= 10) & (height >= 8))
    pair = np.flatnonzero((sub.path[1:] == sub.path[:-1]) & (count[sub.path[1:]] == 2))
    first, second = sub.box[pair], sub.box[pair + 1]
    nested = ((first[:, :2] <= second[:, :2]) & (first[:, 2:] >= second[:, 2:])).all(axis=1)
    nested |= ((first[:, :2] >= second[:, :2]) & (first[:, 2:] <= second[:, 2:])).all(axis=1)
    area[pair[nested]] = area[pair[nested] + 1] = False
    owner = sub.path[area]
    return common.within(np.concatenate([sub.box[area], paths.fill_grey[owner, None]], axis=1), paths.clip[owner])
