"""Where lines of print stand on a picture: PP-OCRv6's detector, and what it missed."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ..geometry import BBox
from ..model import Array
from ..raster import Raster
from .rapidocr import session

_DETAIL = 110.0  # dots an inch that the detector sees: a letter of 9 points is 14 pixels high
_LONGEST = 1920
_SURE = 0.3
_UNCLIP = 1.5  # how much the detector's shrunken areas are grown (Liao et al., "Real-time scene text
# detection with differentiable binarization", 2020): area x this / perimeter
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_SPREAD = np.array([0.229, 0.224, 0.225], np.float32)
_INK = 160


def text_boxes(raster: Raster) -> list[BBox]:
    """Boxes, in points, around the lines of print on a straightened page, as they lie on it.

    No box crosses a rule that runs through all of it.
    """
    picture = raster.plain
    height, width = picture.shape
    factor = min(_DETAIL / (72 * raster.scale), _LONGEST / max(height, width))
    areas = _areas(_probabilities(picture, factor), factor)
    boxes = [part for area in areas for part in _split(area, raster)]
    return [box for box in (_snapped(part, raster) for part in boxes) if box]


def _probabilities(picture: Array, factor: float) -> Array:
    """How likely each place of the picture shrunken by ``factor`` is the core of a line."""
    import cv2

    height, width = (max(32, round(side * factor / 32) * 32) for side in picture.shape)
    small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    colour = ((small[..., None] / 255.0 - _MEAN) / _SPREAD).transpose(2, 0, 1)[None].astype(np.float32)
    (output,) = session("rapidocr", "PP-OCRv6_det_small.onnx").run(None, {"x": colour})
    full: Array = output[0, 0]
    return np.asarray(cv2.resize(full, (round(picture.shape[1] * factor), round(picture.shape[0] * factor))))


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
    height, width = raster.plain.shape
    x0, top = max(0, round(box.x0)), max(0, round(box.top))
    x1, bottom = min(width, round(box.x1)), min(height, round(box.bottom))
    ink = raster.plain[top:bottom, x0:x1] < _INK
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not rows.size or max(rows[-1] - rows[0], columns[-1] - columns[0]) < 1.5 * raster.scale:
        return None
    edges = (x0 + columns[0], top + rows[0], x0 + columns[-1] + 1, top + rows[-1] + 1)
    return BBox(*(float(v) / raster.scale for v in edges))
