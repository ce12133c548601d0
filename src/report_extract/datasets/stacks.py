"""Forms that stand one below the other in one table: a table each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ..core.geometry import union
from ..core.model import Cell, Table
from ..profile.spec import DatasetSpec, Profile
from ..text import normalize
from .headings import best_likeness

_SURE = 0.9  # likeness of a label to a field's words
_MOSTLY = 0.7  # share of the labels that are headings
_NUMBERED = re.compile(r"^(?P<word>\D+?)[.:]?(?P<number>\d{1,3})$")


def unstacked(table: Table, profile: Profile) -> list[Table]:
    """The forms of a table, each with the labels of its rows in the first column; mostly just the table.

    A form begins where the label of the cases' number stands again, or where its first label does. A number that
    stands beside all of its rows (番号1) is put above them.
    """
    for dataset in (d for d in profile.datasets if d.rows is None):
        if _are_headings(_texts(table, 0), dataset):
            table = _without_titles(table)
        forms = _led(table, dataset) or _cut(table, dataset)
        if forms:
            return forms
    return [table]


def _without_titles(table: Table) -> Table:
    """A form without the rows that are but one cell: 案件1 above the first of its labels."""
    titles = {c.row for c in table.cells if c.col_span == table.n_cols > 1 and c.row_span == 1}
    kept = [row for row in range(table.n_rows) if row not in titles]
    if not titles or len(kept) < 2:
        return table
    number = {row: i for i, row in enumerate(kept)}
    cells = tuple(replace(c, row=number[c.row]) for c in table.cells if c.row in number)
    return replace(table, cells=cells, header_rows=0)


def _cut(table: Table, dataset: DatasetSpec) -> list[Table]:
    """The parts of a table whose first column repeats the labels of a form; empty where it does not."""
    labels = _texts(table, 0)
    if not _are_headings(labels, dataset) or len(labels) < 4:
        return []
    numbers = _words(dataset, "integer")
    first = next((label for label in labels if best_likeness(label, numbers) >= _SURE), labels[0])
    starts = [i for i, label in enumerate(labels) if label == first]
    spans = any(c.row < i < c.row + c.row_span for c in table.cells for i in starts)
    parts = list(pairwise(sorted({0, *starts, len(labels)})))
    once = all(len(set(labels[a:b])) == b - a for a, b in parts)
    if spans or not once or len(set(labels)) == len(labels):
        return []
    return [_rows(table, a, b) for a, b in parts]


def _led(table: Table, dataset: DatasetSpec) -> list[Table]:
    """The forms of a table whose first column says but the number of each, beside its rows."""
    if table.n_cols < 3 or not _are_headings(labels := _texts(table, 1), dataset):
        return []
    led = [c for c in table.cells if c.col == 0 and normalize.key(c.text)]
    said = [_NUMBERED.match(normalize.key(c.text)) for c in led]
    if not all(m and best_likeness(m["word"], _words(dataset, "integer")) >= _SURE for m in said):
        return []
    starts = [i for i, label in enumerate(labels) if label == labels[0]]
    if len(starts) != len(led):
        return []
    forms = []
    for cell, (a, b), found in zip(led, pairwise([*starts, len(labels)]), said, strict=True):
        number = cell.read(found["number"] if found else "", "part", cell.confidence)
        head = cell.read(found["word"] if found else "", "part", cell.confidence)
        rest = [replace(c, row=c.row - a + 1, col=c.col - 1) for c in table.cells if a <= c.row < b and c.col]
        top = [replace(head, row=0, row_span=1), replace(number, row=0, col=1, row_span=1, col_span=table.n_cols - 2)]
        forms.append(_made(table, [*top, *rest], a))
    return forms


def _texts(table: Table, col: int) -> list[str]:
    return [normalize.key(cell.text) if (cell := row[col]) is not None else "" for row in table.grid()]


def _are_headings(labels: Sequence[str], dataset: DatasetSpec) -> bool:
    """Are most of the labels headings, no fewer than four of them different ones?"""
    words = tuple(w for f in dataset.fields for w in f.headings)
    known = [label for label in labels if best_likeness(label, words) >= _SURE]
    return len(known) >= _MOSTLY * len(labels) and len(set(known)) >= 3


def _words(dataset: DatasetSpec, kind: str) -> tuple[str, ...]:
    return tuple(w for f in dataset.fields if f.type == kind and not f.legal for w in f.headings)


def _rows(table: Table, first: int, last: int) -> Table:
    return _made(table, [replace(c, row=c.row - first) for c in table.cells if first <= c.row < last], first)


def _made(table: Table, cells: Sequence[Cell], first: int) -> Table:
    page = next(c.page for c in cells)
    box = union([c.bbox for c in cells if c.page == page])
    caption = "" if first else table.caption
    return replace(table, page=page, bbox=box, cells=tuple(cells), caption=caption, header_rows=0, parts=())
