"""From marks on characters to cells that a person looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..core.geometry import BBox
from ..core.model import Array, Cell, Flag, Page, Table
from .asides import is_heading_like

_KINDS = (
    (Flag.UNSURE, "unsure-reading"),
    (Flag.STRUCK, "struck-out"),
    (Flag.CUT, "cut-text"),
    (Flag.OVERPRINTED, "overprinted"),
)


def doubted(tables: Sequence[Table], page: Page, aside: Array) -> list[Table]:
    """The tables of a page, the cells doubted whose text is marked.

    Args:
        tables: as found on the page.
        page: its characters, as they were read.
        aside: those that were set aside (``set_aside``).
    """
    seen = page.chars["flags"] & (Flag.INVISIBLE | Flag.HIDDEN) == 0
    marks = [(kind, page.chars[seen & (page.chars["flags"] & flag != 0)]) for flag, kind in _KINDS]
    usual = float(np.median(page.chars["size"])) if len(page.chars) else 0.0
    marks.append(("slanted-text", aside[is_heading_like(aside, usual)]))
    found = list(tables)
    for kind, chars in marks:
        if len(chars):
            found = [replace(t, cells=tuple(_doubted(cell, kind, chars) for cell in t.cells)) for t in found]
    return [_structure(table, dict(marks)["cut-text"]) for table in found]


def _structure(table: Table, cut: Array) -> Table:
    """The table, doubted where no rules part its columns and text is cut: what is cut may have met the next column."""
    if table.kind == "ruled" or not len(cut):
        return table
    inside = _within(cut, table.bbox)
    return table.doubted("cut-text", "".join(cut["text"][inside].tolist())) if inside.any() else table


def _within(chars: Array, box: BBox) -> Array:
    x, y = (chars["x0"] + chars["x1"]) / 2, (chars["top"] + chars["bottom"]) / 2
    return np.asarray((box.x0 <= x) & (x <= box.x1) & (box.top <= y) & (y <= box.bottom))


def _doubted(cell: Cell, kind: str, chars: Array) -> Cell:
    inside = _within(chars, cell.bbox)
    if not inside.any():
        return cell
    marked = "".join(chars["text"][inside].tolist())
    return cell.doubted(kind, marked) if kind == "slanted-text" else cell.doubted(kind, cell.text, marked)
