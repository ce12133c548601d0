"""Reads a font whose map to Unicode is wrong: which letter does each of its glyphs show?

A glyph is drawn the same way wherever it stands. So it is enough to recognise a few lines in which it occurs;
each votes for a letter, and what the glyph looks like (``shapes``) has a say. With the map put right, the whole
text layer is exact again, its places untouched; a glyph without a clear vote stays unknown (U+FFFD).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from ..geometry import BBox, union
from ..layout import is_cjk
from ..model import Array, Document, Flag, Page
from ..raster import Raster, raster
from ..shapes import GRID, centred, glyph_shapes, named, shapes
from ..text import normal
from ..twins import told_apart
from .orientation import upright
from .rapidocr import RapidOcr

UNKNOWN = "\ufffd"
_SMALL = dict(zip("アイウエオツヤユヨワあいうえおつやゆよわ", "ァィゥェォッャュョヮぁぃぅぇぉっゃゅょゎ", strict=True))
_LARGE = {small: large for large, small in _SMALL.items()}
_OTHER_SIZE = 0.4  # ems by which a glyph's box must differ from a letter's for it to be another one
Glyph = tuple[int, str, int]  # font, what the map says, code
_VOTES = 3  # occurrences of each glyph that are read
_LONGEST = 24  # letters of a line that is read
_CLEAR = 0.7  # share of the votes that the winner needs
_ALONE = 0.9  # how sure a single vote must be
_UNLIKE = 0.2  # a letter that looks less like the glyph than this is not it
_AGREES = 0.6  # share of glyphs read as the map says, from which the rest of it is believed


@dataclass(frozen=True, slots=True)
class _Run:
    """Letters that stand side by side in one line: indices into the page's characters."""

    members: list[int]
    box: BBox
    rotation: int


def decoded(
    page: Page, document: Document, recogniser: RapidOcr, fonts: Iterable[int], learnt: dict[tuple[str, str, int], str]
) -> Page:
    """The page with the letters of its distrusted fonts as they are drawn.

    Args:
        page: as its reader gave it.
        fonts: which of its fonts are distrusted.
        learnt: letters of glyphs (font's name, text, code) from earlier pages; this page's are added.

    Returns:
        The page itself where its letters turn out to be what they say; else one whose reader is "glyphs".
    """
    picture = raster(document, page.number)
    suspects = np.flatnonzero(np.isin(page.chars["font"], list(fonts)))
    glyphs: list[Glyph] = [_glyph(page.chars[i]) for i in range(len(page.chars))]
    names = Counter(page.fonts)
    letters: dict[Glyph, str] = {}
    for glyph in {glyphs[i] for i in suspects}:
        name = page.fonts[glyph[0]]
        if names[name] == 1 and (name, *glyph[1:]) in learnt:
            letters[glyph] = learnt[name, *glyph[1:]]
    wanted = {glyphs[i] for i in suspects}
    votes = _voted(page, picture, glyphs, wanted - letters.keys(), recogniser)
    letters |= _elected(page, picture, glyphs, votes)
    letters = _in_context(page, glyphs, letters)
    for font in {glyph[0] for glyph in wanted}:
        mine = {glyph for glyph in wanted if glyph[0] == font}
        if _agrees(letters, mine):  # what was not read clearly is then what the map says
            letters = {g: g[1] for g in mine} | letters
    if all(letters.get(glyph) == glyph[1] for glyph in wanted):
        return page
    for glyph, letter in letters.items():
        if names[page.fonts[glyph[0]]] == 1:
            learnt[page.fonts[glyph[0]], glyph[1], glyph[2]] = letter
    chars = page.chars.copy()
    for i in suspects:
        letter = letters.get(glyphs[i], UNKNOWN)
        chars["text"][i] = letter
        chars["flags"][i] = Flag.UNICODE_ERROR if letter == UNKNOWN else 0
    blank = (chars["text"] == UNKNOWN) & np.isnan(glyph_shapes(chars, picture.grey, picture.scale)[:, 0])
    lost = lost_letters(chars[suspects], picture)
    return replace(page, chars=np.concatenate([chars[~blank], lost]), reader="glyphs")


def _glyph(char: Array) -> Glyph:
    return int(char["font"]), str(char["text"]), int(char["code"])


def _agrees(letters: dict[Glyph, str], font: set[Glyph]) -> bool:
    """Were the glyphs of a font mostly read as its map says? One that lies is hardly ever right."""
    if any(glyph[2] >= 0 or glyph[1] == UNKNOWN for glyph in font):
        return False
    right = [normal(letters[g]) == normal(g[1]) for g in font if g in letters]
    return len(right) >= min(8, 0.5 * len(font)) and sum(right) >= _AGREES * len(right)


def _voted(
    page: Page, picture: Raster, glyphs: list[Glyph], wanted: set[Glyph], recogniser: RapidOcr
) -> dict[Glyph, list[tuple[str, float]]]:
    """For each glyph wanted, the letters it was read as, each with how sure that was."""
    seen: Counter[Glyph] = Counter()
    chosen = []
    for run in _runs(page.chars):
        lacking = {glyphs[i] for i in run.members if glyphs[i] in wanted and seen[glyphs[i]] < _VOTES}
        if lacking:
            chosen.append(run)
            seen.update(glyphs[i] for i in run.members)
    crops = [upright(picture.crop(run.box, with_rules=True), run.rotation) for run in chosen]
    votes: dict[Glyph, list[tuple[str, float]]] = defaultdict(list)
    for run, spelled in zip(chosen, recogniser.spell(crops), strict=True):
        for i, k in _placed(page.chars, run, spelled.centres).items():
            votes[glyphs[i]].append((spelled.letters[k], spelled.sures[k]))
    return votes


def _runs(chars: Array) -> list[_Run]:
    """The characters of a page in runs along their lines."""
    runs: list[_Run] = []
    members: list[int] = []
    for i in range(len(chars)):
        if members and (len(members) >= _LONGEST or not _beside(chars[members[-1]], chars[i])):
            runs.append(_run(chars, members))
            members = []
        members.append(i)
    return [*runs, _run(chars, members)] if members else runs


def _beside(a: Array, b: Array) -> bool:
    """Does ``b`` follow ``a`` in one line of horizontal print, seen upright?"""
    if a["rotation"] != b["rotation"] or abs(a["size"] - b["size"]) > 0.2 * a["size"]:
        return False
    along, across = _axes(a)
    reach = abs(float(b[along[0]]) - float(a[along[1]]))
    level = abs(float(a[across[0]] + a[across[1]] - b[across[0]] - b[across[1]])) / 2
    return bool(level < 0.2 * a["size"] and reach < 0.9 * a["size"])


def _axes(char: Array) -> tuple[tuple[str, str], tuple[str, str]]:
    """Names of the edges where a letter begins and ends along its line, and across it."""
    return {
        0: (("x0", "x1"), ("top", "bottom")),
        90: (("top", "bottom"), ("x0", "x1")),
        180: (("x1", "x0"), ("top", "bottom")),
        270: (("bottom", "top"), ("x0", "x1")),
    }[int(char["rotation"]) % 360]


def _run(chars: Array, members: list[int]) -> _Run:
    boxes = [BBox(*(float(chars[edge][i]) for edge in ("x0", "top", "x1", "bottom"))) for i in members]
    around = union(boxes).grown(0.12 * float(chars["size"][members[0]]))
    return _Run(members, around, int(chars["rotation"][members[0]]))


def _placed(chars: Array, run: _Run, centres: tuple[float, ...]) -> dict[int, int]:
    """Which of the letters read stands on which character; only where it is the only one there."""
    along, _ = _axes(chars[run.members[0]])
    backward = along in (("x1", "x0"), ("bottom", "top"))
    low, high = (run.box.x0, run.box.x1) if "x0" in along else (run.box.top, run.box.bottom)
    starts = np.array([float(chars[along[0]][i]) for i in run.members])
    ends = np.array([float(chars[along[1]][i]) for i in run.members])
    slack = 0.9 if len(centres) == len(run.members) else 0.5
    found: dict[int, list[int]] = defaultdict(list)
    for k, centre in enumerate(centres):
        place = high - centre * (high - low) if backward else low + centre * (high - low)
        nearest = int(np.abs((starts + ends) / 2 - place).argmin())
        if abs((starts + ends)[nearest] / 2 - place) < slack * abs(ends - starts)[nearest]:
            found[run.members[nearest]].append(k)
    return {i: places[0] for i, places in found.items() if len(places) == 1}


def _elected(
    page: Page, picture: Raster, glyphs: list[Glyph], votes: dict[Glyph, list[tuple[str, float]]]
) -> dict[Glyph, str]:
    """The letters of the glyphs on which the votes, and the looks, agree."""
    first = {glyph: i for i, glyph in reversed(list(enumerate(glyphs))) if glyph in votes}
    order = list(first)
    looks = glyph_shapes(page.chars[[first[glyph] for glyph in order]], picture.grey, picture.scale)
    elected = {}
    for glyph, look in zip(order, looks, strict=True):
        weights: Counter[str] = Counter()
        for letter, sure in votes[glyph]:
            weights[letter] += max(sure, 0.01)  # type: ignore[assignment]
        letter, weight = weights.most_common(1)[0]
        letter = of_size(look, letter)
        if weight < _CLEAR * sum(weights.values()) or (len(votes[glyph]) == 1 and weight < _ALONE):
            continue
        if normal(letter) == normal(glyph[1]):
            elected[glyph] = glyph[1]
        elif likeness(look, letter) >= _UNLIKE:
            elected[glyph] = letter
    return elected


def of_size(look: Array, letter: str) -> str:
    """The letter, or its small or large form where the glyph is of that size: ッ or ツ."""
    pair = _SMALL.get(letter) or _LARGE.get(letter)
    if pair is None or np.isnan(look[0]):
        return letter
    table = shapes()
    return min((letter, pair), key=lambda c: float(np.abs(table.sizes[table.index[c]] - look[GRID * GRID :]).sum()))


def _in_context(page: Page, glyphs: list[Glyph], letters: dict[Glyph, str]) -> dict[Glyph, str]:
    """The letters, those with a twin changed to it where most of their neighbours are of its script."""
    changed: dict[Glyph, Counter[str]] = defaultdict(Counter)
    blind: Counter[Glyph] = Counter()
    for run in _runs(page.chars):
        text = "".join(letters.get(glyphs[i], UNKNOWN)[:1] for i in run.members)
        for i, letter in zip(run.members, told_apart(text), strict=True):
            if glyphs[i] in letters:
                changed[glyphs[i]][letter] += 1
        blind.update(glyphs[i] for i, before in zip(run.members[1:], text, strict=False) if before == UNKNOWN)
    return letters | {glyph: said.most_common(1)[0][0] for glyph, said in changed.items() if len(letters[glyph]) == 1}


def lost_letters(chars: Array, picture: Raster) -> Array:
    """Records of unknown letters for ink beside ``chars`` that belongs to none of them.

    A map that calls a letter a blank makes readers leave it out: only its ink is left.
    """
    import cv2

    em = float(np.median(chars["size"]))
    left = np.ascontiguousarray(picture.plain < 160).astype(np.uint8)
    reach = 0.08 * em
    for x0, top, x1, bottom in _corners(chars, reach, picture.scale):
        left[max(0, top) : bottom, max(0, x0) : x1] = 0
    joined = cv2.dilate(left, np.ones((max(1, round(0.12 * em * picture.scale)),) * 2, np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    lost = []
    for x, y, width, height, _ in stats[1:] / picture.scale:
        if not (0.25 * em < max(width, height) < 1.4 * em and min(width, height) > 0.12 * em):
            continue
        middle = (chars["top"] + chars["bottom"]) / 2
        level = np.abs(middle - (y + height / 2)) < 0.5 * em
        beside = (chars["x0"] < x + width + 1.2 * em) & (chars["x1"] > x - 1.2 * em)
        if (level & beside).any():
            lost.append((x, y, x + width, y + height))
    records = np.zeros(len(lost), chars.dtype)
    if lost:
        records["x0"], records["top"], records["x1"], records["bottom"] = np.array(lost).T
        records["text"], records["size"], records["code"] = UNKNOWN, em, -1
        records["font"], records["rotation"] = chars["font"][0], chars["rotation"][0]
        records["flags"] = Flag.UNICODE_ERROR
    return records


def _corners(chars: Array, grown: float, scale: float) -> Array:
    """Left, top, right and bottom of each character in pixels, grown by some points."""
    boxes = np.stack([chars["x0"] - grown, chars["top"] - grown, chars["x1"] + grown, chars["bottom"] + grown])
    return np.asarray(np.round(boxes.T * scale), np.int64)


def likeness(look: Array, letter: str) -> float:
    """How much a glyph looks like a letter, -1..1; 1 where neither has a shape to compare."""
    table = shapes()
    row = table.index.get(named(letter))
    if row is None or np.isnan(look[0]) or letter in "1lI|":
        return 1.0
    if np.abs(table.sizes[row] - look[GRID * GRID :]).max() > _OTHER_SIZE and is_cjk(letter):
        return 0.0
    if table.sizes[row].min() < 0.4:
        return 1.0
    return float((centred(look[: GRID * GRID]) * table.grids[row]).sum())
