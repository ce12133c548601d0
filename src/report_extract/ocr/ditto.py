"""The ditto mark 〃, which the recogniser's alphabet does not have, known by its shape."""

from __future__ import annotations

import numpy as np

from ..core.model import Array

MARK = "〃"
_INK = 160
_LOWEST, _HIGHEST = 2.0, 9.0  # points: the height of its strokes, in print of 6 to 16 points
_LEAN = (0.26, 1.1)  # how far a stroke leans to the right for each step up; that of italics is 0.2
_THIN = 0.2  # of a stroke's length: how far its middle strays from a straight line
_LIKE = 0.7  # how alike the strokes are high
_LEVEL = 0.3  # of their height: how far the strokes stand above one another
_SPECK = 0.02  # of the ink: a piece that small is dirt


def is_ditto(picture: Array, scale: float) -> bool:
    """Are two short strokes, side by side and leaning alike, all that is in a picture?

    Args:
        picture: grey, uint8, shape (height, width), upright.
        scale: pixels a point.
    """
    strokes = _strokes(picture)
    if len(strokes) != 2:
        return False
    (left_x, left_y), (right_x, right_y) = sorted(strokes, key=lambda stroke: float(stroke[0].mean()))
    heights = [float(np.ptp(y) + 1) for y in (left_y, right_y)]
    low, high = min(heights), max(heights)
    if not _LOWEST * scale <= high <= _HIGHEST * scale or low < _LIKE * high:
        return False
    if abs(float(left_y.mean() - right_y.mean())) > _LEVEL * high:
        return False
    if not 0.2 * high < float(right_x.mean() - left_x.mean()) < 1.6 * high:
        return False
    leans = [_lean(x, y) for x, y in ((left_x, left_y), (right_x, right_y))]
    return all(_LEAN[0] <= lean <= _LEAN[1] for lean in leans) and abs(leans[0] - leans[1]) < 0.35


def _strokes(picture: Array) -> list[tuple[Array, Array]]:
    """The pieces of ink, as the x and y of their pixels, without specks; none where there are many."""
    import cv2

    ink = (picture < _INK).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    areas = stats[1:count, cv2.CC_STAT_AREA]
    large = np.flatnonzero(areas > _SPECK * areas.sum()) + 1
    if len(large) != 2:
        return []
    places = [np.nonzero(labels == label) for label in large.tolist()]
    return [(x, y) for y, x in places]


def _lean(x: Array, y: Array) -> float:
    """How far a stroke leans to the right for each step up; 0 where it is not straight."""
    rows, row = np.unique(y, return_inverse=True)
    weights = np.bincount(row)
    middles = np.bincount(row, x) / weights
    if len(rows) < 4:
        return 0.0
    slope, start = np.polyfit(rows, middles, 1, w=np.sqrt(weights))
    stray = float(np.abs(middles - (slope * rows + start)).max())
    return -float(slope) if stray <= _THIN * len(rows) else 0.0
