"""A mended table as a *layout*: next year's report, laid out alike, comes out right at once.

A layout is one JSON file. Its fingerprint is the words of the table's headings and where they stand; a page that has
them at the same distances from one another is laid out alike, wherever the table begins on it. Its columns are those
of the layout; its rows are the page's own, as next year's table may have more of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..core.errors import UsageError
from ..core.geometry import BBox, overlap, turned
from ..core.model import Array, Finding, Page, Table
from ..page.words import Word, inside, upright, visible, words
from ..tables.by_hand import row_edges
from ..tables.rulings import merged, split
from ..text.normalize import key
from .structure import MOST_LINES, SAME, TableByHand, as_entry, parsed

VERSION = 1
FITS = 0.7  # of the headings' words: so many stand where they should on a page that is laid out alike
RESEMBLES = 0.45  # so many, and the layout seems to have been changed
_NEAR = 4.0  # points by which a word may stand off
_CUT = 0.03  # of the words: so many may be cut by the layout's columns
_FEWEST = 3  # words a fingerprint needs


@dataclass(frozen=True, slots=True)
class Layout:
    """What is remembered of a mended table.

    Attributes:
        name: what the person called it.
        page: width and height of its page in points.
        table: what was said of it, at its own place; without input.
        words: the words of its headings: text, and middle in the upright page.
        ruled: whether rules part its rows.
    """

    name: str
    page: tuple[float, float]
    table: TableByHand
    words: tuple[tuple[str, float, float], ...]
    ruled: bool = False

    @property
    def digest(self) -> str:
        """Names the layout's content."""
        return hashlib.sha256(dumps(self).encode("utf-8")).hexdigest()[:12]


def dumps(layout: Layout) -> str:
    """The layout as the text of its file."""
    told = {
        "report_extract_layout": VERSION,
        "name": layout.name,
        "page": list(layout.page),
        "ruled": layout.ruled,
        "words": [list(word) for word in layout.words],
        "table": {k: v for k, v in as_entry(layout.table).items() if k not in ("kind", "sha256", "id", "time", "by")},
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def loads(text: str) -> Layout:
    """The layout of a file's text.

    Raises:
        ValueError: it is none; the message says why.
    """
    try:
        told = json.loads(text)
        if told["report_extract_layout"] != VERSION:
            raise ValueError(f"a layout of version {told['report_extract_layout']!r:.20}, not {VERSION}")
        found = tuple((str(w), float(x), float(y)) for w, x, y in told["words"])
        width, height = (float(side) for side in told["page"])
        if not 0 < len(found) <= MOST_LINES or not np.isfinite([(x, y) for _, x, y in found]).all():
            raise ValueError("a layout has words at finite places")
        table = parsed({**told["table"], "sha256": ""})
        return Layout(str(told["name"])[:200], (width, height), table, found, bool(told.get("ruled", False)))
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"no layout: {error}") from error


def load_folder(folder: Path) -> tuple[str, ...]:
    """The texts of all layout files in a folder, in the order of their names.

    Raises:
        UsageError: the folder is not there, or a file in it is no layout.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder", "give the folder that holds layout files (*.layout.json)")
    texts = []
    for path in sorted(folder.glob("*.layout.json")):
        try:
            text = path.read_text(encoding="utf-8")
            loads(text)
        except (OSError, ValueError) as error:
            raise UsageError(f"{path}: {error}", "remove the file, or save the layout again") from error
        texts.append(text)
    return tuple(texts)


def remembered(name: str, page: Page, table: Table, told: TableByHand) -> Layout | None:
    """The layout of a table that a person mended; None where its headings have too few words to know it by.

    Args:
        name: what the person calls it.
        page: with legible letters.
        table: as it was read with what the person said.
        told: that.
    """
    seen = upright(page, table.rotation)
    head = [c for c in table.cells if c.row < max(1, told.header_rows or table.header_rows)]
    boxes = [turned(c.bbox, -table.rotation % 360, page.width, page.height) for c in head]
    every = words(seen)
    found = [_spot(word) for box in boxes for word in inside(every, box) if key(word.text)]
    if len({text for text, _, _ in found}) < _FEWEST:
        return None
    _, ys = told.xs, told.ys
    horizontal, _ = split(seen.rulings)
    lines = merged(horizontal)
    on_rules = sum(bool(np.any(np.abs(lines[:, 0] - y) < _NEAR)) for y in ys[1:-1]) if len(lines) else 0
    ruled = bool(ys) and on_rules >= 0.8 * max(1, len(ys) - 2)
    return Layout(name, (page.width, page.height), replace(told, sha256="", id="", time="", by=""), tuple(found), ruled)


def _spot(word: Word) -> tuple[str, float, float]:
    return key(word.text), round((word.x0 + word.x1) / 2, 1), round((word.top + word.bottom) / 2, 1)


def applied(
    layouts: Iterable[Layout], page: Page, told: Sequence[TableByHand], sha256: str
) -> tuple[list[TableByHand], list[Finding]]:
    """What layouts say of a page, and a finding for each that seems to be meant but does not fit any more.

    What a person said of a place of this very page goes before any layout.
    """
    said: list[TableByHand] = []
    findings = []
    for layout in layouts:
        share, shift = _alike(layout, page)
        if share < RESEMBLES:
            continue
        fitted = _fitted(layout, page, shift, sha256) if share >= FITS else None
        area = layout.table.area
        if fitted is None:
            findings.append(Finding("layout-misfit", (layout.name,), page.number, area))
        elif not any(t.page == page.number and overlap(t.area, fitted.area) > SAME for t in (*told, *said)):
            said.append(fitted)
    spoken = [t.area for t in (*told, *said) if t.page == page.number]
    return said, [f for f in findings if not any(f.bbox and overlap(f.bbox, area) > SAME for area in spoken)]


def _alike(layout: Layout, page: Page) -> tuple[float, tuple[float, float]]:
    """Which share of the layout's words stand on the page as they should, and how far it is moved there."""
    found: dict[str, list[tuple[float, float]]] = {}
    for word in words(upright(page, layout.table.rotation)):
        text, x, y = _spot(word)
        found.setdefault(text, []).append((x, y))
    shifts = np.array([(x - at_x, y - at_y) for text, at_x, at_y in layout.words for x, y in found.get(text, ())])
    if not len(shifts):
        return 0.0, (0.0, 0.0)
    near = (np.abs(shifts[:, None] - shifts[None]) <= _NEAR).all(axis=2)
    agreed = shifts[near[int(near.sum(axis=1).argmax())]]
    dx, dy = (float(v) for v in np.median(agreed, axis=0))
    there = sum(
        any(abs(x - at_x - dx) <= _NEAR and abs(y - at_y - dy) <= _NEAR for x, y in found.get(text, ()))
        for text, at_x, at_y in layout.words
    )
    return there / len(layout.words), (dx, dy)


def _fitted(layout: Layout, page: Page, shift: tuple[float, float], sha256: str) -> TableByHand | None:
    """What the layout says of the page's table; None where its lines cut the page's words."""
    table, (dx, dy) = layout.table, shift
    width, height = page.width, page.height
    back = turned(table.area, -table.rotation % 360, *layout.page)
    area = BBox(back.x0 + dx, back.top + dy, back.x1 + dx, back.bottom + dy)
    side = (height, width) if table.rotation % 180 else (width, height)
    place = turned(area, table.rotation, *side)
    moved = replace(table, sha256=sha256, page=page.number, area=place, layout=layout.name)
    if not table.xs:
        return moved
    seen = upright(page, table.rotation)
    xs = tuple(round(x + dx, 2) for x in table.xs)
    head = min(table.header_rows or 0, len(table.ys) - 2)
    known = tuple(round(y + dy, 2) for y in table.ys)
    horizontal, _ = split(seen.rulings)
    ys = row_edges(visible(seen.chars), merged(horizontal), xs, known, head, layout.ruled)
    if len(ys) < 2 or _cut(visible(seen.chars), xs, ys) > _CUT:
        return None
    same = len(ys) == len(known)
    merges = tuple(m for m in table.merges if m[2] <= (len(ys) - 1 if same else head))
    box = BBox(xs[0], ys[0], xs[-1], ys[-1])
    return replace(
        moved,
        area=turned(box, table.rotation, *side),
        xs=xs,
        ys=ys,
        merges=merges,
        total_rows=_totals(table.total_rows, len(known) - 1, len(ys) - 1, head),
    )


def _totals(rows: tuple[int, ...] | None, before: int, now: int, head: int) -> tuple[int, ...] | None:
    """The total rows of a table with more or fewer rows: those of its second half are counted from its end."""
    if rows is None or before == now:
        return rows
    middle = (before + head) / 2
    return tuple(row for r in rows if 0 <= (row := r if r < middle else r + now - before) < now)


def _cut(chars: Array, xs: Sequence[float], ys: Sequence[float]) -> float:
    """The share of the table's letters that a column's edge cuts through."""
    y = (chars["top"] + chars["bottom"]) / 2
    own = chars[(y > ys[0]) & (y < ys[-1]) & (chars["x1"] > xs[0]) & (chars["x0"] < xs[-1]) & (chars["text"] != " ")]
    if not len(own):
        return 1.0
    slack = 0.25 * (own["x1"] - own["x0"])
    cut = np.zeros(len(own), dtype=bool)
    for x in xs:
        cut |= (own["x0"] + slack < x) & (own["x1"] - slack > x)
    return float(cut.mean())


def summary(layout: Layout) -> dict[str, Any]:
    """What a list of layouts shows of one."""
    return {"name": layout.name, "digest": layout.digest, "columns": max(0, len(layout.table.xs) - 1)}
