"""Pictures on a page of text: a pasted table, a scan below typed words. What they say becomes part of the page.

A photo, a logo or a seal costs a look at a small picture of it, and the same one on every page a single look.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

import numpy as np

from ..core.geometry import BBox
from ..core.model import Array, Flag, Page
from ..core.protocols import Document
from ..imaging import Part, blank, paper_of, parts
from .page import printed
from .rapidocr import RapidOcr

# In points.
_WIDE, _HIGH = 72.0, 24.0  # a smaller picture holds no table
_LEAST = 0.01  # of the page's area: nor does a smaller one
_TOGETHER = 2.0  # pictures so near are strips of one
_RULE = 60.0  # a straight line of this length is a rule, one down of half of it
_THICK = 5.0  # what is thicker is none
_LETTER = (2.5, 30.0)  # how high letters are
_SEEN = 1.0  # how far the ink of native letters and rules may reach beyond their boxes

_LOOK_DPI = 100.0
_PAPER = 0.45  # the share of a picture of print that has the colour of its paper, nearly
_NEARLY, _DARKER = 40, 60  # of 255
_INKED = 0.45  # the share of ink from which it is no print
_LETTERS = 16  # pieces of ink of a letter's size, or with rules
_FEW = 4  # so many
_SPOKEN = 12  # letters read; fewer are a sign in a photo or a logo
_ACROSS = 3  # rules each way, of a table of two rows and two columns
_MEETS = 3.0  # points by which rules that cross may miss each other
_MOST = 0.6  # a picture of so much of the page says what it says, ruled or not
_BELIEVED = 0.5  # the share of pieces that must be of a letter's size
_MOST_IMAGES = 5000  # more are a drawing's tiles


@dataclass(slots=True)
class Pictures:
    """The pictures of a document, page by page.

    Attributes:
        known: what pictures said, by what they look like: a letterhead is read once.
    """

    known: dict[bytes, Array] = field(default_factory=dict)

    def that_speak(self, page: Page, document: Document) -> list[BBox]:
        """Where on the page pictures stand that hold print or a table, by a cheap look."""
        return [place for place in _places(page) if self._speaks(page, document, place)]

    def read(self, page: Page, document: Document, places: list[BBox], recogniser: RapidOcr) -> tuple[Page, list[BBox]]:
        """The page with what its pictures at ``places`` say, and where those stand that were left as they are.

        Its own letters and rules stay. A picture without the rules of a table is left, as a chart is, unless it
        is most of the page.
        """
        chars, rulings, left = [page.chars], [page.rulings], []
        for place, part in zip(places, parts(document, page.number, places, _own(page)), strict=True):
            picture = part.picture
            height, width = (side / picture.scale for side in picture.grey.shape)
            if not (ruled(picture.rulings()) or place.area >= _MOST * page.width * page.height):
                left.append(place)
                continue
            look = _fingerprint(_look(page, document, place))
            if look not in self.known:
                self.known[look] = printed(picture, recogniser, width, height)
            said = self.known[look]
            if len(said) < _SPOKEN:
                continue
            said["font"] = len(page.fonts)
            chars.append(_moved(said, part))
            rulings.append(_moved(picture.rulings(), part))
        if len(chars) == 1:
            return page, left
        fonts = (*page.fonts, "")
        return replace(page, chars=np.concatenate(chars), rulings=np.concatenate(rulings), fonts=fonts), left

    def _speaks(self, page: Page, document: Document, place: BBox) -> bool:
        look = _look(page, document, place)
        said = self.known.get(_fingerprint(look))
        return speaks(look, _LOOK_DPI / 72) if said is None else len(said) >= _SPOKEN


def _places(page: Page) -> list[BBox]:
    """The boxes of pictures that are large enough for a table, strips of one picture together."""
    import cv2

    images = page.images
    if not len(images) or len(images) > _MOST_IMAGES:
        return []
    cover = np.zeros((int(page.height) + 1, int(page.width) + 1), np.uint8)
    for image in images:
        x0, top = (max(0, int(image[name])) for name in ("x0", "top"))
        x1, bottom = (max(0, int(np.ceil(image[name]))) for name in ("x1", "bottom"))
        cover[top:bottom, x0:x1] = 1
    near = cv2.morphologyEx(cover, cv2.MORPH_CLOSE, np.ones((int(_TOGETHER) + 1,) * 2, np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(near, connectivity=4)
    found = []
    for x, y, width, height, _ in stats[1:].tolist():
        box = BBox(float(x), float(y), min(float(x + width), page.width), min(float(y + height), page.height))
        if box.width >= _WIDE and box.height >= _HIGH and box.area >= _LEAST * page.width * page.height:
            found.append(box)
    return found


def _own(page: Page) -> Array:
    """Boxes (n, 4) of what the page shows without its pictures: visible letters, and rules."""
    seen = page.chars[(page.chars["flags"] & (Flag.INVISIBLE | Flag.HIDDEN)) == 0]
    boxes = []
    for records, reach in ((seen, np.full(len(seen), _SEEN)), (page.rulings, page.rulings["width"] / 2 + _SEEN)):
        low = np.stack([records["x0"] - reach, records["top"] - reach], 1)
        boxes.append(np.hstack([low, np.stack([records["x1"] + reach, records["bottom"] + reach], 1)]))
    return np.concatenate(boxes)


def _look(page: Page, document: Document, place: BBox) -> Array:
    """A small picture of a place without the page's own letters and rules."""
    scale = _LOOK_DPI / 72
    picture = document.render(page.number, _LOOK_DPI, place).copy()
    blank(picture, (_own(page) - [place.x0, place.top, place.x0, place.top]) * scale)
    return picture


def _fingerprint(picture: Array) -> bytes:
    """The same for the same picture at the same place of another page, and for no other."""
    return hashlib.sha256(repr(picture.shape).encode() + picture.tobytes()).digest()


def speaks(picture: Array, scale: float) -> bool:
    """Does a picture hold print or a table, rather than a view, a logo or a seal?

    Print is dark on even paper, in many pieces of a letter's size; a table has long straight lines besides.

    Args:
        picture: uint8 grey, shape (height, width).
        scale: pixels a point.
    """
    import cv2

    if not picture.size:
        return False
    far = paper_of(picture) - picture.astype(np.int16)
    ink = (np.abs(far) > _DARKER).astype(np.uint8)  # light print on dark paper is print too
    if (np.abs(far) <= _NEARLY).mean() < _PAPER or ink.mean() > _INKED:
        return False
    thick = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((round(_THICK * scale),) * 2, np.uint8))
    thin = ink & ~thick & 1
    flat = cv2.morphologyEx(thin, cv2.MORPH_OPEN, np.ones((1, round(_RULE * scale)), np.uint8))
    upright = cv2.morphologyEx(thin, cv2.MORPH_OPEN, np.ones((round(_RULE / 2 * scale), 1), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink & ~(flat | upright) & 1, connectivity=8)
    sides = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) / scale
    solid = sides > _LETTER[0] / 2
    letters = int((solid & (sides > _LETTER[0]) & (sides < _LETTER[1])).sum())
    if letters < _BELIEVED * solid.sum():
        return False
    return letters >= (_FEW if flat.any() and upright.any() else _LETTERS)


def ruled(rulings: Array) -> bool:
    """Do rules cross as those of a table do? The axes and the frame of a chart do not."""
    flat = rulings[rulings["top"] == rulings["bottom"]]
    upright = rulings[rulings["x0"] == rulings["x1"]]
    crosses = (
        (flat["x0"][:, None] <= upright["x0"] + _MEETS)
        & (upright["x0"] <= flat["x1"][:, None] + _MEETS)
        & (upright["top"] <= flat["top"][:, None] + _MEETS)
        & (flat["top"][:, None] <= upright["bottom"] + _MEETS)
    )
    return bool((crosses.sum(axis=0) >= _ACROSS).sum() >= _ACROSS)


def _moved(records: Array, part: Part) -> Array:
    """CHAR or RULING records of a part at their place on the page."""
    moved = records.copy()
    for name, by in (("x0", part.place.x0), ("x1", part.place.x0), ("top", part.place.top), ("bottom", part.place.top)):
        moved[name] += by
    return moved
