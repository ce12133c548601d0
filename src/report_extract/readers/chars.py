"""What every reader of characters shares."""

from __future__ import annotations

import numpy as np

from ..core.model import Array, Flag

ABOVE, BELOW = 0.88, 0.12  # of the em, above and below the baseline
SLANT = 3  # degrees: text that lies further than this off a quarter turn is slanted
TWICE = 0.12  # the same glyph drawn again within this share of its size is bold, not a second character
REPLACEMENT = 0xFFFD
HYPHENS = (0x02, 0xAD, 0xFFFE)  # how readers mark a hyphen at the end of a line
BLANKS = (0x09, 0x0A, 0x0D, 0x20, 0xA0, *range(0x2000, 0x200C), 0x202F, 0x205F, 0x3000, 0xFEFF)


def single(texts: Array) -> Array:
    """The code point of each text of one letter, 0 of others; the texts' dtype is that of CHAR."""
    codes = np.ascontiguousarray(texts).view(np.uint32).reshape(len(texts), texts.dtype.itemsize // 4)
    return np.where(codes[:, 1] == 0, codes[:, 0], 0)


def drawn_twice(chars: Array) -> Array:
    """Which characters repeat an earlier one at nearly the same place: bold or shadow made by drawing again.

    Four shifted grids send places that lie close together to the same cell: any two within half a cell of
    one another share one at least, and are then measured. What is seen goes before what is not: printer drivers
    draw one text in several strips, each clipped to its own. What is drawn last goes before what it is drawn over,
    which something may cover.
    """
    repeated = np.zeros(len(chars), bool)
    if len(chars) < 2:
        return repeated
    text = np.frombuffer(np.ascontiguousarray(chars["text"]).tobytes(), "u4").reshape(-1, 4)[:, 0].astype("i8")
    step = 2 * TWICE * np.maximum(chars["size"].astype("f8"), 1.0)
    grade = np.round(step * 50).astype("i8") & 0xFFF
    unseen = chars["flags"] & Flag.INVISIBLE
    x, y = (chars["x0"] + chars["x1"]) / 2 / step, (chars["top"] + chars["bottom"]) / 2 / step
    for dx, dy in ((0, 0), (0.5, 0), (0, 0.5), (0.5, 0.5)):
        column, row = np.floor(x + dx).astype("i8") & 0xFFFF, np.floor(y + dy).astype("i8") & 0xFFFF
        place = (((column << 16) | row) << 33) ^ (text << 12) ^ grade
        ascending = np.sort(place)
        if (ascending[1:] != ascending[:-1]).all():
            continue
        order = np.lexsort((-np.arange(len(chars)), unseen, place))
        same = np.flatnonzero(place[order][1:] == place[order][:-1])
        one, two = order[same], order[same + 1]
        near = (np.abs(x[one] - x[two]) <= 0.5) & (np.abs(y[one] - y[two]) <= 0.5)
        repeated[two[near]] = True
    return repeated


def upright_angles(degrees: Array, weights: Array) -> Array:
    """Whole degrees clockwise, quarter turns where they are near one: shape (n,), 0..359.

    Where most of a page lies askew, its text was laid over a crooked scan: then nothing on it is slanted.

    Args:
        degrees: as measured.
        weights: how many characters lie so.
    """
    nearest = np.round(degrees / 90) * 90
    slanted = np.abs(degrees - nearest) > SLANT
    if slanted.any() and weights[slanted].sum() <= weights.sum() / 2:
        nearest = np.where(slanted, np.round(degrees), nearest)
    angles: Array = nearest.astype(int) % 360
    return angles


def joined(chars: Array, corners: Array, of: Array) -> Array:
    """Code points that share one glyph become one record; the text of the others becomes empty.

    pdfium gives a ligature as its letters, a character beyond the basic plane as two surrogates and a
    replacement text (ActualText) as its letters, all with one and the same box. More than four
    code points are spread over the box instead.
    """
    same = np.r_[False, (of[1:] == of[:-1]) & (corners[1:] == corners[:-1]).all(axis=1)]
    if same.any():
        starts = np.flatnonzero(~same & np.r_[same[1:], False])
        for start in starts.tolist():
            end = start + 1
            while end < len(same) and same[end]:
                end += 1
            _share_out(chars, start, end)
    return chars


def _share_out(chars: Array, start: int, end: int) -> None:
    text = "".join(chars["text"][start:end].tolist())
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if len(text) <= 4:
        chars["text"][start], chars["text"][start + 1 : end] = text, ""
        return
    low, high = ("x0", "x1") if chars["rotation"][start] % 180 == 0 else ("top", "bottom")
    edges = np.linspace(chars[low][start], chars[high][start], len(text) + 1)
    if chars["rotation"][start] in (180, 270):
        edges = edges[::-1]
    for k, letter in enumerate(text):
        chars["text"][start + k] = letter
        chars[low][start + k], chars[high][start + k] = sorted((edges[k], edges[k + 1]))
    chars["text"][start + len(text) : end] = ""
