"""A place on a page that holds one table, upright: its words, lines of text and rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..core.geometry import BBox
from ..core.model import Array
from ..page.words import Word, text_lines
from .view import Frame

FIGURE = re.compile(r"^[△▲▼\-−+±(¥$]*\d[\d,.]*[%)]?$|^[-―—–‐－…]+$")
REACH = 0.3  # ems within which a rule lies at an edge or a candidate


@dataclass(frozen=True)
class Region:
    """A place on a page that holds one table, upright.

    Attributes:
        frame: the view in which it stands upright.
        box: its place in the view's points.
        words: those whose middle lies in it.
    """

    frame: Frame
    box: BBox
    words: tuple[Word, ...]

    @cached_property
    def em(self) -> float:
        return float(np.median([w.size for w in self.words]))

    @cached_property
    def lines(self) -> list[list[Word]]:
        """Its lines of text, from the top."""
        return sorted(text_lines(self.words), key=lambda line: sum(w.middle for w in line) / len(line))

    @cached_property
    def boxes(self) -> Array:
        """The words' left, top, right, bottom edges, line by line; shape (n, 4)."""
        return np.array([w[1:5] for line in self.lines for w in line])

    @cached_property
    def line_of(self) -> Array:
        return np.repeat(np.arange(len(self.lines)), [len(line) for line in self.lines])

    @cached_property
    def line_starts(self) -> Array:
        """The index of the first word of each line."""
        return np.cumsum([0, *(len(line) for line in self.lines[:-1])])

    @cached_property
    def is_figure(self) -> Array:
        return np.array([bool(FIGURE.match(w.text)) for line in self.lines for w in line])

    @cached_property
    def horizontal(self) -> Array:
        return _within(self.frame.horizontal, (self.box.top, self.box.bottom), (self.box.x0, self.box.x1), self.em)

    @cached_property
    def vertical(self) -> Array:
        return _within(self.frame.vertical, (self.box.x0, self.box.x1), (self.box.top, self.box.bottom), self.em)

    @cached_property
    def bands(self) -> Array:
        """The top, bottom and middle of each line; shape (n, 3)."""
        tops, bottoms, middles = (np.zeros(len(self.lines)) for _ in range(3))
        for i, line in enumerate(self.lines):
            tops[i], bottoms[i] = min(w.top for w in line), max(w.bottom for w in line)
            middles[i] = sum(w.middle for w in line) / len(line)
        return np.column_stack((tops, bottoms, middles))


def region(frame: Frame, box: BBox) -> Region | None:
    """The region in a box of the view; None where it holds too few words to be a table."""
    words = tuple(
        w
        for w in frame.words
        if box.x0 - 2 < (w.x0 + w.x1) / 2 < box.x1 + 2 and box.top - 1 < w.middle < box.bottom + 1
    )
    return Region(frame, box, words) if len(words) >= 4 else None


def _within(lines: Array, across: tuple[float, float], along: tuple[float, float], em: float) -> Array:
    """The lines that run through a box."""
    at = (lines[:, 0] > across[0] - REACH * em) & (lines[:, 0] < across[1] + REACH * em)
    return np.asarray(lines[at & (lines[:, 2] > along[0]) & (lines[:, 1] < along[1])])
