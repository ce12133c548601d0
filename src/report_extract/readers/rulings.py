"""From drawn segments and rectangles to RULING and FILL records: what every reader of paths shares."""

from __future__ import annotations

import numpy as np

from ..model import FILL, RULING, RULING_THIN_RECT, Array

THIN = 3.0  # points: a filled rectangle no thicker than this is a line
SLANT = 0.3  # points a line may deviate from the axis over its length, or
SLOPE = 0.005  # this share of its length
SHORTEST = 0.1  # points: anything shorter is no line
SHORTEST_EDGE = 3.0  # points: a shorter edge of a filled area belongs to a drawing or a letter
WHITE = 0.97  # no darker than this is the colour of paper


def from_segments(ends: Array, width: Array, kind: Array, clip: Array) -> Array:
    """RULING records of the axis-parallel ones among ``ends``.

    Args:
        ends: x, y, x, y of each segment as displayed, shape (n, 4).
        width, kind: of each.
        clip: the box in which each can be seen, shape (n, 4).
    """
    dx, dy = np.abs(ends[:, 2] - ends[:, 0]), np.abs(ends[:, 3] - ends[:, 1])
    length, off = np.maximum(dx, dy), np.minimum(dx, dy)
    fit = (length >= SHORTEST) & (off <= np.maximum(SLANT, SLOPE * length)) & (off < length)
    ends, width, kind, clip, flat = ends[fit], width[fit], kind[fit], clip[fit], (dx >= dy)[fit]
    middle_x, middle_y = (ends[:, 0] + ends[:, 2]) / 2, (ends[:, 1] + ends[:, 3]) / 2
    rulings = np.zeros(len(ends), RULING)
    rulings["x0"] = np.where(flat, np.minimum(ends[:, 0], ends[:, 2]), middle_x)
    rulings["x1"] = np.where(flat, np.maximum(ends[:, 0], ends[:, 2]), middle_x)
    rulings["top"] = np.where(flat, middle_y, np.minimum(ends[:, 1], ends[:, 3]))
    rulings["bottom"] = np.where(flat, middle_y, np.maximum(ends[:, 1], ends[:, 3]))
    rulings["width"], rulings["kind"] = width, kind
    return within(rulings, clip)


def from_thin_boxes(boxes: Array, extra: Array, clip: Array) -> Array:
    """Rulings along the middle of thin boxes (n, 4); ``extra`` is the width of a stroke around each.

    A box about as wide as high, a dot of a dotted line, runs both ways: its neighbours will tell.
    """
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    across, down = width >= 0.67 * height, height >= 0.67 * width
    ends = np.concatenate(
        [
            np.stack([boxes[:, 0], y, boxes[:, 2], y], 1)[across],
            np.stack([x, boxes[:, 1], x, boxes[:, 3]], 1)[down],
        ]
    )
    thickness = np.concatenate([(height + extra)[across], (width + extra)[down]])
    kind = np.full(len(ends), RULING_THIN_RECT)
    return from_segments(ends, thickness, kind, np.concatenate([clip[across], clip[down]]))


def thin(boxes: Array) -> Array:
    """Which boxes (n, 4) are lines rather than areas."""
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    short, long = np.minimum(width, height), np.maximum(width, height)
    lines: Array = (short <= THIN) & ((long >= 2 * short) | (long <= THIN / 2)) & (long >= SHORTEST)
    return lines


def from_areas(boxes: Array, grey: Array, clip: Array) -> Array:
    """FILL records of filled boxes (n, 4)."""
    fills = np.zeros(len(boxes), FILL)
    fills["x0"], fills["top"], fills["x1"], fills["bottom"] = boxes.T
    fills["grey"] = grey
    return within(fills, clip)


def within(records: Array, clip: Array) -> Array:
    """``records`` cut to the boxes in ``clip`` (n, 4) or (4,), those outside left out."""
    slack = 0.5  # a line drawn on the very edge of its clip is still half seen
    left, top, right, bottom = np.broadcast_to(clip, (len(records), 4)).T
    cut = records.copy()
    flat, upright = records["top"] == records["bottom"], records["x0"] == records["x1"]
    cut["x0"] = np.where(upright, records["x0"], np.maximum(records["x0"], left))
    cut["x1"] = np.where(upright, records["x1"], np.minimum(records["x1"], right))
    cut["top"] = np.where(flat, records["top"], np.maximum(records["top"], top))
    cut["bottom"] = np.where(flat, records["bottom"], np.minimum(records["bottom"], bottom))
    seen = (cut["x1"] >= cut["x0"]) & (cut["bottom"] >= cut["top"])
    seen &= (cut["x1"] - cut["x0"] > 0) | (cut["bottom"] - cut["top"] > 0)
    seen &= (cut["x0"] <= right + slack) & (cut["x1"] >= left - slack)
    seen &= (cut["top"] <= bottom + slack) & (cut["bottom"] >= top - slack)
    return cut[seen]


def on_dark(rulings: Array, fills: Array) -> Array:
    """Those of the white ``rulings`` that run over a darker area, and so can be seen."""
    dark = fills[fills["grey"] < WHITE]
    x, y = (rulings["x0"] + rulings["x1"]) / 2, (rulings["top"] + rulings["bottom"]) / 2
    keep = np.zeros(len(rulings), bool)
    for area in dark if len(rulings) else ():
        keep |= (area["x0"] <= x) & (x <= area["x1"]) & (area["top"] <= y) & (y <= area["bottom"])
    return rulings[keep]


def unique(rulings: Array) -> Array:
    """The rulings without exact repetitions (to .05 points), in their order."""
    if len(rulings) < 2:
        return rulings
    places = np.stack([rulings[name] for name in ("x0", "top", "x1", "bottom")], 1)
    _, first = np.unique(np.round(places * 20).astype("i8"), axis=0, return_index=True)
    return rulings[np.sort(first)]
