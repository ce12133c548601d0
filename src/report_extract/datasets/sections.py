"""What the headings above a table, and the rows across it, say for all the rows below them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from ..core.geometry import BBox, turned
from ..core.model import Cell, Line, Reading, Table
from ..profile.spec import DatasetSpec, FieldSpec
from ..text import normalize, parse, patterns
from ..text.normalize import UNKNOWN
from .headings import without_number

Context = Mapping[str, Cell]

_BARE = re.compile(r"^第?\s?(\d+|[〇一二三四五六七八九十]+|[①-⑳])\s?[項号]?$")
_NOTE = re.compile(r"^(?:[※*]|\(?注\d*\)?)")
_OTHER_LAW = re.compile(r"(?:法律|条例|規則|政令|省令|府令|告示|訓令)第?\d+号")  # (平成15年法律第57号)
_LOST_NUMBER = re.compile(f"[\\d第]{UNKNOWN}|{UNKNOWN}[\\d項号]")
_SURELY_A_WORD = 4  # letters from which a word is known although one of them is misread
_HEADING_LENGTH = 60  # letters; a longer line is prose


def cut_reference(said: str) -> tuple[str, str, str]:
    """項, 号 and the wording without them, of a text that has a legal reference at its start or end.

    ``第2項第1号 本人同意`` gives ("2", "1", "本人同意"). Without a reference, or with one that is part of a sentence
    (another law's, mostly), all is wording.

    Raises:
        CastError: the text names several references.
    """
    plain = normalize.normal(said)
    paragraph, item, rest = parse.legal_reference(said)
    if (paragraph is None and item is None) or rest == plain:
        return "", "", plain
    if rest.startswith("(") and _closing(rest) == len(rest) - 1:
        rest = rest[1:-1].strip()
    return _digits(paragraph), _digits(item), rest


def _digits(number: int | None) -> str:
    return "" if number is None else str(number)


def _closing(said: str) -> int:
    """Where the bracket closes that a text opens with; -1 where it does not."""
    depth = 0
    for at, letter in enumerate(said):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth == 0:
            return at
    return -1


@lru_cache(maxsize=4096)
def find_reference(said: str) -> tuple[str, str]:
    """項 and 号 named anywhere in a text, "" where not named, or where several are."""
    try:
        paragraph, item, _ = parse.legal_reference(said)
    except parse.CastError:
        return "", ""
    return _digits(paragraph), _digits(item)


def bare_number(said: str) -> str:
    """The number of a cell that holds 項 or 号 alone: ``第2項``, ``2``, ``②``."""
    found = _BARE.match(re.sub(r"\s+", "", said))
    return str(parse.numeral(found[1])) if found else ""


def choice_of(said: str, wanted: FieldSpec, shortest: int = 1) -> str:
    """The emitted value that a text stands for; "" where it names none, or more than one."""
    rest, found = normalize.key(said).replace(UNKNOWN, ""), set()
    words = [(normalize.key(w), value) for value, ws in wanted.choices.items() for w in (*ws, value)]
    for word, value in sorted(words, key=lambda w: -len(w[0])):
        if len(word) >= shortest and word in rest:
            found.add(value)
            rest = rest.replace(word, " ")
    return found.pop() if len(found) == 1 else ""


def said_by(source: Cell, dataset: DatasetSpec) -> dict[str, Cell]:
    """What a heading says for the rows below: field name -> the heading as the cell of that value."""
    said: dict[str, Cell] = {}
    plain = normalize.normal(source.text)
    if len(plain) > _HEADING_LENGTH or "。" in plain:
        return said
    paragraph, item = ("", "") if _NOTE.match(plain) else find_reference(_OTHER_LAW.sub("", plain))
    for wanted in dataset.fields:
        if not wanted.context:
            continue
        value = choice_of(plain, wanted, shortest=3)
        misread = value != choice_of(plain.replace(UNKNOWN, "/"), wanted, shortest=3)
        if not value and wanted.choices and (UNKNOWN in plain or source.fallible):
            value, misread = _nearly_said(plain, wanted), True
        if wanted.type == "name" and wanted.pattern:
            name = without_number(plain)
            value = name if len(name) <= 15 and patterns.found(wanted.pattern, normalize.key(name)) else ""
        if wanted.legal:
            value = paragraph if wanted.legal == "paragraph" else item
            misread = bool(_LOST_NUMBER.search(plain))
        if value:
            cell = source.read(value, "heading", source.confidence)
            said[wanted.name] = cell.doubted("unsure-reading", value, source.text) if misread else cell
    return said


def heads_cases(source: Cell, dataset: DatasetSpec) -> bool:
    """Does it say which choice the cases below it are of, and their legal reference, as headings of cases do?"""
    said = said_by(source, dataset).keys()
    told = [f for f in dataset.fields if f.name in said]
    return any(f.choices for f in told) and any(f.legal for f in told)


def place(page: int, box: BBox, rotation: int) -> tuple[int, float]:
    """Page and height, in the frame in which a text or a table stands upright; only their order matters."""
    return page, turned(box, -rotation % 360, 0.0, 0.0).bottom


def _nearly_said(said: str, wanted: FieldSpec) -> str:
    """The one value whose word stands in what was recognised with one letter of it wrong: 自的外利用; "" else."""
    plain = normalize.key(said)
    words = [(normalize.key(w), value) for value, ws in wanted.choices.items() for w in ws if len(w) >= _SURELY_A_WORD]
    if any(word in plain for word, _ in words):
        return ""
    found = {
        value
        for word, value in words
        if any(
            sum(a != b for a, b in zip(word, plain[at:], strict=False)) == 1 for at in range(len(plain) - len(word) + 1)
        )
    }
    return found.pop() if len(found) == 1 else ""


def followed(context: Context, said: Context, dataset: DatasetSpec) -> dict[str, Cell]:
    """The context after one more heading: what is said anew ends all that stood below it."""
    if not said:
        return dict(context)
    names = [f.name for f in dataset.fields if f.context]
    first = min(names.index(n) for n in said)
    kept = {n: c for n, c in context.items() if names.index(n) < first}
    return {**kept, **said}


def as_cell(line: Line) -> Cell:
    """A line as the cell of what it says."""
    return Cell(line.page, line.bbox, readings=(Reading(line.text, line.reader),))


def headings_before(table: Table, lines: Sequence[Line]) -> list[Cell]:
    """The lines above a table in the document, farthest first, then its own caption."""
    above = [as_cell(line) for line in lines if _is_above(line, table)]
    reader = next((c.readings[0].by for c in table.cells if c.readings), "pdfium")
    caption = [
        Cell(table.page, table.bbox, readings=(Reading(part, reader),))
        for part in table.caption.split("\n")
        if part.strip()
    ]
    # A caption is mostly one of the lines: keep the line, which knows its place.
    places = {normalize.key(c.text): c for c in above if c.page == table.page}
    own = [places.get(normalize.key(c.text), c) for c in caption]
    return [c for c in above if not any(c is o for o in own)] + own


def _is_above(line: Line, table: Table) -> bool:
    if line.page != table.page:
        return line.page < table.page
    turn = table.rotation if line.rotation == table.rotation else 0
    match turn:
        case 90:
            return line.bbox.x0 >= table.bbox.x1 - 2
        case 180:
            return line.bbox.top >= table.bbox.bottom - 2
        case 270:
            return line.bbox.x1 <= table.bbox.x0 + 2
    return line.bbox.bottom <= table.bbox.top + 2


def context_of(headings: Iterable[Cell], dataset: DatasetSpec) -> dict[str, Cell]:
    """What all headings before a table together say for its rows."""
    context: dict[str, Cell] = {}
    for heading in headings:
        context = followed(context, said_by(heading, dataset), dataset)
    return context
