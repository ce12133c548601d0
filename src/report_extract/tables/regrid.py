"""A region → the table that the fitted models make of it: split, neighbours merged, words put in.

What rules close is never undone: the edges of closed faces are separators whatever the models say, those of empty rows
and columns too, and cells are joined across no rule.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..core.geometry import BBox, union
from ..core.model import Array, Table
from .aligned.lines import leads
from .cell_text import texts, visible
from .faces import Grid, grids
from .merge import NUMBERS, Places, below, beside, joined, owners, places
from .model import Trees, trees
from .placing import cell_of, cells_of_grid
from .refine import squeezed
from .region import Region, region
from .separators import Candidates, column_candidates, row_candidates
from .view import Frame

KIND = "split"
SAME = 0.35  # ems between two edges that are one
UNSURE = 0.9  # the probability below which a decision is one to doubt
MOST_PLACES = 6000  # a region with more places is a drawing
Models = Callable[[str], Trees]


@dataclass(frozen=True, slots=True)
class Regridded:
    """A table made of a region, and how sure its decisions are.

    Attributes:
        table: as found, its kind KIND.
        split: the probability that all separators are right, were they independent.
        merge: the same of the joined and unjoined neighbours.
        weakest: the least probability of any separator.
        unsure_split, unsure_merge: how many separators, and how many neighbours, are less sure than UNSURE.
    """

    table: Table
    split: float
    merge: float
    weakest: float
    unsure_split: int
    unsure_merge: int


def regridded(frame: Frame, box: BBox, models: Models = trees) -> Regridded | None:
    """The table in a box of the view; None where there are too few words, or too little to part.

    Args:
        frame: the view in which the table stands upright.
        box: around it, in the view's points.
        models: gives the fitted trees by name: "column", "row", "beside", "below".
    """
    at = region(frame, box)
    if at is None or len(at.lines) < 2 or any(map(leads, at.words)):  # what leads to a figure is no cell's text
        return None
    closed_xs, closed_ys = _closed(at)
    columns, rows = column_candidates(at), row_candidates(at)
    xs, sure_x = _edges(columns, models("column"), closed_xs, (box.x0, box.x1), SAME * at.em)
    ys, sure_y = _edges(rows, models("row"), closed_ys, (box.top, box.bottom), SAME * at.em)
    if len(xs) < 3 or len(ys) < 3 or len(xs) * len(ys) > MOST_PLACES:
        return None
    cut = places(at, xs, ys)
    right = _asked(models("beside"), beside(cut))
    down = _asked(models("below"), below(cut))
    spans = joined(cut, right, down)
    table = _table(at, cut, Grid(xs, ys, spans, np.ones(len(spans), dtype=bool)))
    sure = np.concatenate((sure_x, sure_y))
    merged = np.concatenate((right.ravel(), down.ravel()))
    merged = np.maximum(merged, 1 - merged)
    unsure = [int((odds < UNSURE).sum()) for odds in (sure, merged)]
    return Regridded(table, float(np.prod(sure)), float(np.prod(merged)), float(sure.min(initial=1.0)), *unsure)


def _closed(at: Region) -> tuple[Array, Array]:
    """The inner edges of the faces that rules close: their x and their y."""
    if len(at.horizontal) < 2 or len(at.vertical) < 2:
        return np.zeros(0), np.zeros(0)
    tolerance = float(np.clip(0.3 * at.em, 1.5, 3.5))
    chars = visible(at.frame.page.chars)
    found = [squeezed(g, chars, cell_of(g, chars)) for g in grids(at.horizontal, at.vertical, tolerance)]
    xs = np.concatenate([g.xs for g in found] or [np.zeros(0)])
    ys = np.concatenate([g.ys for g in found] or [np.zeros(0)])
    return _inner(xs, at.box.x0, at.box.x1, 0.5 * at.em), _inner(ys, at.box.top, at.box.bottom, 0.3 * at.em)


def _inner(edges: Array, low: float, high: float, near: float) -> Array:
    edges = np.unique(np.round(edges, 2))
    return np.asarray(edges[(edges > low + near) & (edges < high - near)])


def _edges(
    found: Candidates, model: Trees, closed: Array, ends: tuple[float, float], same: float
) -> tuple[Array, Array]:
    """The edges of columns or rows, the outer ones too, and how sure each candidate's decision is."""
    sure = model.probability(found.numbers) if len(found.intervals) else np.zeros(0)
    at = found.places
    if len(closed) and len(at):
        near = np.abs(at[:, None] - closed[None, :]) <= same
        inside = (found.intervals[:, 0:1] <= closed) & (closed <= found.intervals[:, 1:2])
        on = (near | inside).any(axis=1)
        at = np.where(on, closed[np.abs(at[:, None] - closed[None, :]).argmin(axis=1)], at)
        sure = np.where(on, 1.0, sure)
    edges = [*ends]
    for place in [*closed.tolist(), *at[sure > 0.5].tolist()]:
        if ends[0] < place < ends[1] and all(
            abs(place - other) > (same if other not in ends else 0.0) for other in edges
        ):
            edges.append(place)
    return np.array(sorted(edges)), np.maximum(sure, 1 - sure)


def _asked(model: Trees, numbers: Array) -> Array:
    """The probability of each pair; shape of ``numbers`` without its last axis."""
    n, m, _ = numbers.shape
    return model.probability(numbers.reshape(-1, len(NUMBERS))).reshape(n, m) if n * m else np.zeros((n, m))


def _table(at: Region, cut: Places, grid: Grid) -> Table:
    """The table of a grid, its text put in, turned as it lies on the page."""
    frame, page = at.frame, at.frame.page
    chars = visible(page.chars)
    x, y = (chars["x0"] + chars["x1"]) / 2, (chars["top"] + chars["bottom"]) / 2
    chars = chars[(x >= grid.xs[0]) & (x <= grid.xs[-1]) & (y >= grid.ys[0]) & (y <= grid.ys[-1])]
    said = texts(chars, _with_runs(at, cut, grid, chars), len(grid.spans))
    cells = cells_of_grid(grid, said, page, frame.to_page)
    return Table(page.number, union(c.bbox for c in cells), frame.rotation, cells, kind=KIND)


def _with_runs(at: Region, cut: Places, grid: Grid, chars: Array) -> Array:
    """The cell of each character: that of its run where the run has run on past its cell, else that around it."""
    cell = cell_of(grid, chars)
    row, col, whole = owners(at, grid.xs, grid.ys, cut.upright)
    owner = np.zeros((len(grid.ys) - 1, len(grid.xs) - 1), dtype=int)
    for number, (r0, c0, r1, c1) in enumerate(grid.spans.tolist()):
        owner[r0:r1, c0:c1] = number
    x, y = (chars["x0"] + chars["x1"]) / 2, (chars["top"] + chars["bottom"]) / 2
    for i in np.flatnonzero(whole).tolist():
        x0, top, x1, bottom = at.boxes[i].tolist()
        cell[(x >= x0) & (x <= x1) & (y >= top) & (y <= bottom)] = owner[row[i], col[i]]
    return cell
