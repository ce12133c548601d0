"""What a report says outside all tables that should stand in one: rows, headings, announced cases.

A row that no table holds is lost without a trace where no sum misses it. What is left over beside the tables
tells of it: figures level with a label, the headings of a table, a heading of cases that none follow.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..core.model import Finding, Line, Table
from ..profile.spec import DatasetSpec, Profile
from ..text import normalize
from ..text.parse import is_number
from .sections import as_cell, heads_cases, place

_FEWEST_LEVEL, _FEWEST_STACKED = 3, 2  # headings side by side, or one below the other with something beside each
_COUNTED = re.compile(r"\d\s?件")


def left_over(lines: Sequence[Line], totals: Sequence[str]) -> list[Finding]:
    """Rows of figures that are in no table: a label and figures level with it, outside all tables.

    Args:
        lines: the text outside the tables.
        totals: what the rows of totals are called; one figure beside such a name is enough.
    """
    names = {normalize.key(name) for name in totals}
    found = []
    for here in _by_page(lines):
        for label in here:
            figures = [a for a in _beside(label, here) if is_number(a.text)]
            if is_number(label.text) or len(figures) < (
                1 if normalize.key(label.text) in names else 2
            ):
                continue
            said = " ".join(a.text for a in (label, *figures))
            found.append(Finding("left-over", (said,), label.page, label.bbox))
    return found


def headings_left(lines: Sequence[Line], profile: Profile) -> list[Finding]:
    """The headings of a table that was not found, or of a part of one, one finding a page."""
    found = []
    for here in _by_page(lines):
        for spec in profile.datasets:
            words = {normalize.key(w) for f in spec.fields for w in f.headings if len(normalize.key(w)) > 1}
            heads = [line for line in here if normalize.key(line.text) in words]
            level = [h for h in heads if sum(a in heads for a in _beside(h, here)) >= _FEWEST_LEVEL - 1]
            stacked = [h for h in heads if _beside(h, here)] if spec.rows is None else []
            if level or len({normalize.key(h.text) for h in stacked}) >= _FEWEST_STACKED:
                said = "・".join(h.text for h in heads)
                found.append(Finding("left-over", (said,), heads[0].page, heads[0].bbox, spec.name))
                break
    return found


def _by_page(lines: Sequence[Line]) -> list[list[Line]]:
    """The upright lines of each page, from the left."""
    pages = dict.fromkeys(line.page for line in lines)
    upright = sorted((line for line in lines if not line.rotation), key=lambda line: line.bbox.x0)
    return [[line for line in upright if line.page == page] for page in pages]


def _beside(line: Line, here: Sequence[Line]) -> list[Line]:
    """The lines to the right of a line, level with it."""
    box = line.bbox
    return [a for a in here if a.bbox.x0 >= box.x1 and box.top < a.bbox.center[1] < box.bottom]


def unanswered(spec: DatasetSpec, tables: Sequence[Table], lines: Sequence[Line], none: Sequence[str]) -> list[Finding]:
    """Headings of a kind of cases, with the legal reference, that no table of cases follows.

    Args:
        spec: the cases; nothing is asked of a dataset without a choice and a reference that headings give.
        tables: those that hold cases.
        lines: the text outside all tables, in reading order.
        none: what a report says where there is none.
    """
    heads = [line for line in lines if not _COUNTED.search(normalize.key(line.text)) and not _refers_on(line.text)]
    heads = [line for line in heads if heads_cases(as_cell(line), spec)]
    starts = [place(line.page, line.bbox, line.rotation) for line in heads]
    found = []
    for i, line in enumerate(heads):
        end = starts[i + 1] if i + 1 < len(heads) else (10**9, 0.0)
        held = any(starts[i] <= at < end or turn != line.rotation for t in tables for at, turn in _parts(t, line))
        places = [place(a.page, a.bbox, a.rotation) for a in lines]
        after = [normalize.key(a.text) for a, at in zip(lines, places, strict=True) if starts[i] <= at < end]
        if tables and not held and not any(normalize.key(word) in said for said in after for word in none):
            found.append(Finding("missing-table", (line.text,), line.page, line.bbox, spec.name))
    return found


def _refers_on(said: str) -> bool:
    """Is a line a note or a part of a sentence, rather than a heading?"""
    return normalize.normal(said).startswith(("※", "*", "注", "(注")) or said.rstrip().endswith(("。", "、"))


def _parts(table: Table, line: Line) -> list[tuple[tuple[int, float], int]]:
    """Where the parts of a table stand, and how they lie beside ``line``: as it does, if they are on other pages."""
    return [
        (place(page, box, table.rotation), table.rotation if page == line.page else line.rotation)
        for page, box in (table.parts or ((table.page, table.bbox),))
    ]
