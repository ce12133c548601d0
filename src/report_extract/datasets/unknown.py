"""A table of no known kind as a dataset of its own: names from its headings, typed columns, units, kinds of rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ..core.model import Cell, Dataset, Field, Reading, Table
from ..profile.spec import OUTER_FIELDS, ROW_TYPES
from ..text import normalize, parse
from ..text.totals import says_total_of_all
from .column_names import ascii_names, japanese_names
from .column_types import NUMBERS, ColumnType, column_type, value_cell
from .grid import View, across, depths, filled, joined, view
from .groups import filled_down

ROW_TYPE = "row_type"
# 総務部計, but no 会計, 統計, 家計.
_SUBTOTAL = re.compile(r"^(?:小計|中計)$|^[^計]{1,12}(?<![会統家設生時推余主測])計$")


def as_dataset(table: Table, number: int) -> Dataset | None:
    """The table as a dataset called ``table_<number>``; None for one without a body.

    What makes the table's structure doubtful makes each of its cells so: any of them may stand in a wrong place.
    """
    if table.doubts:
        why = table.doubts[0]
        table = replace(table, cells=tuple(cell.doubted(why.kind, *why.values) for cell in table.cells))
    seen = view(table, "top")
    depth = table_depth(seen, table.header_rows)
    body = [row for row in seen.rows[depth:] if filled(row)]
    records = [row for row in body if across(row) is None]
    if not records or seen.width < 2:
        return None
    levels = [heading_levels(seen, depth, place) for place in range(seen.width)]
    headings = [[normalize.normal(c.text) for c in cells] for cells in levels]
    names = japanese_names(headings, (*OUTER_FIELDS, ROW_TYPE))
    portal = ascii_names(headings, (*OUTER_FIELDS, ROW_TYPE))
    held = [
        column_type([c.text for row in records if (c := row[place]) is not None], headings[place], table.unit)
        for place in range(seen.width)
    ]
    fields = [
        Field(n, h.type, " ".join(said) or n, "", h.unit, ascii=a, missing=h.missing)
        for n, h, said, a in zip(names, held, headings, portal, strict=True)
    ]
    rows = _rows(records, fields, held)
    kind = Field(ROW_TYPE, "row_type", "行の種類", "Kind of row", choices=ROW_TYPES)
    title = normalize.normal(table.caption.split("\n")[-1]) or normalize.normal(" ".join(seen.banner))
    heads = {n: joined(cells, "_") for n, cells in zip(names, levels, strict=True) if cells}
    return Dataset(f"table_{number}", (*fields, kind), tuple(rows), title, heads)


def table_depth(seen: View, said: int) -> int:
    """How many leading rows are headings: as the table says, but never a row with figures of its columns of figures."""
    own = header_depth(seen)
    figures = any(parse.is_number(c.text) for row in seen.rows[1:] for c in filled(row))
    return min(said, len(seen.rows) - 1, own if figures else said) if said else own


def header_depth(seen: View) -> int:
    """How many leading rows are headings: up to the first row that has a figure where its column has figures.

    Rows of a scale (years, ages, running numbers) head columns though they are figures.
    """
    body = seen.rows[max(1, len(seen.rows) // 2) :]
    numeric = [
        place
        for place in range(seen.width)
        if column_type([c.text for row in body if (c := row[place])], (), "").type in NUMBERS
    ]
    allowed = [0, *depths(seen)]
    for depth, row in enumerate(seen.rows):
        figures = [row[place] for place in numeric if _is_number(row[place])]
        if figures and not (depth == 0 and len(seen.rows) > 2 and _is_scale(figures)):
            return max((d for d in allowed if d <= depth), default=0)
    return min(1, len(seen.rows) - 1)


def _is_scale(cells: Sequence[Cell | None]) -> bool:
    """The figures run on by one from column to column."""
    found = [parse.figure(c.text) for c in filled(cells)]
    values = [f.value for f in found if f is not None and f.value is not None]
    return len(values) > 2 and all(b - a == 1 for a, b in pairwise(values))


def _is_number(cell: Cell | None) -> bool:
    # A bare year is as likely a heading as a number.
    return (
        cell is not None and parse.is_number(cell.text) and not re.fullmatch(r"(19|20)\d\d", normalize.key(cell.text))
    )


def heading_levels(seen: View, depth: int, place: int) -> list[Cell]:
    """The cells that head a column, from the top; one that says what the one above says is left out."""
    found: list[Cell] = []
    for cell in filled([row[place] for row in seen.rows[:depth]]):
        if not found or normalize.key(found[-1].text) != normalize.key(cell.text):
            found.append(cell)
    return found


def _rows(
    records: Sequence[Sequence[Cell | None]], fields: Sequence[Field], held: Sequence[ColumnType]
) -> list[dict[str, Cell]]:
    rows: list[dict[str, Cell]] = []
    labels = next((i for i, h in enumerate(held) if h.type in NUMBERS), len(held))  # columns before the first figures
    for cells in filled_down(records, labels):
        above = rows[-1] if rows else {}
        row = {
            field.name: _checked(value_cell(cell, kind, above.get(field.name)), kind)
            for field, cell, kind in zip(fields, cells, held, strict=True)
            if cell is not None
        }
        label = next(iter(filled(cells)), None)
        if label is not None:
            kind = _kind(filled(cells[: max(labels, 1)]) or [label])
            row[ROW_TYPE] = Cell(label.page, label.bbox, readings=(Reading(kind, "profile"),))
        rows.append(row)
    return rows


def _checked(cell: Cell, held: ColumnType) -> Cell:
    """The cell, doubted where two figures stand in one place of a column of figures."""
    together = held.type in NUMBERS and len(parse.figures(cell.text)) > 1
    return cell.doubted("run-together", normalize.normal(cell.text)) if together else cell


def _kind(labels: Sequence[Cell]) -> str:
    """What a row's labels say that it is: the last of them that names a total or subtotal decides."""
    for number, label in enumerate(reversed(labels)):
        said = re.sub(r"\(.*\)$", "", normalize.key(label.text)).strip("()[]<>:*※・")
        if says_total_of_all(said):
            # 総務部 | 計 is the department's subtotal; 合計 alone, or spanning all labels, is the table's total.
            others = len(labels) - 1 - number
            return "subtotal" if others and not says_total_of_all(labels[0].text) else "total"
        if _SUBTOTAL.fullmatch(said):
            return "subtotal"
    return "detail"
