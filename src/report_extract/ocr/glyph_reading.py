"""Letters read off a page for the glyphs of a font: in the lines where they stand, and out of them.

In its line a glyph is read as well as can be, but a recogniser guesses what it sees badly from the words around
it. The same glyph set among others at random is read from its shape alone: where both say the same, it is so.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ..core.geometry import BBox, union
from ..core.model import Array
from .orientation import upright
from .rapidocr import RapidOcr, Spelled

Votes = dict[int, list[tuple[str, float]]]  # for each glyph the letters it was read as, and how sure that was
_VOTES = 3  # occurrences of each glyph that are read
_LONGEST = 24  # letters of a line that is read
_SET = 8  # glyphs of a line that is made of them
_TIMES = 2  # such lines that a glyph is set in
_HEIGHT = 40  # pixels of an em in them
_GAP = 5  # pixels between glyphs and around them


@dataclass(frozen=True, slots=True)
class Run:
    """Letters that stand side by side in one line: indices into the page's characters."""

    members: list[int]
    box: BBox
    rotation: int


def in_lines(
    chars: Array, glyphs: Sequence[int], wanted: Iterable[int], crop: Callable[[BBox], Array], recogniser: RapidOcr
) -> Votes:
    """What the glyphs ``wanted`` are read as in some of the lines where they stand.

    Args:
        chars: the page's characters.
        glyphs: which glyph each of them is.
        crop: the part of the page's picture in a box.
    """
    wanted = set(wanted)
    seen: Counter[int] = Counter()
    chosen = []
    for run in runs(chars):
        if any(glyphs[i] in wanted and seen[glyphs[i]] < _VOTES for i in run.members):
            chosen.append(run)
            seen.update(glyphs[i] for i in run.members)
    votes: Votes = defaultdict(list)
    spellings = recogniser.spell([upright(crop(run.box), run.rotation) for run in chosen])
    for run, spelled in zip(chosen, spellings, strict=True):
        for i, k in _placed(chars, run, spelled.centres).items():
            votes[glyphs[i]].append((spelled.letters[k].strip(), spelled.sures[k]))
    return votes


def out_of_lines(
    chars: Array, glyphs: Sequence[int], wanted: Iterable[int], crop: Callable[[BBox], Array], recogniser: RapidOcr
) -> Votes:
    """What the glyphs ``wanted`` are read as in lines made of them in a random order."""
    wanted = set(wanted)
    places: dict[int, list[int]] = defaultdict(list)
    for i, glyph in enumerate(glyphs):
        if glyph in wanted and len(places[glyph]) < _TIMES:
            places[glyph].append(i)
    random = np.random.default_rng(0)
    votes: Votes = defaultdict(list)
    lines = []
    for time in range(_TIMES):
        order = [list(places)[k] for k in random.permutation(len(places))]
        members = [places[glyph][min(time, len(places[glyph]) - 1)] for glyph in order]
        lines += [members[k : k + _SET] for k in range(0, len(members), _SET)]
    pictures = [_line([_single(chars[i], crop) for i in line]) for line in lines]
    spellings = recogniser.spell([picture for picture, _ in pictures])
    for line, (_, middles), spelled in zip(lines, pictures, spellings, strict=True):
        for i, letter in zip(line, _nearest(middles, spelled), strict=True):
            if letter:
                votes[glyphs[i]].append(letter)
    return votes


def _single(char: Array, crop: Callable[[BBox], Array]) -> Array:
    """The picture of a character alone, upright, its em ``_HEIGHT`` pixels."""
    import cv2

    picture = upright(crop(box_of(char)), int(char["rotation"]))
    if not picture.size:
        return np.full((_HEIGHT, _HEIGHT // 2), 255, np.uint8)
    width = max(4, round(picture.shape[1] * _HEIGHT / picture.shape[0]))
    return np.asarray(cv2.resize(picture, (width, _HEIGHT), interpolation=cv2.INTER_AREA))


def _line(singles: Sequence[Array]) -> tuple[Array, list[float]]:
    """Glyphs side by side on white, and where the middle of each is: shares of the picture's width."""
    gap = np.full((_HEIGHT, _GAP), 255, np.uint8)
    parts = [gap]
    middles, at = [], _GAP
    for single in singles:
        middles.append(at + single.shape[1] / 2)
        parts += [single, gap]
        at += single.shape[1] + _GAP
    return np.pad(np.hstack(parts), ((_GAP, _GAP), (0, 0)), constant_values=255), [m / at for m in middles]


def _nearest(middles: Sequence[float], spelled: Spelled) -> list[tuple[str, float] | None]:
    """For each place of a made line the one letter read there, if it is one."""
    found: dict[int, list[int]] = defaultdict(list)
    for k, centre in enumerate(spelled.centres):
        found[int(np.abs(np.array(middles) - centre).argmin())].append(k)
    one = {place: ks[0] for place, ks in found.items() if len(ks) == 1}
    return [(spelled.letters[one[p]], spelled.sures[one[p]]) if p in one else None for p in range(len(middles))]


def runs(chars: Array) -> list[Run]:
    """The characters of a page in runs along their lines."""
    found: list[Run] = []
    members: list[int] = []
    for i in range(len(chars)):
        if members and (len(members) >= _LONGEST or not _beside(chars[members[-1]], chars[i])):
            found.append(_run(chars, members))
            members = []
        members.append(i)
    return [*found, _run(chars, members)] if members else found


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


def box_of(char: Array) -> BBox:
    """The place of a character."""
    return BBox(*(float(char[edge]) for edge in BBox._fields))


def _run(chars: Array, members: list[int]) -> Run:
    around = union(box_of(chars[i]) for i in members).grown(0.12 * float(chars["size"][members[0]]))
    return Run(members, around, int(chars["rotation"][members[0]]))


def _placed(chars: Array, run: Run, centres: tuple[float, ...]) -> dict[int, int]:
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
