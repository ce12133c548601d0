"""Is a found table right: every cell there, in its place, with its text?"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from report_extract.core.geometry import BBox, overlap
from report_extract.core.model import Table

from .truth import Truth

_FOLD = str.maketrans(
    dict.fromkeys("‐‑‒–—―−─ー－\xad", "-")
    | dict.fromkeys("〇◯⚪", "○")
    | {"〜": "~", "·": "・", "‧": "・", "•": "・", "∙": "・", "Δ": "△", "▵": "△", "∆": "△", "✕": "×", "╳": "×"}
)
SHORT = 4  # letters of a text that is alike already if it shares one of them: 5 and -5
MISREAD = 0.75  # likeness of a text and its misreading
AT_PLACE = 0.1  # the share of a found table, or of a known one, from which both tell of one place
SHARED = 0.3  # the share of its letters from which a found table tells of a known one whose place is not known
Place = tuple[str | None, bool]  # text of the cell that covers a place (None: not compared), and does it begin there?


def plain(text: str | None) -> str:
    """A text as it is compared: NFKC, without white space, look-alikes folded."""
    return "".join(unicodedata.normalize("NFKC", text or "").translate(_FOLD).split())


def places_of_truth(truth: Truth) -> list[list[Place]]:
    """What stands in every place of a known table."""
    width = max(map(len, truth.rows), default=0)
    grid: list[list[Place]] = [
        [(None if t is None else plain(t), True) for t in [*row, *[""] * (width - len(row))]] for row in truth.rows
    ]
    for r0, c0, r1, c1 in truth.spans:
        for r in range(r0, min(r1 + 1, len(grid))):
            for c in range(c0, min(c1 + 1, width)):
                grid[r][c] = (grid[r0][c0][0], (r, c) == (r0, c0))
    return grid


def places_of_table(table: Table) -> list[list[Place]]:
    """What stands in every place of a found table."""
    grid: list[list[Place]] = [[("", True)] * table.n_cols for _ in range(table.n_rows)]
    for cell in table.cells:
        text = plain(cell.text)
        for r in range(cell.row, cell.row + cell.row_span):
            for c in range(cell.col, cell.col + cell.col_span):
                grid[r][c] = (text, (r, c) == (cell.row, cell.col))
    return grid


def filled(grid: Sequence[Sequence[Place]]) -> list[list[Place]]:
    """The grid without the rows and columns in which no cell with a text begins."""
    rows = [row for row in grid if any(text != "" and begins for text, begins in row)]
    cols = [c for c in range(len(grid[0])) if any(row[c][0] != "" and row[c][1] for row in grid)] if grid else []
    return [[row[c] for c in cols] for row in rows]


def is_right(table: Table, truth: Truth) -> bool:
    """Does the found table say what is known, in one of its legitimate readings?"""
    return any(_agree(table, reading) for reading in (truth, *truth.variants))


def _agree(table: Table, truth: Truth) -> bool:
    want, got = places_of_truth(truth), places_of_table(table)
    if not truth.exact:
        want, got = filled(want), filled(got)
    if len(want) != len(got) or any(len(a) != len(b) for a, b in zip(want, got, strict=True)):
        return False
    for want_row, got_row in zip(want, got, strict=True):
        for (text, begins), (found, found_begins) in zip(want_row, got_row, strict=True):
            if text is None:
                continue
            # Where no spans are told, a text stands in the first place of its cell or in all.
            untold = truth.exact and not truth.spans and not found_begins and text == ""
            if not untold and (not _alike(text, found) or (text and not truth.exact and begins != found_begins)):
                return False
    return True


def _alike(text: str, found: str | None) -> bool:
    """Is it the same text, but for letters that were misread? What letters say is doubted cell by cell, not here."""
    if text == found or not text or not found:
        return text == found
    short = min(len(text), len(found)) <= SHORT and bool(set(text) & set(found))
    return short or SequenceMatcher(None, text, found, autojunk=False).ratio() > MISREAD


def shared(table: Table, truth: Truth) -> float:
    """The share of a found table's letters that belong to a known one."""
    mine = Counter(t for t in (plain(c.text) for c in table.cells) if t)
    theirs = Counter(t for t in (plain(x) for row in truth.rows for x in row) if t)
    common = sum(len(t) * n for t, n in (mine & theirs).items())
    return common / max(1, sum(len(t) * n for t, n in mine.items()))


def label(table: Table, known: Sequence[Truth], complete: bool) -> tuple[bool | None, str]:
    """Is a found table right, and of which family is what it tells of?

    Where it is known where tables stand, a found one tells of those that it shares a part of its place with: forms
    hold blocks alike, and one that is not known is not a wrong account of its neighbour.

    Returns:
        None where nobody knows (it stands where no table is known); "" where it tells of no known table.
    """
    here = [truth for truth in known if not truth.bbox or overlap(table.bbox, BBox(*truth.bbox)) > AT_PLACE]
    for truth in here:
        if is_right(table, truth):
            return True, truth.family
    nearest = max(here, key=lambda truth: shared(table, truth), default=None)
    if nearest is not None and (nearest.bbox or shared(table, nearest) > SHARED):
        return False, nearest.family
    return (False, "none") if complete else (None, "")
