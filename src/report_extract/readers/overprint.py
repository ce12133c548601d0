"""Text that stands over other text: a stamp, a watermark, or two cells run into one another.

Two characters whose letters share a good part of their place were drawn over one another. A stamp differs from the
text under it: it is coloured, or lighter, or larger, or lets the other shine through. It is set aside whole, and
the text under it stays clean. Where nothing tells the two apart, both are marked, and whatever is made of them is
doubtful.
"""

from __future__ import annotations

import numpy as np

from ..core.model import Array, Flag

_UNSEEN = Flag.INVISIBLE | Flag.HIDDEN | Flag.ASIDE
_SHARED = 0.3  # the share of the smaller letter's width, and height, that two must share
_HEAD, _FOOT = 0.12, 0.1  # ems of a letter's place, above and below, where hardly any letter has ink
_LARGE = 1.4  # times the page's usual size: a letter that is held against every other one
_MOST_PAIRS = 1_000_000  # of these and others that are held against one another at once
_MOST_LARGE = 2_000  # of these; on a page of more they are its print
_COLOURED = 60  # of 255: the distance of the brightest from the darkest of red, green and blue
_LIGHTER = 0.22  # of white: by so much a stamp is lighter than print
_SOLID = 250  # of 255: alpha below this lets shine through
_LARGER, _MUCH_LARGER = 1.35, 2.0
_BEYOND_DOUBT = 2  # points by which one of two is the stamp
_SAME_SIZE = 0.15
_KERNED = 0.15  # ems between the middles of two letters that are set tight
_NEXT = 1.2  # ems: runs of one stamp stand no further apart on their line
_MOST_ASIDE = 0.4  # of a page's characters: more are no stamp


def overlaid(chars: Array, run: Array, colour: Array) -> tuple[Array, Array]:
    """Which characters belong to a stamp, and which to texts printed over one another without being told apart.

    Args:
        chars: CHAR records.
        run: which text object each belongs to.
        colour: of each text object: red, green, blue and alpha, 0..255, shape (n, 4).
    """
    aside, over = np.zeros(len(chars), bool), np.zeros(len(chars), bool)
    of = np.flatnonzero((chars["flags"] & _UNSEEN == 0) & (chars["rotation"] % 90 == 0) & _letters(chars["text"]))
    first, second = _overlapping(chars[of])
    one, two = of[first], of[second]
    apart = (run[one] != run[two]) & ~_kerned(chars, one, two)
    one, two = one[apart], two[apart]
    if not len(one):
        return aside, over
    points = _points(chars, run, colour, one, two)
    stamps = np.union1d(run[one[points >= _BEYOND_DOUBT]], run[two[points <= -_BEYOND_DOUBT]])
    if len(stamps):
        whole = _whole(chars, run, colour, stamps)
        if whole.mean() <= _MOST_ASIDE:
            aside = whole
    unclear = ~aside[one] & ~aside[two] & (np.abs(points) < _BEYOND_DOUBT)
    if unclear.any():
        over = _whole(chars, run, colour, np.union1d(run[one[unclear]], run[two[unclear]])) & ~aside
    return aside, over


def _kerned(chars: Array, one: Array, two: Array) -> Array:
    """Which pairs follow one another in one text, and are set tight: each ends after the other one's middle begins."""
    near = (np.abs(one - two) <= 2) & (chars["font"][one] == chars["font"][two])
    near &= np.abs(chars["size"][one] - chars["size"][two]) < _SAME_SIZE * chars["size"][one]
    x = np.abs((chars["x0"] + chars["x1"])[one] - (chars["x0"] + chars["x1"])[two]) / 2
    y = np.abs((chars["top"] + chars["bottom"])[one] - (chars["top"] + chars["bottom"])[two]) / 2
    return np.asarray(near & (np.maximum(x, y) > _KERNED * chars["size"][one]))


def _letters(texts: Array) -> Array:
    """Which texts are letters or figures: accents, ticks, circles and strokes are printed over others on purpose."""
    codes = np.ascontiguousarray(texts).view(np.uint32).reshape(len(texts), texts.dtype.itemsize // 4)[:, 0]
    distinct, of = np.unique(codes, return_inverse=True)
    return np.array([chr(code).isalnum() for code in distinct.tolist()], bool)[of]


def _boxes(chars: Array) -> Array:
    """Where the letters' ink may be, shape (n, 4): x0, top, x1, bottom."""
    boxes = np.stack([chars["x0"], chars["top"], chars["x1"], chars["bottom"]], axis=1).astype("f8")
    upright, size = chars["rotation"] == 0, chars["size"]
    boxes[upright, 1] += _HEAD * size[upright]
    boxes[upright, 3] -= _FOOT * size[upright]
    return boxes


def _overlapping(chars: Array) -> tuple[Array, Array]:
    """Pairs of characters that share a good part of their places, as two arrays of indices."""
    if len(chars) < 2:
        return np.zeros(0, int), np.zeros(0, int)
    boxes = _boxes(chars)
    usual = max(1.0, float(np.median(chars["size"])))
    pairs: list[tuple[Array, Array]] = []
    middle = (boxes[:, 1] + boxes[:, 3]) / 2
    x0, x1 = boxes[:, 0], boxes[:, 2]
    least = _SHARED * np.maximum(x1 - x0, 0.1)
    for shift in (0.0, 0.5):  # bands of a letter's height, twice: what shares a place shares one of them
        order = np.lexsort((x0, np.floor(middle / usual + shift)))
        left, right, needed = x0[order], x1[order], least[order]
        for step in (1, 2):
            both = np.minimum(right[step:], right[:-step]) - np.maximum(left[step:], left[:-step])
            near = np.flatnonzero(both > np.minimum(needed[step:], needed[:-step]))
            pairs.append((order[near], order[near + step]))
    large = np.flatnonzero(chars["size"] > _LARGE * usual)
    if len(large) <= _MOST_LARGE:
        for some in np.array_split(large, 1 + len(large) * len(chars) // _MOST_PAIRS):
            a, b = boxes[some, None], boxes[None]
            meet = (b[..., :2] < a[..., 2:]).all(axis=2) & (b[..., 2:] > a[..., :2]).all(axis=2)
            of, near = np.nonzero(meet & (some[:, None] != np.arange(len(chars))))
            pairs.append((some[of], near))
    one, two = (np.concatenate(side) for side in zip(*pairs, strict=True))
    if not len(one):
        return one, two
    shared = np.ones(len(one), bool)
    for low, high in ((0, 2), (1, 3)):
        both = np.minimum(boxes[one, high], boxes[two, high]) - np.maximum(boxes[one, low], boxes[two, low])
        least = np.minimum(boxes[one, high] - boxes[one, low], boxes[two, high] - boxes[two, low])
        shared &= both > _SHARED * np.maximum(least, 0.1)
    if not shared.any():
        return one[:0], two[:0]
    found = np.unique(np.sort(np.stack([one[shared], two[shared]], axis=1), axis=1), axis=0)
    return found[:, 0], found[:, 1]


def _points(chars: Array, run: Array, colour: Array, one: Array, two: Array) -> Array:
    """How much more like a stamp the first of each pair is than the second; negative where the second is."""
    bright = colour[:, :3].astype(int)
    coloured = (bright.max(axis=1) - bright.min(axis=1) >= _COLOURED).astype(int)
    luma = bright @ np.array([0.299, 0.587, 0.114]) / 255
    clear = (colour[:, 3] < _SOLID).astype(int)
    a, b = run[one], run[two]
    points = 2 * (coloured[a] - coloured[b]) + 2 * (clear[a] - clear[b])
    points += 2 * np.where(luma[a] - luma[b] > _LIGHTER, 1, np.where(luma[b] - luma[a] > _LIGHTER, -1, 0))
    times = chars["size"][one] / np.maximum(chars["size"][two], 0.1)
    for ratio in (_LARGER, _MUCH_LARGER):
        points += np.where(times >= ratio, 1, np.where(times <= 1 / ratio, -1, 0))
    return np.asarray(points)


def _whole(chars: Array, run: Array, colour: Array, stamps: Array) -> Array:
    """Which characters belong to stamps: all of their runs, and what goes on these in their line and style."""
    found = np.isin(run, stamps)
    packed = (colour.astype("i8") << np.array([24, 16, 8, 0])).sum(axis=1)[run]
    for _ in range(len(chars)):
        before = found.sum()
        styles = zip(chars["font"][found], packed[found], chars["rotation"][found], strict=True)
        for font, tone, turn in {(int(f), int(t), int(r)) for f, t, r in styles}:
            alike = np.flatnonzero((chars["font"] == font) & (packed == tone) & (chars["rotation"] == turn))
            found[alike[_beside(chars[alike], found[alike])]] = True
        if found.sum() == before:
            break
    return found


def _beside(chars: Array, found: Array) -> Array:
    """Which of ``chars``, all of one style, stand right beside one of those ``found``, or are one."""
    gained = found.copy()
    along, across = ("x0", "x1"), ("top", "bottom")
    if chars["rotation"][0] % 180:
        along, across = across, along
    for k in np.flatnonzero(found).tolist():
        size = chars["size"][k]
        level = np.abs(chars[across[0]] + chars[across[1]] - chars[across[0]][k] - chars[across[1]][k]) < 0.6 * size
        gap = np.maximum(chars[along[0]] - chars[along[1]][k], chars[along[0]][k] - chars[along[1]])
        gained |= level & (gap < _NEXT * size) & (np.abs(chars["size"] - size) < _SAME_SIZE * size)
    return gained
