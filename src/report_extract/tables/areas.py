"""A table where a person says it stands: the part of a page to look at, and the edges between its columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from ..core.geometry import BBox, union
from ..core.model import Array, Page, Table
from ..page.words import Word, inside, text_lines, words
from .by_hand import grid_by_hand
from .rulings import merged, split

ACROSS = 0.8  # of the table's width: a rule that covers as much parts two rows


def within(page: Page, area: BBox) -> Page:
    """The page with nothing on it but what has its middle in ``area`` (points from the top left, as displayed)."""

    def kept(records: Array) -> Array:
        x, y = (records["x0"] + records["x1"]) / 2, (records["top"] + records["bottom"]) / 2
        return np.asarray(records[(x >= area.x0) & (x <= area.x1) & (y >= area.top) & (y <= area.bottom)])

    rulings = page.rulings[
        (page.rulings["x1"] >= area.x0)
        & (page.rulings["x0"] <= area.x1)
        & (page.rulings["bottom"] >= area.top)
        & (page.rulings["top"] <= area.bottom)
    ].copy()
    for low, high, edges in (("x0", "x1", (area.x0, area.x1)), ("top", "bottom", (area.top, area.bottom))):
        rulings[low], rulings[high] = np.clip(rulings[low], *edges), np.clip(rulings[high], *edges)
    return replace(page, chars=kept(page.chars), rulings=rulings, fills=kept(page.fills), images=kept(page.images))


def columns_by_hand(page: Page, columns: Sequence[float], area: BBox | None = None) -> list[Table]:
    """The table whose columns a person gives: rows between rules that run across it, or else lines of text.

    Args:
        page: as displayed.
        columns: x of the edges between the columns, in points from the left.
        area: where the table stands; the whole page without it.

    Returns:
        One upright table, or none where nothing stands there.
    """
    region = area or BBox(0.0, 0.0, page.width, page.height)
    here = inside(words(page), region)
    if not here:
        return []
    box = union(word.bbox for word in here)
    left, right = (area.x0, area.x1) if area else (box.x0 - 1.0, box.x1 + 1.0)
    xs = np.array([left, *(x for x in sorted(set(columns)) if left < x < right), right])
    ys = _row_edges(page, here, BBox(left, box.top - 1.0, right, box.bottom + 1.0))
    return [grid_by_hand(page, 0, xs.tolist(), ys.tolist())]


def _row_edges(page: Page, here: Sequence[Word], box: BBox) -> Array:
    """The edges of the rows in ``box``: rules across it, where they part it into three rows or more; else lines."""
    lines = merged(split(page.rulings)[0])
    shared = np.minimum(lines[:, 2], box.x1) - np.maximum(lines[:, 1], box.x0)
    across = lines[(shared >= ACROSS * (box.x1 - box.x0)) & (lines[:, 0] > box.top) & (lines[:, 0] < box.bottom), 0]
    if len(across) >= 2:
        return np.unique(np.concatenate(([box.top], across, [box.bottom])))
    bands = [union(word.bbox for word in line) for line in text_lines(here)]
    bands.sort(key=lambda band: band.top)
    between = [(a.bottom + b.top) / 2 for a, b in pairwise(bands)]
    return np.unique(np.array([box.top, *between, box.bottom]))
