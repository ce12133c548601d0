"""A page turned so that one rotation's text stands upright, with what the finders ask of it again and again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..core.geometry import BBox, turned
from ..core.model import Array, Page
from ..page.words import Word, outside, rotations, upright, words
from .rulings import merged, split

FEWEST_CHARS = 12  # text of fewer characters holds no table of its own


@dataclass(frozen=True, slots=True)
class Frame:
    """One rotation's view of a page.

    Attributes:
        page: turned so that text of ``rotation`` stands upright.
        rotation: of that text on the page as displayed, degrees clockwise.
        words: its upright words.
        horizontal, vertical: its lines as (position, start, end), shape (n, 3), in points.
    """

    page: Page
    rotation: int
    words: Sequence[Word]
    horizontal: Array
    vertical: Array

    def to_page(self, box: BBox) -> BBox:
        """A box of this frame on the page as displayed."""
        return turned(box, self.rotation, self.page.width, self.page.height)

    def from_page(self, box: BBox) -> BBox:
        """A box on the page as displayed in this frame."""
        side = (self.page.height, self.page.width) if self.rotation % 180 else (self.page.width, self.page.height)
        return turned(box, -self.rotation % 360, *side)

    def outside(self, boxes: Sequence[BBox]) -> list[Word]:
        """The words whose middle lies in none of ``boxes`` (page as displayed)."""
        return outside(self.words, [self.from_page(b) for b in boxes])


def frames(page: Page) -> list[Frame]:
    """The views of a page, one for each rotation in which it has text, the most frequent first."""
    found = []
    for rotation in rotations(page):
        if int(np.count_nonzero(page.chars["rotation"] == rotation)) >= FEWEST_CHARS:
            view = upright(page, rotation)
            horizontal, vertical = split(view.rulings)
            found.append(Frame(view, rotation, words(view), merged(horizontal), merged(vertical)))
    return found
