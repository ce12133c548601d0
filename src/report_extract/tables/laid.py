"""A found table laid upright among the words and lines of its place: what its evidence is counted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..core.geometry import BBox
from ..core.model import Array, Cell, Table
from ..page.words import Word, text_lines
from .order_statistics import median
from .view import Frame

NEAR_RULE = 0.35  # ems: a drawn line no farther from a separator lies on it


@dataclass(frozen=True)
class Laid:
    """A table laid upright, with the words and lines of its place.

    Attributes:
        frame: the view of the page in which it stands upright.
        box: around it, in the view's points.
        cells, boxes: its cells and their boxes, shape (n, 4).
        words: those whose middle lies in the box, or that touch it.
        around: every word of the view.
    """

    table: Table
    frame: Frame
    box: BBox
    boxes: Array
    words: tuple[Word, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        return self.table.cells

    @cached_property
    def em(self) -> float:
        return float(np.median([w.size for w in self.words])) if self.words else 10.0

    @cached_property
    def spans(self) -> Array:
        """First row, first column, row after the last, column after the last of each cell; shape (n, 4)."""
        return np.array([(c.row, c.col, c.row + c.row_span, c.col + c.col_span) for c in self.cells])

    @cached_property
    def edges(self) -> tuple[Array, Array]:
        """The y of the row edges and the x of the column edges."""
        found = []
        for n, lead, trail, low, high in ((self.table.n_rows, 0, 2, 1, 3), (self.table.n_cols, 1, 3, 0, 2)):
            at = np.full(n + 1, np.nan)
            for k in range(n + 1):
                sides = np.concatenate(
                    (self.boxes[self.spans[:, lead] == k, low], self.boxes[self.spans[:, trail] == k, high])
                )
                at[k] = median(sides) if len(sides) else np.nan
            known = ~np.isnan(at)
            found.append(np.interp(np.arange(n + 1), np.flatnonzero(known), at[known]))
        return found[0], found[1]

    @cached_property
    def word_boxes(self) -> Array:
        return np.array([w[1:5] for w in self.words]).reshape(-1, 4)

    @cached_property
    def cell_of(self) -> Array:
        """The cell that holds the middle of each word, -1 where none does."""
        if not self.words:
            return np.zeros(0, dtype=int)
        x = (self.word_boxes[:, 0] + self.word_boxes[:, 2])[:, None] / 2
        y = (self.word_boxes[:, 1] + self.word_boxes[:, 3])[:, None] / 2
        b = self.boxes
        holds = (x >= b[:, 0]) & (x <= b[:, 2]) & (y >= b[:, 1]) & (y <= b[:, 3])
        return np.asarray(np.where(holds.any(axis=1), holds.argmax(axis=1), -1))

    @cached_property
    def lines(self) -> list[list[list[Word]]]:
        """The lines of words in each cell, from the top."""
        inside: list[list[Word]] = [[] for _ in self.cells]
        for word, at in zip(self.words, self.cell_of.tolist(), strict=True):
            if at >= 0:
                inside[at].append(word)
        return [text_lines(words) if words else [] for words in inside]

    @cached_property
    def walls(self) -> tuple[Array, Array]:
        """How much of each side of each place is ruled, 0..1: shapes (rows + 1, columns), (rows, columns + 1)."""
        ys, xs = self.edges
        reach = NEAR_RULE * self.em
        return cover(self.frame.horizontal, ys, xs, reach), cover(self.frame.vertical, xs, ys, reach).T

    @cached_property
    def line_of(self) -> Array:
        """The line of text of each word, numbered from the top, over the whole table."""
        number = {id(w): i for i, line in enumerate(text_lines(self.words)) for w in line}
        return np.array([number[id(w)] for w in self.words], dtype=int)

    @cached_property
    def texts(self) -> list[str]:
        return [c.text for c in self.cells]


def laid(table: Table, views: Sequence[Frame]) -> Laid | None:
    """The table laid upright; None where its page has no text that stands as it does."""
    frame = next((v for v in views if v.rotation == table.rotation), None)
    if frame is None or not table.cells:
        return None
    boxes = np.array([frame.from_page(c.bbox) for c in table.cells])
    box = BBox(*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist())
    words = tuple(w for w in frame.words if w.x1 > box.x0 and w.x0 < box.x1 and box.top <= w.middle <= box.bottom)
    return Laid(table, frame, box, boxes, words)


def cover(lines: Array, positions: Array, tracks: Array, reach: float) -> Array:
    """How much of each stretch between ``tracks`` lines rule that lie near each of ``positions``; 0..1.

    Args:
        lines: shape (n, 3): position, start, end.
        positions: where separators stand; shape (k,).
        tracks: ascending; shape (m + 1,).
        reach: how far from its position a line still lies on it, in points.

    Returns:
        Shape (k, m).
    """
    near = np.abs(lines[:, 0][None, :] - positions[:, None]) <= reach
    shared = np.minimum(lines[:, 2:3], tracks[None, 1:]) - np.maximum(lines[:, 1:2], tracks[None, :-1])
    total = near.astype(float) @ np.clip(shared, 0, None)
    return np.asarray(np.minimum(1.0, total / np.maximum(np.diff(tracks), 0.1)[None, :]))
