"""Page → its tables: the cheap finders first, the dearer ones only on evidence.

Rules are believed first. Where the grid that they make does not fit the text in it (``judge``), or makes no
sense at all, the same place is put to the finder that goes by white space, and the better of the two is kept.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..geometry import BBox, overlap, union
from ..model import Document, Page, Table
from .aligned import find_aligned
from .frames import Frame, frames
from .judge import HOPELESS, MARGIN, SUSPECT, merit
from .ruled import find_ruled


def find_tables(page: Page, document: Document | None = None) -> list[Table]:
    """The tables of a page in reading order.

    Args:
        page: as a reader gave it.
        document: where it came from, for the finders that read the file themselves; they are left out
            without it.
    """
    views = frames(page)
    ruled = [(t, _merit(t, views)) for t in find_ruled(page)]
    suspects = [t.bbox for t, worth in ruled if worth < SUSPECT]
    sound = [t for t, worth in ruled if worth >= SUSPECT and not _within(t.bbox, suspects)]
    doubtful = [(t, worth) for t, worth in ruled if t not in sound]
    found = sound + _settled(doubtful, find_aligned(views, [t.bbox for t in sound]), views)
    return sorted(found, key=lambda table: (table.bbox.top, table.bbox.x0))


def _within(box: BBox, others: Sequence[BBox]) -> bool:
    """Does a box lie in one of the others, so that both tell of one place?"""
    return any(overlap(box, other) > 0.5 and box.area <= other.area for other in others)


def _view(table: Table, views: Sequence[Frame]) -> Frame | None:
    return next((v for v in views if v.rotation == table.rotation), None)


def _merit(table: Table, views: Sequence[Frame], place: BBox | None = None) -> float:
    """The merit of a table; one whose text is too little to judge is believed."""
    view = _view(table, views)
    return merit(table, view, place and view.from_page(place)).total if view else 1.0


def _settled(doubtful: Sequence[tuple[Table, float]], aligned: list[Table], views: Sequence[Frame]) -> list[Table]:
    """Of the doubtful tables and what else was found at their places, the better; all that stands elsewhere."""
    kept = list(aligned)
    for table, worth in doubtful:
        rivals = [t for t in kept if overlap(t.bbox, table.bbox) > 0.3]
        if rivals:
            place = union([table.bbox, *(t.bbox for t in rivals)])
            mine = _merit(table, views, place)
            theirs = sum(_merit(t, views, place) for t in rivals)
            if theirs > mine + MARGIN:
                continue
            kept = [t for t in kept if t not in rivals]
        if worth >= HOPELESS:
            kept.append(table)
    return kept
