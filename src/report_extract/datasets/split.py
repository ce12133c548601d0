"""Two tables that were found as one: cut where the caption of another dataset stands inside the body."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from ..core.geometry import union
from ..core.model import Cell, Line, Table
from ..profile.spec import Profile
from ..text import normalize, parse
from .grid import filled
from .sections import heads_cases, place

_LONGEST_CAPTION = 30


def split(table: Table, profile: Profile) -> list[Table]:
    """The tables that ``table`` is made of, each with its own caption; mostly just itself."""
    cuts = _cuts(table, profile)
    if not cuts:
        return [table]
    edges = [0, *cuts, table.n_rows]
    parts = [_part(table, first, last) for first, last in itertools.pairwise(edges)]
    return [part for part in parts if part is not None]


def with_inner(lines: Sequence[Line], tables: Sequence[Table], profile: Profile) -> list[Line]:
    """The lines, with those among them that ran into a table: they head what follows it, too."""
    inner = [
        Line(cell.page, cell.bbox, cell.text, table.rotation, cell.readings[0].by)
        for table in tables
        for cut in _cuts(table, profile)
        for cell in filled(table.grid()[cut])[:1]
    ]
    placed = list(lines)
    for line in inner:
        own = place(line.page, line.bbox, line.rotation)
        below = (i for i, a in enumerate(placed) if place(a.page, a.bbox, a.rotation) > own)
        at = next(below, len(placed))
        placed.insert(at, line)
    return placed


def _cuts(table: Table, profile: Profile) -> list[int]:
    """The rows of a table with which another one begins."""
    grid = table.grid()
    captions = tuple(normalize.key(c) for d in profile.datasets for c in d.captions)
    headings = {normalize.key(w) for d in profile.datasets for f in d.fields for w in f.headings}  # 協議結果, in a form
    own = [row[0] is not None and normalize.key(row[0].text) in headings for row in grid]
    cuts = (r for r in range(2, len(grid) - 1) if not own[r])
    return [r for r in cuts if _is_caption(grid, r, captions) or _heads_cases(grid, r, profile)]


def _is_caption(grid: Sequence[Sequence[Cell | None]], number: int, captions: Sequence[str]) -> bool:
    said = [c for c in filled(grid[number]) if c.row == number]
    if not said or len(said) > 3 or any(_number(c) for c in said):
        return False
    first = normalize.key(said[0].text)
    if len(first) > _LONGEST_CAPTION or not any(caption in first for caption in captions):
        return False
    return any(_number(c) for row in grid[1:number] for c in filled(row))


def _heads_cases(grid: Sequence[Sequence[Cell | None]], number: int, profile: Profile) -> bool:
    """Does a row say nothing but the kind of use and the legal reference of the cases below it?"""
    said = filled(grid[number])
    if len(said) != 1 or len(filled(grid[number + 1])) < 2:
        return False
    return any(heads_cases(said[0], d) for d in profile.datasets if d.rows is None)


def _number(cell: Cell) -> bool:
    try:
        return parse.count(cell.text) is not None
    except parse.CastError:
        return False


def _part(table: Table, first: int, last: int) -> Table | None:
    """Rows ``first`` to ``last`` as a table; a first row that is nothing but a caption becomes it."""
    cells = [c for c in table.cells if first <= c.row < last]
    lead = filled([c for c in cells if c.row == first])
    caption = table.caption if first == 0 else lead[0].text if lead else ""
    if first and len(lead) == 1:
        first += 1
        cells = [c for c in cells if c.row >= first]
    if not cells:
        return None
    return replace(
        table,
        bbox=union([c.bbox for c in cells if c.page == cells[0].page]),
        page=cells[0].page,
        cells=tuple(replace(c, row=c.row - first, row_span=min(c.row_span, last - c.row)) for c in cells),
        caption=caption,
        header_rows=table.header_rows if first == 0 else 0,
    )
