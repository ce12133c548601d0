"""The pages of a document as they were read, kept on disk one by one.

A grid is mended on them without reading the file again: a picture's letters cost seconds to recognise.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..core import serialize
from ..core.model import Array, Page
from ..corrections.structure import TableByHand, as_entry, parsed
from ..pipeline import PageRead
from ..run.versions import made_by
from .workspace import dumped, write

_ARRAYS = ("chars", "rulings", "fills", "images")


def keep_count(folder: Path, count: int) -> None:
    """Note how many pages there will be."""
    write(folder / "count", str(count))


def progress(folder: Path) -> tuple[int, int]:
    """How many pages are kept, and of how many."""
    try:
        count = int((folder / "count").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0, 0
    return min(count, sum(1 for _ in folder.glob("page-*.json"))), count


def usable(folder: Path, sha256: str) -> bool:
    """Whether all pages of a document are kept, by this version of the program and of this content."""
    done, of = progress(folder)
    try:
        told = json.loads((folder / "page-1.json").read_text(encoding="utf-8"))
        return bool(of) and done >= of and told["by"] == [made_by(), sha256]
    except (OSError, ValueError, KeyError, TypeError):
        return False


def keep(folder: Path, sha256: str, read: PageRead) -> None:
    """Keep one page that was read."""
    if read.page is not None:
        page = read.page
        beside = folder / f".page-{read.number}.npz"
        folder.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as file:
            arrays = {name: getattr(page, name) for name in _ARRAYS}
            np.savez_compressed(file, **arrays, aside=page.chars[:0] if read.aside is None else read.aside)
        beside.replace(folder / f"page-{read.number}.npz")
    sheet = read.page and {
        "width": read.page.width,
        "height": read.page.height,
        "fonts": read.page.fonts,
        "rotate": read.page.rotate,
        "reader": read.page.reader,
    }
    told = {"by": [made_by(), sha256], "sheet": sheet, "read": serialize.plain(read.with_page(None))}
    write(folder / f"page-{read.number}.json", dumped(told))


def keep_layouts(folder: Path, told: Sequence[TableByHand]) -> None:
    """Keep what layouts said of a document's tables when it was read."""
    write(folder / "layouts.json", dumped([as_entry(one) for one in told]))


def kept_layouts(folder: Path) -> list[TableByHand]:
    """What layouts said of a document's tables when it was read."""
    try:
        return [parsed(entry) for entry in json.loads((folder / "layouts.json").read_text(encoding="utf-8"))]
    except (OSError, ValueError):
        return []


def kept_pages(folder: Path, sha256: str) -> dict[int, PageRead]:
    """The pages that are kept of a document, by number; those of another content or version are not."""
    found = {}
    for path in sorted(folder.glob("page-*.json")):
        read = _kept(path, sha256)
        if read is not None:
            found[read.number] = read
    return found


def kept_page(folder: Path, sha256: str, number: int) -> PageRead | None:
    """One page, if it is kept."""
    return _kept(folder / f"page-{int(number)}.json", sha256)


def _kept(path: Path, sha256: str) -> PageRead | None:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["by"] != [made_by(), sha256]:
            return None
        read = serialize.typed(PageRead, told["read"])
        assert isinstance(read, PageRead)
        return read.with_page(*_page(path.with_suffix(".npz"), read.number, told["sheet"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # damaged: it is read again


def _page(path: Path, number: int, sheet: dict[str, Any] | None) -> tuple[Page | None, Array | None]:
    if not sheet:
        return None, None
    with np.load(path, allow_pickle=False) as arrays:
        page = Page(
            number,
            sheet["width"],
            sheet["height"],
            **{name: arrays[name] for name in _ARRAYS},
            fonts=tuple(sheet["fonts"]),
            rotate=sheet["rotate"],
            reader=sheet["reader"],
        )
        return page, arrays["aside"]
