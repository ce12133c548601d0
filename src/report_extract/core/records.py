"""What stands on a page, as records of numpy arrays: characters, rulings, filled areas, pictures."""

from __future__ import annotations

from enum import IntFlag
from typing import Any

import numpy as np
import numpy.typing as npt

from .geometry import BBox

Array = npt.NDArray[Any]


class Flag(IntFlag):
    """What is odd about a character."""

    INVISIBLE = 1  # render mode 3, or clipped away
    UNICODE_ERROR = 2  # the font gives no Unicode for this glyph
    HIDDEN = 4  # white on white, or on a layer that is switched off
    RECOGNISED = 8  # read by a recogniser, or typed out by one (OCR text)
    UNSURE = 16  # read off its shape, with nothing to confirm it
    ASIDE = 32  # stands on the page, but in none of its lines: a watermark, a stamp over other text
    STRUCK = 64  # a line is drawn through it
    CUT = 128  # a part of it, or what followed it, is clipped away or covered
    OVERPRINTED = 256  # other text of its own kind is printed over it
    SURE = 512  # a recogniser is as good as certain of it


_BOX = [(edge, "f8") for edge in BBox._fields]
# One record a character. `rotation`: degrees clockwise of its upright from the page's, a quarter turn where it is near
# one (readers.chars.SLANT); `font` indexes Page.fonts; `code` is the glyph's code in its font where known, else -1.
CHAR = np.dtype(
    [("text", "U4"), *_BOX, ("rotation", "i2"), ("size", "f4"), ("font", "i4"), ("code", "i4"), ("flags", "u2")]
)
# One record a straight line: a horizontal one has top == bottom, a vertical one x0 == x1; `width` in points.
RULING = np.dtype([*_BOX, ("width", "f4"), ("kind", "u1")])
RULING_STROKE, RULING_THIN_RECT, RULING_RECT_EDGE, RULING_FILL_EDGE, RULING_RASTER = range(5)
# One record a filled area that is no ruling; `grey` from 0 (black) to 1 (white).
FILL = np.dtype([*_BOX, ("grey", "f4")])
# One record a picture on the page.
IMAGE = np.dtype(_BOX)
