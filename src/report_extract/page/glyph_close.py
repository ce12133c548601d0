"""Letters looked at one by one, at a resolution at which a rule that touches one can be told from its strokes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from ..core.geometry import BBox
from ..core.model import Array, Page
from ..core.protocols import Document
from ..imaging import blank
from .glyph_shapes import glyph_shapes, outdone, outdone_in_part

OUTDONE = 0.15  # a letter that looks by so much more like another one is not what it is said to be: nine in a
# thousand letters of true fonts, most of them touched by a rule, and all but two in a thousand exchanged ones
_CLOSE = 300.0  # dots per inch for that
_EDGE = 0.25  # the share of a letter's place in which a rule at its edge lies,
_BESIDE = 0.4  # and how far, in points, the ink of a rule may reach beyond it
_ACROSS = 0.45  # the share of a letter that may lie beyond a rule which crosses it
Clear = Callable[
    [Array, BBox, Array], Array
]  # a picture, its place, the page's rules: the picture without some of them


def still_outdone(page: Page, document: Document, places: Iterable[int], row: int) -> bool:
    """Does a letter look like another one wherever it is looked at closely, which a rule may touch here or there?"""
    shown = False
    for place in places:
        seen = closely(page, [place], document)
        if not np.isnan(seen[0, 0]):
            if outdone(seen, row) < OUTDONE or outdone_in_part(seen[0], row) < OUTDONE:
                return False
            left = closely(page, [place], document, _before_rules)[0]  # of a letter that stands across a rule
            if not np.array_equal(left, seen[0]) and outdone_in_part(left, row) < OUTDONE:
                return False
            shown = True
    return shown


def closely(page: Page, places: Iterable[int], document: Document, clear: Clear | None = None) -> Array:
    """What some of a page's characters show, each on a picture of its own: shape (n, 66).

    ``clear`` takes rules off such a picture; without it, those along its edges are.
    """
    clear = clear or _without_rules
    chars = page.chars[list(places)].copy()
    boxes = [BBox(*(float(char[edge]) for edge in BBox._fields)).grown(1) for char in chars]
    pictures = [clear(document.render(page.number, _CLOSE, box), box, page.rulings) for box in boxes]
    starts = np.cumsum([0, *(len(picture) for picture in pictures)])
    sheet = np.full((starts[-1], max((p.shape[1] for p in pictures), default=0)), 255, np.uint8)
    for char, box, picture, start in zip(chars, boxes, pictures, starts.tolist(), strict=False):
        sheet[start : start + len(picture), : picture.shape[1]] = picture
        for edge, by in (
            ("x0", -box.x0),
            ("x1", -box.x0),
            ("top", start * 72 / _CLOSE - box.top),
            ("bottom", start * 72 / _CLOSE - box.top),
        ):
            char[edge] += by
    return glyph_shapes(chars, sheet, _CLOSE / 72)


def _without_rules(picture: Array, box: BBox, rulings: Array) -> Array:
    """The picture of a character without the rules along the edges of its place, which it may touch."""
    low, high = _places_of(rulings, box)
    size = np.array([box.width, box.height])
    at_edge = (high < _EDGE * size).any(axis=1) | (low > (1 - _EDGE) * size).any(axis=1)
    blank(picture, np.hstack([low, high])[at_edge] * (_CLOSE / 72))
    return picture


def _before_rules(picture: Array, box: BBox, rulings: Array) -> Array:
    """The picture of a character on this side of the rules that cross its outer parts, which hide its strokes."""
    low, high = _places_of(rulings, box)
    size, none = np.array([box.width, box.height]), np.zeros(2)
    across = (low <= 0.25 * size) & (high >= 0.75 * size)
    for axis in (0, 1):
        mine = across[:, 1 - axis] & ~across[:, axis]
        for places, edge in ((high[mine, axis], 0), (low[mine, axis], 1)):
            beyond = places[(places > (1 - _ACROSS) * size[axis]) if edge else (places < _ACROSS * size[axis])]
            if len(beyond):
                gone = np.concatenate([none, size])
                gone[axis if edge else 2 + axis] = beyond.min() if edge else beyond.max()
                blank(picture, gone[None] * (_CLOSE / 72))
    return picture


def _places_of(rulings: Array, box: BBox) -> tuple[Array, Array]:
    """Where the ink of rules may lie, in points from a corner of ``box`` on: near and far corners, (n, 2) each."""
    reach = rulings["width"] / 2 + _BESIDE
    low = np.stack([rulings["x0"] - reach - box.x0, rulings["top"] - reach - box.top], axis=1)
    high = np.stack([rulings["x1"] + reach - box.x0, rulings["bottom"] + reach - box.top], axis=1)
    return low, high
