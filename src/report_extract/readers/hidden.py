"""What stands in the file but not on the page, told from a picture of the page.

White text on white paper, layers that are switched off, text under a later cover: a viewer draws none of them,
and a glyph that was drawn leaves a contrast in its box. Only pages with cause for suspicion are drawn.
"""

from __future__ import annotations

import numpy as np

from ..core.model import Array

PROOF_DPI = 144.0
CONTRAST = 24  # of 255: a hairline half a pixel wide in mid-grey still makes this much
DARKEST_LIGHT = 0.75  # grey, of 1: on what is darker, white is seen
MOST_AREAS = 400  # filled areas of a page, of more of which no account is made
MAX_PROOF_PIXELS = 40_000_000


def blank(records: Array, picture: Array, dpi: float, margin: Array | float) -> Array:
    """Which of ``records`` (with x0, top, x1, bottom) stand where ``picture`` (uint8 grey, ``dpi``) is even.

    ``margin``: by how many points their boxes are widened first; a line's own box has no paper in it.
    """
    scale = dpi / 72
    height, width = picture.shape
    edges = [np.floor((records[n] - margin) * scale) for n in ("x0", "top")]
    edges += [np.ceil((records[n] + margin) * scale) for n in ("x1", "bottom")]
    limits = (width - 1, height - 1, width, height)
    x0, y0, x1, y1 = (np.clip(e, 0, limit).astype(int).tolist() for e, limit in zip(edges, limits, strict=True))
    even = np.zeros(len(records), bool)
    for k in range(len(records)):
        part = picture[y0[k] : y1[k], x0[k] : x1[k]]
        even[k] = not part.size or int(part.max()) - int(part.min()) < CONTRAST
    return even


def on_dark(chars: Array, fills: Array) -> Array:
    """Which characters stand wholly on areas that are dark, none of them on a light one: white ones are seen there."""
    dark, light = np.zeros(len(chars), bool), np.zeros(len(chars), bool)
    for area in fills[np.argsort(fills["grey"])][:MOST_AREAS]:
        over = (area["x0"] < chars["x1"]) & (area["x1"] > chars["x0"])
        over &= (area["top"] < chars["bottom"]) & (area["bottom"] > chars["top"])
        if area["grey"] >= DARKEST_LIGHT:
            light |= over
        else:
            dark |= over & (area["x0"] <= chars["x0"]) & (area["x1"] >= chars["x1"]) & (
                (area["top"] <= chars["top"]) & (area["bottom"] >= chars["bottom"])
            )
    return dark & ~light if len(fills) <= MOST_AREAS else np.zeros(len(chars), bool)


def covered(records: Array, shown: Array) -> Array:
    """Which of ``records`` have a character of ``shown`` over their middle: the ink there is that one's."""
    x, y = (records["x0"] + records["x1"]) / 2, (records["top"] + records["bottom"]) / 2
    over = np.zeros(len(records), bool)
    for k in range(len(records)):
        near = (shown["x0"] <= x[k]) & (x[k] <= shown["x1"]) & (shown["top"] <= y[k]) & (y[k] <= shown["bottom"])
        over[k] = bool(near.any())
    return over


def inked(records: Array, picture: Array, dpi: float) -> Array:
    """Which of ``records`` have a glyph's ink in their inner half, where no rule or neighbour reaches."""
    inner = records.copy()
    wide, high = (records["x1"] - records["x0"]) / 4, (records["bottom"] - records["top"]) / 4
    inner["x0"], inner["x1"] = records["x0"] + wide, records["x1"] - wide
    inner["top"], inner["bottom"] = records["top"] + high, records["bottom"] - high
    return ~blank(inner, picture, dpi, 0.0)
