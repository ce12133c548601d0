"""A table of no known kind as a dataset of its own: typed columns, names from its headings, units."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..core.model import Cell, Dataset, Field, Reading, Table
from ..text import normalize, parse
from .ascii_names import ascii_names
from .grid import View, across, depths, filled, view
from .structure_doubts import TWO_FIGURES

_UNIT = re.compile(r"[(\[]\s*(?:単位[:・]?)?\s*([^()\[\]\d]{1,6}|m2|m3|km2)\s*[)\]]$")
_TOTALS = frozenset({"合計", "総計", "総合計", "計", "総数", "全体"})
_SUBTOTALS = frozenset({"小計", "中計"})
_TYPES = ("integer", "count", "number", "percent")
# The names every emitted file has for itself.
_RESERVED = ("document", "municipality_code", "municipality", "fiscal_year", "status", "page", "row_type")


def as_dataset(table: Table, number: int) -> Dataset | None:
    """The table as a dataset called ``table_<number>``; None for one without a body."""
    seen = view(table, "top")
    depth = min(table.header_rows, len(seen.rows) - 1) or header_depth(seen)
    body = [row for row in seen.rows[depth:] if filled(row)]
    if not body or seen.width < 2:
        return None
    headings = [_heading(seen, depth, place) for place in range(seen.width)]
    names = ascii_names(headings, _RESERVED)
    fields = []
    for place, (name, heading) in enumerate(zip(names, headings, strict=True)):
        unit = _UNIT.search(heading)
        kind = _type([row[place] for row in body])
        shown = unit[1] if unit else table.unit if kind != "text" else ""
        fields.append(Field(name, kind, heading or f"{place + 1}列目", "", shown))
    rows = [_row(row, fields) for row in body if across(row) is None]
    kinds = (Field("row_type", "text", "行の種類", "Kind of row"),) if any("row_type" in r for r in rows) else ()
    title = normalize.normal(table.caption.split("\n")[-1]) or normalize.normal(" ".join(seen.banner))
    return Dataset(f"table_{number}", (*fields, *kinds), tuple(rows), title)


def header_depth(seen: View) -> int:
    """How many leading rows are headings: up to the first row that has a number where its column has numbers."""
    numeric = [
        place
        for place in range(seen.width)
        if _type([row[place] for row in seen.rows[len(seen.rows) // 3 :]]) != "text"
    ]
    allowed = [0, *depths(seen)]
    for depth, row in enumerate(seen.rows):
        if any(_is_number(row[place]) for place in numeric):
            return max((d for d in allowed if d <= depth), default=0)
    return min(1, len(seen.rows) - 1)


def _is_number(cell: Cell | None) -> bool:
    # A bare year is as likely a heading as a number.
    return (
        cell is not None and _casts(cell.text, "number") and not re.fullmatch(r"(19|20)\d\d", normalize.key(cell.text))
    )


def _casts(said: str, kind: str) -> bool:
    try:
        return parse.value(said, kind) is not None
    except parse.CastError:
        return False


def _type(cells: Sequence[Cell | None]) -> str:
    """The strictest type that nine of ten values are of."""
    said = [c.text for c in cells if c is not None and normalize.key(c.text)]
    if not said:
        return "text"
    for kind in _TYPES:
        signed = kind != "percent" or sum("%" in normalize.key(s) for s in said) >= 0.9 * len(said)
        if signed and sum(_casts(s, kind) for s in said) >= 0.9 * len(said):
            return kind
    return "text"


def _heading(seen: View, depth: int, place: int) -> str:
    return " ".join(normalize.normal(c.text) for c in filled([row[place] for row in seen.rows[:depth]]))


def _row(cells: Sequence[Cell | None], fields: Sequence[Field]) -> dict[str, Cell]:
    row: dict[str, Cell] = {}
    for field, cell in zip(fields, cells, strict=True):
        if cell is not None:
            normal = normalize.normal(cell.text)
            read = cell.read(normal, "normal", cell.confidence) if normal != cell.text else cell
            together = field.type in _TYPES and TWO_FIGURES.match(normal)
            row[field.name] = read.doubted("run-together", normal) if together else read
    label = filled(cells)[0]
    said = normalize.key(label.text)
    kind = "total" if said in _TOTALS else "subtotal" if said in _SUBTOTALS else ""
    if kind:
        row["row_type"] = Cell(label.page, label.bbox, readings=(Reading(kind, "profile"),))
    return row
