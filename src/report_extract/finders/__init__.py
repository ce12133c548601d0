"""Page → its tables: the cheap finders first, the dearer ones only on evidence."""

from __future__ import annotations

from ..model import Document, Page, Table
from .aligned import find_aligned
from .frames import frames
from .ruled import find_ruled


def find_tables(page: Page, document: Document | None = None) -> list[Table]:
    """The tables of a page in reading order.

    Args:
        page: as a reader gave it.
        document: where it came from, for the finders that read the file themselves; they are left out
            without it.
    """
    ruled = find_ruled(page)
    found = ruled + find_aligned(frames(page), [t.bbox for t in ruled])
    return sorted(found, key=lambda table: (table.bbox.top, table.bbox.x0))
