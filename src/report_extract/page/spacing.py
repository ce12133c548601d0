"""Figures that a producer spread out: ``1 , 2 0 4`` is one figure, 1,204.

Letter-spacing leaves equal gaps between all letters of a figure, its commas included; words and columns are parted
by gaps of their own. Where a spread row of figures and commas reads as one well-formed figure, its letters are made
to touch, so that no later step takes the gaps for blanks. A row without a comma or a point is closed only where
others of the page are spread the same way: ``1 2 3`` may as well be three figures.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from ..core.model import Array, Flag, Page

_LEAST, _MOST = 0.1, 0.8  # ems: gaps between spread letters
_EVEN = 0.13  # ems by which these may differ
_LEVEL = 0.2  # ems by which letters of one line may be off
_WELL_FORMED = re.compile(r"[-−△▲+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?[%％]?|[-−△▲+]?\d+\.\d+[%％]?")
_BARE = re.compile(r"[-−△▲+]?\d{2,}[%％]?")
_LETTERS = list("0123456789,.-−△▲+%％")


def closed_up(page: Page) -> Page:
    """The page, the letters of its spread figures made to touch; as it is where it has none."""
    chars = page.chars
    spread = _spread(chars)
    if not spread:
        return page
    formed, bare = [], []
    for begin, end, gap in spread:
        text = "".join(chars["text"][begin:end].tolist())
        if _WELL_FORMED.fullmatch(text):
            formed.append((begin, end, gap))
        elif _BARE.fullmatch(text):
            bare.append((begin, end, gap))
    if not formed:
        return page
    gaps = np.array([gap for _, _, gap in formed])
    same = [(begin, end) for begin, end, gap in bare if np.abs(gaps - gap).min() <= _EVEN / 2]
    closed = chars.copy()
    for begin, end in [*((b, e) for b, e, _ in formed), *same]:
        low, high = ("x0", "x1") if chars["rotation"][begin] % 180 == 0 else ("top", "bottom")
        if chars["rotation"][begin] in (0, 90):
            closed[high][begin : end - 1] = chars[low][begin + 1 : end]
        else:
            closed[low][begin : end - 1] = chars[high][begin + 1 : end]
    return replace(page, chars=closed)


def _spread(chars: Array) -> list[tuple[int, int, float]]:
    """Rows of spread letters of figures: first, last + 1, and their usual gap in ems."""
    if len(chars) < 2:
        return []
    some = np.isin(chars["text"], _LETTERS) & (chars["flags"] & (Flag.INVISIBLE | Flag.HIDDEN) == 0)
    turn = chars["rotation"] // 90 % 4
    start = np.choose(turn, (chars["x0"], chars["top"], -chars["x1"], -chars["bottom"]))
    end = np.choose(turn, (chars["x1"], chars["bottom"], -chars["x0"], -chars["top"]))
    foot = np.choose(turn, (chars["bottom"], -chars["x0"], -chars["top"], chars["x1"]))
    size = np.maximum(chars["size"], 0.1)
    gap = (start[1:] - end[:-1]) / size[:-1]
    linked = some[:-1] & some[1:] & (turn[:-1] == turn[1:]) & (np.abs(np.diff(foot)) < _LEVEL * size[:-1])
    linked &= (gap >= _LEAST) & (gap <= _MOST)
    rows, at = [], 0
    places = np.flatnonzero(linked)
    while at < len(places):
        begin, low, high = int(places[at]), float(gap[places[at]]), float(gap[places[at]])
        last = begin
        while at + 1 < len(places) and places[at + 1] == last + 1:
            low, high = min(low, float(gap[last + 1])), max(high, float(gap[last + 1]))
            if high - low > _EVEN:
                break
            last, at = last + 1, at + 1
        rows.append((begin, last + 2, float(np.median(gap[begin : last + 1]))))
        at += 1
    return rows
