"""Do figures and their signs look like what a font's map says they are?

One typeface cannot tell: a 6 of one looks like an 8 of another. Here a glyph is held against the same sign in some
hundred typefaces, and the nearest of all says what it is. Of faces of a family that the table does not hold, 5 signs in
1,000 look more like another sign, and 999 of 1,000 exchanged ones do
(``python -m fixtures.shapes.figures --held-out FOLDER...``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from ..core.model import Array
from .glyph_shapes import GRID, centred

SIGNS = "0123456789()%+,.△▲-"
DATA = Path(__file__).with_name("figure_shapes.npz")
OUTDONE = 0.05  # by which a glyph looks more like another sign than like its own, for it to be that one
LIKE = 0.7  # how much it must look like that sign at least: what a rule or a neighbour touches looks like none
COARSELY = 0.5  # the same at a resolution at which neighbours run together, before it is looked at closely
_CELLS = GRID * GRID
CHECKED = "0123456789△▲+"  # of brackets, commas and full stops a coarse picture tells too little
_OTHER_SIZE = 0.3  # by which a glyph's box may differ from that of a sign that it is held against
_USUAL = (0.47, 0.7)  # ems: width and height of figures, where too few are known to tell
_FEW = 3


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """The table.

    Attributes:
        grids: the ink of each sign over its box, centred, shape (n, 64).
        sizes: width and height of that box in those of its font's figures, shape (n, 2).
        signs: which sign each is, an index into ``SIGNS``.
    """

    grids: Array
    sizes: Array
    signs: Array


@cache
def figures() -> Figures:
    """The table, loaded once."""
    with np.load(DATA) as data:
        grids, sizes, signs = (data[name] for name in ("grids", "sizes", "signs"))
    return Figures(centred(grids.astype(np.float32)), sizes.astype(np.float32) / 100, signs.astype(np.intp))


def alike(looks: Array, table: Figures) -> Array:
    """How much glyphs, sizes in those of their figures, look like each sign of a table: shape (n, len(table.signs))."""
    away = np.abs(looks[:, None, _CELLS:] - table.sizes)
    likeness = centred(looks[:, :_CELLS]) @ table.grids.T - away.sum(axis=2)
    return np.where((away < _OTHER_SIZE).all(axis=2), likeness, -1.0)


def exchanged(looks: Array, said: Array, usual: Array, like: float = LIKE) -> Array:
    """Which glyphs look more like another sign than like the one that they are said to be.

    Args:
        looks: as ``glyph_shapes`` gives them, shape (n, 66).
        said: the sign each is said to be, an index into ``SIGNS``.
        like: how much it must look like that other sign at least.
        usual: widths and heights of figures of the same font, in ems, shape (m, 2): print may be condensed.
    """
    table = figures()
    known = looks.copy()
    known[:, _CELLS:] /= np.median(usual, axis=0) if len(usual) >= _FEW else np.array(_USUAL)
    likeness = alike(known, table)
    best = np.stack([likeness[:, table.signs == k].max(axis=1) for k in range(len(SIGNS))], axis=1)
    own = best[np.arange(len(said)), said]
    best[np.arange(len(said)), said] = -1.0
    most = best.max(axis=1)
    return np.asarray((most >= like) & (most - own >= OUTDONE) & ~np.isnan(looks[:, 0]))
