"""Figures that a narrow cell broke over two lines: ``1,234,`` above ``567,890`` is one figure.

Two pieces are one figure where together they are well formed and alone one of them is not: no figure ends in a comma,
and none has two digits after one. Where both could stand alone, they are joined only to be doubted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..core.model import Cell, Table

_PIECES = re.compile(r"[-−△▲+¥$]?[\d,.]+(?: [\d,.]+){1,2}[%％]?")
_WHOLE = re.compile(r"[-−△▲+¥$]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?[%％]?")
_GROUPED = re.compile(r"[-−△▲+¥$]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)[%％]?")


def with_whole_figures(tables: Sequence[Table]) -> list[Table]:
    """The tables, the figures of each cell put together again; the reading from the page is kept before it."""
    return [replace(t, cells=tuple(_whole(cell) for cell in t.cells)) for t in tables]


def _whole(cell: Cell) -> Cell:
    if " " not in cell.text or not _PIECES.fullmatch(cell.text):
        return cell
    pieces, joined = cell.text.split(" "), cell.text.replace(" ", "")
    if not _GROUPED.fullmatch(joined):
        return cell
    closed = cell.read(joined, cell.readings[-1].by, cell.confidence)
    alone = all(_WHOLE.fullmatch(piece) for piece in pieces)
    return closed.doubted("run-together", cell.text) if alone else closed
