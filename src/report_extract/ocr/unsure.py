"""From letters that were read off their shapes with nothing to confirm them to cells that a person looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..core.model import Array, Cell, Flag, Page, Table


def doubted(tables: Sequence[Table], page: Page) -> list[Table]:
    """The tables of a page, the cells doubted in which a letter is unsure."""
    unsure = page.chars[(page.chars["flags"] & Flag.UNSURE) != 0]
    if not len(unsure):
        return list(tables)
    places = np.stack([(unsure["x0"] + unsure["x1"]) / 2, (unsure["top"] + unsure["bottom"]) / 2], axis=1)
    return [replace(t, cells=tuple(_doubted(cell, places, unsure["text"]) for cell in t.cells)) for t in tables]


def _doubted(cell: Cell, places: Array, letters: Array) -> Cell:
    low, high = cell.bbox[:2], cell.bbox[2:]
    inside = ((places >= low) & (places <= high)).all(axis=1)
    return cell.doubted("unsure-reading", cell.text, "".join(letters[inside].tolist())) if inside.any() else cell
