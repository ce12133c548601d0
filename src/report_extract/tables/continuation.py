"""Tables that go on over pages, made one.

Two parts belong together when they lie the same way, their column edges agree, the first ends where its page
ends and the second begins where its page begins, with nothing said between them, and the second brings no
heading of its own. In doubt they stay apart: two tables are easier to see for what they are than one that
never was. All places are judged in the frame in which the table stands upright.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from ..core.geometry import BBox, turned
from ..core.model import Cell, Line, Table
from ..text.folio import is_folio
from ..text.normalize import key, similarity
from ..text.parse import is_figure
from . import join
from .captions import header_rows
from .reading_order import in_reading_order

Size = tuple[float, float]

EDGE = 3.0  # points by which row edges may differ
ASKEW = 0.006  # of a table's width: by how much more its columns may, on a page scanned or scaled anew
SHIFT = 60.0  # points by which a page's margin may differ from the next one's
REPEATED = 0.9  # similarity of a heading's row that is printed again
HEAD = 80  # rows of a table that tell its headings
ALIKE = 0.3  # share of a heading's cells printed again that makes it a heading, if a changed one
LOW, HIGH = 0.55, 0.45  # of the page's height: a part that goes on ends below, one that continues begins above
PLACE = 6.0  # points within which a line on two pages stands at the same height
FOOT = 0.94  # of the page's height: what begins below belongs to the page, not to the text
LOOSE = 0.3  # of a column's width: by how much edges may differ that follow the text, not a rule
INSET = 12.0  # points: by so much a table's text may stand within its rules
SIDE = 0.25  # of the page's width: how near to the fold the two halves of a spread come
SPARE = 60.0  # points that may be left empty below a part that goes on

_PAGE_SUM = re.compile(
    r"^(?:(?:本|当|この)?(?:頁|ページ)の?(?:小)?計|小計\((?:本|当)?(?:頁|ページ)\)|(?:次|翌|前)(?:頁|ページ)"
    r"|pagetotal|(?:carried|brought)forward)",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"^\W?(?:単位|次(?:頁|ページ)|前(?:頁|ページ)|注|※|\*)|つづ[きく]|続[きく]|\bcont(?:inued|'?d|\.)|^seenotes",
    re.IGNORECASE,
)


class Part(NamedTuple):
    """The part of a table on one page, upright.

    Attributes:
        page: its number; rotation: how the table lies on it; size: of the turned page, in points.
        bbox: the part's box; xs: the edges of the whole table's columns; ys: those of the part's rows.
    """

    page: int
    rotation: int
    size: Size
    bbox: BBox
    xs: tuple[float, ...]
    ys: tuple[float, ...]


Longer = tuple[Table, Part]


class Said(NamedTuple):
    """What stands on the pages besides a table: the boxes of text lines and of tables, by page."""

    lines: Mapping[int, list[Line]]
    tables: Mapping[int, list[Table]]
    pages: Mapping[int, Size]


def stitch(
    tables: Sequence[Table],
    pages: Mapping[int, Size],
    lines: Sequence[Line] = (),
    told: Mapping[tuple[int, BBox], bool] = MappingProxyType({}),
) -> list[Table]:
    """The tables of a document, those that go on over pages made one.

    Args:
        tables: of all pages, in any order.
        pages: page number -> width, height in points.
        lines: the text outside all tables; a caption between two parts keeps them apart.
        told: page and place of parts of which a person said whether the next page goes on with them.

    Returns:
        Tables by page and place. Of a table made of several parts, ``parts`` names each one's page and box,
        every cell keeps its own, repeated headings are left out, page sums are notes.
    """
    said = Said(_without_furniture(lines), defaultdict(list), pages)
    for table in tables:
        said.tables[table.page].append(table)
    done: list[Table] = []
    going: list[tuple[Table, Part]] = []
    for number in sorted(said.tables):
        ended = [whole for whole, part in going if part.page < number - 1]
        going = [entry for entry in going if entry[1].page == number - 1]
        fresh: list[tuple[Table, Part]] = []
        for table in said.tables[number]:
            part = _part(table, pages[number])
            for entry in going:
                joined = _joined(*entry, table, part, said, join.word_of(entry[0], told))
                if joined:
                    fresh.append(joined)
                    going.remove(entry)
                    break
            else:
                fresh.append((table, part))
        done += [*ended, *(whole for whole, _ in going)]
        going = fresh
    done += [whole for whole, _ in going]
    return in_reading_order(done, pages)


def _part(table: Table, page: Size) -> Part:
    xs, ys = defaultdict(list), defaultdict(list)
    for cell in table.cells:
        box = turned(cell.bbox, -table.rotation, *page)
        xs[cell.col].append(box.x0)
        xs[cell.col + cell.col_span].append(box.x1)
        ys[cell.row].append(box.top)
        ys[cell.row + cell.row_span].append(box.bottom)
    return Part(
        table.page,
        table.rotation,
        (page[1], page[0]) if table.rotation % 180 else page,
        turned(table.bbox, -table.rotation, *page),
        tuple(float(median(xs[k])) for k in sorted(xs)),
        tuple(float(median(ys[k])) for k in sorted(ys)),
    )


def _joined(whole: Table, last: Part, table: Table, part: Part, said: Said, word: bool | None) -> Longer | None:
    """``whole`` with ``table`` of the next page put to it; None where it does not, or a person said so."""
    if last.rotation != part.rotation or part.page != last.page + 1 or word is False:
        return None
    if word and whole.n_cols == table.n_cols:
        lower = join.without_rows(table, set(range(_repeated_rows(whole, table))))
        return (join.below(whole, lower, False), part) if lower.cells else None
    if _follows(last, part, said):
        columns = _columns(last.xs, part.xs, "aligned" in (whole.kind, table.kind))
        if columns and (longer := _put_below(whole, last, table, part, columns)):
            return longer
    if not whole.parts and _faces(whole, last, table, part, said):
        return join.beside(whole, table), last
    return None


# --- Where the parts stand ------------------------------------------------------------------------------------


def _without_furniture(lines: Sequence[Line]) -> dict[int, list[Line]]:
    """The lines that part tables, by page: without page numbers, running heads and captions printed again."""
    on_pages: dict[tuple[str, int], set[int]] = defaultdict(set)
    at_places: dict[tuple[str, int, int], set[int]] = defaultdict(set)
    for line in lines:
        words, height = key(line.text), int(line.bbox.top // PLACE)
        on_pages[words, line.rotation].add(line.page)
        at_places[words, line.rotation, height].add(line.page)
    kept: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        words, height = key(line.text), int(line.bbox.top // PLACE)
        again = line.page - 1 in on_pages[words, line.rotation] or any(
            at_places.get((words, line.rotation, h), set()) - {line.page} for h in (height - 1, height, height + 1)
        )
        if not again and not is_folio(words) and not _ASIDE.search(words):
            kept[line.page].append(line)
    return kept


def _others(part: Part, said: Said) -> list[BBox]:
    """The boxes of all that stands on the part's page besides it, in its upright frame."""
    page = said.pages[part.page]
    boxes = [line.bbox for line in said.lines.get(part.page, ())]
    boxes += [table.bbox for table in said.tables[part.page]]
    return [box for box in (turned(b, -part.rotation, *page) for b in boxes) if box != part.bbox]


def _follows(last: Part, part: Part, said: Said) -> bool:
    """Does the first part end where its page ends and the second begin where its page begins?"""
    if last.bbox.bottom < LOW * last.size[1] or part.bbox.top > HIGH * part.size[1]:
        return False
    below = any(last.bbox.bottom - EDGE <= box.top <= FOOT * last.size[1] for box in _others(last, said))
    above = any(box.bottom <= part.bbox.top + EDGE for box in _others(part, said))
    return not below and not above


def _faces(whole: Table, last: Part, table: Table, part: Part, said: Said) -> bool:
    """Are the two parts the halves of one table over facing pages?

    Their rows are the same, they meet at the fold, and the second has numbers where the first has labels.
    """
    if len(last.ys) != len(part.ys) or len(last.ys) < 4:
        return False
    if max(abs(a - b) for a, b in zip(last.ys, part.ys, strict=True)) > EDGE:
        return False
    if last.bbox.x1 < (1 - SIDE) * last.size[0] or part.bbox.x0 > SIDE * part.size[0]:
        return False
    if any(box.bottom <= part.bbox.top + EDGE for box in _others(part, said)):
        return False
    labels, numbers = _column(whole, 0)[1:], _column(table, 0)[1:]
    return _share_of_numbers(labels) < 0.2 and len(numbers) >= 2 and _share_of_numbers(numbers) > 0.8


def _columns(first: Sequence[float], second: Sequence[float], loose: bool) -> tuple[list[int], list[int]] | None:
    """Where the column edges of two parts come to stand on a grid common to both; None where they disagree.

    The one may have edges that the other has not (a heading divides more finely than the body below it),
    but not both, and their outer edges agree. Edges are ``loose`` where they follow the text: then columns of
    the same number agree that hold each other's middles.
    """
    shift, slack = second[0] - first[0], EDGE + ASKEW * (first[-1] - first[0])
    if loose:
        slack = max(slack, LOOSE * float(min(np.diff(first).min(), np.diff(second).min())))
    led, fewer = first[: len(second)], 3 < len(second) < len(first) and second[-1] < first[-1] - INSET
    alike = len(led) == len(second) and _nest(led, second) and _nest(second, led)
    if loose and abs(shift) < INSET and alike and (fewer or len(first) == len(second)):  # the last may say nothing
        return list(range(len(first))), list(range(len(second)))
    if loose and abs(shift) < INSET and abs(second[-1] - first[-1]) < INSET and (same := _with_labels(first, second)):
        return same
    if abs(shift) > SHIFT or abs(second[-1] - shift - first[-1]) > slack:
        return None
    edges, others = list(first), [x - shift for x in second]
    few, many = sorted((edges, others), key=len)
    place = [int(np.argmin(np.abs(np.subtract(many, x)))) for x in few]
    if any(abs(many[k] - x) > slack for k, x in zip(place, few, strict=True)) or len(set(place)) < len(place):
        return None
    full = list(range(len(many)))
    return (place, full) if few is edges else (full, place)


def _with_labels(first: Sequence[float], second: Sequence[float]) -> tuple[list[int], list[int]] | None:
    """The edges of two parts on a common grid where the one has its labels in one column, the other in several."""
    few, many = sorted((first, second), key=len)
    more = len(many) - len(few)
    inner, outer = few[1:], many[more + 1 :]
    if not 0 < more < 3 or len(few) < 3 or not (_nest(inner, outer) and _nest(outer, inner)):
        return None
    place, full = [0, *range(more + 1, len(many))], list(range(len(many)))
    return (place, full) if few is first else (full, place)


def _nest(edges: Sequence[float], others: Sequence[float]) -> bool:
    """Does the middle of each column lie in the same column between other edges?"""
    middles = (np.array(edges[1:]) + edges[:-1]) / 2
    return bool(np.all((middles > others[:-1]) & (middles < others[1:])))


# --- What the parts say -----------------------------------------------------------------------------------------


def _put_below(
    whole: Table, last: Part, table: Table, part: Part, columns: tuple[list[int], list[int]]
) -> tuple[Table, Part] | None:
    """``whole`` with the rows of ``table`` below it; None where ``table`` has a heading of its own."""
    upper, lower = join.with_columns(whole, columns[0]), join.with_columns(table, columns[1])
    repeated = _repeated_rows(join.head_of(upper, HEAD), lower)
    if not repeated and (_is_headed(upper, lower) or _has_room(last, table, part)):
        return None
    if _same_labels(upper, lower, repeated):
        return None
    lower = join.without_rows(join.noted(lower, sums := _page_sums(lower)), {*range(repeated), *sums})
    upper = join.without_rows(join.noted(upper, sums := _page_sums(upper)), sums)
    if not lower.cells:
        parts = (*(whole.parts or ((whole.page, whole.bbox),)), (part.page, table.bbox))
        notes = (*upper.notes, *lower.notes)
        return replace(upper, parts=parts, doubts=(*upper.doubts, *lower.doubts), notes=notes), part
    edges = part.xs if len(part.xs) >= len(last.xs) else tuple(x + part.xs[0] - last.xs[0] for x in last.xs)
    cut = _is_cut(upper, lower, max(1, repeated))
    longer = join.below(upper, lower, cut)
    if cut and "aligned" in (whole.kind, table.kind):  # whose columns are a guess
        at = upper.n_rows - 1
        cells = tuple(c.doubted("cut-record") if c.row == at else c for c in longer.cells)
        longer = replace(longer, cells=cells)
    return longer, part._replace(xs=edges)


def _rows(table: Table) -> list[list[tuple[int, int, str]]]:
    """Of each row the places and texts of the cells that begin in it."""
    return [[(c.col, c.col_span, key(c.text)) for c in row] for row in join.rows_of(table)]


def _repeated_rows(upper: Table, lower: Table) -> int:
    """How many rows of heading ``lower`` repeats of those that lead ``upper``.

    Only rows of the heading of ``upper`` can be, and only where they say the same again, digit by digit: a row of data
    that a later page prints once more is data. What a recogniser read may differ in a letter, not in a digit.
    """
    repeated = 0
    fallible = any(cell.fallible for table in (upper, lower) for cell in table.cells if cell.text)
    heading = header_rows(upper) or int(not any(_digits(text) for *_, text in _rows(upper)[0]))
    for n, (a, b) in enumerate(zip(_rows(upper)[:heading], _rows(lower), strict=False), start=1):
        said = "|".join(text for *_, text in a), "|".join(text for *_, text in b)
        if [c[:2] for c in a] != [c[:2] for c in b] or not said[0].strip("|"):
            break
        misread = fallible and similarity(*said) >= REPEATED and _digits(said[0]) == _digits(said[1])
        if said[0] != said[1] and not misread:
            break
        if join.is_cut(upper, n) and join.is_cut(lower, n):
            repeated = n
    return repeated


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _is_headed(upper: Table, lower: Table) -> bool:
    """Does ``lower`` begin with a heading that is not the one of ``upper``?"""
    heading = {(col, text) for col, _, text in _rows(upper)[0] if text}
    first = {(col, text) for col, _, text in _rows(lower)[0] if text}
    if first and len(heading & first) >= ALIKE * len(first):
        return True
    numeric = [c for c in range(upper.n_cols) if _share_of_numbers(_column(upper, c)[1:]) > 0.7]
    there = {cell.col: key(cell.text) for cell in lower.cells if cell.row == 0}
    tops = [there[c] for c in numeric if there.get(c)]
    return bool(tops) and not any(is_figure(text) for text in tops)


def _has_room(last: Part, table: Table, part: Part) -> bool:
    """Was there room for another row below the first part, so that nothing forced it over the page break?

    Rows that one cell holds together are not parted by a page break.
    """
    tallest = part.ys[max(c.row_span for c in table.cells if c.row == 0)] - part.ys[0]
    margin = min(part.bbox.top, last.bbox.top)
    return last.size[1] - last.bbox.bottom - margin > max(SPARE, 2 * tallest)


def _same_labels(upper: Table, lower: Table, heading: int) -> bool:
    """Do both tables have the same rows, so that they are two of a kind and not one?"""
    ours, theirs = _column(upper, 0)[heading:], _column(lower, 0)[heading:]
    labels = {text for text in ours if text and not is_figure(text)}
    if len(labels) < 3 or len(labels) < len([t for t in ours if t]):
        return False
    return sum(text in labels for text in theirs) > 0.6 * len(theirs)


def _column(table: Table, col: int) -> list[str]:
    """The keys of the cells that begin in a column."""
    return [key(cell.text) for cell in table.cells if cell.col == col]


def _share_of_numbers(texts: Sequence[str]) -> float:
    """Which share of the texts that are not empty are numbers, 0..1."""
    said = [text for text in texts if text]
    return sum(bool(is_figure(text)) for text in said) / len(said) if said else 0.0


def _page_sums(table: Table) -> set[int]:
    """The rows that only sum up a page or point to the next one."""
    sums = set()
    for number, row in enumerate(join.rows_of(table)):
        words = next((key(cell.text) for cell in row if cell.text), "")
        if number and _PAGE_SUM.match(words):
            sums.add(number)
    return sums


def _is_cut(upper: Table, lower: Table, heading: int) -> bool:
    """Is the first row of ``lower`` the rest of the last row of ``upper``?

    It is when a column that every other row fills is filled only on one side of the page break: the first such column,
    or one that numbers the rows.
    """
    if not join.fits(upper, lower):
        return False
    last, first = upper.n_rows - 1, 0
    rest: dict[int, list[Cell]] = defaultdict(list)
    for table, at_break, skipped in ((upper, last, heading), (lower, first, 0)):
        for cell in table.cells:
            if cell.row >= skipped and cell.row != at_break:
                rest[cell.col].append(cell)
    ends = {c.col: c for c in upper.cells if c.row + c.row_span == last + 1}
    begins = {c.col: c for c in lower.cells if c.row == 0}
    if not any(c.text for c in begins.values()):
        return False
    asked = False
    for col in sorted(ends):
        if ends[col].row_span > 1 or begins[col].row_span > 1:
            continue  # it holds several rows together, of which one may be cut
        if all(c.text and c.row_span == 1 for c in rest[col]):
            counted = len(rest[col]) > 1 and all(key(c.text).isdigit() for c in rest[col])
            if bool(ends[col].text) != bool(begins[col].text):
                return counted or not asked
            asked = True
    return False
