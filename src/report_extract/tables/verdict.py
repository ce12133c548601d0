"""Is it a table? Charts, drawings, frames and forms are bounded by rules as well."""

from __future__ import annotations

import numpy as np

from ..core.model import Array
from .faces import Grid

NEAR = 0.2  # of the letters' size: a letter whose middle is nearer to a rule than this stands on it
ON_RULES = 0.1  # the share of letters on rules from which it is a drawing
SOME_ON_RULES = 0.04  # the share from which it is one if its grid is ragged or thinly filled
RAGGED, THIN = 0.7, 0.7  # cells for each place of the grid, share of cells that say something
SPARSE = 0.45  # the share of cells that say something below which a heading must vouch for the table
IRREGULAR = 0.5  # cells for each place of the grid below which it is a drawing, if it is sparse too
HEADED = 0.6  # the share of columns, or rows, that a heading names


def is_table(grid: Grid, chars: Array, cell: Array, said: list[str]) -> bool:
    """Does what stands in a grid make a table?

    Text in two rows and two columns at least; not written across the rules, as in a chart; and where most
    cells are empty, a heading for most columns or rows and a regular grid.

    Args:
        grid: as the rules bound it, upright.
        chars: CHAR records, upright.
        cell: the cell of each of them, -1 for none.
        said: the text of each cell.
    """
    spoken = np.array([bool(text) for text in said])
    spans = grid.spans[spoken]
    if len(spans) < 3 or len(np.unique(spans[:, 0])) < 2 or len(np.unique(spans[:, 1])) < 2:
        return False
    written_across = on_rules(grid, chars, cell)
    ragged = regularity(grid) < RAGGED or spoken.mean() < THIN
    if written_across > (SOME_ON_RULES if ragged else ON_RULES):
        return False
    if spoken.mean() >= SPARSE:
        return True
    return regularity(grid) >= IRREGULAR and max(headed(grid, spoken)) >= HEADED


def on_rules(grid: Grid, chars: Array, cell: Array) -> float:
    """The share of the letters that stand on a side of their cell."""
    inside = cell >= 0
    chars, spans = chars[inside], grid.spans[cell[inside]]
    if not len(chars):
        return 0.0
    x, y = (chars["x0"] + chars["x1"]) / 2, (chars["top"] + chars["bottom"]) / 2
    aside = np.minimum(x - grid.xs[spans[:, 1]], grid.xs[spans[:, 3]] - x)
    below = np.minimum(y - grid.ys[spans[:, 0]], grid.ys[spans[:, 2]] - y)
    # Text that overflows its cell crosses one rule, and only the letter that it cuts counts.
    return float((np.minimum(np.abs(aside), np.abs(below)) < NEAR * chars["size"]).mean())


def regularity(grid: Grid) -> float:
    """Cells for each place of the grid: 1 where no cell spans."""
    return len(grid.spans) / ((len(grid.xs) - 1) * (len(grid.ys) - 1))


def headed(grid: Grid, spoken: Array) -> tuple[float, float]:
    """The share of columns that the first two rows name, and that of rows that the first two columns name."""
    shares = []
    for along, across, count in ((1, 0, len(grid.xs) - 1), (0, 1, len(grid.ys) - 1)):
        named = np.zeros(count, dtype=bool)
        for span in grid.spans[spoken & (grid.spans[:, across] < 2)]:
            named[span[along] : span[along + 2]] = True
        shares.append(float(named.mean()))
    return shares[0], shares[1]
