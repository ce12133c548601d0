"""Raised and lowered marks: the 9 of 250⁹ is a footnote, the 3 of m³ an exponent, and neither is a digit of its
figure.

Unicode has letters for both. A mark that is smaller than the letter beside it, and whose baseline stands above or
below that letter's, becomes one of these, so that no later step takes 250⁹ for 2509. A mark without such a letter
(*, ※) stays.
"""

from __future__ import annotations

import numpy as np

from ..core.model import Array, Flag
from .chars import BELOW, single

SUPERSCRIPTS = str.maketrans("0123456789+-−=()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
SUBSCRIPTS = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_IS_MARK = np.zeros(0x2300, bool)
_IS_MARK[[*SUPERSCRIPTS, *SUBSCRIPTS]] = True
_SMALLER = 0.86  # of the size of the letter beside it: so small a mark may be raised
_LOWEST, _HIGHEST = 0.12, 0.85  # ems of that letter by which a baseline is raised
_SUNK = (0.06, 0.5)  # the same, lowered
_BESIDE = (-0.25, 0.45)  # ems of that letter between the two
_REACH = 4  # letters of one mark: ⁽¹²⁾
_MOST_PAIRS = 500_000  # of letters that are held against one another at once
_MOST = 1_500  # small letters of a page that are held against all others: on a page of more they are its print


def raised(chars: Array) -> Array:
    """The characters, raised and lowered ones as letters of their own; CHAR records as displayed."""
    seen = np.flatnonzero(
        (chars["flags"] & (Flag.INVISIBLE | Flag.HIDDEN | Flag.ASIDE) == 0) & (chars["rotation"] % 90 == 0)
    )
    if len(seen) < 2:
        return chars
    up, down = _marks(chars[seen])
    if not up.any() and not down.any():
        return chars
    changed = chars.copy()
    for places, letters in ((seen[up], SUPERSCRIPTS), (seen[down], SUBSCRIPTS)):
        changed["text"][places] = [text.translate(letters) for text in chars["text"][places].tolist()]
    return changed


def _marks(chars: Array) -> tuple[Array, Array]:
    """Which of the characters are raised, and which lowered, against a larger letter right beside them."""
    up, down = np.zeros(len(chars), bool), np.zeros(len(chars), bool)
    size = np.maximum(chars["size"].astype("f8"), 0.1)
    small = np.flatnonzero(size < _SMALLER * np.quantile(size, 0.9))
    codes = single(chars["text"][small])
    small = small[_IS_MARK[np.where(codes < len(_IS_MARK), codes, 0)]]
    if not len(small):
        return up, down
    start, end, baseline = _placed(chars)
    small = small[~_words(start, end, baseline, size)[small]]
    if not len(small) or len(small) > _MOST:
        return up, down
    # What may be the letter beside one of them is larger than the smallest.
    large = np.flatnonzero(_SMALLER * size > size[small].min())
    order = large[np.argsort(baseline[large], kind="stable")]
    reach = _HIGHEST * size.max()
    first = np.searchsorted(baseline[order], baseline[small] - reach)
    last = np.searchsorted(baseline[order], baseline[small] + reach)
    for some in np.array_split(np.arange(len(small)), 1 + int((last - first).sum()) // _MOST_PAIRS):
        count = (last - first)[some]
        mark = np.repeat(small[some], count)
        base = order[np.arange(len(mark)) + np.repeat(first[some] - (np.cumsum(count) - count), count)]
        apart, em = np.maximum(start[mark] - end[base], start[base] - end[mark]), size[base]
        near = (size[mark] < _SMALLER * em) & (apart < _BESIDE[1] * em) & (apart > _BESIDE[0] * em)
        near &= chars["rotation"][base] == chars["rotation"][mark]
        mark, base = mark[near], base[near]
        rise = (baseline[base] - baseline[mark]) / size[base]
        # What a larger letter stands level with is print of another size: a unit, a note in small print.
        up[mark[(rise > _LOWEST) & (rise < _HIGHEST)]] = True
        up[mark[np.abs(rise) <= _LOWEST]] = False
        down[mark[(rise < -_SUNK[0]) & (rise > -_SUNK[1])]] = True
    down &= ~up
    for which in (up, down):
        for _ in range(_REACH - 1):
            known = np.flatnonzero(which)
            rest = small[~up[small] & ~down[small]]
            if not len(known) or not len(rest):
                break
            near = np.abs(baseline[rest, None] - baseline[known]) < 0.1 * size[known]
            near &= np.abs(size[rest, None] - size[known]) < 0.1 * size[known]
            gap = np.maximum(start[rest, None] - end[known], start[known] - end[rest, None])
            near &= (gap < 0.3 * size[known]) & (chars["rotation"][rest, None] == chars["rotation"][known])
            which[rest[near.any(axis=1)]] = True
    return up, down


def _words(start: Array, end: Array, baseline: Array, size: Array) -> Array:
    """Which characters belong to words of small print: rows of one size and baseline longer than any mark."""
    linked = (np.abs(np.diff(baseline)) < 0.05 * size[1:]) & (np.abs(np.diff(size)) < 0.05 * size[1:])
    linked &= np.abs(start[1:] - end[:-1]) < 0.5 * size[1:]
    row = np.cumsum(np.r_[True, ~linked]) - 1
    return np.asarray(np.bincount(row)[row] > 2 * _REACH)


def _placed(chars: Array) -> tuple[Array, Array, Array]:
    """Where each character begins and ends along its line, and its baseline, growing downward, seen upright."""
    turn = chars["rotation"]
    start = np.choose(turn // 90 % 4, (chars["x0"], chars["top"], -chars["x1"], -chars["bottom"]))
    end = np.choose(turn // 90 % 4, (chars["x1"], chars["bottom"], -chars["x0"], -chars["top"]))
    foot = np.choose(turn // 90 % 4, (chars["bottom"], -chars["x0"], -chars["top"], chars["x1"]))
    return start, end, foot - BELOW * chars["size"]
