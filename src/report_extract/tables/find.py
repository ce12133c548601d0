"""Page → its tables: the cheap finders first, the dearer ones only on evidence.

A printed grid is the grid: rules that close cells make the cells. Where it leaves rows or columns to be told by the
text in it (``judge``), the finder that goes by white space may subdivide it, but undo no rule of it. What only the
edges of shaded areas bound is held against that finder too, and the better of the two is kept. Where a table
without rules makes poor sense, camelot is asked.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..core.geometry import BBox, overlap, union
from ..core.model import RULING_FILL_EDGE, Page, Table
from ..core.protocols import Document
from ..page.words import inside, readers
from .aligned import find_aligned
from .camelot import find_camelot
from .doubt import assessed
from .judge import HOPELESS, LEAST, MARGIN, POOR, SUSPECT, UNTOLD, Merit, cells_of, merit
from .loose_ends import headings_where_printed, last_row_whole, signs_joined
from .ruled import find_ruled
from .titles import without_titles
from .view import Frame, frames

_log = logging.getLogger(__name__)

# The share of cells that say something below which lines may be a chart's. Without it two charts become ruled tables:
# one of 35 documents of the competition and one of 194 other pages; no table of these, or of 294 pages with known ones,
# is lost.
VOID_GRID = 0.4

RUN_ON = 5.0  # points by which a rule may run on past the table that it bounds: scanned ones are ragged


class Ruled(NamedTuple):
    """A table that rules bound, how well its grid fits its text (0..1), and whether the grid is printed as such."""

    table: Table
    worth: float
    printed: bool


def find_tables(page: Page, document: Document | None = None) -> list[Table]:
    """The tables of a page in reading order.

    Args:
        page: as a reader gave it.
        document: where it came from, for the finders that read the file themselves; they are left out
            without it.
    """
    views = frames(page)
    told = _finished(assessed(candidates(page, views, document), views), views)
    found = [_by_readers(table, page) for table in told]
    return sorted(found, key=lambda table: (table.bbox.top, table.bbox.x0))


def candidates(page: Page, views: Sequence[Frame], document: Document | None = None) -> list[Table]:
    """What the finders that go by rules and by white space make of a page, each place once.

    Args:
        page: as a reader gave it.
        views: the page, once for each rotation of its text.
        document: as for ``find_tables``.
    """
    ruled = _judged(find_ruled(page), page, views)
    weak = [r.table.bbox for r in ruled if r.worth < UNTOLD or not r.printed]
    doubtful = [r for r in ruled if _within(r.table.bbox, weak)]
    sound = [r.table for r in ruled if r not in doubtful]
    found = _settled(doubtful, _aligned(views, sound), views)
    if document and any(_is_poor(t, page, views, [*found, *sound]) for t in found):
        _log.info("p. %d: no grid fits the text of a place, camelot is asked", page.number)
        found = _second_opinion(page, document, found, views)
    counts = (len(ruled), len(doubtful), len(sound) + len(found))
    _log.info("p. %d: %d ruled tables, %d of them doubtful; %d tables in all", page.number, *counts)
    return [without_titles(table) for table in sound + found]


def _judged(tables: Sequence[Table], page: Page, views: Sequence[Frame]) -> list[Ruled]:
    """The ruled tables with what their grids are worth.

    A grid is printed where drawn lines make it, no row of it begins in the middle of a sentence, as the shading of
    single lines makes them, and what it bounds is not all void, as between the lines of a chart.
    """
    found = []
    for table in tables:
        worth = _merit(table, views, others=[t.bbox for t in tables if t is not table])
        void = worth.total < HOPELESS and worth.dense < VOID_GRID
        found.append(Ruled(table, worth.total, _has_strokes(table, page) and worth.untorn == 1 and not void))
    return found


def _finished(tables: Sequence[Table], views: Sequence[Frame]) -> list[Table]:
    """The tables, those without rules with their signs, their headings in place and their last rows whole."""
    done: list[Table] = []
    for table in tables:
        view = _view(table, views)
        if table.kind == "aligned" and view:
            others = [t for t in tables if t is not table]
            table = headings_where_printed(signs_joined(last_row_whole(table, view, others)), view)
        done.append(table)
    return done


def _by_readers(table: Table, page: Page) -> Table:
    """The table, what was read from a picture on a page of text ascribed to who read it."""
    by = readers(page, [cell.bbox for cell in table.cells])
    if all(who == page.reader for who in by):
        return table
    cells = tuple(
        replace(cell, readings=tuple(replace(r, by=who) for r in cell.readings)) if cell.text else cell
        for cell, who in zip(table.cells, by, strict=True)
    )
    return replace(table, cells=cells)


def _second_opinion(page: Page, document: Document, found: list[Table], views: Sequence[Frame]) -> list[Table]:
    """The tables with those that make poor sense replaced by camelot's, where these fit the text better."""
    sure = [t for t in find_camelot(page, document) if _convinces(_merit(t, views))]
    settled = []
    for table in found:
        others = [t.bbox for t in found if t is not table]
        rivals = [t for t in sure if overlap(t.bbox, table.bbox) > 0.8 and not _meets(t, others)]
        poor = rivals and table.rotation == 0 and _is_poor(table, page, views, found)
        settled.append(max(rivals, key=lambda t: _merit(t, views).rank) if poor else table)
    return settled


def _meets(table: Table, others: Sequence[BBox]) -> bool:
    """Does a table share its place with one of the others?"""
    return any(overlap(table.bbox, box) > 0.3 for box in others)


def _is_poor(table: Table, page: Page, views: Sequence[Frame], tables: Sequence[Table]) -> bool:
    """Does a table that no printed grid gives make poor sense, beside the other ones of its page?"""
    worth = _merit(table, views, others=[t.bbox for t in tables if t is not table])
    return worth.total < POOR and not (table.kind == "ruled" and worth.untorn == 1 and _has_strokes(table, page))


def _convinces(worth: Merit) -> bool:
    """Does a grid fit its text, without more void than text? A drawing's lines make grids that are all void."""
    return worth.total >= SUSPECT and worth.dense >= 0.5


def _aligned(views: Sequence[Frame], sound: Sequence[Table]) -> list[Table]:
    """The tables without rules that stand outside the sound ones and fit their text."""
    found = find_aligned(views, [t.bbox for t in sound])
    boxes = [t.bbox for t in (*found, *sound)]
    return [t for t in found if _merit(t, views, others=[b for b in boxes if b != t.bbox]).total >= LEAST]


def _within(box: BBox, others: Sequence[BBox]) -> bool:
    """Does a box lie in one of the others, so that both tell of one place?"""
    return any(overlap(box, other) > 0.5 and box.area <= other.area for other in others)


def _view(table: Table, views: Sequence[Frame]) -> Frame | None:
    return next((v for v in views if v.rotation == table.rotation), None)


def _has_strokes(table: Table, page: Page) -> bool:
    """Do drawn lines make the table, rather than the edges of shaded areas, which may follow the text alone?"""
    box, rules = table.bbox.grown(RUN_ON), page.rulings[page.rulings["kind"] != RULING_FILL_EDGE]
    inside = (rules["x0"] >= box.x0) & (rules["x1"] <= box.x1)
    return bool((inside & (rules["top"] >= box.top) & (rules["bottom"] <= box.bottom)).any())


def _merit(table: Table, views: Sequence[Frame], place: BBox | None = None, others: Sequence[BBox] = ()) -> Merit:
    """The merit of a table, beside others; one whose text is too little to judge is believed."""
    view = _view(table, views)
    if view is None:
        return Merit(1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
    return merit(table, view, place and view.from_page(place), [view.from_page(box) for box in others])


def _undoes(rival: Table, printed: Table, views: Sequence[Frame]) -> bool:
    """Does a cell of ``rival`` hold the words of two cells of a printed grid, so that it undoes a rule between them?

    A printed grid may be subdivided, never undone (``rival`` may leave a heading's row above or below it out).
    """
    view = _view(printed, views)
    if view is None or rival.rotation != printed.rotation:
        return True
    if rival.n_cols < printed.n_cols or rival.n_rows < printed.n_rows:
        return True  # a printed row or column is one, be it empty
    words = inside(view.words, view.from_page(printed.bbox))
    theirs, mine = (cells_of(words, np.array([view.from_page(c.bbox) for c in t.cells])) for t in (rival, printed))
    holds: dict[int, set[int]] = {}
    for a, b in zip(theirs, mine, strict=True):
        if b >= 0:
            holds.setdefault(a, set()).add(b)
    lost = holds.pop(-1, set())
    torn = any(lost & own for own in holds.values())  # a part of a cell's words would stand in no cell
    return torn or len(lost) > printed.n_cols or any(len(own) > 1 for own in holds.values())


def _settled(doubtful: Sequence[Ruled], aligned: list[Table], views: Sequence[Frame]) -> list[Table]:
    """Of the doubtful tables and what else was found at their places, the better; all that stands elsewhere."""
    kept = list(aligned)
    for table, worth, printed in doubtful:
        rivals = [t for t in kept if overlap(t.bbox, table.bbox) > 0.3]
        if rivals and printed and any(_undoes(t, table, views) for t in rivals):
            kept = [t for t in kept if t not in rivals]
        elif rivals:
            place = union([table.bbox, *(t.bbox for t in rivals)])
            mine = _merit(table, views, place).rank
            theirs = sum(_merit(t, views, place).rank for t in rivals)
            if theirs > mine + MARGIN:
                continue
            kept = [t for t in kept if t not in rivals]
        if printed or worth >= HOPELESS:
            kept.append(table)
    return kept
