"""What the clip of a text hides of it: whole letters, parts of letters, or nothing, as the next strip shows the rest.

Printer drivers draw one text in several strips, each clipped to its own. pdfium gives each letter once, with the clip
of one of its strips: such a clip is lower than the letters, as no cell's is, and the rest of the letters is seen all
the same.
"""

from __future__ import annotations

import numpy as np

from ..core.model import CHAR, Array

HALF_ALONG, HALF_ACROSS = 0.3, 0.38  # the share of a letter, along and across its line, that a clip must cut to hurt it
STRIP = 0.8  # of the size: a clip lower than this is a strip of a page that is drawn in strips
_INNER = 0.2  # the share of a letter's width, on either side, in which its neighbours may have ink
_FEW = 8  # letters from which, and
_MOSTLY = 0.6  # the share of them whose rest is seen, from which a page is drawn in strips


def clipped(corners: Array, clip: Array, rotation: Array) -> tuple[Array, Array, Array]:
    """Which characters have their middle outside their clip, which others reach out, which of the first in."""
    left, top, right, bottom = clip.T
    x, y = (corners[:, 0] + corners[:, 2]) / 2, (corners[:, 1] + corners[:, 3]) / 2
    away: Array = (x < left) | (x > right) | (y < top) | (y > bottom)
    wide, high = corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1]
    upright = rotation % 180 == 0
    along, across = np.where(upright, HALF_ALONG, HALF_ACROSS), np.where(upright, HALF_ACROSS, HALF_ALONG)
    out = np.maximum(left - corners[:, 0], corners[:, 2] - right) > along * wide
    out |= np.maximum(top - corners[:, 1], corners[:, 3] - bottom) > across * high
    within = (corners[:, 0] < right) & (corners[:, 2] > left) & (corners[:, 1] < bottom) & (corners[:, 3] > top)
    return away, out & ~away, away & within


def drawn_again(chars: Array, again: Array, cut: Array) -> Array:
    """Which of the characters that a clip cuts are drawn again at the same place, where another clip shows the rest."""
    whole = np.zeros(len(chars), bool)
    others = chars[again]
    for k in np.flatnonzero(cut & ~again).tolist() if len(others) else ():
        near = (others["text"] == chars["text"][k]) & (np.abs(others["x0"] - chars["x0"][k]) < chars["size"][k] / 2)
        whole[k] = bool((near & (np.abs(others["top"] - chars["top"][k]) < chars["size"][k] / 4)).any())
    return whole


def strips(corners: Array, clip: Array, rotation: Array, size: Array) -> Array:
    """Where the rest of the letters is that a strip cuts across their line: boxes, shape (n, 4), NaN for other letters.

    Args:
        corners: of the letters, shape (n, 4); clip: of each, the same.
        rotation: quarter turns in degrees; size: in points.
    """
    rest = np.full(corners.shape, np.nan)
    for low, high, mine in ((1, 3, rotation % 180 == 0), (0, 2, rotation % 180 == 90)):
        some = np.flatnonzero(mine & (clip[:, high] - clip[:, low] < STRIP * size))
        above, below = clip[some, low] - corners[some, low], corners[some, high] - clip[some, high]
        box = corners[some].copy()
        box[:, high] = np.where(above > below, np.minimum(clip[some, low], box[:, high]), box[:, high])
        box[:, low] = np.where(above > below, box[:, low], np.maximum(clip[some, high], box[:, low]))
        along = (0, 2) if low else (1, 3)
        inner = _INNER * (box[:, along[1]] - box[:, along[0]])
        box[:, along[0]] += inner
        box[:, along[1]] -= inner
        rest[some] = np.where((np.maximum(above, below) > 0)[:, None], box, np.nan)
    return rest


def rests(boxes: Array) -> Array:
    """Such boxes as CHAR records, to be looked for on a picture."""
    records = np.zeros(len(boxes), CHAR)
    records["x0"], records["top"], records["x1"], records["bottom"] = boxes.T
    return records


def in_strips(seen: Array) -> bool:
    """Is a page drawn in strips, by which of the letters that these cut have ink beyond them?"""
    return len(seen) >= _FEW and bool(seen.mean() >= _MOSTLY)
