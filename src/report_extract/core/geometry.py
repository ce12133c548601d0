"""Boxes on a page, and what happens to them when the page is turned.

All coordinates are PDF points with the origin at the top left of the page as displayed, x to the right
and y ("top", "bottom") downward.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

ROTATIONS = (0, 90, 180, 270)


class BBox(NamedTuple):
    """A rectangle: left, top, right and bottom edge in points."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def area(self) -> float:
        return max(0.0, self.width) * max(0.0, self.height)

    @property
    def center(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2

    def contains(self, x: float, y: float) -> bool:
        return self.x0 <= x <= self.x1 and self.top <= y <= self.bottom

    def grown(self, by: float) -> BBox:
        """The box with every edge moved outward by ``by`` points."""
        return BBox(self.x0 - by, self.top - by, self.x1 + by, self.bottom + by)


def union(boxes: Iterable[BBox]) -> BBox:
    """The smallest box around all of ``boxes``, of which there is at least one."""
    x0s, tops, x1s, bottoms = zip(*boxes, strict=True)
    return BBox(min(x0s), min(tops), max(x1s), max(bottoms))


def intersection(a: BBox, b: BBox) -> BBox | None:
    """What two boxes share, or None where they do not overlap."""
    box = BBox(max(a.x0, b.x0), max(a.top, b.top), min(a.x1, b.x1), min(a.bottom, b.bottom))
    return box if box.width > 0 and box.height > 0 else None


def overlap(a: BBox, b: BBox) -> float:
    """The share of the smaller box that the other covers, 0..1."""
    shared = intersection(a, b)
    smaller = min(a.area, b.area)
    return shared.area / smaller if shared and smaller > 0 else 0.0


def turned(box: BBox, by: int, width: float, height: float) -> BBox:
    """The box after its page of ``width`` x ``height`` points is turned clockwise by ``by`` degrees.

    Turning by 90 or 270 swaps the page's sides: the result lies on a page of ``height`` x ``width``.
    """
    x0, top, x1, bottom = box
    match by % 360:
        case 0:
            return BBox(x0, top, x1, bottom)
        case 90:
            return BBox(height - bottom, x0, height - top, x1)
        case 180:
            return BBox(width - x1, height - bottom, width - x0, height - top)
        case 270:
            return BBox(top, width - x1, bottom, width - x0)
    raise ValueError(f"a page turns by 0, 90, 180 or 270 degrees, not by {by}")
