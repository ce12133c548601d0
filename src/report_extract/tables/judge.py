"""One small measure of how well a grid fits the text in it, for choosing between the finders' candidates.

A good grid holds the words of its place, one value a cell, cuts through no word and has no empty rows or
columns. Each of these is a share between 0 and 1; their product is the table's merit. Empty cells speak against a
grid only when another one does without them. The measure asks nothing of what the words mean, and so serves
every language and every finder.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from ..core.geometry import BBox
from ..core.model import Array, Table
from ..page.words import Word, inside, outside
from ..text.parse import is_figure
from .aligned.lines import Phrase, Row, is_number, is_prose, rows_of
from .view import Frame

SUSPECT = 0.97  # a table of less merit is put to the other finders
# A printed grid of less merit leaves rows or columns to be told by the text in it. Where none does, six known tables of
# 294 pages are lost, five of them of the competition of 2013, none won.
UNTOLD = 0.8
HOPELESS = 0.3  # a table of less merit is a drawing, not a table
POOR = 0.8  # a table of less merit is worth the seconds that a second opinion costs
LEAST = 0.6  # a table without rules of less merit is none
MARGIN = 0.02  # by so much another candidate has to be better than the first
VOID = 0.2  # how much a grid without empty cells is preferred to one that is all but empty
REACH = 15.0  # of the letters' size: how far beside its frame a column of the table may begin
MOST_PAIRS = 2_000_000  # words and cells compared at once, to bound memory
FORM = 4  # so many rows are a table, however many empty ones follow
MANY_LINES = 3  # so many values one below the other are rows, not one cell



@dataclass(frozen=True, slots=True)
class Merit:
    """What speaks for a grid, each a share from 0 to 1.

    Attributes:
        held: of the words at its place, those that stand in its cells.
        single: of its filled cells, those that do not hold several values side by side or in a column.
        whole: of its words, those that no edge of a cell cuts.
        filled: of its rows and columns, those that say anything.
        dense: of its cells, those that say anything.
        untorn: of its rows, those that are not the rest of a sentence that a rule tears off the row above.
    """

    held: float
    single: float
    whole: float
    filled: float
    dense: float
    untorn: float

    @property
    def total(self) -> float:
        return self.held * self.single * self.whole * self.filled * self.untorn

    @property
    def rank(self) -> float:
        """The merit by which candidates for one place are ranked: of two that fit, the one with less void."""
        return self.total * (1 + VOID * self.dense)


def merit(table: Table, frame: Frame, place: BBox | None = None, others: Sequence[BBox] = ()) -> Merit:
    """How well the grid of ``table`` fits the text of ``place`` (its own box, without one).

    Args:
        table: a candidate; its boxes are on the page as displayed.
        frame: the view of the page in which the table stands upright.
        place: where the words are counted that the table should hold, in the frame's points.
        others: tables beside it, in the frame's points, whose words are no column of this one.
    """
    boxes = np.array([frame.from_page(c.bbox) for c in table.cells])
    own = BBox(*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0))
    near = inside(frame.words, place or own)
    if place is None:
        near += outside(_beyond(frame, own, table.n_rows), others)
    cell = cells_of(near, boxes)
    held = [(w, c) for w, c in zip(near, cell, strict=True) if c >= 0]
    if not held:
        return Merit(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    speaking = sum(bool(c.text) for c in table.cells)
    sides: list[tuple[float, float]] = boxes[:, [0, 2]].tolist()
    return Merit(
        len(held) / len(near),
        max(0.0, 1 - _mixed([w for w, _ in held], boxes, frame.vertical) / max(1, speaking)),
        1 - sum(_is_cut(w, *sides[c]) for w, c in held) / len(held),
        _filled(table),
        speaking / len(table.cells),
        1 - _torn(table) / table.n_rows,
    )


def _beyond(frame: Frame, own: BBox, n_rows: int) -> list[Word]:
    """The words beside most rows of a table, as those of a column that stands outside its frame."""
    level = [w for w in frame.words if own.top < w.middle < own.bottom]
    found: list[Word] = []
    if any(w.x1 <= own.x0 + 1 or w.x0 >= own.x1 - 1 for w in level):
        rows = [r for r in rows_of(level, frame.vertical) if any(own.x0 < p.center < own.x1 for p in r.phrases)]
        for left in (True, False):
            white = [_beside_box(r, own, left) for r in rows]
            beside = [p for p in white if p and not is_prose(p)]
            if len(beside) > 0.7 * max(len(rows), n_rows - 1):
                found += [w for p in beside for w in p.words]
    return found


def _beside_box(r: Row, own: BBox, left: bool) -> Phrase | None:
    """The phrase of a row that stands next to a box, no farther than a few letters off."""
    if left:
        near = [p for p in r.phrases if own.x0 - REACH * p.size < p.x1 <= own.x0 + 1]
        return near[-1] if near else None
    near = [p for p in r.phrases if own.x1 - 1 <= p.x0 < own.x1 + REACH * p.size]
    return near[0] if near else None


def cells_of(words: Sequence[Word], boxes: Array) -> list[int]:
    """The cell that holds the middle of each word, -1 where none does."""
    if not words:
        return []
    most = max(1, MOST_PAIRS // max(1, len(boxes)))
    found: list[int] = []
    for begin in range(0, len(words), most):
        at = np.array([((w.x0 + w.x1) / 2, w.middle) for w in words[begin : begin + most]])
        x, y = at[:, :1], at[:, 1:]
        holds = (x >= boxes[:, 0]) & (x <= boxes[:, 2]) & (y >= boxes[:, 1]) & (y <= boxes[:, 3])
        found += np.where(holds.any(axis=1), holds.argmax(axis=1), -1).tolist()
    return found


def _is_cut(word: Word, left: float, right: float) -> bool:
    """Does a fifth of the word or more stand outside its cell, to the left or the right?"""
    out = max(0.0, left - word.x0) + max(0.0, word.x1 - right)
    return out > max(0.2 * (word.x1 - word.x0), 0.3 * word.size)


def _filled(table: Table) -> float:
    """The share of a table's rows and columns that say anything.

    A form's spare rows at its end do not count, nor the columns of a few rows: the rest of a table on its next page
    may well leave out some.
    """
    rows, cols = np.zeros(table.n_rows, bool), np.zeros(table.n_cols, bool)
    for cell in table.cells:
        if cell.text:
            rows[cell.row : cell.row + cell.row_span] = True
            cols[cell.col : cell.col + cell.col_span] = True
    last = int(np.flatnonzero(rows)[-1]) + 1 if rows.sum() >= FORM else table.n_rows
    return float(rows[:last].mean() * (cols.mean() if table.n_rows >= FORM else 1.0))


def _torn(table: Table) -> int:
    """How many rows say nothing but the rest of the text above: it begins small, and nothing stands beside it.

    Shading drawn behind each line of text makes such rows.
    """
    above: dict[int, str] = {}
    torn = 0
    for line in table.grid():
        said = {c.col: c.text for c in line if c and c.text}
        if len(said) == 1:
            ((col, text),) = said.items()
            torn += (text[0].islower() or text[0] == "(") and col in above
        above = {**above, **said} if len(said) == 1 else said
    return torn


def _mixed(words: Sequence[Word], boxes: Array, vertical: Array) -> int:
    """How many values share a cell with another one, beside them or in a column of values."""
    rows = rows_of(words, vertical)
    found = iter(cells_of([_middle(p.words) for r in rows for p in r.phrases], boxes))
    cells = [list(islice(found, len(r.phrases))) for r in rows]
    beside = _beside(rows, cells, boxes)
    stacked = sum(n - 1 for n in _values_of(rows, cells).values() if n >= MANY_LINES)
    return (beside if beside > 1 else 0) + stacked  # one wide white may be a justified line's


def _beside(rows: Sequence[Row], cells: Sequence[Sequence[int]], boxes: Array) -> int:
    """Phrases that follow another one on the line in the same cell, where one of the two is a number.

    They count where the white between them runs down most lines of the cells of one width, as the white
    between two columns does (in free text it stands now here, now there), and other rows of the grid are parted
    there, or the cell holds many such lines, or both are plain numbers. ``2月 16日`` is one value.
    """
    whites: dict[tuple[int, int], list[tuple[float, float, int]]] = {}
    inked: dict[tuple[int, int], list[tuple[float, float]]] = {}
    pairs: dict[tuple[int, int], int] = {}
    widths = [(round(left), round(right)) for left, right in boxes[:, [0, 2]].tolist()]
    for r, at in zip(rows, cells, strict=True):
        for i, (cell, part) in enumerate(zip(at, r.phrases, strict=True)):
            if cell < 0:
                continue
            width = widths[cell]
            inked.setdefault(width, []).append((part.x0, part.x1))
            if i and at[i - 1] == cell:
                before = r.phrases[i - 1]
                if is_number(before.words[-1].text) or is_number(part.words[0].text):
                    plain = is_figure(before.words[-1].text, "strict") and is_figure(part.words[0].text, "strict")
                    whites.setdefault(width, []).append((before.x1, part.x0, cell))
                    pairs[width] = pairs.get(width, 0) + plain
    edges = np.unique(boxes[:, [0, 2]])
    return sum(
        len(found)
        for width, found in whites.items()
        if (_many_lines(found) or pairs[width] >= MANY_LINES or _at_edges(found, edges))
        and _runs_down(found, inked[width])
    )


def _many_lines(whites: Sequence[tuple[float, float, int]]) -> bool:
    """Do many of the whites stand in one cell?"""
    return max(Counter(cell for *_, cell in whites).values()) >= MANY_LINES


def _at_edges(whites: Sequence[tuple[float, float, int]], edges: Array) -> bool:
    """Does an edge of the grid run through most of the whites, in other rows than theirs?"""
    low, high = np.array([w[:2] for w in whites]).T
    through = (edges[None, :] > low[:, None]) & (edges[None, :] < high[:, None])
    return bool(through.any(axis=1).mean() > 0.5)


def _runs_down(whites: Sequence[tuple[float, float, int]], inked: Sequence[tuple[float, float]]) -> bool:
    """Is there an x that the whites hold, with few phrases across it?"""
    white, ink = np.array(whites)[:, :2], np.array(inked)
    at = white.mean(axis=1)[:, None]
    held = ((white[:, 0] <= at) & (white[:, 1] >= at)).sum(axis=1)
    crossed = ((ink[:, 0] < at) & (ink[:, 1] > at)).sum(axis=1)
    return bool((held > 4 * crossed).any())


def _values_of(rows: Sequence[Row], cells: Sequence[Sequence[int]]) -> dict[int, int]:
    """How many lines in each cell are a value and nothing else."""
    counts: dict[int, int] = {}
    for r, at in zip(rows, cells, strict=True):
        for cell, part in zip(at, r.phrases, strict=True):
            if cell >= 0 and at.count(cell) == 1 and all(is_number(w.text) for w in part.words):
                counts[cell] = counts.get(cell, 0) + 1
    return counts


def _middle(words: Sequence[Word]) -> Word:
    return words[0]._replace(x1=words[-1].x1)
