"""A page as a picture: rendered once, its background flattened, straightened, its rules found.

Everything here works in the page's displayed orientation. The coordinates that leave this module are PDF
points of the straightened page; for a page that was straight to begin with these are the page's own.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..core.geometry import BBox
from ..core.model import Array
from ..core.protocols import Document
from .bend import Bend, bend_of
from .faint import faint_lines
from .rulings import Rules, find_rules
from .seals import LOOK_DPI, stamps, unstamped

DPI = 300.0
_MOST_PIXELS = 30e6
_KEPT = 3  # pages whose pictures are held; a page is read, then its cells are
_STEEPEST = 4.0  # degrees of skew that are looked for
_INK = 160  # what is darker than this on a flattened picture is ink


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """A page's picture.

    Attributes:
        grey: the straightened page on white ground, uint8, shape (height, width).
        plain: the same without its rules.
        scale: pixels a point.
        skew: by how many degrees, clockwise, the page lay askew.
        rules: its rules in pixels.
        parts: of a page of text, the pictures on it, each straightened by itself.
        bend: how the page was bent before it was straightened, if it was.
    """

    grey: Array
    plain: Array
    scale: float
    skew: float
    rules: Rules = field(repr=False)
    parts: tuple[Part, ...] = ()
    bend: Bend | None = None

    def rulings(self) -> Array:
        """The rules in points, as RULING records."""
        return self.rules.records(self.scale)

    def crop(self, box: BBox, with_rules: bool = False) -> Array:
        """The part of the picture in ``box`` (points), uint8; empty where the box lies off the page."""
        picture = self.grey if with_rules else self.plain
        height, width = picture.shape
        x0, top, x1, bottom = (round(v * self.scale) for v in box)
        return picture[max(0, top) : min(height, bottom), max(0, x0) : min(width, x1)]

    def displayed(self, box: BBox) -> BBox:
        """Where a box of the straightened page stands on the page as displayed."""
        for part in self.parts:
            if part.place.contains(*box.center):
                return part.moved(part.picture.displayed(part.moved(box, -1)))
        if not self.skew and self.bend is None:
            return box
        height, width = self.grey.shape
        middle = np.array([width, height]) / 2 / self.scale
        angle = np.radians(self.skew)
        centre = np.array(box.center)
        if self.bend:
            x, y = self.bend.moved(*(centre * self.scale))
            centre = np.array([x, y]) / self.scale
        dx, dy = centre - middle
        x = middle[0] + dx * np.cos(angle) - dy * np.sin(angle)
        y = middle[1] + dx * np.sin(angle) + dy * np.cos(angle)
        return BBox(x - box.width / 2, y - box.height / 2, x + box.width / 2, y + box.height / 2)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A picture on a page of text: where it stands (points), and itself."""

    place: BBox
    picture: Raster

    def moved(self, box: BBox, way: int = 1) -> BBox:
        """A box in the picture as one on the page; back again where ``way`` is -1."""
        x, y = way * self.place.x0, way * self.place.top
        return BBox(box.x0 + x, box.top + y, box.x1 + x, box.bottom + y)


_rasters: OrderedDict[tuple[str, int], Raster] = OrderedDict()


def raster(document: Document, number: int) -> Raster:
    """The picture of a page (``number`` from 1). The last few are kept, so that a page is rendered once."""
    key = (document.sha256, number)
    if key not in _rasters:
        _keep(key, straightened(*_rendered(document, number)))
    _rasters.move_to_end(key)
    return _rasters[key]


def _keep(key: tuple[str, int], picture: Raster) -> None:
    _rasters[key] = picture
    while len(_rasters) > _KEPT:
        _rasters.popitem(last=False)


def parts(document: Document, number: int, places: Sequence[BBox], own: Array) -> tuple[Part, ...]:
    """The pictures that stand on a page of text, each straightened by itself.

    From now on ``raster`` gives the page with these in their places; all else on it stays where it is.

    Args:
        number: the page, from 1.
        places: where the pictures stand, in points.
        own: boxes (n, 4), in points, of what is drawn over them and belongs to the page: it is blanked out.
    """
    page, scale = _rendered(document, number)
    plain, found = page.copy(), []
    for place in places:
        x0, top, x1, bottom = (round(v * scale) for v in place)
        picture = page[top:bottom, x0:x1].copy()
        blank(picture, own * scale - [x0, top, x0, top])
        straight = straightened(picture, scale)
        page[top:bottom, x0:x1], plain[top:bottom, x0:x1] = straight.grey, straight.plain
        found.append(Part(BBox(x0 / scale, top / scale, x1 / scale, bottom / scale), straight))
    none = np.zeros((0, 4))
    mounted = Raster(page, plain, scale, 0.0, Rules(none, none, np.zeros((0, 0), bool)), tuple(found))
    _keep((document.sha256, number), mounted)
    return mounted.parts


def blank(picture: Array, boxes: Array) -> None:
    """Fill boxes (n, 4) of pixels with the colour of the paper."""
    height, width = picture.shape
    inside = (boxes[:, 2] > 0) & (boxes[:, 0] < width) & (boxes[:, 3] > 0) & (boxes[:, 1] < height)
    paper = paper_of(picture)
    for x0, top, x1, bottom in boxes[inside].round().astype(int).clip(0).tolist():
        picture[top:bottom, x0:x1] = paper


def paper_of(picture: Array) -> int:
    """The grey, of 255, that most of a picture has, within 8."""
    return min(255, int(np.bincount(picture.ravel() >> 4, minlength=16).argmax()) * 16 + 12)


def _rendered(document: Document, number: int) -> tuple[Array, float]:
    """The picture at a resolution that its size allows, and its scale; without the seals that stand on print."""
    look = document.render(number, LOOK_DPI, colour=True)
    height, width = look.shape[:2]
    dpi = min(DPI, LOOK_DPI * (_MOST_PIXELS / max(1, height * width)) ** 0.5)
    picture, scale = np.require(document.render(number, dpi), requirements="W"), dpi / 72
    for seal in stamps(look):
        x0, top = (max(0, round(edge * scale)) for edge in seal[:2])
        box = BBox(x0 / scale, top / scale, seal.x1, seal.bottom)
        part = unstamped(document.render(number, dpi, box, colour=True))
        place = picture[top : top + part.shape[0], x0 : x0 + part.shape[1]]
        place[:] = part[: place.shape[0], : place.shape[1]]
    return picture, scale


def straightened(picture: Array, scale: float) -> Raster:
    """The Raster of a rendered page.

    Args:
        picture: uint8 grey, shape (height, width).
        scale: pixels a point.
    """
    lit = flattened(picture)
    skew = skew_of(lit < _INK)
    grey = _rotated(lit, skew) if skew else lit
    bend = bend_of(grey < _INK, scale)
    if bend:
        grey = _unbent(lit, skew, bend)
    rules = find_rules(grey < _INK, scale, faint_lines(grey, scale))
    plain = grey.copy()
    plain[rules.mask] = 255
    return Raster(grey, plain, scale, skew, rules, bend=bend)


def flattened(picture: Array) -> Array:
    """The picture with its paper white and its ink black, whatever the light.

    The paper is estimated as a closing of the shrunken picture (ink is small and dark), and divided out; a
    page that is white already stays as it is.
    """
    import cv2

    if np.percentile(picture[::8, ::8], 10) >= 250 and picture.min() < 60:
        return picture
    small = cv2.resize(picture, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    paper = cv2.resize(cv2.medianBlur(paper, 9), picture.shape[::-1], interpolation=cv2.INTER_LINEAR)
    # Paper darker than this is no paper: a filled area stays grey, or its white letters would be lost.
    even = np.minimum(255, picture.astype(np.float32) * 250.0 / np.maximum(paper, 90))
    black = min(120.0, float(np.percentile(even[::4, ::4], 0.5)))
    return np.asarray(np.clip((even - black) * (255.0 / (250.0 - black)), 0, 255), np.uint8)


def skew_of(ink: Array) -> float:
    """How many degrees, clockwise, the page lies askew: 0.0 where that would not show.

    Method: the angle under which the ink's projections onto the two sides are sharpest (largest sum of
    squares), coarse to fine (Postl, "Detection of linear oblique structures and skew scan in digitized
    documents", 1986).
    """
    ys, xs = np.nonzero(ink[::2, ::2])
    if len(xs) < 200:
        return 0.0
    step = max(1, len(xs) // 60_000)
    xs, ys = xs[::step].astype(np.float32), ys[::step].astype(np.float32)
    # Whole pixels would favour the angle 0, where each falls into one bin: they are spread over their pixel.
    xs += (np.arange(len(xs)) * 0.618034 % 1).astype(np.float32)
    ys += (np.arange(len(ys)) * 0.754878 % 1).astype(np.float32)
    angle = 0.0
    for reach, fineness in ((_STEEPEST, 0.2), (0.2, 0.04)):
        angles = angle + np.arange(-reach, reach + fineness / 2, fineness)
        angle = float(angles[int(np.argmax([_sharpness(xs, ys, np.radians(a)) for a in angles]))])
    return angle if abs(angle) > 0.06 else 0.0


def _sharpness(xs: Array, ys: Array, angle: float) -> float:
    across = ys * np.cos(angle) - xs * np.sin(angle)
    along = xs * np.cos(angle) + ys * np.sin(angle)
    total = 0.0
    for places in (across, along):
        # Half pixels, smoothed: a rule that rises by a pixel or two lies in steps, which would favour the angle 0.
        counts = np.bincount((2 * (places - places.min())).astype(np.int32))
        total += float((np.convolve(counts, np.full(4, 0.25)) ** 2).sum())
    return total


def _rotated(picture: Array, skew: float) -> Array:
    """The picture turned back by ``skew`` degrees about its middle, on white."""
    import cv2

    height, width = picture.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
    result: Any = cv2.warpAffine(
        picture, turn, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=255
    )
    return np.asarray(result)


def _unbent(picture: Array, skew: float, bend: Bend) -> Array:
    """The picture turned back by ``skew`` degrees and made flat, in one go, on white."""
    import cv2

    height, width = picture.shape
    x, y = bend.maps(picture.shape)
    (a, b, c), (d, e, f) = cv2.invertAffineTransform(cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0))
    across, down = (np.asarray(p * x + q * y + r, np.float32) for p, q, r in ((a, b, c), (d, e, f)))
    result: Any = cv2.remap(picture, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=255)
    return np.asarray(result)
