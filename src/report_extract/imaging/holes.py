"""Punch holes in a picture: dark where the scanner's lid is, white where its light is, and rules broken by them."""

from __future__ import annotations

import numpy as np

from ..core.model import Array

# All in points.
_CHORD = (8.0, 20.0)  # what a hole takes from a rule
_STRAIGHT = 1.5  # how far the two parts of a rule may lie askew
_NEAR = 3.0  # how far from a rule across, or from the hole, an end may stop and still meet it
_LETTER = 20.0  # what is shorter may be a letter's stroke


def is_round(area: Array) -> bool:
    """Is a filled area (bool, its box) as wide as high, its four corners empty and its middle full?"""
    height, width = area.shape
    if not 0.7 < width / height < 1.4:
        return False
    y, x = max(1, round(0.13 * height)), max(1, round(0.13 * width))
    corners = (area[:y, :x], area[:y, -x:], area[-y:, :x], area[-y:, -x:])
    return max(float(c.mean()) for c in corners) < 0.3 and float(area[y:-y, x:-x].mean()) > 0.8


def white_holes(ink: Array, runs: Array, across: Array, scale: float) -> Array:
    """The round white places where a rule of a table goes missing and comes back: x, y, radius, shape (n, 3).

    Such a rule leads from one rule across to another, but its parts stop before the hole, where there is none;
    two rules in line, of tables one below the other or under headings side by side, do not.

    Args:
        ink: uint8, shape (height, width), turned so that the runs lie along x.
        runs: x0, x1, y, ... a run, shape (n, 6).
        across: y0, y1, x, ... the rules across, shape (m, 6).
        scale: pixels a point.
    """

    def meets(end: float, y: float) -> bool:
        at = (across[:, 0] - reach <= y) & (y <= across[:, 1] + reach)
        return bool((np.abs(across[at, 2] - end) <= reach).any())

    reach, found = _NEAR * scale, []
    for x0, end, y, *_ in runs.tolist():
        gaps = (runs[:, 0] - end) / scale
        behind = (np.abs(runs[:, 2] - y) < _STRAIGHT * scale) & (_CHORD[0] < gaps) & (gaps < _CHORD[1])
        for start, x1, *_ in runs[behind].tolist():
            if (meets(end, y) and meets(start, y)) or not (meets(x0, y) and meets(x1, y)):
                continue
            if max(end - x0, x1 - start) < _LETTER * scale:
                continue
            hole = ((end + start) / 2, y, (start - end) / 2)
            if not _inked(ink, *hole, scale):
                found.append(hole)
    return np.array(found, np.float64).reshape(-1, 3)


def _inked(ink: Array, x: float, y: float, radius: float, scale: float) -> bool:
    """Is there ink in a round place? Its very edge, a point wide, says nothing."""
    left, top = max(0, round(x - radius)), max(0, round(y - radius))
    part = ink[top : round(y + radius) + 1, left : round(x + radius) + 1]
    ys, xs = np.nonzero(part)
    return bool((np.hypot(xs + left - x, ys + top - y) < radius - scale).any())


def mended(
    flat: Array, upright: Array, labels: tuple[Array, Array], holes: Array, scale: float, long: float
) -> tuple[Array, Array]:
    """The runs, those that holes broke in one piece, those that end in a hole as long as they were.

    Args:
        flat: x0, x1, y, thickness, label, kind a run, shape (n, 6); kind 0 is a rule for certain.
        upright: y0, y1, x, ... the same, shape (m, 6).
        labels: the labels of the runs' pixels, and those of the upright ones; changed with the runs.
        holes: x, y, radius, shape (k, 3).
        scale: pixels a point.
        long: the length, in pixels, from which a run is a rule for certain.
    """
    turned = holes[:, [1, 0, 2]]
    flat, upright = _joined(flat, labels[0], holes, scale, long), _joined(upright, labels[1], turned, scale, long)
    _lengthen(flat, upright, holes, scale)
    _lengthen(upright, flat, turned, scale)
    return flat, upright


def _joined(runs: Array, labels: Array, holes: Array, scale: float, long: float) -> Array:
    runs = runs.copy()
    for x, y, radius in holes.tolist():
        before, behind = _ends_at(runs, x, y, radius, scale)
        for one in np.flatnonzero(before).tolist():
            others = np.flatnonzero(behind & (np.abs(runs[:, 2] - runs[one, 2]) < _STRAIGHT * scale))
            if not others.size:
                continue
            other = runs[others[0]]
            labels[labels == other[4]] = runs[one, 4]
            runs[one, 1] = other[1]
            if not runs[one, 5] or not other[5] or other[1] - runs[one, 0] >= long:
                runs[one, 5] = 0
            behind[others[0]] = False
            runs[others[0], 0] = np.inf
        runs = runs[np.isfinite(runs[:, 0])]
    return runs


def _lengthen(runs: Array, across: Array, holes: Array, scale: float) -> None:
    """Lengthens the runs that a hole took an end from, to the rule across that goes through it."""
    for x, y, radius in holes.tolist():
        through = (np.abs(across[:, 2] - x) < radius) & (across[:, 0] < y - radius) & (y + radius < across[:, 1])
        if not through.any():
            continue
        before, behind = _ends_at(runs, x, y, radius, scale)
        runs[before, 1] = np.maximum(runs[before, 1], across[through, 2].min())
        runs[behind, 0] = np.minimum(runs[behind, 0], across[through, 2].max())


def painted(holes: Array, scale: float, shape: tuple[int, ...]) -> Array:
    """Which pixels are of holes, the blur at their edges with them: bool, of ``shape``."""
    import cv2

    mask = np.zeros(shape, np.uint8)
    for x, y, radius in holes.tolist():
        cv2.circle(mask, (round(x), round(y)), round(radius + 0.5 * scale) + 1, 1, -1)
    return mask.astype(bool)


def _ends_at(runs: Array, x: float, y: float, radius: float, scale: float) -> tuple[Array, Array]:
    """Which runs end where a hole begins, and which begin where it ends."""
    chord = np.sqrt(np.maximum(0.0, radius**2 - (runs[:, 2] - y) ** 2))
    through = np.abs(runs[:, 2] - y) < radius
    reach = _NEAR * scale
    return through & (np.abs(runs[:, 1] - x + chord) < reach), through & (np.abs(runs[:, 0] - x - chord) < reach)
