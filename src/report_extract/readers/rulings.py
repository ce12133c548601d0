"""From drawn segments and rectangles to lines and areas: what every reader of paths shares."""

from __future__ import annotations

import numpy as np

from ..core.model import IMAGE, RULING, RULING_THIN_RECT, Array

THIN = 3.0  # points: a filled rectangle no thicker than this is a line
SLANT = 0.3  # points a line may deviate from the axis over its length, or
SLOPE = 0.005  # this share of its length
SHORTEST = 0.1  # points: anything shorter is no line
SHORTEST_EDGE = 3.0  # points: a shorter edge of a filled area belongs to a drawing or a letter
WHITE = 0.97  # no darker than this is the colour of paper


def from_segments(ends: Array, width: Array, kind: Array, grey: Array, clip: Array) -> Array:
    """The axis-parallel ones among drawn segments.

    Args:
        ends: x, y, x, y of each segment as displayed, shape (n, 4).
        width, kind, grey: of each.
        clip: the box in which each can be seen, shape (n, 4).

    Returns:
        x0, top, x1, bottom, width, kind, grey of each line, shape (m, 7).
    """
    dx, dy = np.abs(ends[:, 2] - ends[:, 0]), np.abs(ends[:, 3] - ends[:, 1])
    length, off = np.maximum(dx, dy), np.minimum(dx, dy)
    fit = np.flatnonzero((length >= SHORTEST) & (off <= np.maximum(SLANT, SLOPE * length)) & (off < length))
    ends, flat = ends[fit], (dx >= dy)[fit]
    low, high = np.minimum(ends[:, :2], ends[:, 2:]), np.maximum(ends[:, :2], ends[:, 2:])
    middle = (low + high) / 2
    low = np.where(np.stack([flat, ~flat], 1), low, middle)
    high = np.where(np.stack([flat, ~flat], 1), high, middle)
    lines = np.concatenate([low, high, width[fit, None], kind[fit, None], grey[fit, None]], axis=1)
    return within(lines, clip[fit])


def from_thin_boxes(boxes: Array, extra: Array, grey: Array, clip: Array) -> Array:
    """Lines along the middle of thin boxes (n, 4); ``extra`` is the width of a stroke around each.

    A box about as wide as high, a dot of a dotted line, runs both ways: its neighbours will tell.
    """
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    across, down = np.flatnonzero(width >= 0.67 * height), np.flatnonzero(height >= 0.67 * width)
    both = np.concatenate([across, down])
    ends = np.concatenate(
        [
            np.stack([boxes[:, 0], y, boxes[:, 2], y], 1)[across],
            np.stack([x, boxes[:, 1], x, boxes[:, 3]], 1)[down],
        ]
    )
    thickness = np.concatenate([(height + extra)[across], (width + extra)[down]])
    return from_segments(ends, thickness, np.full(len(both), RULING_THIN_RECT), grey[both], clip[both])


def thin(boxes: Array) -> Array:
    """Which boxes (n, 4) are lines rather than areas."""
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    short, long = np.minimum(width, height), np.maximum(width, height)
    lines: Array = (short <= THIN) & ((long >= 2 * short) | (long <= THIN / 2)) & (long >= SHORTEST)
    return lines


def within(rows: Array, clip: Array) -> Array:
    """``rows`` (x0, top, x1, bottom, ...) cut to the boxes in ``clip``, (n, 4) or (4,); those outside left out."""
    slack = 0.5  # a line drawn on the very edge of its clip is still half seen
    low, high = rows[:, :2], rows[:, 2:4]
    inner, outer = np.broadcast_to(clip, (len(rows), 4))[:, :2], np.broadcast_to(clip, (len(rows), 4))[:, 2:]
    line = low == high  # the axis a line has no extent along is not cut
    cut = rows.copy()
    cut[:, :2] = np.where(line, low, np.maximum(low, inner))
    cut[:, 2:4] = np.where(line, high, np.minimum(high, outer))
    extent = cut[:, 2:4] - cut[:, :2]
    seen = (extent >= 0).all(axis=1) & (extent > 0).any(axis=1)
    seen &= ((cut[:, :2] <= outer + slack) & (cut[:, 2:4] >= inner - slack)).all(axis=1)
    return cut[seen]


def visible(lines: Array, fills: Array) -> Array:
    """``lines`` (m, 7) without the white ones, unless these run over a darker area."""
    white = lines[:, 6] >= WHITE
    if not white.any():
        return lines
    x, y = (lines[:, 0] + lines[:, 2]) / 2, (lines[:, 1] + lines[:, 3]) / 2
    keep = ~white
    for area in fills[fills[:, 4] < WHITE]:
        keep |= white & (area[0] <= x) & (x <= area[2]) & (area[1] <= y) & (y <= area[3])
    return lines[keep]


def unique(lines: Array) -> Array:
    """The lines without exact repetitions (to .05 points), in their order."""
    if len(lines) < 2:
        return lines
    x0, top, x1, bottom = np.round(lines[:, :4] * 20).astype("i8").T
    across, down = (x0 << 32) + x1, (top << 32) + bottom
    order = np.lexsort((down, across))  # stable: of equal ones the first stays first
    again = (np.diff(across[order]) == 0) & (np.diff(down[order]) == 0)
    return lines[np.sort(order[np.r_[True, ~again]])]


def pictures(boxes: Array, clip: Array, view: tuple[float, float]) -> tuple[Array, Array]:
    """IMAGE records of pictures (n, 4), and RULING records of those so thin that they serve as lines."""
    line = thin(boxes)
    page, none = np.array([0.0, 0.0, *view]), np.zeros(int(line.sum()))
    lines = from_thin_boxes(boxes[line], none, none, clip[line])
    images = within(within(boxes[~line], clip[~line]), page)
    return records(images, IMAGE), records(within(lines, page), RULING)


def records(rows: Array, dtype: np.dtype[np.void]) -> Array:
    """``rows`` as RULING or FILL records; columns beyond the record's are dropped."""
    table = np.zeros(len(rows), dtype)
    for name, column in zip(dtype.names or (), rows.T, strict=False):
        table[name] = column
    return table
