"""Which of the fonts that look wrong are wrong: a few of their letters are read where they stand."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from ..core.geometry import BBox
from ..core.model import Array, Page
from ..core.protocols import Document
from ..page.glyph_sample import UNLOOKED
from ..page.legibility import Legibility, Wrong
from .glyph_letters import same
from .glyph_reading import in_lines
from .rapidocr import RapidOcr

_READ, _MOST_READ = 3, 36  # places of a letter, and letters, by which a font is believed or not
_ENOUGH = 8  # letters read as they should be, though others may stand below something else, and not be seen


def lying_fonts(page: Page, document: Document, recogniser: RapidOcr, legibility: Legibility) -> set[int]:
    """The distrusted fonts without those that only look wrong: their letters in doubt are read as they should be.

    Of a font that is distrusted as a whole, those of its letters and figures that are most frequent are read.
    """
    doubtful, in_doubt = dict(legibility.letters), legibility.fonts - legibility.odd
    for font in in_doubt - {font for font, _ in doubtful}:
        doubtful |= _frequent(page, font)
    glyphs = [-1] * len(page.chars)
    for k, places in enumerate(doubtful.values()):
        for i in places:
            glyphs[i] = k

    def crop(box: BBox) -> Array:
        return document.render(page.number, 200.0, box)

    votes = in_lines(page.chars, glyphs, range(len(doubtful)), crop, recogniser)
    wrong = set(legibility.fonts)
    for font in in_doubt:
        mine = [(said, votes.get(k, [])) for k, (of, said) in enumerate(doubtful) if of == font]
        read = [(said, letters) for said, letters in mine if letters]
        if len(read) > min(_ENOUGH, len(mine) / 2) and all(
            any(same(letter, said) for letter, _ in letters) for said, letters in read
        ):
            wrong.discard(font)
    return wrong


def _frequent(page: Page, font: int) -> Wrong:
    """A few places of each of the letters and figures that a font shows most often."""
    places: dict[str, list[int]] = defaultdict(list)
    mine = (page.chars["font"] == font) & (page.chars["flags"] & UNLOOKED == 0)
    for i in np.flatnonzero(mine).tolist():
        places[str(page.chars["text"][i])].append(i)
    some = sorted(
        (text for text in places if text.isalnum()), key=lambda text: (not text.isdecimal(), -len(places[text]))
    )
    return {(font, text): places[text][:_READ] for text in some[:_MOST_READ]}
