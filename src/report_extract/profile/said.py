"""A report's text as the places where it may say whose it is and of which year: title, headings, prose, tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from ..core.geometry import union
from ..core.model import Cell, Line, Table
from ..text import parse
from ..text.normalize import key, normal

Place = Literal["title", "heading", "head", "stub", "prose", "note"]

TITLE_LINES = 8  # of a document, in which a title may stand
LONGEST = 400  # letters of a line that are read: no title is longer
SHORT = 40  # letters of a line that may be a heading
IMPRINT_LINES = 6  # at its end, in which an imprint may stand

_PROSE = re.compile(
    r"。(?!$)|。$|[しきっれ]た(?!め)|(?:す|い|な|あ|れ|め)る|ます|です|ており|ため、?|については|により|として、?|を[^、]*[がは]|が、"
)
_NOTE = re.compile(r"^[(\[]?(?:※|\*|注|備考|出典|資料)")
_BULLET = re.compile(r"[※・◎○●◇◆□■*]|\(?(?:\d+|[ア-ン一二三四五])[.)、 ]|第\d+|表\d")


class Said(NamedTuple):
    """A line of text, and what kind of place it stands in; ``last``: among the last lines, where an imprint may be."""

    line: Line
    place: Place
    last: bool = False


def places(lines: Sequence[Line], tables: Sequence[Table]) -> list[Said]:
    """Every line outside tables, and the headings, captions and first columns of tables, each with its place."""
    text = _paragraphs(lines)
    titles = _title_lines(text, tables)
    found = [Said(line, "title") for line in titles]
    for number, line in enumerate(text):
        if line not in titles:
            found.append(Said(line, place_of(line.text), number >= len(text) - IMPRINT_LINES))
    for table in tables:
        above = [c for c in _above_figures(table) if not any(c.bbox == line.bbox for line in titles)]
        found += [Said(as_line(c), "head" if len(normal(c.text)) <= SHORT else place_of(c.text)) for c in above]
        named = {c.row for c in above}
        found += [Said(as_line(c), "stub") for c in table.cells if c.col == 0 and c.row not in named and c.text]
    return found


def place_of(text: str) -> Place:
    """What a line outside tables is by its wording: a note, running text, or a heading."""
    said = normal(text)
    if _NOTE.match(said):
        return "note"
    return "prose" if is_sentence(text) or _width(key(text)) > 2 * SHORT else "heading"


def is_sentence(text: str) -> bool:
    """It is running text, or a line of it: a title has no verb, no full stop and hardly a comma."""
    printed = normal(text).rstrip()
    return _width(key(text)) > 120 or bool(_PROSE.search(printed)) or printed.endswith("、")


def _width(text: str) -> int:
    """Its width in half letters: an English line has twice as many letters as a Japanese one."""
    return sum(2 if c >= "\u2e80" else 1 for c in text)


def as_line(cell: Cell) -> Line:
    """A table's cell as a line of text where it stands."""
    return Line(cell.page, cell.bbox, cell.text, reader=cell.readings[0].by if cell.readings else "pdfium")


def _title_lines(lines: Sequence[Line], tables: Sequence[Table]) -> list[Line]:
    """The lines among which the title is: the first ones, tall ones of the first page, and headings in a table."""
    first = min((line.page for line in lines), default=1)
    opening = [line for line in lines if line.page == first]
    heights = sorted(min(line.bbox.width, line.bbox.height) for line in opening)
    usual = heights[len(heights) // 2] if heights else 0.0
    tall = [line for line in opening if min(line.bbox.width, line.bbox.height) > 1.2 * usual > 0]
    within = [as_line(cell) for table in tables if table.page == first for cell in _above_headings(table)]
    chosen = [line for line in opening if line in opening[:TITLE_LINES] or line in tall]
    return [line for line in chosen if not is_sentence(line.text) and not _NOTE.match(normal(line.text))] + within


def _above_headings(table: Table) -> list[Cell]:
    """The cells of leading rows that head no columns: they go all across, or stand among empty ones."""
    leading: list[Cell] = []
    for row in range(2):
        cells = [cell for cell in table.cells if cell.row == row]
        said = [cell for cell in cells if cell.text]
        if not (len(said) <= 2 * len(cells) / 3 or (len(cells) == 1 < table.n_cols)):
            break
        leading += said
    return leading


def _above_figures(table: Table) -> list[Cell]:
    """What stands in a table above its first figure: its headings, or a title that has got in there."""
    figures = [cell.row for cell in table.cells if cell.col and parse.is_figure(cell.text)]
    first = max(min(figures, default=table.header_rows), table.header_rows, 1)
    return [cell for cell in table.cells if cell.row < first and cell.text]


def _paragraphs(lines: Iterable[Line]) -> list[Line]:
    """The lines with running text joined where it wraps: a name or a year may be cut in two there."""
    joined: list[Line] = []
    for line in lines:
        last = joined[-1] if joined else None
        if last and len(last.text) < LONGEST and _goes_on(last, line):
            joined[-1] = replace(last, text=last.text + line.text, bbox=union([last.bbox, line.bbox]))
        else:
            joined.append(replace(line, text=line.text[:LONGEST]))
    return joined


def _goes_on(last: Line, line: Line) -> bool:
    """Running text goes on in the next line."""
    near = last.rotation or 0 < line.bbox.bottom - last.bbox.bottom < 2.5 * line.bbox.height
    open_ended = is_sentence(last.text) and not normal(last.text).endswith(("。", "。)"))
    return last.page == line.page and bool(near) and open_ended and not _BULLET.match(normal(line.text))
