"""The figures of datasets: what was read, what may be misread, and what is settled."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from ..core.geometry import BBox
from ..core.model import SOURCES, Cell, Dataset, Table
from ..sums.repair import DISTANCE, Misreading
from ..sums.rules import Place
from ..text import parse
from ..text.normalize import normal
from .structure import two_numbers

# Doubts about what was read: these, and no others, may be settled by a sum that holds.
READING_DOUBTS = (
    "illegible",
    "unsure-reading",
    "readings-differ",
    "unproved-blank",
    "unchecked",
    "stray-marks",
    "slip",
    "disordered-table",
)
_EARLIER = 0.3  # the probability of an earlier reading that was overruled
_SURE = 0.8  # readings that agree need this confidence,
_LONGEST = 9  # digits of a count
_RIVAL = 0.05  # and no other value of this probability


@dataclass(slots=True)
class Figures:
    """The counts of datasets, taken apart for arithmetic. It is filled once and then only asked.

    Attributes:
        cells: every count cell.
        numbers: their values; None where a cell is empty or cannot be read.
        blanks: the empty ones.
        guessed: values of recognised cells whose text is no count as it stands, but holds one figure.
        fallible: those that may have been misread, each with what speaks against a change.
        confirmed: those of them on which independent readings agree; they are not to be changed.
        unread: the cells without a reading that no sum fills, as most of their column has none, or as a figure
            of their row has been left over.
        typed: those that a person settled.
    """

    cells: dict[Place, Cell] = field(default_factory=dict)
    numbers: dict[Place, int | None] = field(default_factory=dict)
    blanks: set[Place] = field(default_factory=set)
    guessed: dict[Place, int] = field(default_factory=dict)
    fallible: dict[Place, Misreading] = field(default_factory=dict)
    confirmed: set[Place] = field(default_factory=set)
    unread: set[Place] = field(default_factory=set)
    typed: set[Place] = field(default_factory=set)

    def deniable(self) -> dict[Place, Misreading]:
        """What may be at fault where a change of another cell is to be proved: a slip of a person as well.

        Typing 5 for 1 would else be proof enough to make all sums around it, rightly read, come out with the 5.
        """
        slips = {p: Misreading((n,) * DISTANCE) for p in self.typed if (n := self.numbers[p]) is not None}
        return {**self.fallible, **slips}


def figures(datasets: Sequence[Dataset], tables: Sequence[Table] = ()) -> Figures:
    """The counts of ``datasets``.

    A column without any figure is left out, as the report does not have it; not so on a page that was recognised, where
    a whole column may have been overlooked.

    Args:
        tables: what the datasets were made from: figures in them that no dataset has speak against filling a cell.
    """
    found = Figures()
    columns = [
        {Place(dataset.name, r, f.name): row[f.name] for r, row in enumerate(dataset.rows) if f.name in row}
        for dataset in datasets
        for f in dataset.fields
        if f.type == "count"
    ]
    recognised = {cell.page for column in columns for cell in column.values() if cell.fallible}
    for column in columns:
        if any(cell.text or cell.page in recognised for cell in column.values()):
            found.cells |= column
    for place, cell in found.cells.items():
        try:
            value = parse.count(cell.text)
        except parse.CastError:
            value = _figure(cell.text) if cell.fallible else None
            if value is not None:
                found.guessed[place] = value
        found.numbers[place] = value
        if cell.source == "correction":
            found.typed.add(place)
        if not cell.text:
            found.blanks.add(place)
        if (cell.fallible or (not cell.text and cell.page in recognised)) and not two_numbers(cell.text):
            found.fallible[place] = Misreading(_values(cell, value))
            if agreed(cell):
                found.confirmed.add(place)
    over = _beside_left_over(datasets, tables)
    lost = _mostly_unread(found)
    for place, cell in found.cells.items():
        if found.numbers[place] is None and place in found.fallible and (place in lost or over(cell)):
            found.fallible[place] = replace(found.fallible[place], barred=True)
            found.unread.add(place)
    return found


def _beside_left_over(datasets: Sequence[Dataset], tables: Sequence[Table]) -> Callable[[Cell], bool]:
    """A statement on a cell without a figure: a figure in its row of the table stands in no dataset."""
    used = {(c.page, c.bbox) for d in datasets for row in d.rows for c in row.values() if c.text}
    rows: set[tuple[int, int]] = set()
    at: dict[tuple[int, BBox], list[tuple[int, int]]] = {}
    for number, table in enumerate(tables):
        for cell in table.cells:
            at.setdefault((cell.page, cell.bbox), []).append((number, cell.row))
            if cell.row >= table.header_rows and (cell.page, cell.bbox) not in used and _figure(cell.text) is not None:
                rows.add((number, cell.row))
    return lambda cell: any(row in rows for row in at.get((cell.page, cell.bbox), ()))


def _mostly_unread(found: Figures) -> set[Place]:
    """The cells without a reading of columns that have not as many with one: filled, they would prove themselves."""
    columns: dict[tuple[str, str], list[Place]] = {}
    for place in found.cells:
        columns.setdefault((place.dataset, place.field), []).append(place)
    lost: set[Place] = set()
    for places in columns.values():
        unread = [p for p in places if found.numbers[p] is None and p in found.fallible]
        if len(unread) > 1 and 2 * len(unread) > len(places):
            lost.update(unread)
    return lost


def _values(cell: Cell, value: int | None) -> tuple[int, ...]:
    """What the readings of a cell give it, the value in force once at least.

    Readings that agree, but are in doubt otherwise, count as one.
    """
    said = [_figure(r.text) for r in cell.readings if SOURCES.get(r.by) in ("ocr", "text")]
    given = [v for v in said if v is not None]
    if value is None:
        return ()
    if set(given) == {value} and not agreed(cell):
        return (value,)
    return tuple(given) if value in given else (value, *given)


def alternatives(cell: Cell) -> tuple[tuple[int, float], ...]:
    """The counts that a cell may be instead, each with its probability, from readings that were overruled."""
    chances: dict[int, float] = {}
    for reading in cell.readings:
        texts = [(reading.text, _EARLIER)] if SOURCES.get(reading.by) in ("ocr", "text") else []
        for text, chance in (*reading.alternatives, *texts):
            value = _figure(text)
            if value is not None:
                chances[value] = max(chance, chances.get(value, 0.0))
    with suppress(parse.CastError):
        chances.pop(parse.count(cell.text) or 0, None)
    return tuple(chances.items())


def _figure(text: str) -> int | None:
    """The one number in a text, whatever specks stand around it."""
    try:
        return parse.count(text)
    except parse.CastError:
        digits = re.findall(r"\d+", normal(text))
        return int(digits[0]) if len(digits) == 1 and len(digits[0]) < _LONGEST else None


def agreed(cell: Cell) -> bool:
    """Do at least two readings of the cell's picture give its value, for sure, and none another?"""
    said = [r.text for r in cell.readings if SOURCES.get(r.by) == "ocr"]
    if len(said) < 2 or doubted(cell) or cell.confidence < _SURE:
        return False
    if any(p >= _RIVAL for _, p in alternatives(cell)):
        return False
    try:
        return {parse.count(text) for text in said} == {parse.count(cell.text)}
    except parse.CastError:
        return False


def doubted(cell: Cell) -> bool:
    """Is it doubtful what the cell says?"""
    return any(d.kind in (*READING_DOUBTS, "uncastable") for d in cell.doubts)


def changed(datasets: Sequence[Dataset], changes: dict[Place, Callable[[Cell], Cell]]) -> tuple[Dataset, ...]:
    """The datasets with the cells in ``changes`` put through their functions."""
    result = []
    for dataset in datasets:
        mine: dict[int, dict[str, Callable[[Cell], Cell]]] = {}
        for place, change in changes.items():
            if place.dataset == dataset.name:
                mine.setdefault(place.row, {})[place.field] = change
        rows = [
            {**row, **{name: change(row[name]) for name, change in mine.get(r, {}).items() if name in row}}
            for r, row in enumerate(dataset.rows)
        ]
        result.append(replace(dataset, rows=tuple(rows)) if mine else dataset)
    return tuple(result)
