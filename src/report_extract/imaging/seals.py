"""Seals over print: on a scan in colour, red and blue ink that was stamped on black letters is taken away.

A seal is one coloured piece, larger than a letter and hollow, with black ink inside. Coloured letters are pieces of
their own, coloured fills are solid, coloured rules reach far: all these stay as they are.
"""

from __future__ import annotations

import numpy as np

from ..core.geometry import BBox
from ..core.model import Array

LOOK_DPI = 72.0
_VIVID = 50  # of 255: a coloured pixel's channels lie so far apart
_DULL, _DARK = 40, 140  # black ink: no farther apart than this, and no lighter
_SIDES = (15.0, 130.0)  # points: from the smallest seal to a date stamp; letters are smaller, rules longer
_SOLID = 0.6  # the share of its box that a filled area covers
_OVER = 0.01  # the share of black in the box of a seal that stands on print
_NEAR = 2  # pixels of the look: a faint ring has gaps
_PALE = 120  # of 255: coloured ink whose brightest channel is this has no black below it


def stamps(look: Array) -> list[BBox]:
    """Boxes, in points, of seals that stand on print.

    Args:
        look: the page at ``LOOK_DPI``, uint8 RGB, shape (height, width, 3); a grey one has none.
    """
    import cv2

    if look.ndim != 3:
        return []
    high, low = _extremes(look)
    vivid = (high - low > _VIVID).astype(np.uint8)
    if vivid.sum() < 2 * _SIDES[0]:
        return []
    black = (high - low < _DULL) & (high < _DARK)
    near = cv2.morphologyEx(vivid, cv2.MORPH_CLOSE, np.ones((1 + _NEAR,) * 2, np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    scale, found = LOOK_DPI / 72, []
    for label in range(1, count):
        x, y, width, height, _ = stats[label].tolist()
        place = np.s_[y : y + height, x : x + width]
        sized = all(_SIDES[0] <= side / scale <= _SIDES[1] for side in (width, height))
        if sized and (vivid[place] & (labels[place] == label)).mean() < _SOLID and black[place].mean() > _OVER:
            found.append(BBox(x / scale, y / scale, (x + width) / scale, (y + height) / scale).grown(_NEAR))
    return found


def unstamped(part: Array) -> Array:
    """A part of a page (uint8 RGB) in grey without coloured ink; what is black below it stays.

    Ink of a colour leaves the light of that colour alone, so that the brightest channel hardly shows it.
    """
    high, low = _extremes(part)
    paper = np.uint8(np.percentile(high, 75))
    alone = (high > _PALE) & (high - low > _VIVID // 2)
    return np.asarray(np.where(alone, np.maximum(high, paper), high))


def _extremes(picture: Array) -> tuple[Array, Array]:
    """The brightest and the darkest of each pixel's three channels."""
    red, green, blue = (np.ascontiguousarray(picture[..., k]) for k in range(3))
    return np.maximum(np.maximum(red, green), blue), np.minimum(np.minimum(red, green), blue)
