"""White areas that are cells: those that continue a column of shaded ones, as in a table with striped rows."""

from __future__ import annotations

import numpy as np

from ..model import RULING, RULING_FILL_EDGE, Array
from .rulings import clustered

WHITE = 0.97  # no darker than this is the colour of paper
SAME = 1.5  # points by which the sides of two tiles may miss each other


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
