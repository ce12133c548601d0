"""Is a page's text layer to be believed?

Cheap first. What Unicode itself gives away costs nothing; a font's map that is wrong in good Japanese is seen by
looking at a few hundred of its glyphs (``shapes``), on one picture of the page. Nothing is recognised here.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from .model import Array, Document, Flag, Page
from .shapes import GRID, centred, glyph_shapes, named, shapes

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
_LETTERS = 10  # Latin letters that it takes to say so
_SYMBOLS = 6  # so few private characters in a font of bullets and arrows are bullets and arrows
_SOLID = 0.4  # ems: a glyph smaller than this in either direction has no shape to speak of
_MOST = 250  # glyphs looked at on a page, one for each character of each font
_PROVED = 40  # characters that must look right for a font to be believed without a look
_FEW = 20  # on a page where it has fewer new ones than this
_EM = 22.0  # pixels of a letter that is looked at
_SYMBOL_FONT = re.compile(r"symbol|dingbat|wingding|webding|bullet", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Legibility:
    """Whether a text layer is to be believed.

    Attributes:
        verdict: "believed"; "distrusted", some fonts' letters being wrong; "none", there being only a picture.
        fonts: which of the page's fonts are distrusted.
        why: in a word: "" or "scan", "ocr-layer", "unicode", "shapes".
    """

    verdict: str = "believed"
    fonts: frozenset[int] = frozenset()
    why: str = ""

    @property
    def believed(self) -> bool:
        return self.verdict == "believed"


def judge(page: Page, document: Document, known: set[tuple[str, str]] | None = None) -> Legibility:
    """Is the text layer of ``page`` to be believed?

    Args:
        page: as its reader gave it.
        document: where a picture of it comes from.
        known: characters of fonts (font's name, character) that were looked at on earlier pages and found to
            be what they say; those of this page are added.
    """
    if _is_picture(page, document):
        return Legibility("none", why="ocr-layer" if len(page.chars) >= _STAMPED else "scan")
    plain = [font for font in _fonts(page.chars) if not _is_symbols(page, font)]
    odd = frozenset(font for font in plain if _is_odd_font(page, font))
    known = set() if known is None else known
    unlike = frozenset((_unlike(page, document, known) & set(plain)) - odd)
    if odd or unlike:
        return Legibility("distrusted", odd | unlike, "unicode" if odd else "shapes")
    return Legibility()


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
    """Outside JIS X 0208's first level, kana, ASCII, full-width forms and what normal forms lead there."""
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


def _unlike(page: Page, document: Document, known: set[tuple[str, str]]) -> set[int]:
    """The fonts whose glyphs are not what they are said to be; what is as it should be becomes ``known``."""
    sample = _sample(page, known)
    if not len(sample):
        return set()
    dpi = min(300.0, max(100.0, 72 * _EM / max(1.0, float(np.median(sample["size"])))))
    looks = glyph_shapes(sample, document.render(page.number, dpi), dpi / 72)
    rows = np.array([shapes().index.get(named(str(text)), -1) for text in sample["text"]])
    seen = ~np.isnan(looks[:, 0]) & (rows >= 0)
    distrusted = set()
    for font in _fonts(sample):
        mine = seen & (sample["font"] == font)
        if _is_unlike(looks[mine], rows[mine]):
            distrusted.add(font)
        else:
            known.update((page.fonts[font], str(text)) for text in np.unique(sample["text"][mine]))
    return distrusted


def _sample(page: Page, known: set[tuple[str, str]]) -> Array:
    """A glyph of each character that was not looked at yet; none of fonts that have proved themselves."""
    proved = Counter(font for font, _ in known)
    first: dict[tuple[int, str], int] = {}
    visible = (page.chars["flags"] & (Flag.INVISIBLE | Flag.HIDDEN)) == 0
    for i, (font, text) in enumerate(zip(page.chars["font"].tolist(), page.chars["text"].tolist(), strict=True)):
        if visible[i] and (page.fonts[font], text) not in known:
            first.setdefault((font, text), i)
    new = Counter(font for font, _ in first)
    picked = [i for (font, _), i in first.items() if proved[page.fonts[font]] < _PROVED or new[font] >= _FEW]
    step = max(1, -(-len(picked) // _MOST))
    return np.asarray(page.chars[sorted(picked)[::step]])


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
    solid = (table.sizes[rows].min(axis=1) >= _SOLID) & np.isin(rows, _rows("japanese"))
    if not solid.any():
        return False
    likeness = (grids[solid] * table.grids[rows[solid]]).sum(axis=1)
    each = [likeness[rows[solid] == row].max() for row in np.unique(rows[solid])]
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
    return c.isascii() and c.isalpha() if script == "latin" else c >= "\u3040"
