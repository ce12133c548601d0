"""Is a page's text layer to be believed?

Cheap first. What Unicode itself gives away costs nothing; a font's map that is wrong in good Japanese is seen by
looking at a few hundred of its glyphs (``shapes``), on one picture of the page. Nothing is recognised here.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from string import ascii_letters

import numpy as np

from ..core.model import Array, Flag, Page
from ..core.protocols import Document
from ..text.normalize import UNKNOWN
from ..text.scripts import is_foreign, is_language
from .figure_shapes import CHECKED, COARSELY, SIGNS, exchanged
from .glyph_close import OUTDONE, closely, still_outdone
from .glyph_sample import Known, Sample, sample
from .glyph_shapes import GRID, centred, each_outdone, glyph_shapes, named, shapes, solid

_ODD = 0.05  # the share of characters outside ordinary Japanese from which a font is distrusted (measured)
_PAGE_SIZE = 0.8  # an image that covers so much of a page is the page
_STAMPED = 40  # fewer characters than this on a page-size image are a stamp on a scan
_LIKE = 0.5  # the median likeness below which a font's glyphs are not what they are said to be:
# true fonts of the corpus lie above .7 but for a few narrow ones, permuted ones below .2
_FIGURES = 0.6  # the share of figures that must look most like themselves
_STRIKING = 0.75  # a figure that looks so much like another one, and
_MORE = 0.2  # by so much more than like itself, is that one: true fonts of the corpus have none
_OTHER_SIZE = 0.35  # ems, that a glyph may be wider or higher than the letter it is said to be: few of true fonts are
_FEW_SIZES, _MANY_SIZES = 0.5, 0.3  # the shares of a font's glyphs, of few and of many ones, that may be
_TELLING = "023456789"  # the figures but the 1, which has too many forms
_STRANGE = 0.25  # the share of Latin letters that a letter may resemble more than the one it is said to be: italic,
# narrow and bold true fonts stay below .12 in the median, permuted ones lie about .5
_HANDFUL = 16  # glyphs that are few
_LETTERS = 10  # Latin letters that it takes to say so
_SYMBOLS = 6  # so few private characters in a font of bullets and arrows are bullets and arrows
_PLAIN = 0.75  # a letter that looks so much like itself needs no comparison

Wrong = dict[tuple[int, str], list[int]]  # font and character: a few of its places among the page's characters
_SYMBOL_FONT = re.compile(r"symbol|dingbat|wingding|webding|bullet", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Legibility:
    """Whether a text layer is to be believed.

    Attributes:
        verdict: "believed"; "distrusted", some fonts' letters being wrong; "none", there being only a picture.
        fonts: which of the page's fonts are distrusted; odd: which of them have characters that no report has.
        letters: where it is only some letters of a font that look wrong, these.
        looked: what was looked at on this page and is not known yet, right or wrong.
    """

    verdict: str = "believed"
    fonts: frozenset[int] = frozenset()
    odd: frozenset[int] = frozenset()
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
        return Legibility("none")
    letters_of = _letters_of(page)
    plain = [font for font, letters in letters_of.items() if not _is_symbols(page.fonts[font], letters)]
    odd = frozenset(font for font in plain if _is_odd_font(letters_of[font]))
    known = {} if known is None else known
    fonts, letters, looked = _unlike(page, document, known)
    fonts, letters = fonts & set(plain), {key: places for key, places in letters.items() if key[0] in plain}
    if not odd and not fonts and not letters:
        return Legibility()
    all_of_them = odd | fonts
    letters = {key: places for key, places in letters.items() if key[0] not in all_of_them}
    distrusted = all_of_them | {font for font, _ in letters}
    return Legibility("distrusted", frozenset(distrusted), odd, letters, looked)


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


def _letters_of(page: Page) -> dict[int, Counter[tuple[str, int]]]:
    """How often each text and code occurs in each font of the page."""
    letters: dict[int, Counter[tuple[str, int]]] = defaultdict(Counter)
    columns = (page.chars[name].tolist() for name in ("font", "text", "code"))
    for (font, text, code), times in Counter(zip(*columns, strict=True)).items():
        letters[font][text, code] = times
    return letters


def _is_symbols(name: str, letters: Counter[tuple[str, int]]) -> bool:
    """Is it a font of bullets and arrows? A cell in which one of them stands is read again all the same."""
    return bool(_SYMBOL_FONT.search(name)) and len({text for text, _ in letters}) <= _SYMBOLS


def _is_odd_font(letters: Counter[tuple[str, int]]) -> bool:
    """Has it many characters that a Japanese report does not, and more than a ligature that it cannot name?"""
    odd = {letter: times for letter, times in letters.items() if letter[0].strip() and _is_odd(letter[0])}
    named_by_font: Counter[str] = Counter()
    for (text, code), times in letters.items():
        if code < 0:
            named_by_font[text] += times
    if is_language(named_by_font):
        odd = {letter: times for letter, times in odd.items() if letter[1] >= 0 or not is_foreign(letter[0])}
    if sum(odd.values()) <= _ODD * sum(times for (text, _), times in letters.items() if text.strip()):
        return False
    known = {text for text, _ in letters if text.isalpha() and text.isascii()}
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
    if unicodedata.category(c) in ("Co", "Cn", "Cc", "Cs") or c == UNKNOWN:
        return True
    try:
        code = c.encode("euc_jp")
    except UnicodeEncodeError:
        return not ("\u2010" <= c <= "\u303f" or "\u00a0" <= c <= "\u00ff" or "\u3400" <= c <= "\u9fff")
    return len(code) == 3 and not "\u3400" <= c <= "\u9fff"


def _unlike(page: Page, document: Document, known: Known) -> tuple[set[int], Wrong, Known]:
    """The fonts whose glyphs are not what they are said to be, single letters of other fonts that are not.

    What is as it should be becomes ``known``; the third result is the rest of what was looked at.
    """
    seen = sample(page, document, known)
    if seen is None:
        return set(), {}, {}
    looks = _Looks.of(seen)
    fonts, wrong = set(), _doubled(seen)
    for font in np.unique(looks.fonts).tolist():
        mine = np.flatnonzero(looks.shown & (looks.fonts == font))
        lies = _figures_exchanged(page, document, seen, looks, mine)
        grids, rows = looks.grids[mine], looks.rows[mine]
        whole = _letters_unlike(grids, rows) or _latin_unlike(grids, rows) or not lies
        if _too_large(looks, mine) or (
            len(mine) and whole and _is_unlike(grids, rows) and _still(page, document, looks, mine)
        ):
            fonts.add(font)
        else:
            wrong |= _wrong(page, document, seen, looks, mine) | lies
    unlike = Known()
    for k, i in enumerate(seen.picked.tolist()):
        if looks.shown[k]:
            name, font = seen.names[seen.key[i]], int(looks.fonts[k])
            (unlike if font in fonts or (font, name[1]) in wrong else known)[name] = seen.inks[i]
    return fonts, wrong, unlike


@dataclass(frozen=True, slots=True, eq=False)
class _Looks:
    """What glyphs of a sample look like.

    Attributes:
        places: of those that are looked at, among the page's characters; fonts: theirs.
        shapes: shape (n, 66); grids: their first 64 columns, centred.
        rows: of the letter that each is said to be in the table of shapes; -1 without one.
        shown: which of them show something, and are said to be a letter of the table.
    """

    places: Array
    fonts: Array
    shapes: Array
    grids: Array
    rows: Array
    shown: Array

    @classmethod
    def of(cls, seen: Sample) -> _Looks:
        looks = glyph_shapes(seen.chars[seen.picked], seen.picture, seen.scale)
        index = shapes().index
        rows = np.array([index.get(named(seen.names[k][1]), -1) for k in seen.key[seen.picked].tolist()], np.intp)
        shown = ~np.isnan(looks[:, 0]) & (rows >= 0)
        grids = centred(looks[:, : GRID * GRID])
        return cls(seen.places[seen.picked], seen.chars["font"][seen.picked], looks, grids, rows, shown)


def _too_large(looks: _Looks, mine: Array) -> bool:
    """Are glyphs far larger than what they are said to be: 件 is said to be a bracket?"""
    rows = looks.rows[mine]
    away = (looks.shapes[mine, GRID * GRID :] - shapes().sizes[rows]).max(axis=1) >= _OTHER_SIZE
    others = len(np.unique(rows[away & (rows != shapes().index["-"])]))  # which any dash is called
    return others >= 2 and others >= (_FEW_SIZES if len(mine) < _LETTERS else _MANY_SIZES) * len(mine)


def _still(page: Page, document: Document, looks: _Looks, mine: Array) -> bool:
    """Are glyphs still unlike when looked at closely? Of figures, and of few letters, a coarse picture says little."""
    grids, rows = looks.grids[mine], looks.rows[mine]
    if len(rows) > _HANDFUL:
        if _letters_unlike(grids, rows) or _latin_unlike(grids, rows):
            return True
        mine = mine[np.isin(rows, _rows(_TELLING))]
    seen = closely(page, looks.places[mine], document)
    shown = ~np.isnan(seen[:, 0])
    return bool(shown.any()) and _is_unlike(centred(seen[shown, : GRID * GRID]), looks.rows[mine][shown])


def _doubled(seen: Sample) -> Wrong:
    """Glyphs that are said to be several Japanese letters, and are no wider than one."""
    wrong: Wrong = {}
    for k in seen.picked:
        _, text = seen.names[seen.key[k]]
        if len(text) > 1 and text[0] >= "\u3040":
            char = seen.chars[k]
            if max(char["x1"] - char["x0"], char["bottom"] - char["top"]) < 1.2 * char["size"]:
                wrong[int(char["font"]), text] = seen.alike(k)
    return wrong


def _wrong(page: Page, document: Document, seen: Sample, looks: _Looks, mine: Array) -> Wrong:
    """Letters among ``mine`` that look like other ones, also when looked at closely, wherever they stand."""
    rows = looks.rows[mine]
    own = (looks.grids[mine] * shapes().grids[rows]).sum(axis=1)
    odd = mine[solid(rows) & (own < _PLAIN)]
    wrong: Wrong = {}
    for i in odd[each_outdone(looks.shapes[odd], looks.rows[odd], OUTDONE)] if len(odd) else ():
        places = seen.alike(seen.picked[i])
        if still_outdone(page, document, places, int(looks.rows[i])):
            wrong[int(looks.fonts[i]), seen.names[seen.key[seen.picked[i]]][1]] = places
    return wrong


def _figures_exchanged(page: Page, document: Document, seen: Sample, looks: _Looks, mine: Array) -> Wrong:
    """Figures and signs among ``mine`` that look like other ones, also closely, wherever they stand."""
    texts = [seen.names[seen.key[seen.picked[i]]][1] for i in mine.tolist()]
    said = np.array([SIGNS.find(_plain(text)) if _plain(text) in CHECKED else -1 for text in texts], np.intp)
    is_wide = np.array([text != _plain(text) for text in texts], bool)
    wrong: Wrong = {}
    for wide in (False, True):  # full-width figures are wider than the others of their font
        some = np.flatnonzero((said >= 0) & (is_wide == wide))
        signs, meant = mine[some], said[some]
        usual = looks.shapes[signs[meant < len("0123456789")], GRID * GRID :]
        odd = exchanged(looks.shapes[signs], meant, usual, COARSELY) if len(signs) else np.zeros(0, bool)
        for k in np.flatnonzero(odd).tolist():
            places = seen.alike(seen.picked[signs[k]])
            closer = closely(page, places, document)
            closer = closer[~np.isnan(closer[:, 0])]
            if len(closer) and exchanged(closer, np.full(len(closer), meant[k]), usual).all():
                wrong[int(looks.fonts[signs[k]]), texts[some[k]]] = places
    return wrong


@lru_cache(maxsize=2_000)
def _plain(text: str) -> str:
    """A sign in its normal form; what is no single sign becomes one that no table holds."""
    form = unicodedata.normalize("NFKC", text)
    return form if len(form) == 1 else "\0"


def _is_unlike(grids: Array, rows: Array) -> bool:
    """Do these glyphs of one font look like something else?

    Args:
        grids: what they look like, centred, shape (n, 64).
        rows: for each, the row of the character it is said to be.
    """
    return _letters_unlike(grids, rows) or _latin_unlike(grids, rows) or _figures_unlike(grids, rows)


def _letters_unlike(grids: Array, rows: Array) -> bool:
    """Do Japanese letters, each by its best likeness, look like something else?"""
    table = shapes()
    firm = solid(rows)
    if not firm.any():
        return False
    likeness = np.einsum("ij,ij->i", grids[firm], table.grids[rows[firm]])
    letters, of = np.unique(rows[firm], return_inverse=True)
    each = np.full(len(letters), -1.0)
    np.maximum.at(each, of, likeness)
    return bool(np.median(each) < (_LIKE if len(each) >= 3 else _LIKE / 2))


def _latin_unlike(grids: Array, rows: Array) -> bool:
    """Do Latin letters look like other ones? Their style varies, so that only the order of likeness tells."""
    latin = _rows(ascii_letters)
    mine = np.isin(rows, latin)
    if len(np.unique(rows[mine])) < _LETTERS:
        return False
    table = shapes()
    own = (grids[mine] * table.grids[rows[mine]]).sum(axis=1)
    nearer = (grids[mine] @ table.grids[latin].T > own[:, None]).mean(axis=1)
    return bool(np.median(nearer) > _STRANGE)


def _figures_unlike(grids: Array, rows: Array) -> bool:
    """Do figures look like other ones: many of them, or one of them strikingly so?"""
    figures = _rows(_TELLING)
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
def _rows(letters: str) -> Array:
    """The rows of some letters in the table."""
    return np.array([shapes().index[letter] for letter in letters])
