"""The pieces of ink in a picture that hang together: of a mask, of filled areas, of dots and dashes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.model import Array
from .holes import is_round

SURE, BRIEF, DOTS, CROSSED = range(4)  # kinds of runs of ink: a rule for certain, or one if it meets others

# All in points.
_THICK = 4.5  # what is thicker is a filled area
_BLOCK = 14.0  # a filled area of this size has edges that stand for rules
_HOLE = 11.5  # a punch hole is no smaller, a ● no larger
_DOT = 1.8  # a dot or a dash is at most so high
_DASH = 9.0  # and so long
_LOOK = 4  # pixels: a filled area is looked for at every so many


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """The pieces of a mask, labelled where it has any: most rows of a mask of rules are empty.

    Attributes:
        rows: the rows that are labelled, ascending, shape (n,).
        labels: the label of each of their pixels, 0 for none, int32, shape (n, width).
        stats: x, y, width, height and area of each piece, the first of all else, shape (pieces, 5).
    """

    rows: Array
    labels: Array
    stats: Array

    def own(self, label: int) -> Array:
        """Which pixels in its box are of a piece: bool."""
        x, y, width, height = self.stats[label, :4]
        at = int(np.searchsorted(self.rows, y))
        return np.asarray(self.labels[at : at + height, x : x + width] == label)

    def within(self, top: int, bottom: int) -> slice:
        """The labelled rows from ``top`` to before ``bottom``, as places in ``rows``."""
        return slice(*np.searchsorted(self.rows, (top, bottom)).tolist())


def pieces(mask: Array) -> Pieces:
    """The pieces of a mask (uint8, shape (height, width)) that hang together, corners included."""
    import cv2

    inked = np.asarray(mask.any(axis=1))
    inked[1:] |= inked[:-1]  # one empty row below each band keeps it apart from the next
    rows = np.flatnonzero(inked) if inked.any() else np.zeros(1, np.intp)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask[rows], connectivity=8)
    stats[1:, 1] = rows[stats[1:, 1]]
    return Pieces(rows, labels, stats)


def blocks(picture: Array, scale: float) -> tuple[Array | None, Array, Array, Array]:
    """Filled areas (their pixels), the punch holes among them (x, y, radius), and the horizontal and vertical edges.

    A dark or half-toned heading swallows the rules around it: its edges are where they were. A punch hole has none.

    Args:
        picture: uint8, 1 for ink, shape (height, width).
        scale: pixels a point.

    Returns:
        The pixels as a mask or None where there are none; holes of shape (n, 3); x0, x1, y, thickness, 0, 0 an edge.
    """
    import cv2

    side = round(_THICK * scale)
    # Half-tone dots grow together; strokes of letters, at half the distance, do not become areas.
    toned = cv2.morphologyEx(picture, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    least = _BLOCK * scale
    flat: list[tuple[float, ...]] = []
    upright: list[tuple[float, ...]] = []
    holes, mask = [], None
    coarse = max(1, side // _LOOK)
    if cv2.erode(toned[::_LOOK, ::_LOOK], np.ones((coarse, coarse), np.uint8)).any():
        found = pieces(np.asarray(cv2.morphologyEx(toned, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))))
        kept = np.zeros(len(found.stats), np.uint8)
        for label, (x, y, width, height, area) in enumerate(found.stats[1:].tolist(), 1):
            if min(width, height) < least * 0.6 or area < 0.5 * width * height:
                continue
            if min(width, height) > _HOLE * scale and is_round(found.own(label)):
                kept[label] = 1
                holes.append((x + width / 2, y + height / 2, max(width, height) / 2))
                continue
            if max(width, height) < least:
                continue
            kept[label] = 1
            flat += [(x, x + width, y, 1, 0, 0), (x, x + width, y + height, 1, 0, 0)]
            upright += [(y, y + height, x, 1, 0, 0), (y, y + height, x + width, 1, 0, 0)]
        if kept.any():
            mask = np.zeros_like(picture)
            mask[found.rows] = kept[found.labels]
    edges = [np.array(runs, float).reshape(-1, 6) for runs in (flat, upright)]
    return mask, np.array(holes, float).reshape(-1, 3), edges[0], edges[1]


def small_pieces(picture: Array, scale: float) -> tuple[Array, Array]:
    """Only the pieces that may be dots and dashes of a horizontal, and of a vertical rule: uint8 0 or 1."""
    found = pieces(picture)
    widths, heights = found.stats[:, 2] / scale, found.stats[:, 3] / scale
    flat = (heights <= _DOT) & (widths <= _DASH)
    upright = (widths <= _DOT) & (heights <= _DASH)
    kinds = (flat + 2 * upright).astype(np.uint8)
    kinds[0] = 0
    kind = np.zeros_like(picture)
    kind[found.rows] = kinds[found.labels]
    return kind & 1, kind >> 1
