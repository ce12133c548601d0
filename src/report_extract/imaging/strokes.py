"""Strokes of letters that lead from rule to rule, as those of print that fills a low row do: they are no rules.

A rule that is no longer than a letter is high either goes on in line, over the next row, or stands free: no ink hangs
on it.
"""

from __future__ import annotations

import numpy as np

from ..core.model import Array

# All in points.
_LETTER = 20.0  # what is longer is no stroke of a letter
_ENDS = 1.5  # of a run: what lies so near its ends may be the rules that it meets
_BESIDE = 4.0  # how far beside a run ink is looked at
_HANGS = 1.2  # ink that hangs on a run reaches farther than the run's own blur
_LEVEL, _ONWARD = 1.0, 3.0  # how far two parts of one rule lie askew, and how far apart one behind the other


def of_letters(runs: Array, picture: Array, scale: float) -> Array:
    """Which runs are strokes of letters: bool, shape (n,).

    Args:
        runs: those that meet rules at both ends: x0, x1, y, thickness, label, kind each, shape (n, 6).
        picture: uint8, 1 for ink.
        scale: pixels a point.
    """
    short = (runs[:, 1] - runs[:, 0] < _LETTER * scale) & (runs[:, 4] > 0)
    hung = np.array([bool(s) and _hung(run, picture, scale) for run, s in zip(runs, short, strict=True)], bool)
    free = runs[~hung]
    for i in np.flatnonzero(hung).tolist():
        level = np.abs(free[:, 2] - runs[i, 2]) < _LEVEL * scale
        onward = np.maximum(free[:, 0], runs[i, 0]) - np.minimum(free[:, 1], runs[i, 1]) < _ONWARD * scale
        hung[i] = not (level & onward).any()
    return hung


def _hung(run: Array, picture: Array, scale: float) -> bool:
    """Does ink hang on the run, at one side at least, between its ends?"""
    import cv2

    x0, x1 = round(run[0] + _ENDS * scale), round(run[1] - _ENDS * scale)
    half, beside = run[3] / 2, _BESIDE * scale
    top, bottom = max(0, round(run[2] - half - beside)), round(run[2] + half + beside) + 1
    if x1 - x0 < 2:
        return False
    part = np.ascontiguousarray(picture[top:bottom, x0:x1])
    _, labels, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    own = np.unique(labels[max(0, round(run[2] - half) - top) : round(run[2] + half) + 1 - top])
    own = own[own > 0]
    if not own.size:
        return False
    above = run[2] - half - top - stats[own, 1].min()
    below = (stats[own, 1] + stats[own, 3]).max() - (run[2] + half - top)
    return bool(max(above, below) > _HANGS * scale)
