"""Layouts of an app: a mended table remembered, and used wherever the same layout is found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.geometry import BBox, overlap
from ..corrections import history, layouts, store, structure
from ..corrections.layouts import Layout
from ..corrections.structure import SAME, TableByHand
from ..package.inert import file_stem
from . import mending
from . import pages as kept
from .workspace import DONE, LAYOUTS, write

if TYPE_CHECKING:
    from .desk import Desk


def remember(desk: Desk, id: str, told: dict[str, Any]) -> dict[str, Any]:
    """Remember a mended table, and tell where else its layout is found.

    Args:
        told: "page", "area" and "name".

    Raises:
        KeyError: there is no mended table there.
        ValueError: its headings have too few words to know it by.
    """
    entry = desk.opener.open(id).entry
    number = int(told["page"])
    area = BBox(*(float(edge) for edge in told["area"]))
    everything = mending.said_of(desk, entry)
    said = next((t for t in everything if t.page == number and t.found and overlap(t.area, area) > SAME), None)
    read = kept.kept_page(desk.workspace.folder(id), entry.sha256, number)
    if said is None or read is None or read.page is None:
        raise KeyError(number)
    mended = mending.mended(desk, entry, read, everything)
    table = next(t for t in mended.tables if overlap(t.bbox, said.area) > SAME)
    code = desk.opener.open(id).extraction.identity.municipality_code
    name = str(told.get("name") or entry.name)[:80]
    layout = layouts.remembered(name, read.page, table, said, code.text if code else "")
    if layout is None:
        raise ValueError("few-words")
    folder = desk.workspace.directory / LAYOUTS
    path = folder / f"{file_stem(layout.name)}-{layout.digest[:6]}.layout.json"
    write(path, layouts.dumps(layout))
    return {"digest": layout.digest, "name": layout.name, "places": len(places(desk, layout))}


def shown(desk: Desk) -> list[dict[str, Any]]:
    """The layouts that are remembered, each with the number of places where it could be used."""
    return [{**layouts.summary(one), "places": len(places(desk, one))} for one in _known(desk)]


def places(desk: Desk, layout: Layout) -> list[tuple[str, TableByHand]]:
    """Where a layout fits and nobody has said anything yet: documents and what it says there."""
    found = []
    for entry in desk.workspace.entries():
        if entry.state != DONE or entry.summary.get("error"):
            continue
        folder = desk.workspace.folder(entry.id)
        told = mending.said_of(desk, entry)
        for number in range(1, kept.progress(folder)[1] + 1):
            read = kept.kept_page(folder, entry.sha256, number)
            if read is not None and read.page is not None:
                said, _ = layouts.applied([layout], read.page, told, entry.sha256)
                found += [(entry.id, one) for one in said]
    return found


def apply(desk: Desk, digest: str) -> dict[str, Any]:
    """Use a layout wherever it fits and nobody has said anything, as one step that can be undone."""
    layout = layouts.loads(file_of(desk, digest).read_text(encoding="utf-8"))
    step = history.new_id()
    lines, documents = [], []
    for id, said in places(desk, layout):
        lines.append({**structure.as_entry(said), "id": history.new_id(), "step": step, "time": desk.now()})
        documents.append(id)
    with desk.appending:
        store.append_entries(desk.workspace.corrections, lines)
    for id in dict.fromkeys(documents):
        mending.rebuild(desk, id)
    return {"places": len(lines), "documents": len(set(documents))}


def forget(desk: Desk, digest: str) -> None:
    """Remember a layout no longer; what it said already stays."""
    file_of(desk, digest).unlink(missing_ok=True)


def file_of(desk: Desk, digest: str) -> Path:
    """The file of a layout.

    Raises:
        KeyError: there is none.
    """
    for path in sorted((desk.workspace.directory / LAYOUTS).glob("*.layout.json")):
        try:
            if layouts.loads(path.read_text(encoding="utf-8")).digest == digest:
                return path
        except (OSError, ValueError):
            continue
    raise KeyError(digest)


def _known(desk: Desk) -> list[Layout]:
    return [layouts.loads(text) for text in desk.workspace.layouts()]
