"""Text that is struck out, cut, or covered by what was drawn later.

A line through the middle of letters, no longer than they are, strikes them out; a rule of a table never runs
through its text. Letters under an opaque rectangle that was drawn after them are not seen. Letters of which a part,
or whose next ones, were clipped away or covered are *cut*: what is left of a figure is no figure.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..core.geometry import BBox
from ..core.model import Array, Flag

_MIDDLE = (0.38, 0.76)  # of a letter's place, from its top: where a line strikes it out; an underline lies at .88
_COVERED, _SPARSELY, _MANY = 0.6, 0.25, 6  # shares of a strike over letters; so many letters may stand further apart
_SHORTEST = 0.4  # ems
_BEYOND = 0.8  # ems that a strike may reach beyond its letters
_ADJACENT = 0.6  # ems between the letters of one text
_LEVEL = 0.3  # ems
_INK = 200  # of 255: what is darker than this is ink
REDACTED = "■"  # what stands for a letter under a dark cover
DARK = 0.45  # of white: what is no lighter than this blackens


def struck(chars: Array, rulings: Array, drawn: Callable[[BBox], bool]) -> tuple[Array, Array]:
    """Which characters are struck out, and which rulings do it.

    Args:
        chars, rulings: CHAR and RULING records.
        drawn: is a line seen in a box of the page? What was drawn later may hide it.
    """
    out, lines = np.zeros(len(chars), bool), np.zeros(len(rulings), bool)
    seen = chars["flags"] & (Flag.INVISIBLE | Flag.HIDDEN | Flag.ASIDE) == 0
    for turned, (x0, x1), (top, bottom) in ((0, ("x0", "x1"), ("top", "bottom")), (1, ("top", "bottom"), ("x0", "x1"))):
        level = np.flatnonzero((rulings[top] == rulings[bottom]) & (rulings[x1] > rulings[x0]))
        mine = np.flatnonzero(seen & (chars["rotation"] % 180 == 90 * turned))
        if not len(level) or not len(mine):
            continue
        places = chars[mine]
        middle = (places[top] + places[bottom]) / 2
        order = np.argsort(middle, kind="stable")
        mine, places, middle = mine[order], places[order], middle[order]
        reach = (_MIDDLE[1] - 0.5) * float((places[bottom] - places[top]).max())
        begin = np.searchsorted(middle, rulings[top][level] - reach)
        end = np.searchsorted(middle, rulings[top][level] + reach)
        for k, a, b in zip(level.tolist(), begin.tolist(), end.tolist(), strict=True):
            if a < b and (places[x0][a:b] < rulings[x1][k]).any() and (places[x1][a:b] > rulings[x0][k]).any():
                hit = _through(places[a:b], rulings[k], (x0, x1), (top, bottom))
                if hit is not None and drawn(_around(rulings[k])):
                    out[mine[a:b][hit]] = True
                    lines[k] = True
    return out, lines


def _through(chars: Array, line: Array, along: tuple[str, str], across: tuple[str, str]) -> Array | None:
    """Which of ``chars`` a line strikes out; None where it is no strike."""
    start, end, at = float(line[along[0]]), float(line[along[1]]), float(line[across[0]])
    x0, x1, size = chars[along[0]], chars[along[1]], chars["size"]
    height = chars[across[1]] - chars[across[0]]
    share = (at - chars[across[0]]) / np.maximum(height, 0.1)
    far = chars["rotation"] >= 180
    share = np.where(far, 1 - share, share)
    if across == ("x0", "x1"):
        share = 1 - share
    middle = (x0 + x1) / 2
    hit: Array = (middle >= start) & (middle <= end) & (share >= _MIDDLE[0]) & (share <= _MIDDLE[1])
    if not hit.any() or end - start < _SHORTEST * float(size[hit].max()):
        return None
    em = float(size[hit].max())
    if x0[hit].min() - start > _BEYOND * em or end - x1[hit].max() > _BEYOND * em:
        return None
    over = float((np.minimum(x1[hit], end) - np.maximum(x0[hit], start)).sum()) / (end - start)
    return hit if over >= _COVERED or (over >= _SPARSELY and hit.sum() >= _MANY) else None


def _around(line: Array) -> BBox:
    by = float(line["width"]) / 2 + 0.75
    across = 0.0 if line["top"] == line["bottom"] else by
    return BBox(
        *(float(line[n]) + d for n, d in zip(BBox._fields, (-across, across - by, across, by - across), strict=True))
    )


def is_line(picture: Array) -> bool:
    """Does one row or column of a picture (uint8 grey), no higher than a line, hold ink from end to end?"""
    along = picture if picture.shape[1] >= picture.shape[0] else picture.T
    darkest = along.min(axis=0)
    return bool(np.quantile(darkest, 0.97) < _INK)


def under(chars: Array, order: Array, covers: Array) -> tuple[Array, Array]:
    """Which cover, if any, hides each character: its index or -1, and the last one that does.

    Args:
        chars: CHAR records; order: when each is drawn.
        covers: opaque rectangles: x0, top, x1, bottom, grey, order; shape (n, 6).

    Returns:
        The index of the last cover that is drawn after each character over its middle, -1 without one; and when it is
        drawn.
    """
    which, since = np.full(len(chars), -1), np.full(len(chars), -1.0)
    if not len(covers) or not len(chars):
        return which, since
    x, y = (chars["x0"] + chars["x1"]) / 2, (chars["top"] + chars["bottom"]) / 2
    sorted_y = np.argsort(y, kind="stable")
    begin, end = np.searchsorted(y[sorted_y], covers[:, 1]), np.searchsorted(y[sorted_y], covers[:, 3])
    for k in np.argsort(covers[:, 5], kind="stable").tolist():
        some = sorted_y[begin[k] : end[k]]
        hid = some[(x[some] >= covers[k, 0]) & (x[some] <= covers[k, 2]) & (order[some] < covers[k, 5])]
        which[hid], since[hid] = k, covers[k, 5]
    return which, since


def cut_off(chars: Array, gone: Array) -> Array:
    """Which visible characters stand right beside one that is gone, in one line of text drawn in one go.

    Args:
        chars: CHAR records in the order of the text.
        gone: which of them are clipped away or covered.
    """
    cut = np.zeros(len(chars), bool)
    if len(chars) > 1 and gone.any():
        near = _in_line(chars)
        cut[:-1] |= near & gone[1:] & ~gone[:-1]
        cut[1:] |= near & gone[:-1] & ~gone[1:]
    return cut


def _in_line(chars: Array) -> Array:
    """Which characters are followed by the next one in one line of text: shape (n - 1,)."""
    a, b = chars[:-1], chars[1:]
    size, turn = np.maximum(a["size"], b["size"]), a["rotation"]
    upright = turn % 180 == 0
    gap = np.where(upright, b["x0"] - a["x1"], b["top"] - a["bottom"])
    back = np.where(upright, a["x0"] - b["x1"], a["top"] - b["bottom"])
    gap = np.where((turn == 180) | (turn == 270), back, gap)
    off = np.where(upright, b["bottom"] - a["bottom"], b["x0"] - a["x0"])
    return np.asarray((np.abs(gap) < _ADJACENT * size) & (np.abs(off) < _LEVEL * size) & (turn == b["rotation"]))


def parted(chars: Array) -> Array:
    """The characters, with a blank where a text is cut or a strike begins or ends: no word runs on over these."""
    if len(chars) < 2 or not (chars["flags"] & (Flag.CUT | Flag.STRUCK)).any():
        return chars
    seen = chars["flags"] & (Flag.INVISIBLE | Flag.HIDDEN) == 0
    cut, out = chars["flags"] & Flag.CUT != 0, seen & (chars["flags"] & Flag.STRUCK != 0)
    on = _in_line(chars)
    gone_after, gone_before = np.r_[~seen[1:], False], np.r_[False, ~seen[:-1]]
    after = np.flatnonzero((cut & seen & gone_after) | (out & ~np.r_[out[1:] & on, False]))
    before = np.flatnonzero((cut & seen & gone_before) | (out & ~np.r_[False, out[:-1] & on]))
    if not len(after) and not len(before):
        return chars
    blanks = chars[np.r_[before, after]].copy()
    blanks["text"], blanks["flags"] = " ", 0
    at_end = np.r_[np.zeros(len(before), bool), np.ones(len(after), bool)]
    upright, forward = blanks["rotation"] % 180 == 0, blanks["rotation"] < 180
    for low, high, mine in (("x0", "x1", upright), ("top", "bottom", ~upright)):
        edge = np.where(at_end == forward, blanks[high], blanks[low])
        blanks[low][mine], blanks[high][mine] = edge[mine], edge[mine]
    return np.asarray(np.insert(chars, np.r_[before, after + 1], blanks))
