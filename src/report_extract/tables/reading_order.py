"""The order in which a person reads the tables of a document."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from ..core.geometry import turned
from ..core.model import Table


def in_reading_order(tables: Sequence[Table], pages: Mapping[int, tuple[float, float]]) -> list[Table]:
    """Tables by page, and on each page as most of its tables lie: from the top, then from the left."""
    lying: dict[int, Counter[int]] = defaultdict(Counter)
    for table in tables:
        lying[table.page][table.rotation] += 1

    def place(table: Table) -> tuple[int, float, float]:
        box = turned(table.bbox, -lying[table.page].most_common(1)[0][0], *pages[table.page])
        return table.page, box.top, box.x0

    return sorted(tables, key=place)
