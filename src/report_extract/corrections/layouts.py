"""A mended table as a *layout*: next year's report, laid out alike, comes out right at once.

A layout is one JSON file. A page that has its ``fingerprint`` is laid out alike, wherever the table begins on it.
Its columns are those of the layout; its rows are the page's own, as next year's table may have more of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..core.errors import UsageError
from ..core.geometry import BBox, overlap, turned
from ..core.model import Finding, Page, Table
from ..page.words import upright, visible, words
from ..tables.by_hand import row_edges
from ..tables.rulings import merged, split
from . import fingerprint
from .fingerprint import Fingerprint
from .structure import MOST_LINES, SAME, TableByHand, as_entry, parsed

VERSION = 1
RESEMBLES = 0.45  # of the headings' words where they should stand: the layout seems to have been changed


@dataclass(frozen=True, slots=True)
class Layout:
    """What is remembered of a mended table.

    Attributes:
        name: what the person called it.
        page: width and height of its page in points.
        table: what was said of it, at its own place; without input.
        mark: what its layout is known by.
        municipality: the code of the one whose report it was, "" where that is not known.
        ruled: whether rules part its rows.
    """

    name: str
    page: tuple[float, float]
    table: TableByHand
    mark: Fingerprint
    ruled: bool = False
    municipality: str = ""

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
        **({"municipality": layout.municipality} if layout.municipality else {}),
        **fingerprint.as_entry(layout.mark),
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
        mark = fingerprint.parsed(told, MOST_LINES)
        width, height = (float(side) for side in told["page"])
        table, ruled = parsed({**told["table"], "sha256": ""}), bool(told.get("ruled", False))
        whose = str(told.get("municipality", ""))[:6]
        return Layout(str(told["name"])[:200], (width, height), table, mark, ruled, whose)
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


def remembered(name: str, page: Page, table: Table, told: TableByHand, municipality: str = "") -> Layout | None:
    """The layout of a table that a person mended; None where its headings have too few words to know it by.

    Args:
        name: what the person calls it.
        page: with legible letters.
        table: as it was read with what the person said.
        told: that.
        municipality: the code of the one whose report it is, if that is known.
    """
    seen = upright(page, table.rotation)
    head = [c for c in table.cells if c.row < max(1, told.header_rows or table.header_rows)]
    boxes = [turned(c.bbox, -table.rotation % 360, page.width, page.height) for c in head]
    ys = told.ys
    horizontal, _ = split(seen.rulings)
    lines = merged(horizontal)
    on_rules = sum(bool(np.any(np.abs(lines[:, 0] - y) < fingerprint.NEAR)) for y in ys[1:-1]) if len(lines) else 0
    ruled = bool(ys) and on_rules >= 0.8 * max(1, len(ys) - 2)
    rows = min(told.header_rows or table.header_rows, max(0, len(ys) - 2))
    mark = fingerprint.taken(seen, boxes, told.xs, ys, rows, ruled)
    if mark is None:
        return None
    said = replace(told, sha256="", id="", time="", by="")
    return Layout(name, (page.width, page.height), said, mark, ruled, municipality)


def applied(
    layouts: Iterable[Layout],
    page: Page,
    told: Sequence[TableByHand],
    sha256: str,
    whose: Callable[[], str] = lambda: "",
) -> tuple[list[TableByHand], list[Finding]]:
    """What layouts say of a page, and a finding for each that seems to be meant but does not fit any more.

    What a person said of a place of this very page goes before any layout. The same words at other places are a layout
    that was changed only in a report of the same municipality: others print the same words, too.

    Args:
        layouts, page, told: what is remembered, the page with legible letters, what people said of its tables.
        sha256: of the input.
        whose: gives the code of the municipality whose report it is, "" where that is not known.
    """
    said: list[TableByHand] = []
    findings = []
    for layout in layouts:
        every = words(upright(page, layout.table.rotation))
        share, shift = fingerprint.found_at(layout.mark, every)
        changed = share < RESEMBLES and fingerprint.resembled(layout.mark, every)
        if share < RESEMBLES and not (changed and layout.municipality == whose()):
            continue
        fitted = _fitted(layout, page, shift, sha256) if share >= fingerprint.FITS else None
        area = layout.table.area
        if fitted is None:
            findings.append(Finding("layout-misfit", (layout.name,), page.number, area))
        elif not any(t.page == page.number and overlap(t.area, fitted.area) > SAME for t in (*told, *said)):
            said.append(fitted)
    spoken = [t.area for t in (*told, *said) if t.page == page.number]
    return said, [f for f in findings if not any(f.bbox and overlap(f.bbox, area) > SAME for area in spoken)]


def _fitted(layout: Layout, page: Page, shift: tuple[float, float], sha256: str) -> TableByHand | None:
    """What the layout says of the page's table; None where it does not fit."""
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
    if len(ys) < 2 or fingerprint.strange(layout.mark, seen, shift, xs, ys, head):
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


def summary(layout: Layout) -> dict[str, Any]:
    """What a list of layouts shows of one."""
    return {"name": layout.name, "digest": layout.digest, "columns": max(0, len(layout.table.xs) - 1)}
