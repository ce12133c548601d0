"""Figures with another in brackets behind or below them, ``12(10)``, as two columns.

The figure in brackets is a value of its own: that of the year before where a note says so, else a part of the first
(内数) or whatever a note says, under a heading of its own (``( )内 件数``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..core.model import Cell, Line, Table
from ..profile.spec import Words
from ..text import normalize, parse
from .headings import INSIDE, years_in

_PAIR = re.compile(r"(?P<own>[^()\[\]]*[^()\[\]\s])\s*[(\[](?:内数?|うち)?\s*(?P<inside>[^()\[\]]*)[)\]]")
_ALONE = re.compile(r"[(\[][^()\[\]]*[)\]]")
_SAYS = re.compile(r"\(\)(?:内|書き|書)?(?:の数値|の件数|の数)?(?:は|が|:)")
_REMARK = re.compile(r"[※*]?\(\s*\)\s?(?:内|書き?)(?:の(?:数値|件数|数))?\s?(?:は|が|:).*$")
_MOSTLY = 0.6  # share of a column's cells that have a bracket
_FEWEST = 2  # pairs that make a column one of pairs


def unbracketed(table: Table, lines: Sequence[Line], words: Words, year: int | None) -> Table:
    """The table, each column of such figures as two; as it is where there is none.

    Args:
        lines: the text outside all tables, a note of which may say whose figures stand in brackets.
        words: those for the year before.
        year: the report's own.
    """
    first = {col: row for col in range(1, table.n_cols) if (row := _first_pair(table, col)) is not None}
    if not first:
        return table
    said = [*table.notes, *table.caption.split("\n"), *(line.text for line in lines if line.page == table.page)]
    said += [c.text for c in table.cells if c.row < max(1, table.header_rows)]
    prior = any(_of_last_year(s, words, year) for s in said)
    columns = sorted(first)
    place = [col + sum(other < col for other in columns) for col in range(table.n_cols + 1)]
    cells: list[Cell] = []
    for cell in table.cells:
        end = cell.col + cell.col_span
        moved = replace(cell, col=place[cell.col], col_span=place[end] - place[cell.col])
        if cell.col_span > 1 or cell.col not in first:
            cells.append(moved)
        else:
            cells += _two(moved, cell.row < first[cell.col], "前年度" if prior else INSIDE)
    return replace(table, cells=tuple(sorted(cells, key=lambda c: (c.row, c.col))))


def _first_pair(table: Table, col: int) -> int | None:
    """The row of the first pair of a column of pairs; None for another column.

    A column of words among which a pair stands now and then is none: ``会議室2(3)`` is a name.
    """
    own = [c for c in table.cells if c.col == col and c.col_span == 1 and normalize.key(c.text)]
    pairs = [c.row for c in own if _pair(c.text) is not None]
    if len(pairs) < _FEWEST:
        return None
    below = [c for c in own if c.row >= min(pairs)]
    figures = [c for c in below if c.row in pairs or parse.is_figure(c.text)]
    return min(pairs) if len(figures) >= _MOSTLY * len(below) else None


def _pair(said: str) -> tuple[str, str] | None:
    """The two figures of a text that is a figure and another in brackets."""
    found = _PAIR.fullmatch(normalize.normal(said))
    if found is None or not parse.is_figure(found["own"]):
        return None
    inside = found["inside"].strip()
    return (found["own"], inside) if not inside or parse.is_figure(inside) else None


def _of_last_year(said: str, words: Words, year: int | None) -> bool:
    """Does a note say that what stands in brackets is of the year before?"""
    key = normalize.key(said)
    if not _SAYS.search(key):
        return False
    return any(normalize.key(word) in key for word in words.prior) or (
        year is not None and set(years_in(said)) == {year - 1}
    )


def _two(cell: Cell, heading: bool, lead: str) -> list[Cell]:
    """A cell as that of the figure and that of the one in brackets; a heading's says whose it is by ``lead``."""
    own, second = replace(cell, col_span=1), replace(cell, col=cell.col + 1, col_span=1)
    if not normalize.key(cell.text):
        return [own, replace(second, readings=())]
    if heading:
        plain = _REMARK.sub("", normalize.normal(cell.text))
        own = own.read(plain, "part", cell.confidence) if plain and plain != normalize.normal(cell.text) else own
        return [own, second.read(f"{lead} {own.text}", "part", cell.confidence)]
    if found := _pair(cell.text):
        figures: tuple[str, str] = found
    elif _ALONE.fullmatch(normalize.normal(cell.text)):  # nothing but the one in brackets
        figures = ("", normalize.normal(cell.text)[1:-1].strip())
    else:
        return [own, replace(second, readings=())]
    return [c.read(said, "part", cell.confidence) for c, said in zip((own, second), figures, strict=True)]
