"""Places around a found table that may be the whole of it: headings above its frame, pieces below one another.

Nothing is decided here: what the models make of such a place is one more account of the table, and the likeliest is
kept.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core.geometry import BBox, union
from ..page.words import Word, text_lines
from .view import Frame

NEAR = 1.0  # ems between a table and a line of headings above it
MOST_LINES = 6  # lines of headings that may stand above
APART = 3.0  # ems between two pieces of one table
ALIKE = 0.85  # the share of its width that a piece has in common with the other


def wider(box: BBox, frame: Frame, others: Sequence[BBox]) -> list[BBox]:
    """Boxes that hold ``box`` and more, of which one may be that of the whole table.

    Args:
        box: a found table, in the view's points.
        frame: the view in which it stands upright.
        others: the other tables that stand upright in this view.
    """
    inside = [w.size for w in frame.words if box.contains((w.x0 + w.x1) / 2, w.middle)]
    if not inside:
        return []
    em = float(np.median(inside))
    whole = _with_pieces(box, others, em)
    found = [_with_headings(box, frame, others, em), whole, _with_headings(whole, frame, others, em)]
    return [b for i, b in enumerate(found) if b != box and b not in found[:i]]


def _with_pieces(box: BBox, others: Sequence[BBox], em: float) -> BBox:
    """The box with those above and below it that are as wide."""
    rest = list(others)
    while True:
        near = [b for b in rest if _is_piece(box, b, em)]
        if not near:
            return box
        box = union([box, *near])
        rest = [b for b in rest if b not in near]


def _is_piece(box: BBox, other: BBox, em: float) -> bool:
    shared = min(box.x1, other.x1) - max(box.x0, other.x0)
    apart = max(other.top - box.bottom, box.top - other.bottom)
    return shared > ALIKE * max(box.width, other.width) and apart < APART * em


def _with_headings(box: BBox, frame: Frame, others: Sequence[BBox], em: float) -> BBox:
    """The box with the lines right above it that stand within its sides."""
    above = [
        w
        for w in frame.words
        if w.middle < box.top
        and w.bottom > box.top - 3 * MOST_LINES * em
        and w.x1 > box.x0 - em
        and w.x0 < box.x1 + em
        and not any(b.contains((w.x0 + w.x1) / 2, w.middle) for b in others)
    ]
    top = box.top
    for line in sorted(text_lines(above), key=_middle, reverse=True)[:MOST_LINES]:
        if top - max(w.bottom for w in line) > NEAR * em:
            break
        if min(w.x0 for w in line) < box.x0 - em or max(w.x1 for w in line) > box.x1 + em:
            break
        top = min(top, *(w.top for w in line)) - 0.2 * em
    return box._replace(top=top)


def _middle(line: Sequence[Word]) -> float:
    return sum(w.middle for w in line) / len(line)
