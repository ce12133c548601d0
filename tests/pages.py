"""Pages made of arrays, for tests that need no PDF: ``page_of`` draws a table, ``turned_page`` turns it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from report_extract.core.geometry import BBox, turned
from report_extract.core.model import (
    CHAR,
    FILL,
    IMAGE,
    RULING,
    RULING_FILL_EDGE,
    RULING_STROKE,
    RULING_THIN_RECT,
    Array,
    Page,
)

KINDS = {"stroke": RULING_STROKE, "thin_rect": RULING_THIN_RECT, "fill": RULING_FILL_EDGE}
Spans = Mapping[tuple[int, int], tuple[int, int]]


def advance(char: str, size: float) -> float:
    """How far a character moves the pen: a whole em for wide ones, half of one for narrow ones."""
    return size if unicodedata.east_asian_width(char) in "WFA" else size / 2


def text_chars(text: str, x: float, top: float, size: float = 10.0, vertical: bool = False) -> Array:
    """The characters of one line (or, ``vertical``, of one column), blanks left out."""
    records = []
    for char in text:
        step = advance(char, size)
        if char != " ":
            x1, bottom = (x + size, top + size) if vertical else (x + step, top + size)
            records.append((char, x, top, x1, bottom, 0, size, 0, -1, 0))
        if vertical:
            top += size
        else:
            x += step
    return np.array(records, dtype=CHAR) if records else np.zeros(0, CHAR)


def wrapped(text: str, room: float, size: float) -> list[str]:
    """``text`` cut into lines that fit into ``room`` points; a line break in it stays one."""
    lines = [""]
    used = 0.0
    for char in text:
        step = advance(char, size)
        if char == "\n" or used + step > room:
            lines.append("")
            used = 0.0
        if char != "\n":
            lines[-1] += char
            used += step
    return lines


def rules(lines: Iterable[tuple[float, float, float, float]], kind: str = "stroke") -> Array:
    """RULING records of axis-parallel lines (x0, top, x1, bottom)."""
    return np.array([(*line, 0.5, KINDS[kind]) for line in lines], dtype=RULING)


def page_of(
    rows: Sequence[Sequence[str]],
    *,
    at: tuple[float, float] = (60.0, 80.0),
    widths: Sequence[float] | None = None,
    height: float = 24.0,
    size: float = 10.0,
    spans: Spans | None = None,
    kind: str = "stroke",
    number: int = 1,
    page_size: tuple[float, float] = (595.0, 842.0),
    vertical: Iterable[tuple[int, int]] = (),
) -> Page:
    """A page with one ruled table of ``rows``.

    Args:
        rows: the texts; of a cell that spans, at its first place (the others are passed over).
        at: the table's top left corner, in points.
        widths: of the columns; 90 points each without it.
        height: of a line of text with its share of the row; a row is as high as its longest cell needs.
        size: of the characters.
        spans: place -> (row_span, col_span).
        kind: how rules are drawn: "stroke", "thin_rect", or "fill" (edges of filled cells).
        vertical: the places whose text stands upright, glyph below glyph.
    """
    widths = list(widths or [90.0] * len(rows[0]))
    spans, upright = dict(spans or {}), set(vertical)
    xs = at[0] + np.concatenate(([0.0], np.cumsum(widths)))
    ys = at[1] + np.concatenate(([0.0], np.cumsum(_heights(rows, widths, spans, upright, height, size))))
    covered = {
        (r + i, c + k) for (r, c), (h, w) in spans.items() for i in range(h) for k in range(w) if (i, k) != (0, 0)
    }
    chars: list[Array] = []
    lines: list[tuple[float, float, float, float]] = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if (r, c) in covered:
                continue
            h, w = spans.get((r, c), (1, 1))
            x0, top, x1, bottom = (float(v) for v in (xs[c], ys[r], xs[c + w], ys[r + h]))
            lines += [
                (x0, top, x1, top),
                (x0, bottom, x1, bottom),
                (x0, top, x0, bottom),
                (x1, top, x1, bottom),
            ]
            if (r, c) in upright:
                chars.append(text_chars(text, (x0 + x1 - size) / 2, top + 4, size, vertical=True))
                continue
            for n, line in enumerate(wrapped(text, x1 - x0 - 6, size)):
                chars.append(text_chars(line, x0 + 3, top + 4 + n * size * 1.4, size))
    return Page(
        number,
        *page_size,
        np.concatenate(chars),
        rules(lines, kind),
        np.zeros(0, FILL),
        np.zeros(0, IMAGE),
    )


def _heights(
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    spans: Spans,
    upright: set[tuple[int, int]],
    height: float,
    size: float,
) -> list[float]:
    """How high each row has to be."""
    heights = []
    for r, row in enumerate(rows):
        need = height
        for c, text in enumerate(row):
            if (r, c) in upright:
                need = max(need, len(text) * size + 8)
            elif (r, c) not in spans:
                need = max(need, height + (len(wrapped(text, widths[c] - 6, size)) - 1) * size * 1.4)
        heights.append(need)
    return heights


def turned_page(page: Page, by: int) -> Page:
    """``page`` turned clockwise by 90, 180 or 270 degrees, its glyphs with it."""

    def turn(records: Array) -> Array:
        records = records.copy()
        for n, box in enumerate(zip(*(records[f] for f in BBox._fields), strict=True)):
            for field, value in zip(BBox._fields, turned(BBox(*box), by, page.width, page.height), strict=True):
                records[field][n] = value
        return records

    chars = turn(page.chars)
    chars["rotation"] = (chars["rotation"] + by) % 360
    width, height = (page.height, page.width) if by % 180 else (page.width, page.height)
    return replace(
        page,
        width=width,
        height=height,
        chars=chars,
        rulings=turn(page.rulings),
        fills=turn(page.fills),
        images=turn(page.images),
    )


def joined(*pages: Page) -> Page:
    """One page with all that stands on ``pages``."""
    return replace(
        pages[0],
        chars=np.concatenate([page.chars for page in pages]),
        rulings=np.concatenate([page.rulings for page in pages]),
        fills=np.concatenate([page.fills for page in pages]),
        images=np.concatenate([page.images for page in pages]),
    )
