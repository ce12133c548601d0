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
SAME = 0.5  # ems by which two boxes that hold the same words may differ
SPANNED = 0.5  # the share of a table's width that a rule across it runs along
FAR = 4.0  # ems between two rules of one table, at most
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
    ruled = _along_rules(box, frame, em)
    found = [_with_headings(b, frame, others, em) for b in (box, whole, ruled)]
    kept = [box]
    for b in (found[0], whole, found[1], ruled, found[2]):
        if not any(np.abs(np.subtract(b, other)).max() < SAME * em for other in kept):
            kept.append(b)
    return kept[1:]


def _along_rules(box: BBox, frame: Frame, em: float) -> BBox:
    """The box with all of the rules that run through it, and of those above and below it that are as long.

    Rules across a table reach from its first column to its last one, whatever its finder made of them.
    """
    lines = frame.horizontal[frame.horizontal[:, 2] - frame.horizontal[:, 1] > SPANNED * box.width]
    shared = np.minimum(lines[:, 2], box.x1) - np.maximum(lines[:, 1], box.x0)
    through = (shared > SPANNED * box.width) & (lines[:, 0] > box.top - em) & (lines[:, 0] < box.bottom + em)
    if through.sum() < 2:
        return box
    x0, x1 = float(np.median(lines[through, 1])), float(np.median(lines[through, 2]))
    alike = np.sort(lines[(np.abs(lines[:, 1] - x0) < em) & (np.abs(lines[:, 2] - x1) < em), 0])
    apart = np.flatnonzero(np.diff(alike) > FAR * em) + 1  # rules far apart are of two tables
    near = [run for run in np.split(alike, apart) if len(run) and run[0] < box.bottom + em and run[-1] > box.top - em]
    ends = np.concatenate(near) if near else np.array([box.top, box.bottom])
    return BBox(min(box.x0, x0), min(box.top, float(ends.min())), max(box.x1, x1), max(box.bottom, float(ends.max())))


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
