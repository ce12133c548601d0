"""Tables and lines of text → tables that know their headings, caption, unit and notes.

What is above and below is asked in the table's own upright frame, so that a table that lies on its side finds the
caption that lies with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from ..core.geometry import BBox, turned
from ..core.model import Cell, Line, Table
from ..text.figures import unit_of
from ..text.folio import is_folio
from ..text.normalize import normal
from ..text.parse import figures

NEAR = 2.5  # of a line's height: a caption or a note stands no farther from its table
CLOSE = 1.3  # of a line's height: lines of one caption or note stand no farther apart
CAPTION_LINES = 3  # a block of more lines right above a table is prose, not its caption

_YEAR = re.compile(
    r"^(?:(?:19|20)\d\d|(?:明治|大正|昭和|平成|令和|[MTSHR])\s?(?:\d{1,2}|元))(?:年度?|/\d\d|FY)?$|^FY\s?\d{2,4}$"
)
_UNIT = re.compile(r"[(\[【]?\s*単位\s*[:;/]?\s*([^)\]】\s、。]+)|[(\[]\s*(?:unit|in)s?\s*:?\s+([^)\]]+)[)\]]", re.I)
_BARE_UNIT = re.compile(r"^[(\[]([^\W\d]{1,4}|%)[)\]]$")
RAISED = tuple("⁰¹²³⁴⁵⁶⁷⁸⁹⁽")  # what a note begins with whose mark is raised
_NOTE = re.compile(r"^(?:[※*†‡§]|[(\[【]?(?:注|備考|出典|資料|出所)|(?:note|source|sources|notes)\b|\d\s?[))]\s)", re.I)


def caption(tables: Iterable[Table], lines: Sequence[Line]) -> list[Table]:
    """The tables with what is said around them.

    Args:
        tables: as found and stitched.
        lines: the text outside all tables, of all pages.

    Returns:
        The tables with ``header_rows``, ``header_cols``, ``caption``, ``unit`` and ``notes``.
    """
    tables = list(tables)
    return [_captioned(table, tables, lines) for table in tables]


def _captioned(table: Table, tables: Sequence[Table], lines: Sequence[Line]) -> Table:
    above = _above(table, tables, lines)
    below = _below(table, tables, lines)
    head = table.header_rows or header_rows(table)
    spoken = [normal(text) for text in (*(line.text for line in reversed(above)), *(line.text for line in below))]
    inside = [normal(c.text) for c in table.cells if c.row < max(head, 1)]
    titles = [line.text.strip() for line in above if not _is_unit(line.text)]
    return replace(
        table,
        header_rows=head,
        header_cols=header_cols(table, head),
        caption="\n".join(titles),
        unit=next(filter(None, map(_unit, [*spoken, *inside])), ""),
        notes=(*table.notes, *_notes(below)),
    )


def header_rows(table: Table) -> int:
    """How many rows of headings lead a table.

    Where headings nest, they reach as far down as the spans of the first row are parted. The body begins at the latest
    where a column of numbers has its first number: a row of data is never a heading. Numbers that are a scale (years;
    1, 2, 3, ...) are headings where headings stand, unless the whole column is one of years.
    """
    grid = table.grid()
    if len(grid) < 2:
        return 0
    nested = _nested(table, grid)
    numeric = [c for c in range(table.n_cols) if _is_numeric(grid, c)]
    if not numeric:
        return _text_header(grid, nested)
    for r, row in enumerate(grid[:-1]):
        values = [cell.text for c in numeric if (cell := row[c]) and cell.text and cell.col_span == 1]
        years = bool(values) and all(_YEAR.match(_plain(v)) for v in values)
        if years and r >= nested:
            return r
        if any(_is_number(v) and not _YEAR.match(_plain(v)) for v in values) and not (r < nested and _is_scale(values)):
            return r
    return min(max(1, nested), len(grid) - 1)


def _nested(table: Table, grid: Sequence[Sequence[Cell | None]]) -> int:
    """How far down headings reach that begin in the first row, with what spans are parted into.

    A row goes on the headings where each cell that begins in it is a part of a wider one above it, or stands below
    one that says nothing.
    """
    depth = 1
    while depth < len(grid) - 1:
        for cell in (c for c in table.cells if c.row == depth):
            above = grid[depth - 1][cell.col]
            if above and above.text and above.col_span <= cell.col_span:
                return depth
        if not any(c.col_span > 1 for c in table.cells if c.row < depth <= c.row + c.row_span):
            return depth
        depth += 1
    return depth


def _is_scale(values: Sequence[str]) -> bool:
    """Are three values or more consecutive integers, as the numbers of months, classes or questions are?"""
    numbers = [_plain(v) for v in values]
    if len(numbers) < 3 or not all(n.isascii() and n.isdigit() for n in numbers):
        return False
    return all(int(b) - int(a) == 1 for a, b in pairwise(numbers))


def _text_header(grid: Sequence[Sequence[Cell | None]], nested: int) -> int:
    """The headings of a table without numbers: its first row, unless it is as long-winded as the others."""
    first = [len(cell.text) for cell in grid[0] if cell and cell.text]
    rest = [len(cell.text) for row in grid[1:] for cell in row if cell and cell.text]
    if not first or not rest or len(first) < 0.5 * len(grid[0]):
        return 0 if not first else nested
    return nested if max(first) <= max(20, 1.5 * sum(rest) / len(rest)) else 0


def _is_numeric(grid: Sequence[Sequence[Cell | None]], col: int) -> bool:
    """Are most of what a column says numbers?"""
    said = [cell.text for row in grid if (cell := row[col]) and cell.text and cell.col_span == 1]
    numbers = sum(map(_is_number, said))
    return numbers >= 1 and numbers >= 0.5 * max(1, len(said) - 1)


def _is_number(text: str) -> bool:
    """Is it a figure, or several? What counts years, months, days or ages (4月, 0歳児) names a row or a column.

    So does a word for a figure that is not known (不明).
    """
    found = figures(text)
    worded = text[:1].isalpha() and any(one.kind == "missing" for one in found)
    return bool(found) and not worded and not any(one.order for one in found)


def _plain(text: str) -> str:
    return normal(text).strip()


def header_cols(table: Table, head: int) -> int:
    """How many columns of row headings lead a table: what stands before its first column of numbers.

    A first column that counts the rows (1, 2, 3, ...) is a heading too, and so are columns of one or two digits
    (項, 号) that stand before a column of words. A table without numbers has row
    headings only where a cell of its first columns holds several rows together.
    """
    grid = table.grid()[head:]
    if not grid:
        return 0
    numeric = [_is_numeric(grid, c) and not _counts_rows(grid, c) for c in range(table.n_cols)]
    codes = next((c for c in range(table.n_cols) if not (numeric[c] and _is_code(grid, c))), 0)
    if codes and not numeric[codes] and any(numeric[codes:]):
        return numeric.index(True, codes)
    if any(numeric):
        return numeric.index(True)
    spans = [c.col for c in table.cells if c.row >= head and c.row_span > 1]
    return max((c + 1 for c in range(table.n_cols - 1) if c in spans and set(range(c + 1)) <= set(spans)), default=0)


def _is_code(grid: Sequence[Sequence[Cell | None]], col: int) -> bool:
    """Does a column hold nothing but one or two digits, or a dash?"""
    said = [_plain(cell.text) for row in grid if (cell := row[col]) and cell.text and cell.col_span == 1]
    return all(len(s) <= 2 for s in said)


def _counts_rows(grid: Sequence[Sequence[Cell | None]], col: int) -> bool:
    """Does a column count its rows?"""
    said = [_plain(cell.text) for row in grid if (cell := row[col]) and cell.text]
    numbers = [int(s) for s in said if s.isascii() and s.isdigit()]
    return col == 0 and len(numbers) >= 2 and all(b - a == 1 for a, b in pairwise(numbers))


def _above(table: Table, tables: Sequence[Table], lines: Sequence[Line]) -> list[Line]:
    """The lines right above a table, from the top; none where they are the end of a paragraph."""
    own = _upright(table.bbox, table.rotation)
    block: list[Line] = []
    edge = own.top
    for line, box in reversed(_beside(table.page, table.rotation, own, lines)):
        if box.bottom > edge + 0.5 * box.height or is_folio(line.text):
            continue
        far = edge - box.bottom > (CLOSE if block else NEAR) * box.height
        if far or _parted(own, box, table, tables) or _NOTE.match(_plain(line.text)):
            break
        block.insert(0, line)
        edge = box.top
    prose = len(block) > CAPTION_LINES or any(line.text.rstrip().endswith("。") for line in block)
    if not prose:
        return block
    return [line for line in block[-1:] if not line.text.rstrip().endswith(("。", "."))]


def _below(table: Table, tables: Sequence[Table], lines: Sequence[Line]) -> list[Line]:
    """The lines right below a table (its last part), from the top, as far as they hang together."""
    page, bbox = table.parts[-1] if table.parts else (table.page, table.bbox)
    own = _upright(bbox, table.rotation)
    block: list[Line] = []
    edge = own.bottom
    for line, box in _beside(page, table.rotation, own, lines):
        if box.top < edge - 0.5 * box.height or (not block and box.top < own.bottom - 0.5 * box.height):
            continue
        far = box.top - edge > NEAR * box.height
        if far or _parted(own, box, table, tables):
            break
        block.append(line)
        edge = max(edge, box.bottom)
    return block


def _beside(page: int, rotation: int, own: BBox, lines: Sequence[Line]) -> list[tuple[Line, BBox]]:
    """The lines of a page that lie as the table does and share some of its width, from the top."""
    found = []
    for line in lines:
        if line.page == page and line.rotation == rotation:
            box = _upright(line.bbox, rotation)
            if box.x0 < own.x1 and box.x1 > own.x0:
                found.append((line, box))
    return sorted(found, key=lambda pair: (pair[1].top, pair[1].x0))


def _upright(box: BBox, rotation: int) -> BBox:
    # Only the order of boxes matters here, so that the page's size may be left out.
    return turned(box, -rotation % 360, 0.0, 0.0)


def _parted(own: BBox, box: BBox, table: Table, tables: Sequence[Table]) -> bool:
    """Does another table stand between a table and a line?"""
    low, high = min(own.bottom, box.bottom), max(own.top, box.top)
    for other in tables:
        if other is table or other.page != table.page or other.rotation != table.rotation:
            continue
        between = _upright(other.bbox, other.rotation)
        if between.top >= low - 1 and between.bottom <= high + 1 and between.x0 < own.x1 and between.x1 > own.x0:
            return True
    return False


def _unit(text: str) -> str:
    """The unit that a line or a heading names, as printed; "" where it names none."""
    found = _UNIT.search(text)
    if found:
        return (found[1] or found[2]).strip()
    return _bare_unit(text.strip())


def _bare_unit(text: str) -> str:
    """The known unit that stands in brackets by itself; (全国比較) is a word of a title."""
    bare = _BARE_UNIT.match(text)
    return bare[1] if bare and unit_of(bare[1]) else ""


def _is_unit(text: str) -> bool:
    """Does a line say nothing but the unit?"""
    plain = _plain(text)
    found = _UNIT.search(plain)
    return bool(_bare_unit(plain)) or bool(found and len(plain) - len(found[0]) <= 2)


def _notes(lines: Sequence[Line]) -> list[str]:
    """The notes among the lines below a table: each with the lines that go on it."""
    notes: list[str] = []
    for line in lines:
        text = line.text.strip()
        if text[:1] in RAISED or _NOTE.match(_plain(text)):
            notes.append(text)
        elif notes and not is_folio(text):
            glue = "" if not notes[-1][-1:].isascii() or not text[:1].isascii() else " "
            notes[-1] += glue + text
        else:
            break
    return notes


def tidy(table: Table) -> list[tuple[str, ...]]:
    """The table in long form: one row a value, (row headings.., column headings.., value).

    Where there are no row headings the row's number stands for them, from 1, and likewise for columns. Cells
    that say nothing are left out; a cell over several places comes once.
    """
    grid = table.grid()
    rows: list[tuple[str, ...]] = []
    for cell in table.cells:
        if cell.row < table.header_rows or cell.col < table.header_cols or not cell.text:
            continue
        beside = [_text(grid[cell.row][c]) for c in range(table.header_cols)]
        over = [_text(grid[r][cell.col]) for r in range(table.header_rows)]
        rows.append((*(beside or [str(cell.row - table.header_rows + 1)]), *(over or [str(cell.col + 1)]), cell.text))
    return rows


def _text(cell: Cell | None) -> str:
    return cell.text if cell else ""
