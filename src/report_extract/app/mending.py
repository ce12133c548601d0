"""Grids mended on the page: what was found, what a person says instead, and the document with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from ..core.geometry import BBox, overlap, turned
from ..core.messages import say
from ..core.model import Extraction, Table
from ..corrections import history, store, structure
from ..corrections.structure import TableByHand
from ..pipeline import PageRead, assembled, mended_page
from ..profile.load import builtin, used
from ..readers import open_document
from ..run.parts import write_part
from ..tables.by_hand import suggested_lines
from ..tables.ruled import upright_chars
from ..tables.rulings import merged, split
from . import pages as kept
from .workspace import DONE, Entry

if TYPE_CHECKING:
    from .desk import Desk


def tables(desk: Desk, id: str, page: int = 0) -> dict[str, Any]:
    """What was found on the pages of a document, or all of one page.

    ``ready`` is False where its pages are not kept, as after a `run`, or by another version of the program: it has
    to be read again before it is mended.
    """
    opened = desk.opener.open(id)
    entry = opened.entry
    told = said_of(desk, entry)
    if page:
        read = kept.kept_page(desk.workspace.folder(id), entry.sha256, page)
        if read is None or read.page is None:
            raise KeyError(page)
        read = mended(desk, entry, read, told)
        return {
            "page": page,
            "width": read.width,
            "height": read.height,
            "tables": [table_shown(t, read, told, opened.extraction, desk.workspace.spoken) for t in read.tables],
            "empty": [{"area": list(t.area), "id": t.id} for t in told if t.page == page and not t.found],
        }
    doubts: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for number, table in enumerate(opened.extraction.tables):
        for at, _ in table.parts or ((table.page, table.bbox),):
            doubts[at].append({"number": number, "caption": table.caption, **trust(table, desk.workspace.spoken)})
    return {
        "ready": kept.usable(desk.workspace.folder(id), entry.sha256),
        "pages": [{"number": n, "tables": doubts.get(n, [])} for n in range(1, opened.extraction.pages + 1)],
        "datasets": datasets(opened.extraction),
        "by_hand": [{"page": t.page, "found": t.found} for t in told],
    }


def trust(table: Table, lang: str) -> dict[str, Any]:
    """What is thought of a table's structure."""
    return {"status": table.status, "reasons": [say(doubt, lang) for doubt in table.doubts]}


def datasets(extraction: Extraction) -> list[dict[str, Any]]:
    """The datasets that a table may be said to be, with their fields; empty for a report of no known kind."""
    profile = used(extraction.profile, extraction.profile_toml) if extraction.profile else None
    profiles = [profile] if profile else list(builtin())
    return [
        {
            "name": d.name,
            "title": d.title,
            "title_en": d.title_en,
            "fields": [{"name": f.name, "title": f.title, "title_en": f.title_en} for f in d.fields],
        }
        for p in profiles
        for d in p.datasets
    ]


def table_shown(
    table: Table, read: PageRead, told: Sequence[TableByHand], extraction: Extraction, lang: str
) -> dict[str, Any]:
    """A table as it is mended: its lines in the upright frame, its cells, what was said of it."""
    xs, ys = edges(table, read.width, read.height)
    said = structure.of_table(table, told)
    whole = next(
        (
            t
            for t in extraction.tables
            if any(n == read.number and overlap(b, table.bbox) > 0.5 for n, b in t.parts or ((t.page, t.bbox),))
        ),
        table,
    )
    return {
        "area": [round(float(e), 2) for e in table.bbox],
        "rotation": table.rotation,
        "xs": xs,
        "ys": ys,
        "merges": [
            [c.row, c.col, c.row + c.row_span, c.col + c.col_span]
            for c in table.cells
            if c.row_span > 1 or c.col_span > 1
        ],
        "cells": [[c.row, c.col, c.row_span, c.col_span, c.text] for c in table.cells],
        "kind": table.kind,
        "header_rows": table.header_rows or whole.header_rows,
        "caption": whole.caption,
        "unit": whole.unit,
        "joins_next": any(n == read.number + 1 for n, _ in whole.parts),
        "said": structure.as_entry(said) if said else None,
        **trust(whole, lang),
    }


def edges(table: Table, width: float, height: float) -> tuple[list[float], list[float]]:
    """The column and row edges of a table in the frame in which it stands upright, ascending."""
    xs: dict[int, list[float]] = defaultdict(list)
    ys: dict[int, list[float]] = defaultdict(list)
    for cell in table.cells:
        box = turned(cell.bbox, -table.rotation % 360, width, height)
        xs[cell.col].append(box.x0)
        xs[cell.col + cell.col_span].append(box.x1)
        ys[cell.row].append(box.top)
        ys[cell.row + cell.row_span].append(box.bottom)
    return _ascending(xs), _ascending(ys)


def _ascending(edges: dict[int, list[float]]) -> list[float]:
    found: list[float] = []
    for number in sorted(edges):
        edge = round(float(median(edges[number])), 2)
        found.append(max(edge, found[-1] + 0.5) if found else edge)
    return found


def mend(desk: Desk, id: str, told: dict[str, Any]) -> dict[str, Any]:
    """Keep what a person said of a table, and read the document's tables anew with it.

    Raises:
        ValueError: it is no such thing; the message says what is wrong.
        KeyError: there is no such document, or its pages are not kept.
    """
    entry = desk.opener.open(id).entry
    said = structure.parsed({**told, "sha256": entry.sha256})
    step = history.new_id()
    line = {**structure.as_entry(said), "id": history.new_id(), "step": step, "time": desk.now()}
    with desk.appending:
        store.append_entries(desk.workspace.corrections, [line])
    rebuild(desk, id)
    return {"step": step, **tables(desk, id, said.page)}


def undo(desk: Desk, redo: bool = False) -> bool:
    """Take the last step back, or do it again; whether there was one."""
    step = desk.undo(redo)
    mended = {str(entry.get("sha256")) for entry in step if entry.get("kind") == structure.KIND}
    for entry in desk.workspace.entries():
        if entry.sha256 in mended and entry.state == DONE:
            rebuild(desk, entry.id)
    return bool(step)


def rebuild(desk: Desk, id: str) -> None:
    """The document anew from its kept pages, with what was said of its tables."""
    entry = desk.workspace.entry(id)
    folder = desk.workspace.folder(id)
    told = said_of(desk, entry)
    job = desk.workspace.job(entry)
    with open_document(Path(entry.path)) as source:
        pages = []
        for number in range(1, source.page_count + 1):
            read = kept.kept_page(folder, entry.sha256, number)
            if read is None:
                raise KeyError("pages")
            pages.append(mended(desk, entry, read, told).with_page(None))
        extraction = assembled(source, pages, entry.name, job.options, told)
    old = desk.workspace.part(entry)
    write_part(job, extraction)
    if old != job.part and old.with_suffix(".html").is_file():
        old.with_suffix(".html").replace(job.part.with_suffix(".html"))
    desk.workspace.change(id, part=job.part.name)
    if old != job.part:  # last, so that the list never names a part that is gone
        old.unlink(missing_ok=True)
    desk.opener.close(id)
    desk.touched({id})


def mended(desk: Desk, entry: Entry, read: PageRead, told: Sequence[TableByHand]) -> PageRead:
    """A page with what was said of its tables; what was drawn is read once."""
    here = tuple(t for t in told if t.page == read.number and (t.xs or not t.found))
    if not here:
        return read
    key = (entry.sha256, here)
    if key not in desk.drawn:
        with open_document(Path(entry.path)) as source:
            desk.drawn[key] = mended_page(read, here, source, desk.workspace.options).with_page(None)
        while len(desk.drawn) > 200:
            desk.drawn.pop(next(iter(desk.drawn)))
    return desk.drawn[key].with_page(read.page)


def said_of(desk: Desk, entry: Entry) -> list[TableByHand]:
    """What people and layouts said of a document's tables; people first."""
    typed = desk.workspace.corrections
    own = structure.load_tables(structure.mended(typed).get(entry.sha256, ()))
    remembered = kept.kept_layouts(desk.workspace.folder(entry.id))
    return [*own, *(one for one in remembered if not any(structure.same_place(one, other) for other in own))]


def suggest(desk: Desk, id: str, told: dict[str, Any]) -> dict[str, Any]:
    """Lines to begin with in an area that a person has drawn.

    Raises:
        KeyError: the page is not kept.
    """
    entry = desk.opener.open(id).entry
    read = kept.kept_page(desk.workspace.folder(id), entry.sha256, int(told["page"]))
    if read is None or read.page is None:
        raise KeyError("pages")
    page, rotation = read.page, int(told.get("rotation", 0)) % 360
    area = BBox(*(float(edge) for edge in told["area"]))
    chars = upright_chars(page.chars, rotation, page.width, page.height)
    horizontal, vertical = _upright_rules(read, rotation)
    upright = turned(area, -rotation % 360, page.width, page.height)
    xs, ys = suggested_lines(chars, horizontal, vertical, upright)
    return {"xs": xs, "ys": ys}


def _upright_rules(read: PageRead, rotation: int) -> tuple[Any, Any]:
    from ..page.words import upright

    assert read.page is not None
    horizontal, vertical = split(upright(read.page, rotation).rulings)
    return merged(horizontal), merged(vertical)
