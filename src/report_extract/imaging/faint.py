"""Rules too light to be ink: a thin line that is darker than the paper on both its sides, and goes on."""

from __future__ import annotations

import numpy as np

from ..core.model import Array

_INK = 160
_ALONG = 6.0  # points along a line over which it is averaged: grain goes, the line stays
_THIN = 2.5  # points: what is thicker is an area
_BESIDE_INK = 0.7  # points from ink that say nothing: its blur, and what JPEG puts there
_SEEN = 0.5  # the share of the way along the line that is not beside ink
_LEAST = 9.0  # by so many greys a line is darker than its paper at least,
_OVER_GRAIN = 5.0  # and by so many times the usual difference
_SHORTEST = 16.0  # points


def faint_lines(grey: Array, scale: float) -> tuple[Array, Array]:
    """The pixels of light horizontal, and of light vertical lines: uint8 0 or 1, the picture's shape.

    Args:
        grey: uint8, on white ground, shape (height, width).
        scale: pixels a point.
    """
    import cv2

    half = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    found = []
    for turned in (False, True):
        picture = np.asarray(cv2.transpose(half)) if turned else half
        lines = _horizontal(picture, scale / 2)
        lines = np.asarray(cv2.transpose(lines)) if turned else lines
        found.append(np.asarray(cv2.resize(lines, grey.shape[::-1], interpolation=cv2.INTER_NEAREST)))
    return found[0], found[1]


def _horizontal(grey: Array, scale: float) -> Array:
    import cv2

    def odd(points: float) -> int:
        return 2 * max(1, round(points * scale / 2)) + 1

    ink = (grey < _INK).astype(np.uint8)
    near = odd(2 * _BESIDE_INK)
    clear = 1 - cv2.dilate(ink, np.ones((near, near), np.uint8))
    window = (odd(_ALONG), 1)
    share = cv2.blur(clear.astype(np.float32), window)
    mean = cv2.blur(grey.astype(np.float32) * clear, window) / np.maximum(share, 0.01)
    mean = np.where(share > _SEEN, mean, 255.0).astype(np.float32)
    paper = cv2.morphologyEx(mean, cv2.MORPH_CLOSE, np.ones((odd(_THIN), 1), np.uint8))
    depth = paper - mean
    grain = float(np.percentile(depth[share > _SEEN][::17], 75)) if (share > _SEEN).any() else 0.0
    line = (depth > max(_LEAST, _OVER_GRAIN * grain)).astype(np.uint8)
    # A line about as dark as ink is that in parts: it goes on through them.
    whole = line | cv2.dilate(ink, np.ones((1, near + 2), np.uint8))
    return np.asarray(cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones((1, odd(_SHORTEST)), np.uint8)) & line)
