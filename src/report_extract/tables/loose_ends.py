"""Tables without rules: signs set apart from their figures, the last line of a last row that wraps, low headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from ..core.geometry import BBox, union
from ..core.model import Cell, Reading, Table
from ..page.words import Word, inside, outside, phrases, spoken, text_lines
from ..text.parse import is_figure
from .join import with_more
from .view import Frame

BEFORE = frozenset("$€£¥￥＄￡△▲")  # set at a cell's left edge by an accounting format
AFTER = frozenset("%％‰")
MOST_LINES = 3  # of a row that may go on below the last one found
SAME_LEADING = 1.15  # of the leading of lines that wrap: what a further line of the cell may stand apart
CLOSER = 0.8  # of the pitch of rows: a line that is nearer than this to the last row goes on it
INDENT = 2.5  # of the size: by how much a line that goes on may be set in

_NOTE = re.compile(r"^(?:[※*†‡§]|[(\[【]?(?:注|備考|出典|資料|出所|単位)|(?:note|source)s?\b)", re.IGNORECASE)


def signs_joined(table: Table) -> Table:
    """The table with columns of nothing but signs ($, △, %) put to the figures beside them.

    An accounting format sets the sign at the cell's left edge, far from its figure: they are one value.
    """
    col = 0
    while col < table.n_cols and table.n_cols > 2:
        for signs, figures in ((BEFORE, col + 1), (AFTER, col - 1)):
            left = min(col, figures)
            if _is_of_signs(table, col, signs) and _is_of_figures(table, figures) and _is_single(table, left):
                table = _merged(table, left)
                break
        else:
            col += 1
    return table


def headings_where_printed(table: Table, view: Frame) -> Table:
    """The table with headings of the first rows that stand on the last line of their cell begun there.

    ``Age`` beside ``2020`` below ``Men`` is a heading of the second row with nothing above it, unless a rule above the
    first row closes what is above it; one set in the middle of both rows belongs to both.
    """
    cells: list[Cell] = []
    for cell in table.cells:
        last = cell.row + cell.row_span - 1
        box = view.from_page(cell.bbox)
        said = inside(view.words, box) if cell.row == 0 < last and cell.text else []
        level = [c for c in table.cells if c.row == last and c.row_span == 1 and c.text] if said else []
        beside = [w for c in level for w in inside(view.words, view.from_page(c.bbox))]
        edge = min((view.from_page(c.bbox).top for c in level), default=box.bottom)
        if (
            not beside
            or _is_capped(box, view, said[0].size)
            or min(w.top for w in said) < min(w.top for w in beside) - 0.3 * said[0].size
        ):
            cells.append(cell)
            continue
        cells.append(replace(cell, bbox=view.to_page(box._replace(top=edge)), row=last, row_span=1))
        above = view.to_page(box._replace(bottom=edge))
        cells.append(Cell(cell.page, above, 0, cell.col, last, cell.col_span, (Reading("", cell.readings[0].by),)))
    return replace(table, cells=tuple(sorted(cells, key=lambda c: (c.row, c.col))))


def _is_capped(box: BBox, view: Frame, size: float) -> bool:
    """Does a rule run over a cell, right above it?"""
    over = view.horizontal[(view.horizontal[:, 0] > box.top - size) & (view.horizontal[:, 0] < box.top + 0.3 * size)]
    return bool(((over[:, 1] < box.x0 + size) & (over[:, 2] > box.x1 - size)).any())


def _column(table: Table, col: int) -> list[str]:
    return [c.text for c in table.cells if c.col == col and c.col_span == 1 and c.text]


def _is_of_signs(table: Table, col: int, signs: frozenset[str]) -> bool:
    said = _column(table, col)
    return bool(said) and all(len(text) == 1 and text in signs for text in said)


def _is_of_figures(table: Table, col: int) -> bool:
    said = [text.replace(" ", "") for text in _column(table, col)]
    return 0 <= col < table.n_cols and sum(is_figure(text) for text in said) >= max(1, len(said) - 2)


def _is_single(table: Table, left: int) -> bool:
    """Is each place of the columns ``left`` and the next one a cell of its own, or one cell over both?"""
    pair = [c for c in table.cells if c.col < left + 2 and c.col + c.col_span > left]
    over_both = [c for c in pair if c.col <= left and c.col + c.col_span >= left + 2]
    return all(c in over_both or (c.col_span == 1 and c.row_span == 1) for c in pair)


def _merged(table: Table, left: int) -> Table:
    """The table with the columns ``left`` and the next one made one."""
    beside = {cell.row: cell for cell in table.cells if cell.col == left + 1}
    cells = []
    for cell in table.cells:
        if cell.col <= left < cell.col + cell.col_span - 1:
            cells.append(replace(cell, col_span=cell.col_span - 1))
        elif cell.col == left:
            other = beside[cell.row]
            reading = Reading(cell.text + other.text, (cell.readings or other.readings)[0].by)
            cells.append(replace(cell, bbox=union((cell.bbox, other.bbox)), readings=(reading,)))
        elif cell.col != left + 1:
            cells.append(replace(cell, col=cell.col - 1) if cell.col > left else cell)
    return replace(table, cells=tuple(sorted(cells, key=lambda c: (c.row, c.col))))


def last_row_whole(table: Table, view: Frame, others: Sequence[Table]) -> Table:
    """The table with the lines below it that go on its last row.

    Lines that stand as near to it as lines of one cell do, nearer than the next row would, each phrase below a cell
    of the last row that says something and set as that column is.

    Args:
        table: a table without rules.
        view: the page as the table stands upright in it.
        others: the tables of the page, whose words are theirs.
    """
    for _ in range(MOST_LINES):
        longer = _one_line_longer(table, view, others)
        if longer is table:
            break
        table = longer
    return table


def _one_line_longer(table: Table, view: Frame, others: Sequence[Table]) -> Table:
    own = view.from_page(table.bbox)
    lines = text_lines(inside(view.words, own))
    free = outside(view.words, [view.from_page(t.bbox) for t in (table, *others)])
    below = [w for w in free if w.middle > own.bottom and w.x1 > own.x0 and w.x0 < own.x1]
    if len(lines) < 3 or not below:
        return table
    line = min(text_lines(below), key=lambda words: words[0].middle)
    if not _is_near(table, view, lines, line):
        return table
    last = {c.col: c for c in table.cells if c.row + c.row_span == table.n_rows and c.text}
    more: dict[int, str] = {}
    for phrase in phrases(line):
        col = next((k for k, cell in last.items() if _goes_on(phrase, view.from_page(cell.bbox), lines)), -1)
        if col < 0 or col in more:
            return table
        more[col] = spoken(phrase)
    bottom = max(w.bottom for w in line) + 1.0
    cells = tuple(_longer(cell, table, more, bottom, view) for cell in table.cells)
    return replace(table, cells=cells, bbox=_down(table.bbox, bottom, view))


def _longer(cell: Cell, table: Table, more: dict[int, str], bottom: float, view: Frame) -> Cell:
    if cell.row + cell.row_span != table.n_rows:
        return cell
    cell = replace(cell, bbox=_down(cell.bbox, bottom, view))
    return with_more(cell, more[cell.col]) if cell.col in more and cell.text else cell


def _down(box: BBox, bottom: float, view: Frame) -> BBox:
    """A box on the page whose lower edge, upright, is moved down to ``bottom``."""
    upright = view.from_page(box)
    return view.to_page(upright._replace(bottom=max(bottom, upright.bottom)))


def _is_near(table: Table, view: Frame, lines: Sequence[Sequence[Word]], line: Sequence[Word]) -> bool:
    """Does a line stand no farther below the last one than lines of one cell do?"""
    middles = sorted(median(w.middle for w in words) for words in lines)
    edges = sorted({round(view.from_page(c.bbox).top, 2) for c in table.cells if c.row})
    row = [sum(edge < middle for edge in edges) for middle in middles]
    steps = [(b - a, m == n) for (a, b), (m, n) in zip(pairwise(middles), pairwise(row), strict=True) if b - a > 1]
    wraps, pitches = [s for s, same in steps if same], [s for s, same in steps if not same]
    step = median(w.middle for w in line) - middles[-1]
    if _NOTE.match(spoken(line)) or not pitches or step <= 0:
        return False
    if wraps:
        return step <= SAME_LEADING * min(wraps) and step < min(pitches) * (1 if len(set(row)) > 2 else CLOSER)
    return step < CLOSER * min(pitches)


def _goes_on(phrase: Sequence[Word], box: BBox, lines: Sequence[Sequence[Word]]) -> bool:
    """Does a phrase stand below a cell, set as its text is: no farther to the left, little farther to the right?"""
    if not (box.x0 - 1 <= phrase[0].x0 and phrase[-1].x1 <= box.x1 + phrase[0].size):
        return False
    above = [w for w in lines[-1] if box.x0 <= (w.x0 + w.x1) / 2 <= box.x1] or [
        w for words in lines[-MOST_LINES:] for w in words if box.x0 <= (w.x0 + w.x1) / 2 <= box.x1
    ]
    if not above:
        return False
    left, right = min(w.x0 for w in above), max(w.x1 for w in above)
    set_left = -0.5 <= (phrase[0].x0 - left) / phrase[0].size <= INDENT
    centred = abs(phrase[0].x0 + phrase[-1].x1 - left - right) < phrase[0].size
    return set_left or centred
