"""Which of a page's glyphs are worth a look, and a picture of no more than where they stand.

A letter of a font needs one look a document, not one on every page. What is new on a page is covered by a few
strips of it; what else stands in these is held against how it looked before, and one strip of every page is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.geometry import BBox
from ..core.model import Array, Flag, Page
from ..core.protocols import Document

Known = dict[tuple[str, str], Array]  # font's name and character: how its ink lies, of those found to be right
_UNSEEN = Flag.INVISIBLE | Flag.HIDDEN | Flag.ASIDE
# What is struck out, cut or printed over shows no letter as it is; whatever is made of it is doubted for that.
UNLOOKED = _UNSEEN | Flag.STRUCK | Flag.CUT | Flag.OVERPRINTED
_EM = 16.0  # pixels of a letter that is looked at
_MOST = 600  # glyphs looked at on a page, one for each character of each font
_STRIPS = 16  # a page is parted into so many, from top to bottom
_NEARLY_ALL = 0.75  # of the strips: then the page is looked at as a whole
_AROUND = 2.0  # points of paper above and below a strip's letters
_OTHER = 0.06  # the mean difference of ink from which two places show two glyphs: of one glyph 3 in 100 differ so
_OTHER_FIGURE, _FIGURES_MORE = 0.025, 4  # the same for a figure, of which so many are looked at that differ most
_PLACES = 4  # a character's place is parted into so many rows and columns to tell that
_TIMES = 4  # occurrences of one glyph that are named


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Glyphs that are looked at, and what else can be seen beside them.

    Attributes:
        chars: CHAR records at their places on ``picture``, in points.
        places: where each stands among the page's characters.
        picture: what was looked at, uint8 grey; scale: its pixels a point.
        inks: how the ink of each character lies, shape (n, 16).
        key: which font and character each is, as a number; names: what these numbers stand for.
        picked: indices of the characters that are looked at.
    """

    chars: Array
    places: Array
    picture: Array
    scale: float
    inks: Array
    key: Array
    names: list[tuple[str, str]]
    picked: Array

    def alike(self, k: int) -> list[int]:
        """A few places of the page where the same glyph stands as at ``k``."""
        figure = self.names[self.key[k]][1].isdecimal()
        near = np.abs(self.inks - self.inks[k]).mean(axis=1) <= (_OTHER_FIGURE if figure else _OTHER)
        return [int(i) for i in self.places[(self.key == self.key[k]) & near][:_TIMES]]


def sample(page: Page, document: Document, known: Known) -> Sample | None:
    """A glyph of each character of each font but those that are known and look as they did; None without any.

    Of characters that do not all look alike, the one that differs most is another glyph: a map may give two
    glyphs one letter, and two fonts of one name may have two maps.
    """
    places = np.flatnonzero(page.chars["flags"] & UNLOOKED == 0)
    if not len(places):
        return None
    key, names = _keys(page, page.chars[places])
    new = np.array([name not in known for name in names])
    bands = _bands(page, page.chars[places], key, new)
    places, key = np.concatenate([places[band] for band in bands]), np.concatenate([key[band] for band in bands])
    dpi = min(300.0, max(100.0, 72 * _EM / max(1.0, float(np.median(page.chars["size"][places])))))
    ends = np.cumsum([len(band) for band in bands])
    chars, picture = _sheet(page, document, dpi, np.split(page.chars[places], ends[:-1]))
    inks = _ink_in_places(chars, picture, dpi / 72)
    some, first, of = np.unique(key, return_index=True, return_inverse=True)
    meant = np.stack([known.get(names[k], inks[i]) for k, i in zip(some.tolist(), first.tolist(), strict=True)])
    away = np.abs(inks - meant[of]).mean(axis=1)
    order = np.lexsort((-away, of))
    most = order[np.r_[True, np.diff(of[order]) != 0]]
    figures = np.array([names[k][1].isdecimal() for k in some.tolist()])
    rank = np.arange(len(order)) - np.repeat(np.flatnonzero(np.r_[True, np.diff(of[order]) != 0]), np.bincount(of))
    odd = order[(rank < _FIGURES_MORE) & figures[of[order]]]  # an 8 among 6s differs less than an 8 from itself does
    picked = np.unique(np.r_[first[new[some]], most[away[most] > _OTHER], odd[away[odd] > _OTHER_FIGURE]])
    picked = picked[:: max(1, -(-len(picked) // _MOST))]
    return Sample(chars, places, picture, dpi / 72, inks, key, names, picked)


def _keys(page: Page, chars: Array) -> tuple[Array, list[tuple[str, str]]]:
    """Which font and character each is, as a number, and what these numbers stand for."""
    letters = np.ascontiguousarray(chars["text"]).view(np.uint32).reshape(len(chars), -1).astype(np.int64)
    numbers = letters[:, 0] | letters[:, 1] << 21 | chars["font"].astype(np.int64) << 42
    _, first, key = np.unique(numbers, return_index=True, return_inverse=True)
    return key, [(page.fonts[font], text) for font, text in chars[["font", "text"]][first].tolist()]


def _bands(page: Page, chars: Array, key: Array, new: Array) -> list[Array]:
    """Indices of the characters in each of a few bands of the page, which hold whatever is ``new``."""
    middles = (chars["top"] + chars["bottom"]) / 2
    strip = np.clip(middles / page.height * _STRIPS, 0, _STRIPS - 1).astype(np.intp)
    holds = np.zeros((_STRIPS, len(new)), bool)
    holds[strip, key] = True
    chosen = np.zeros(_STRIPS, bool)
    chosen[np.bincount(strip).argmax()] = True
    while (open_yet := new & ~holds[chosen].any(axis=0)).any() and chosen.mean() < _NEARLY_ALL:
        chosen[(holds & open_yet).sum(axis=1).argmax()] = True
    chosen |= chosen.mean() >= _NEARLY_ALL
    run = np.cumsum(np.diff(chosen, prepend=False))[strip]
    return [np.flatnonzero(chosen[strip] & (run == number)) for number in np.unique(run[chosen[strip]])]


def _sheet(page: Page, document: Document, dpi: float, bands: list[Array]) -> tuple[Array, Array]:
    """The characters of several bands, moved to where they stand on a picture of these, one below the other."""
    scale, pictures, moved, height = dpi / 72, [], [], 0
    for band in bands:
        low, high = band["top"].min() - _AROUND, band["bottom"].max() + _AROUND
        box = BBox(0.0, min(max(0.0, float(low)), page.height - 1), page.width, min(page.height, float(high)))
        pictures.append(document.render(page.number, dpi, box))
        by = (height - round(box.top * scale)) / scale
        chars = band.copy()
        chars["top"] += by
        chars["bottom"] += by
        moved.append(chars)
        height += len(pictures[-1])
    return np.concatenate(moved), np.concatenate(pictures)


def _ink_in_places(chars: Array, picture: Array, scale: float) -> Array:
    """The share of ink in each part of each character's place: shape (n, 16)."""
    import cv2

    height, width = picture.shape
    total = cv2.integral(picture)
    parts = np.linspace(0, 1, _PLACES + 1)
    xs, ys = (
        np.clip(np.round((chars[a][:, None] + (chars[b] - chars[a])[:, None] * parts) * scale), 0, most).astype(np.intp)
        for a, b, most in (("x0", "x1", width), ("top", "bottom", height))
    )
    light = np.diff(np.diff(total[ys[:, :, None], xs[:, None, :]], axis=1), axis=2)
    area = np.diff(ys, axis=1)[:, :, None] * np.diff(xs, axis=1)[:, None, :]
    return np.asarray(1 - light / (255.0 * np.maximum(area, 1)), np.float32).reshape(len(chars), -1)
