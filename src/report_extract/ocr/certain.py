"""From how sure a recogniser is of letters to the cells that need no second reading."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core.geometry import BBox
from ..core.model import Cell, Flag, Page, Table


def certain(tables: Sequence[Table], page: Page) -> frozenset[BBox]:
    """The boxes of the cells whose every letter a recogniser is as good as certain of."""
    chars = page.chars[(page.chars["flags"] & Flag.RECOGNISED) != 0]
    if not len(chars):
        return frozenset()
    places = np.stack([(chars["x0"] + chars["x1"]) / 2, (chars["top"] + chars["bottom"]) / 2], axis=1)
    sure = (chars["flags"] & Flag.SURE) != 0

    def is_certain(cell: Cell) -> bool:
        inside = ((places >= cell.bbox[:2]) & (places <= cell.bbox[2:])).all(axis=1)
        return int(inside.sum()) == len("".join(cell.text.split())) and bool(sure[inside].all())

    return frozenset(cell.bbox for table in tables for cell in table.cells if cell.text and is_certain(cell))
