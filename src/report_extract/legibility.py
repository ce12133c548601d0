"""Is a page's text layer to be believed?

Cheap first. What Unicode itself gives away costs nothing; a font's map that is wrong in good Japanese is seen by
looking at a few hundred of its glyphs (``shapes``), on one picture of the page. Nothing is recognised here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache

import numpy as np

from .geometry import BBox
from .model import Array, Document, Flag, Page
from .shapes import GRID, centred, each_outdone, glyph_shapes, named, outdone, shapes, solid

_ODD = 0.05  # the share of characters outside ordinary Japanese from which a font is distrusted (measured)
_PAGE_SIZE = 0.8  # an image that covers so much of a page is the page
_STAMPED = 40  # fewer characters than this on a page-size image are a stamp on a scan
_LIKE = 0.5  # the median likeness below which a font's glyphs are not what they are said to be:
# true fonts of the corpus lie above .7 but for a few narrow ones, permuted ones below .2
_FIGURES = 0.6  # the share of figures that must look most like themselves
_STRIKING = 0.75  # a figure that looks so much like another one, and
_MORE = 0.2  # by so much more than like itself, is that one: true fonts of the corpus have none
_STRANGE = 0.25  # the share of Latin letters that a letter may resemble more than the one it is said to be: italic,
# narrow and bold true fonts stay below .12 in the median, permuted ones lie about .5
_HANDFUL = 16  # glyphs that are few
_LETTERS = 10  # Latin letters that it takes to say so
_SYMBOLS = 6  # so few private characters in a font of bullets and arrows are bullets and arrows
_PLAIN = 0.75  # a letter that looks so much like itself needs no comparison
_OUTDONE = 0.15  # a letter that looks by so much more like another one is not what it is said to be: nine in a
# thousand letters of true fonts, most of them touched by a rule, and all but two in a thousand exchanged ones
_TIMES = 4  # occurrences of such a letter that are looked at closely
_CLOSE = 300.0  # dots per inch for that
_MOST = 600  # glyphs looked at on a page, one for each character of each font
_OTHER = 0.06  # the mean difference of ink from which two places show two glyphs: of one glyph 3 in 100 differ so
_PLACES = 4  # a character's place is parted into so many rows and columns to tell that

Wrong = dict[tuple[int, str], list[int]]  # font and character: a few of its places among the page's characters
Known = dict[tuple[str, str], Array]  # font's name and character: how its ink lies, of those found to be right
_EM = 19.0  # pixels of a letter that is looked at
_SYMBOL_FONT = re.compile(r"symbol|dingbat|wingding|webding|bullet", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Legibility:
    """Whether a text layer is to be believed.

    Attributes:
        verdict: "believed"; "distrusted", some fonts' letters being wrong; "none", there being only a picture.
        fonts: which of the page's fonts are distrusted.
        letters: where it is only some letters of a font that look wrong, these.
        looked: what was looked at on this page and is not known yet, right or wrong.
        why: in a word: "" or "scan", "ocr-layer", "unicode", "shapes".
    """

    verdict: str = "believed"
    fonts: frozenset[int] = frozenset()
    why: str = ""
    letters: Wrong = field(default_factory=dict)
    looked: Known = field(default_factory=dict)

    @property
    def believed(self) -> bool:
        return self.verdict == "believed"


def judge(page: Page, document: Document, known: Known | None = None) -> Legibility:
    """Is the text layer of ``page`` to be believed?

    Args:
        page: as its reader gave it.
        document: where a picture of it comes from.
        known: what was looked at on earlier pages and found to be what it says; that of this page is added.
    """
    if _is_picture(page, document):
        return Legibility("none", why="ocr-layer" if len(page.chars) >= _STAMPED else "scan")
    plain = [font for font in _fonts(page.chars) if not _is_symbols(page, font)]
    odd = frozenset(font for font in plain if _is_odd_font(page, font))
    known = {} if known is None else known
    fonts, letters, looked = _unlike(page, document, known)
    fonts, letters = fonts & set(plain), {key: places for key, places in letters.items() if key[0] in plain}
    if not odd and not fonts and not letters:
        return Legibility()
    all_of_them = odd | fonts
    letters = {key: places for key, places in letters.items() if key[0] not in all_of_them}
    distrusted = all_of_them | {font for font, _ in letters}
    return Legibility("distrusted", frozenset(distrusted), "unicode" if odd else "shapes", letters, looked)


def _is_picture(page: Page, document: Document) -> bool:
    """Is the page an image, with nothing on it that a program has written, or letters drawn as lines?"""
    covered = max((_area(image) for image in page.images), default=0.0) / max(1.0, page.width * page.height)
    if not len(page.chars):
        return covered > 0.02 or bool((document.render(page.number, 36) < 128).mean() > 0.002)
    if covered < _PAGE_SIZE:
        return False
    invisible = (page.chars["flags"] & (Flag.INVISIBLE | Flag.HIDDEN)) != 0
    drawn = len(page.rulings) + len(page.fills)
    return bool(invisible.mean() > 0.5) or len(page.chars) < _STAMPED or drawn < 4


def _area(box: Array) -> float:
    return float((box["x1"] - box["x0"]) * (box["bottom"] - box["top"]))


def _fonts(chars: Array) -> list[int]:
    return [int(font) for font in np.unique(chars["font"])]


def _of(page: Page, font: int) -> Array:
    return np.asarray(page.chars["font"] == font)


def _is_symbols(page: Page, font: int) -> bool:
    """Is it a font of bullets and arrows? A cell in which one of them stands is read again all the same."""
    few = np.unique(page.chars["text"][_of(page, font)])
    return len(few) <= _SYMBOLS and bool(_SYMBOL_FONT.search(page.fonts[font]))


def _is_odd_font(page: Page, font: int) -> bool:
    """Has it many characters that a Japanese report does not, and more than a ligature that it cannot name?"""
    mine = page.chars[_of(page, font)]
    if odd_share(mine["text"]) <= _ODD:
        return False
    texts = mine["text"].tolist()
    odd = {(text, code) for text, code in zip(texts, mine["code"].tolist(), strict=True) if _is_odd(text)}
    known = {text for text in texts if text.isalpha() and text.isascii()}
    return len(odd) > 2 or len(known) < 4


def odd_share(texts: Iterable[str]) -> float:
    """The share of characters that ordinary Japanese print does not use, 0..1."""
    counted = [_is_odd(str(text)) for text in texts if str(text).strip()]
    return sum(counted) / len(counted) if counted else 0.0


@lru_cache(maxsize=20_000)
def _is_odd(text: str) -> bool:
    """Outside JIS X 0208's first level, kana, ASCII, full-width forms and what normal forms lead there.

    So are several Japanese letters for one glyph.
    """
    if len(text) > 1 and any(c >= "\u3040" for c in text):
        return True
    return any(_is_odd_character(c) for c in unicodedata.normalize("NFKC", text))


def _is_odd_character(c: str) -> bool:
    if c.isascii():
        return not c.isprintable()
    if unicodedata.category(c) in ("Co", "Cn", "Cc", "Cs") or c == "\ufffd":
        return True
    try:
        code = c.encode("euc_jp")
    except UnicodeEncodeError:
        return not ("\u2010" <= c <= "\u303f" or "\u00a0" <= c <= "\u00ff" or "\u3400" <= c <= "\u9fff")
    return len(code) == 3 and not "\u3400" <= c <= "\u9fff"


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    """Glyphs that are looked at, and all of a page's characters that can be seen.

    Attributes:
        chars: the characters; places: where each stands among the page's; inks: how the ink of each lies.
        key: which font and character each is, as a number.
        picked: which of them are looked at.
    """

    chars: Array
    places: Array
    inks: Array
    key: Array
    picked: Array

    def alike(self, k: int) -> list[int]:
        """A few places of the page where the same glyph stands."""
        near = np.abs(self.inks - self.inks[k]).mean(axis=1) <= _OTHER
        return [int(i) for i in self.places[(self.key == self.key[k]) & near][:_TIMES]]


def _unlike(page: Page, document: Document, known: Known) -> tuple[set[int], Wrong, Known]:
    """The fonts whose glyphs are not what they are said to be, single letters of other fonts that are not.

    What is as it should be becomes ``known``; the third result is the rest of what was looked at.
    """
    places = np.flatnonzero((page.chars["flags"] & (Flag.INVISIBLE | Flag.HIDDEN)) == 0)
    if not len(places):
        return set(), {}, {}
    dpi = min(300.0, max(100.0, 72 * _EM / max(1.0, float(np.median(page.chars["size"][places])))))
    picture = document.render(page.number, dpi)
    sample = _sample(page, places, picture, dpi / 72, known)
    chars = sample.chars[sample.picked]
    looks = glyph_shapes(chars, picture, dpi / 72)
    rows = np.array([shapes().index.get(named(str(text)), -1) for text in chars["text"]], np.intp)
    seen = ~np.isnan(looks[:, 0]) & (rows >= 0)
    fonts, wrong, unlike = set(), _doubled(sample), Known()
    for font in _fonts(chars):
        mine = np.flatnonzero(seen & (chars["font"] == font))
        own, said = looks[mine], rows[mine]
        if _is_unlike(own, said) and _still(page, document, chars[mine], own, said):
            fonts.add(font)
        else:
            wrong |= _wrong(page, document, sample, mine, looks, rows)
    for k, char in enumerate(chars):
        bad = int(char["font"]) in fonts or (int(char["font"]), str(char["text"])) in wrong
        if seen[k]:
            (unlike if bad else known)[page.fonts[char["font"]], str(char["text"])] = sample.inks[sample.picked[k]]
    return fonts, wrong, unlike


def _still(page: Page, document: Document, chars: Array, looks: Array, rows: Array) -> bool:
    """Are glyphs still unlike when looked at closely? Of figures, and of few letters, a coarse picture says little."""
    some = np.arange(len(rows))
    if len(rows) > _HANDFUL:
        grids = centred(looks[:, : GRID * GRID])
        if _letters_unlike(grids, rows) or _latin_unlike(grids, rows):
            return True
        some = np.flatnonzero(np.isin(rows, _rows("figures")))
    closely = np.concatenate([_closely(chars[i], page.number, document) for i in some])
    seen = ~np.isnan(closely[:, 0])
    return bool(seen.any()) and _is_unlike(closely[seen], rows[some][seen])


def _doubled(sample: _Sample) -> Wrong:
    """Glyphs that are said to be several Japanese letters, and are no wider than one."""
    wrong: Wrong = {}
    for k in sample.picked:
        char = sample.chars[k]
        text = str(char["text"])
        if (
            len(text) > 1
            and text[0] >= "\u3040"
            and max(char["x1"] - char["x0"], char["bottom"] - char["top"]) < 1.2 * char["size"]
        ):
            wrong[int(char["font"]), text] = sample.alike(k)
    return wrong


def _wrong(page: Page, document: Document, sample: _Sample, some: Array, looks: Array, rows: Array) -> Wrong:
    """Letters among ``some`` that look like other ones, also when looked at closely, wherever they stand."""
    own = (centred(looks[some, : GRID * GRID]) * shapes().grids[rows[some]]).sum(axis=1)
    wrong: Wrong = {}
    odd = some[solid(rows[some]) & (own < _PLAIN)]
    for i in odd[each_outdone(looks[odd], rows[odd], _OUTDONE)] if len(odd) else ():
        places = sample.alike(sample.picked[i])
        closely = np.concatenate([_closely(page.chars[k], page.number, document) for k in places])
        if not np.isnan(closely[:, 0]).all() and outdone(closely, rows[i]) >= _OUTDONE:
            char = sample.chars[sample.picked[i]]
            wrong[int(char["font"]), str(char["text"])] = places
    return wrong


def _closely(char: Array, number: int, document: Document) -> Array:
    """What a character shows on a picture of its own: shape (1, 66)."""
    box = BBox(*(float(char[edge]) for edge in BBox._fields)).grown(1)
    record = np.array([char])
    for edge, start in (("x0", box.x0), ("x1", box.x0), ("top", box.top), ("bottom", box.top)):
        record[edge] -= start
    return glyph_shapes(record, document.render(number, _CLOSE, box), _CLOSE / 72)


def _sample(page: Page, places: Array, picture: Array, scale: float, known: Known) -> _Sample:
    """A glyph of each character of each font but those that are known and look as they did.

    Of characters that do not all look alike, the one that differs most is another glyph: a map may give two
    glyphs one letter, and two fonts of one name may have two maps.
    """
    chars = page.chars[places]
    inks = ink_in_places(chars, picture, scale)
    letters = np.ascontiguousarray(chars["text"]).view(np.uint32).reshape(len(chars), -1).astype(np.int64)
    numbers = letters[:, 0] | letters[:, 1] << 21 | chars["font"].astype(np.int64) << 42
    _, first, key = np.unique(numbers, return_index=True, return_inverse=True)
    names = [(page.fonts[font], text) for font, text in chars[["font", "text"]][first].tolist()]
    meant = np.stack([known.get(name, ink) for name, ink in zip(names, inks[first], strict=True)])
    away = np.abs(inks - meant[key]).mean(axis=1)
    order = np.lexsort((-away, key))
    most = order[np.r_[True, np.diff(key[order]) != 0]]
    new = np.array([name not in known for name in names])
    picked = np.unique(np.r_[first[new], most[away[most] > _OTHER]])
    return _Sample(chars, places, inks, key, picked[:: max(1, -(-len(picked) // _MOST))])


def ink_in_places(chars: Array, picture: Array, scale: float) -> Array:
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


def _is_unlike(looks: Array, rows: Array) -> bool:
    """Do these glyphs of one font look like something else?

    Args:
        looks: what they look like, shape (n, 66).
        rows: for each, the row of the character it is said to be.
    """
    grids = centred(looks[:, : GRID * GRID])
    return _letters_unlike(grids, rows) or _latin_unlike(grids, rows) or _figures_unlike(grids, rows)


def _letters_unlike(grids: Array, rows: Array) -> bool:
    """Do Japanese letters, each by its best likeness, look like something else?"""
    table = shapes()
    firm = solid(rows)
    if not firm.any():
        return False
    likeness = (grids[firm] * table.grids[rows[firm]]).sum(axis=1)
    each = [likeness[rows[firm] == row].max() for row in np.unique(rows[firm])]
    return bool(np.median(each) < (_LIKE if len(each) >= 3 else _LIKE / 2))


def _latin_unlike(grids: Array, rows: Array) -> bool:
    """Do Latin letters look like other ones? Their style varies, so that only the order of likeness tells."""
    latin = _rows("latin")
    mine = np.isin(rows, latin)
    if len(np.unique(rows[mine])) < _LETTERS:
        return False
    table = shapes()
    own = (grids[mine] * table.grids[rows[mine]]).sum(axis=1)
    nearer = (grids[mine] @ table.grids[latin].T > own[:, None]).mean(axis=1)
    return bool(np.median(nearer) > _STRANGE)


def _figures_unlike(grids: Array, rows: Array) -> bool:
    """Do figures look like other ones: many of them, or one of them strikingly so?"""
    figures = _rows("figures")
    mine = np.isin(rows, figures)
    if not mine.any():
        return False
    likeness = grids[mine] @ shapes().grids[figures].T
    own = likeness[figures == rows[mine, None]]
    best = likeness.max(axis=1)
    if ((best >= _STRIKING) & (best > own + _MORE)).any():
        return True
    return len(np.unique(rows[mine])) >= 3 and bool((best == own).mean() < _FIGURES)


@cache
def _rows(script: str) -> Array:
    """The rows of the table that hold letters of a script; of figures but the 1, which has too many forms."""
    return np.array([row for c, row in shapes().index.items() if _is_of(c, script)])


def _is_of(c: str, script: str) -> bool:
    if script == "figures":
        return c in "023456789"
    return c.isascii() and c.isalpha()
