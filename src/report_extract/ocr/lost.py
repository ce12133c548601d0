"""Letters that a page shows and its text layer leaves out: a font's map calls them blanks."""

from __future__ import annotations

import numpy as np

from ..model import Array, Flag
from ..raster import Raster

UNKNOWN = "\ufffd"


def lost_letters(chars: Array, picture: Raster) -> Array:
    """Records of unknown letters for ink beside ``chars`` that belongs to none of them.

    A map that calls a letter a blank makes readers leave it out: only its ink is left.
    """
    import cv2

    em = float(np.median(chars["size"]))
    left = np.ascontiguousarray(picture.plain < 160).astype(np.uint8)
    reach = 0.08 * em
    for x0, top, x1, bottom in _corners(chars, reach, picture.scale):
        left[max(0, top) : bottom, max(0, x0) : x1] = 0
    joined = cv2.dilate(left, np.ones((max(1, round(0.12 * em * picture.scale)),) * 2, np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    lost = []
    for x, y, width, height, _ in stats[1:] / picture.scale:
        if not (0.25 * em < max(width, height) < 1.4 * em and min(width, height) > 0.12 * em):
            continue
        middle = (chars["top"] + chars["bottom"]) / 2
        level = np.abs(middle - (y + height / 2)) < 0.5 * em
        beside = (chars["x0"] < x + width + 1.2 * em) & (chars["x1"] > x - 1.2 * em)
        if (level & beside).any():
            lost.append((x, y, x + width, y + height))
    records = np.zeros(len(lost), chars.dtype)
    if lost:
        records["x0"], records["top"], records["x1"], records["bottom"] = np.array(lost).T
        records["text"], records["size"], records["code"] = UNKNOWN, em, -1
        records["font"], records["rotation"] = chars["font"][0], chars["rotation"][0]
        records["flags"] = Flag.UNICODE_ERROR
    return records


def _corners(chars: Array, grown: float, scale: float) -> Array:
    """Left, top, right and bottom of each character in pixels, grown by some points."""
    boxes = np.stack([chars["x0"] - grown, chars["top"] - grown, chars["x1"] + grown, chars["bottom"] + grown])
    return np.asarray(np.round(boxes.T * scale), np.int64)
