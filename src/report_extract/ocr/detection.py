"""Where lines of print stand on a picture: PP-OCRv6's detector, and what it missed."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ..core.geometry import BBox, union
from ..core.model import Array
from ..imaging import Raster
from ..imaging.components import Pieces, pieces
from .rapidocr import session

_DETAIL = 110.0  # dots an inch that the detector sees: a letter of 9 points is 14 pixels high
_LONGEST = 1920
_PAPER = 215  # what is darker, once shrunken, may be ink
_BESIDE_INK = 24  # pixels of white that the detector sees around ink
_SURE = 0.3
_UNCLIP = 1.5  # how much the detector's shrunken areas are grown (Liao et al., "Real-time scene text
# detection with differentiable binarization", 2020): area x this / perimeter
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_SPREAD = np.array([0.229, 0.224, 0.225], np.float32)
_INK = 160
_BLUR, _FAINT = 0.24, 205  # points; what is darker than this once it is blurred is faint ink
_SPECK = 1.1  # points, of what is faint ink
_LARGEST, _SMALLEST = 2.0, 0.3  # ems: what is larger is no letter, what is smaller no letter that stands alone
_MARK = 0.15  # ems: what is smaller is not even a 。 at the end of a line
_CUT = 0.25  # the share of a letter from which it belongs to the box that cuts it
_NEXT_LINE = 0.4  # of the lower box's height: what stands so much lower is of the next line
_ABOVE = 0.3  # of the narrower box's width: so much of it two lines share that stand one above the other
_BESIDE = 0.7  # ems from a letter to the next one of its line


def text_boxes(raster: Raster) -> list[BBox]:
    """Boxes, in points, around the lines of print on a straightened page, as they lie on it.

    No box crosses a rule that runs through all of it.
    """
    picture = raster.plain
    height, width = picture.shape
    factor = min(_DETAIL / (72 * raster.scale), _LONGEST / max(height, width))
    areas = _apart(_areas(_probabilities(picture, factor), factor), picture)
    boxes = [part for area in areas for part in _split(area, raster)]
    return _completed([box for box in (_snapped(part, raster) for part in boxes) if box], raster)


def _completed(boxes: list[BBox], raster: Raster) -> list[BBox]:
    """The boxes grown to the whole of the letters that they cut, and boxes for letters that lie in none.

    The detector overlooks a lone 1 and a lone dash, and of a lone figure it may see but a part.
    """
    if not boxes:
        return boxes
    em = float(np.median([min(box.width, box.height) for box in boxes])) * raster.scale
    found = pieces((raster.plain < _INK).astype(np.uint8))
    sides = found.stats[:, 2:4]
    inked = (sides.max(axis=1) < _LARGEST * em) & (sides.max(axis=1) > _MARK * em) & (sides.min(axis=1) > 1)
    inked[0] = False
    corners = np.hstack([found.stats[:, :2], found.stats[:, :2] + sides])
    grown = [_grown(box, found, corners, inked, raster.scale) for box in boxes]
    alone = inked & (sides.max(axis=1) > _SMALLEST * em)
    return grown + _left_out(corners[alone], em / raster.scale, raster.scale)


def _grown(box: BBox, found: Pieces, corners: Array, letter: Array, scale: float) -> BBox:
    """The box (points) with all of each letter of which it holds a good part; those letters are letters no more."""
    x0, top, x1, bottom = (round(v * scale) for v in box)
    held = np.unique(found.labels[found.within(max(0, top), bottom), max(0, x0) : x1])
    inside = np.minimum(corners[held, 2:], (x1, bottom)) - np.maximum(corners[held, :2], (x0, top))
    share = inside.prod(axis=1) / (corners[held, 2:] - corners[held, :2]).prod(axis=1)
    cut = held[letter[held] & (share > _CUT)]
    letter[held] = False
    if not cut.size:
        return box
    low, high = corners[cut, :2].min(axis=0) / scale, corners[cut, 2:].max(axis=0) / scale
    return BBox(
        min(box.x0, float(low[0])),
        min(box.top, float(low[1])),
        max(box.x1, float(high[0])),
        max(box.bottom, float(high[1])),
    )


def _left_out(corners: Array, em: float, scale: float) -> list[BBox]:
    """Boxes (points) around letters, those side by side together.

    Args:
        corners: left, top, right and bottom of the letters in pixels, shape (n, 4).
        em: the size of a letter, points.
        scale: pixels a point.
    """
    boxes: list[BBox] = []
    for x0, top, x1, bottom in sorted((corners / scale).tolist()):
        letter = BBox(x0, top, x1, bottom)
        for i, box in enumerate(boxes):
            level = min(box.bottom, bottom) - max(box.top, top) > 0.3 * min(box.height, letter.height)
            if level and x0 - box.x1 < _BESIDE * em:
                boxes[i] = union([box, letter])
                break
        else:
            boxes.append(letter)
    return boxes


def _probabilities(picture: Array, factor: float) -> Array:
    """How likely each place of the picture shrunken by ``factor`` is the core of a line."""
    import cv2

    small = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    found = np.zeros(small.shape, np.float32)
    ink = cv2.blur(small, (5, 5)) < _PAPER
    rows, columns = (np.flatnonzero(_beside(ink.any(axis=axis))) for axis in (1, 0))
    if not len(rows):
        return found
    inked = small[np.ix_(rows, columns)]
    padded = np.pad(inked, [(0, -side % 32) for side in inked.shape], constant_values=255)
    shades = ((np.arange(256)[:, None] / 255.0 - _MEAN) / _SPREAD).T.astype(np.float32)
    (output,) = session("PP-OCRv6_det_small.onnx", parallel=1).run(None, {"x": shades[:, padded][None]})
    found[np.ix_(rows, columns)] = output[0, 0, : len(rows), : len(columns)]
    return found


def _beside(inked: Array) -> Array:
    """Which rows (or columns) hold ink or lie beside it: what the detector need not see is left out."""
    return np.convolve(inked, np.ones(2 * _BESIDE_INK + 1), "same") > 0


def _areas(probabilities: Array, factor: float) -> list[BBox]:
    """The grown boxes of the detector's areas, in pixels of the full picture."""
    import cv2

    mask = (probabilities > _SURE).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    boxes = []
    for x, y, width, height, area in stats[1:count]:
        if area < 6 or min(width, height) < 2:
            continue
        grow = _UNCLIP * width * height / (2 * (width + height)) + 1
        boxes.append(BBox(*(v / factor for v in (x - grow, y - grow, x + width + grow, y + height + grow))))
    return boxes


def _apart(boxes: list[BBox], picture: Array) -> list[BBox]:
    """The boxes (pixels), those of lines set close cut where there is least ink between them.

    Grown to the height of their letters they reach into the lines above and below.
    """
    edges = np.array(boxes).reshape(-1, 4)
    middles = (edges[:, 1] + edges[:, 3]) / 2
    heights, widths = edges[:, 3] - edges[:, 1], edges[:, 2] - edges[:, 0]
    for upper in np.argsort(middles).tolist():
        shared = np.minimum(edges[:, 2], edges[upper, 2]) - np.maximum(edges[:, 0], edges[upper, 0])
        below = middles - middles[upper] > _NEXT_LINE * np.minimum(heights, heights[upper])
        close = (edges[:, 1] < edges[upper, 3]) & (shared > _ABOVE * np.minimum(widths, widths[upper]))
        for lower in np.flatnonzero(below & close).tolist():
            start, end = max(edges[lower, 1], middles[upper]), min(edges[upper, 3], middles[lower])
            left, right = max(edges[lower, 0], edges[upper, 0]), min(edges[lower, 2], edges[upper, 2])
            ink = picture[round(start) : round(end) + 1, max(0, round(left)) : round(right)] < _INK
            if not ink.size:
                continue
            weight = ink.sum(axis=1)
            cut = round(start) + float(np.flatnonzero(weight == weight.min()).mean())
            edges[upper, 3], edges[lower, 1] = min(edges[upper, 3], cut), max(edges[lower, 1], cut)
    return [BBox(*box) for box in edges.tolist()]


def _split(box: BBox, raster: Raster) -> list[BBox]:
    """The box (pixels) cut at every rule that runs through it."""
    rules = raster.rules
    across = 0.3 * box.height
    cuts = [
        x
        for y0, y1, x, _ in rules.vertical
        if box.x0 + 2 < x < box.x1 - 2 and y0 < box.top + across and y1 > box.bottom - across
    ]
    edges = [box.x0, *sorted(cuts), box.x1]
    columns = [box._replace(x0=a, x1=b) for a, b in pairwise(edges)]
    parts = []
    for column in columns:
        inside = 0.3 * column.width
        cuts = [
            y
            for x0, x1, y, _ in rules.horizontal
            if column.top + 0.25 * column.height < y < column.bottom - 0.25 * column.height
            and x0 < column.x0 + inside
            and x1 > column.x1 - inside
        ]
        edges = [column.top, *sorted(cuts), column.bottom]
        parts += [column._replace(top=a, bottom=b) for a, b in pairwise(edges)]
    return parts


def _snapped(box: BBox, raster: Raster) -> BBox | None:
    """The box (pixels) drawn in to its ink, in points; None where there is next to none."""
    import cv2

    height, width = raster.plain.shape
    x0, top = max(0, round(box.x0)), max(0, round(box.top))
    x1, bottom = min(width, round(box.x1)), min(height, round(box.bottom))
    part = raster.plain[top:bottom, x0:x1]
    if not part.size:
        return None
    # A worn 。 at the end of a line is a grey spot; what is smaller is dirt.
    soft = (cv2.GaussianBlur(part, (0, 0), _BLUR * raster.scale) < _FAINT).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(soft, connectivity=8)
    letters = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) > _SPECK * raster.scale
    letters[0] = False
    rows = np.flatnonzero((letters[labels] & (part < _INK)).any(axis=1))
    columns = np.flatnonzero(letters[labels][rows].any(axis=0))
    if not columns.size or max(rows[-1] - rows[0], columns[-1] - columns[0]) < 1.5 * raster.scale:
        return None
    edges = (x0 + columns[0], top + rows[0], x0 + columns[-1] + 1, top + rows[-1] + 1)
    return BBox(*(float(v) / raster.scale for v in edges))
