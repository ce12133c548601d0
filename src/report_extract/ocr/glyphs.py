"""Reads a font whose map to Unicode is wrong: which letter does each of its glyphs show?

A glyph is drawn the same way wherever it stands. So it is enough to recognise a few lines in which it occurs,
and, where these do not agree, lines that are made of such glyphs; what the glyph looks like (``shapes``) has a
say in both. With the map put right, the whole text layer is exact again, its places untouched. A letter that
nothing confirms is flagged as unsure; a glyph without any vote stays unknown (U+FFFD).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from ..core.geometry import BBox
from ..core.model import Array, Flag, Page
from ..core.protocols import Document
from ..imaging import Raster, raster
from ..page.glyph_shapes import GRID, centred, glyph_shapes, likenesses, named, shapes, solid
from ..page.legibility import Legibility
from ..text.confusables import LARGE, SAME_SHAPE, SMALL, disambiguated
from ..text.normalize import UNKNOWN, normal
from ..text.scripts import is_foreign
from .glyph_doubts import lying_fonts
from .glyph_letters import TRUE, Glyph, Learnt, Letter, agrees, is_open, kind, right, same
from .glyph_reading import in_lines, out_of_lines, runs
from .lost import with_lost
from .rapidocr import RapidOcr

_SAME = 0.92  # how much two pictures of one glyph are alike: but for 6 in 1,000, true ones are; 社 and 祉 are less so
_THIN, _THIN_SAME = 0.3, 0.6  # ems: glyphs thinner than this vary more on a picture; so much they are alike
_STROKE = 0.12  # ems: what is thinner than this is a stroke, without a shape to be held against another one
_WIDE = str.maketrans("0123456789O", "０１２３４５６７８９Ｏ")
_CIRCLES = tuple("○〇◯Ｏ")  # which of them is meant, the map alone can tell
_LOST, _LOST_SHARE = 5, 0.01  # letters without a character, from which no cell of the page is sure to be whole
_STRIKING = 0.75  # a glyph that looks so much like another figure is no 1, which has too many forms to tell by
_CLEAR = 0.7  # share of the votes that the winner needs
_ALONE = 0.9  # how sure a single vote must be
_OUTDONE = 0.15  # a letter may look by so much less like the glyph than another one does
_FAR = 0.3  # the same, where glyphs out of their lines were read alike
_PROVED = 0.75  # a glyph that looks so much like a letter,
_AHEAD = 0.08  # and by so much more than like any other one, is that letter


def decoded(page: Page, document: Document, recogniser: RapidOcr, legibility: Legibility, learnt: Learnt) -> Page:
    """The page with the letters of its distrusted fonts as they are drawn.

    Args:
        page: as its reader gave it.
        legibility: which of its fonts are distrusted, and whether for some of their letters only.
        learnt: letters from earlier pages; this page's are added.

    Returns:
        The page itself where its letters turn out to be what they say; else one whose reader is "glyphs".
    """
    lying = lying_fonts(page, document, recogniser, legibility)
    if not lying:
        return page
    picture = raster(document, page.number)
    if _false_alarm(page, lying, legibility, picture, recogniser):
        return page
    # Who writes one wrong map writes others, in which few letters may show it: all fonts are read.
    whole = replace(page, chars=with_lost(page, picture))
    glyphs, of = _glyphs(whole.chars, picture)
    letters = {g: known for g, glyph in enumerate(glyphs) if (known := _remembered(page, glyph, learnt))}
    foreign = {g for g, glyph in enumerate(glyphs) if glyph.code < 0 and is_foreign(glyph.said)}
    wanted = set(range(len(glyphs))) - letters.keys() - foreign
    letters |= _read(whole.chars, glyphs, of, wanted, picture, recogniser)
    letters = _in_context(whole.chars, of, _sized(whole.chars, glyphs, of, letters))
    fonts = [[g for g, glyph in enumerate(glyphs) if glyph.font == font] for font in range(len(page.fonts))]
    if not legibility.letters and all(right(letters, glyphs, fonts[font]) for font in lying):
        return page
    for mine in fonts:
        if share := agrees(letters, glyphs, mine):  # what was not read clearly is then what the map says
            trusted = share >= TRUE
            letters |= {g: _as_said(glyphs[g], trusted) for g in mine if is_open(letters.get(g), glyphs[g], trusted)}
    # No reading can spell a foreign letter: it stays, and is doubted.
    letters |= {g: Letter(glyphs[g].said, False, glyphs[g].looks) for g in foreign}
    if all(g in letters and normal(letters[g].text) == normal(glyph.said) for g, glyph in enumerate(glyphs)):
        return page
    for g, letter in letters.items():
        learnt.setdefault((page.fonts[glyphs[g].font], glyphs[g].said, glyphs[g].code), []).append(letter)
    return _rewritten(whole, len(page.chars), of, letters, picture)


def _false_alarm(
    page: Page, lying: set[int], legibility: Legibility, picture: Raster, recogniser: RapidOcr
) -> bool:
    """Are the letters in doubt alone, in fonts that are right otherwise, no others for sure when they are read?

    What a rule or its row hides of a letter leaves another one: nothing else on such a page need be read.
    """
    if lying & (legibility.odd | legibility.fonts - {font for font, _ in legibility.letters}):
        return False
    mine = sorted({i for (font, _), places in legibility.letters.items() if font in lying for i in places})
    glyphs, which = _glyphs(page.chars[mine], picture)
    of = [-1] * len(page.chars)
    for i, g in zip(mine, which, strict=True):
        of[i] = g
    letters = _read(page.chars, glyphs, of, range(len(glyphs)), picture, recogniser)
    others = {g for g, letter in letters.items() if letter.sure and not same(letter.text, glyphs[g].said)}
    # A figure has looked like another one among many typefaces: it must be read as what it is said to be.
    figures = {g for g, glyph in enumerate(glyphs) if glyph.said.isdecimal()}
    said = {g for g, letter in letters.items() if same(letter.text, glyphs[g].said)}
    return not others and figures <= said


def _rewritten(page: Page, as_read: int, of: Sequence[int], letters: dict[int, Letter], picture: Raster) -> Page:
    """The page, of whose characters its reader gave ``as_read``, with its letters as they are drawn."""
    chars = page.chars.copy()
    for i, g in enumerate(of):
        letter, said = letters.get(g), str(chars["text"][i])
        chars["text"][i] = text = _as_wide(letter.text, chars[i]) if letter else UNKNOWN
        sure = letter and letter.sure and (text not in _CIRCLES or same(text, said))
        seen = chars["flags"][i] & (Flag.INVISIBLE | Flag.HIDDEN)
        chars["flags"][i] = seen | (0 if sure else Flag.UNSURE if letter else Flag.UNICODE_ERROR)
    lost = len(page.chars) - as_read
    if lost >= _LOST and lost >= _LOST_SHARE * len(chars):  # where many are lost, more are, unseen
        chars["flags"] |= np.uint16(Flag.UNSURE)
    blank = (chars["text"] == UNKNOWN) & np.isnan(glyph_shapes(chars, picture.grey, picture.scale)[:, 0])
    return replace(page, chars=chars[~blank & (chars["text"] != "")], reader="glyphs")


def _as_wide(text: str, char: Array) -> str:
    """The letter, in full width where it takes an em of its line: between such figures no blank stands for a break."""
    low, high = ("top", "bottom") if char["rotation"] % 180 else ("x0", "x1")
    return text.translate(_WIDE) if char[high] - char[low] > 0.9 * char["size"] else text


def _glyphs(chars: Array, picture: Raster) -> tuple[list[Glyph], list[int]]:
    """The glyphs of a page, and which of them each of its characters is.

    Characters of one font, text and code that look different are different glyphs: a map may give several of
    them one letter.
    """
    looks = glyph_shapes(chars, picture.grey, picture.scale)
    grids = centred(looks[:, : GRID * GRID])
    glyphs: list[Glyph] = []
    of = []
    by_key: dict[tuple[int, str, int], list[tuple[int, int]]] = defaultdict(list)
    for i in range(len(chars)):
        key = int(chars["font"][i]), str(chars["text"][i]), int(chars["code"][i])
        same = (g for g, first in by_key[key] if _one_glyph(looks[first], looks[i], grids[first], grids[i]))
        g = next(same, len(glyphs))
        if g == len(glyphs):
            glyphs.append(Glyph(*key, looks[:0]))
            by_key[key].append((g, i))
        of.append(g)
        glyphs[g].members.append(i)
        if len(glyphs[g].looks) < 4:
            glyphs[g].looks = np.concatenate([glyphs[g].looks, looks[i : i + 1]])
    return glyphs, of


def _one_glyph(a: Array, b: Array, grid_a: Array, grid_b: Array) -> bool:
    """Are two pictures of the same glyph?"""
    if np.isnan(a[0]) or np.isnan(b[0]):
        return bool(np.isnan(a[0]) and np.isnan(b[0]))
    sizes = a[GRID * GRID :], b[GRID * GRID :]
    if np.abs(sizes[0] - sizes[1]).max() > _THIN / 2:
        return False
    thinnest = min(sizes[0].min(), sizes[1].min())
    return bool(thinnest < _STROKE or grid_a @ grid_b > (_SAME if thinnest >= _THIN else _THIN_SAME))


def _remembered(page: Page, glyph: Glyph, learnt: Learnt) -> Letter | None:
    """What the glyph was on an earlier page, if it is the same: fonts of one name may have different maps."""
    looks = glyph.looks[~np.isnan(glyph.looks[:, 0])]
    if not len(looks) or looks[:, GRID * GRID :].min() < _THIN:
        return None
    grid = centred(looks[:1, : GRID * GRID])[0]
    for letter in learnt.get((page.fonts[glyph.font], glyph.said, glyph.code), []):
        before = letter.looks[~np.isnan(letter.looks[:, 0])]
        if len(before) and _one_glyph(before[0], looks[0], centred(before[:1, : GRID * GRID])[0], grid):
            return letter
    return None


def _read(
    chars: Array, glyphs: list[Glyph], of: Sequence[int], wanted: Iterable[int], picture: Raster, recogniser: RapidOcr
) -> dict[int, Letter]:
    """The letters of the glyphs ``wanted``; those that nothing tells are left out."""

    def crop(box: BBox) -> Array:
        return picture.crop(box, with_rules=True)

    alike = {g: likenesses(glyphs[g].looks) for g in wanted}
    letters = {g: Letter(glyphs[g].said, True, glyphs[g].looks) for g in alike if _proved(glyphs[g].said, alike[g])}
    votes = in_lines(chars, of, alike.keys() - letters.keys(), crop, recogniser)
    for g in alike.keys() - letters.keys():
        text = _elected(glyphs[g], votes.get(g, []), alike[g])
        if text:
            letters[g] = Letter(text, True, glyphs[g].looks)
    second = out_of_lines(chars, of, alike.keys() - letters.keys(), crop, recogniser)
    for g in alike.keys() - letters.keys():
        letter = _decided(glyphs[g], votes.get(g, []), second.get(g, []), alike[g])
        if np.isnan(glyphs[g].looks[:, 0]).all():  # a blank, whatever the map calls it
            letters[g] = Letter("", True, glyphs[g].looks)
        elif letter:  # of letters that the layer has lost, not even the number is sure
            letters[g] = replace(letter, sure=letter.sure and (glyphs[g].said != UNKNOWN or glyphs[g].code >= 0))
    return letters


def _proved(text: str, alike: Array) -> bool:
    """Does a glyph look so much like a letter, and so little like any other one, that it needs no reading?"""
    row = shapes().index.get(named(text))
    if row is None or not solid(np.array([row]))[0] or kind(text) != text or text in SMALL:
        return False
    return bool(alike[row] >= _PROVED and _behind(text, alike) <= -_AHEAD)


def _behind(text: str, alike: Array) -> float:
    """By how much a glyph looks less like a letter than like another one; 0 where its shape does not tell."""
    table = shapes()
    row = table.index.get(named(text))
    if row is None:
        return 0.0
    same = list({row, *(table.index[c] for c in _variants(text) if c in table.index)})
    if alike[same].max() <= -1.0 < alike.max():  # of another size
        return 1.0
    if text in "1lI|":
        return float(alike[[table.index[c] for c in "023456789"]].max() >= _STRIKING)
    rivals = _rows_of(text)
    if rivals is None:
        return 0.0
    return float(np.delete(alike, same)[np.delete(rivals, same)].max() - alike[same].max())


def _rows_of(text: str) -> Array | None:
    """The letters among which one is sought: Japanese ones, or ASCII ones; None for marks."""
    if solid(np.array([shapes().index[named(text)]]))[0]:
        return _script(True)
    return _script(False) if text.isascii() and text.isalnum() else None


@cache
def _script(japanese: bool) -> Array:
    letters = list(shapes().index)
    return np.array([("\u3040" <= c < "\uff00") if japanese else (c.isascii() and c.isalnum()) for c in letters])


def _variants(text: str) -> str:
    """A letter with those that differ from it by their size, or by their script alone."""
    return "".join(c for c in {text, *(SMALL.get(text, "") + LARGE.get(text, ""))} | _confusables_of(text))


@cache
def _confusables_of(text: str) -> set[str]:
    return {c for c in map(chr, SAME_SHAPE) if c.translate(SAME_SHAPE) == text.translate(SAME_SHAPE)}


def _tally(votes: Iterable[tuple[str, float]]) -> tuple[str, float]:
    """The letter that most votes say, and its share of them."""
    weights: dict[str, float] = defaultdict(float)
    for letter, sure in votes:
        weights[letter] += max(sure, 0.01)
    letter = max(weights, key=weights.__getitem__)
    return letter, weights[letter] / sum(weights.values())


def _elected(glyph: Glyph, votes: Sequence[tuple[str, float]], alike: Array) -> str:
    """The letter on which votes from the lines of a page, and its looks, agree; "" for none."""
    if not votes:
        return ""
    letter, share = _tally(votes)
    if share < _CLEAR:
        return ""
    if kind(letter) == kind(glyph.said) and _behind(glyph.said, alike) < _FAR:
        return glyph.said
    if len(votes) == 1 or share < 1 or min(sure for _, sure in votes) < 0.5:
        return ""
    return letter if _behind(letter, alike) <= _OUTDONE else ""


def _decided(
    glyph: Glyph, first: Sequence[tuple[str, float]], second: Sequence[tuple[str, float]], alike: Array
) -> Letter | None:
    """The letter of a glyph by its readings in lines and out of them; unsure where these do not agree."""
    if not first and not second:
        return None
    both = [votes for votes in (first, second) if votes]
    letter, share = _tally([*first, *second])
    agreed = len(both) == 2 and all(kind(_tally(votes)[0]) == kind(letter) for votes in both)
    if agreed:  # twins are told apart where they stand
        letter = _tally(first)[0]
    strong = agreed or (not first and share == 1 and len(second) > 1 and min(sure for _, sure in second) >= _ALONE)
    likely = _behind(letter, alike) <= (_FAR if agreed else _OUTDONE)
    if strong and likely:
        return Letter(letter, True, glyph.looks)
    if _behind(glyph.said, alike) <= 0 and any(kind(c) == kind(glyph.said) for c, _ in (*first, *second)):
        return Letter(glyph.said, True, glyph.looks)
    nearest = max(dict.fromkeys(c for c, _ in (*first, *second)), key=lambda c: -_behind(c, alike))
    if _proved(nearest, alike):
        return Letter(nearest, True, glyph.looks)
    return Letter(letter, False, glyph.looks)


def _sized(chars: Array, glyphs: Sequence[Glyph], of: Sequence[int], letters: dict[int, Letter]) -> dict[int, Letter]:
    """The letters, in their small or large form where the glyph is of that size: ッ or ツ.

    Print may be condensed: letters beside each other tell how much.
    """
    condensed: dict[int, list[float]] = defaultdict(list)
    for run in runs(chars):
        across = ("x0", "x1") if run.rotation % 180 == 0 else ("top", "bottom")
        some = chars[run.members]
        width = float(np.median((some[across[1]] - some[across[0]]) / np.maximum(some["size"], 1)))
        for i in run.members:
            condensed[of[i]].append(min(1.0, max(0.4, width)) if len(run.members) > 2 else 1.0)
    sized = dict(letters)
    for g, letter in letters.items():
        if letter.text in SMALL or letter.text in LARGE:
            said = letter.text == glyphs[g].said
            sized[g] = replace(letter, text=of_size(letter.looks, letter.text, float(np.median(condensed[g])), said))
    return sized


def of_size(looks: Array, letter: str, condensed: float = 1.0, said: bool = False) -> str:
    """The letter, or its small or large form if the glyph is of that size.

    Args:
        looks: of the glyph, shape (k, 66).
        condensed: how wide the print is, 1 where a letter takes an em.
        said: is it what the font's map says too? Then the size must speak clearly.
    """
    pair = SMALL.get(letter) or LARGE.get(letter)
    looks = looks[~np.isnan(looks[:, 0])]
    if pair is None or not len(looks):
        return letter
    table, size = shapes(), np.median(looks[:, GRID * GRID :], axis=0) / (condensed, 1.0)
    away = [float(np.abs(table.sizes[table.index[c]] - size).sum()) for c in (letter, pair)]
    return pair if away[1] < away[0] - (_OUTDONE if said else 0.0) else letter


def _as_said(glyph: Glyph, trusted: bool) -> Letter:
    """The letter that the map says, sure where the glyph looks more or less like it.

    Latin letters have too many styles to be told by their looks: they are sure where the font is right otherwise.
    """
    if trusted and glyph.said.isascii():
        return Letter(glyph.said, True, glyph.looks)
    like = named(glyph.said) in shapes().index and _behind(glyph.said, likenesses(glyph.looks)) <= _OUTDONE
    return Letter(glyph.said, like, glyph.looks)


def _in_context(chars: Array, of: Sequence[int], letters: dict[int, Letter]) -> dict[int, Letter]:
    """The letters, those with a twin changed to it where most of their neighbours are of its script."""
    changed: dict[int, Counter[str]] = defaultdict(Counter)
    for run in runs(chars):
        said = (letters[of[i]].text if of[i] in letters else UNKNOWN for i in run.members)
        text = "".join(letter[:1] or " " for letter in said)
        before = ""
        for i, letter in zip(run.members, disambiguated(text), strict=True):
            if of[i] in letters:
                if letter in "一-ー" and len(run.members) == 1:  # alone it says that there is nothing
                    letter = "-"
                elif letter in "一-" and before and "ァ" <= before <= "ヺ":  # a long vowel at a word's end
                    letter = "ー"
                elif letter == "0" and before.isascii() and before.isalpha():  # No., not N0.
                    letter = "o"
                changed[of[i]][letter] += 1
            before = letter
    told = {g: said.most_common(1)[0][0] for g, said in changed.items() if len(letters[g].text) == 1}
    return letters | {g: replace(letters[g], text=text) for g, text in told.items()}
