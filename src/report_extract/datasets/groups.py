"""Names that stand once for several rows: a ward above its schools, a facility beside its offers.

The page says such a name once, by a cell that spans the rows or by blanks below it; a row of data has to say it itself.
What was filled in has a reading that says so, and its first reading stays what the page says there: nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from ..core.model import Cell, Reading
from ..text import normalize
from ..text.totals import says_total_of_all

_NAME = re.compile(r"[^\W\d_]{2}")  # two letters: ○, 有 and 1 are marks, not names
_FILLED, _SPANNED = "上の行の名称が続くため", "結合されたセルの名称"
Records = Sequence[Sequence[Cell | None]]


def filled_down(records: Records, labels: int) -> list[tuple[Cell | None, ...]]:
    """The rows, each with the names of its groups.

    A column of names is filled where its names stand once each, the first row has one, each row without one has a name
    of its own in a column to the right, and all columns to the left name groups, too.

    Args:
        records: a table's rows without its headings; a cell that spans stands in every row and place that it covers.
        labels: how many columns stand before the first one of figures.
    """
    # Groups are told from the left: a blank URL between names that are there is no name of a group.
    columns = list(takewhile(lambda place: _names_groups(records, place, labels), range(labels - 1)))
    above: dict[int, Cell] = {}
    rows: list[tuple[Cell | None, ...]] = []
    seen: set[int] = set()
    for record in records:
        row = list(record)
        for place in range(min(labels, len(row))):
            cell = row[place]
            if cell is not None and normalize.key(cell.text):
                above[place] = cell
                if id(cell) in seen and (not place or record[place - 1] is not cell):
                    again = cell.read(cell.text, "span", cell.confidence, note=_SPANNED)
                    row = [again if other is cell else other for other in row]
            elif place in columns and place in above and not _overall(record[place:labels]):
                row[place] = _filled(cell, above[place])
        seen |= {id(cell) for cell in record if cell is not None}
        rows.append(tuple(row))
    return rows


def _names_groups(records: Records, place: int, labels: int) -> bool:
    cells = [record[place] for record in records]
    names = {id(c): normalize.key(c.text) for c in cells if c is not None and normalize.key(c.text)}
    said = list(names.values())
    if not said or len(set(said)) < len(said) or not all(map(_NAME.search, said)) or not _says(cells[0]):
        return False
    blank = [record for record in records if not _says(record[place])]
    return bool(blank) and all(any(map(_says, record[place + 1 : labels])) for record in blank)


def _says(cell: Cell | None) -> bool:
    return cell is not None and bool(normalize.key(cell.text))


def _overall(cells: Sequence[Cell | None]) -> bool:
    """Does a row's own label say that it is the table's total? That belongs to no group above it; 計 and 小計 do."""
    said = [normalize.key(cell.text) for cell in cells if cell is not None]
    return any(says_total_of_all(one) and one != "計" for one in said)  # 計 alone may be that of each group


def _filled(blank: Cell | None, name: Cell) -> Cell:
    """The name of the group in place of a blank, as unsure as the name is."""
    place = replace(name, readings=(Reading("", name.readings[0].by),)) if blank is None else blank
    first = place.readings or (Reading("", name.readings[0].by),)
    doubts = tuple(dict.fromkeys((*place.doubts, *name.doubts)))
    said = replace(place, readings=first, doubts=doubts)
    return said.read(normalize.normal(name.text), "group", name.confidence, note=_FILLED)
