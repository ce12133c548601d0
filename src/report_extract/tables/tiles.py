"""What filled areas show: edges between two shades, and white areas that continue a column of shaded ones."""

from __future__ import annotations

import numpy as np

from ..core.model import RULING, RULING_FILL_EDGE, Array
from .rulings import clustered

WHITE = 0.97  # no darker than this is the colour of paper
SAME = 1.5  # points by which the sides of two tiles may miss each other
BESIDE = 2.0  # points from an edge at which the shades on its sides are compared
ALIKE = 0.01  # greys nearer than this are one shade
MOST = 4_000_000  # places times areas compared at once


def white_tiles(fills: Array) -> Array:
    """The edges (RULING) of the white ones among ``fills`` (FILL) that abut, above or below, tiles of the same
    width of which one is shaded."""
    if not len(fills):
        return np.zeros(0, RULING)
    column = clustered(fills["x0"], SAME) * len(fills) + clustered(fills["x1"], SAME)
    order = np.lexsort((fills["top"], column))
    fills, column = fills[order], column[order]
    parted = np.diff(column) != 0
    parted |= np.abs(fills["top"][1:] - fills["bottom"][:-1]) > SAME
    stack = np.concatenate(([0], np.cumsum(parted)))
    white = fills["grey"] >= WHITE
    shaded = np.bincount(stack, ~white) > 0
    return _edges(fills[white & shaded[stack]])


def seen(lines: Array, fills: Array, across: bool) -> Array:
    """Those of ``lines`` that part two shades, somewhere along them.

    Args:
        lines: edges of filled areas, shape (n, 3): position, start, end.
        fills: the page's filled areas (FILL), in drawing order.
        across: whether the lines are horizontal.
    """
    shares = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
    if not len(lines) or len(lines) * len(shares) * len(fills) > MOST:
        return lines
    along = lines[:, 1:2] + shares * (lines[:, 2:] - lines[:, 1:2])
    before, after = (
        _shade(fills, *((along, at) if across else (at, along)))
        for at in (np.broadcast_to(lines[:, :1] + side, along.shape) for side in (-BESIDE, BESIDE))
    )
    return np.asarray(lines[(np.abs(before - after) > ALIKE).any(axis=1)])


def _shade(fills: Array, x: Array, y: Array) -> Array:
    """The grey at each place: that of the last area drawn there, white where there is none."""
    x, y = x[..., None], y[..., None]
    inside = (fills["x0"] <= x) & (x <= fills["x1"]) & (fills["top"] <= y) & (y <= fills["bottom"])
    last = np.where(inside, np.arange(1, len(fills) + 1), 0).max(axis=-1, initial=0)
    return np.asarray(np.append(np.float32(1.0), fills["grey"])[last])


_SIDES = (
    ("x0", "top", "x1", "top"),
    ("x0", "bottom", "x1", "bottom"),
    ("x0", "top", "x0", "bottom"),
    ("x1", "top", "x1", "bottom"),
)


def _edges(boxes: Array) -> Array:
    edges = np.zeros((4, len(boxes)), RULING)
    edges["kind"] = RULING_FILL_EDGE
    for edge, side in zip(edges, _SIDES, strict=True):
        for field, source in zip(("x0", "top", "x1", "bottom"), side, strict=True):
            edge[field] = boxes[source]
    return edges.ravel()
