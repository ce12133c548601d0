"""Tables that end at a page's foot although they go on: what leads the next page was not put to them.

Where the rest of a row, or more rows, could not be joined, nothing in the table itself tells of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..core.model import Finding, Line, Table
from ..text import normalize
from ..text.folio import is_folio
from .records import Plan, Record
from .row_types import TOTAL

Known = tuple[Table, Plan, list[Record]]



def torn(known: Sequence[Known], tables: Sequence[Table], lines: Sequence[Line]) -> list[Finding]:
    """Doubts the last row of tables that seem to go on over a page break, all of those whose records are columns.

    Args:
        known: the tables that were understood, each with its records.
        tables: all tables.
        lines: the text outside them.
    """
    found = []
    said = [line for line in lines if not line.rotation and not _is_furniture(line, lines)]
    understood = [table for table, _, _ in known]
    for table, plan, records in known:
        rest = "" if table.rotation or _ended(records, plan) else _rest(table, understood, tables, said)
        if not rest:
            continue
        page, box = table.parts[-1] if table.parts else (table.page, table.bbox)
        found.append(Finding("torn-row", (rest,), page, box, plan.fit.dataset.name))
        for record in records if plan.fit.view.side != "top" else records[-1:]:
            for name, cell in record.cells.items():
                record.cells[name] = cell.doubted("torn-row", rest)
    return found


def _is_furniture(line: Line, lines: Sequence[Line]) -> bool:
    """Is a line a page number, or a running head that other pages have too?"""
    words = normalize.key(line.text)
    return is_folio(words) or any(normalize.key(a.text) == words and a.page != line.page for a in lines)


def _ended(records: Sequence[Record], plan: Plan) -> bool:
    """Does a table of counts end with its total?"""
    rows = plan.fit.dataset.rows
    kind = records[-1].cells.get(rows.field) if rows and records else None
    return not records or (plan.fit.view.side == "top" and kind is not None and kind.text == TOTAL)


def _rest(table: Table, understood: Sequence[Table], tables: Sequence[Table], lines: Sequence[Line]) -> str:
    """What leads the page after a table as the rest of it would: cells side by side, without a heading; "" for none."""
    page, box = table.parts[-1] if table.parts else (table.page, table.bbox)
    below = [line for line in lines if line.page == page and line.bbox.top > box.bottom - 1]
    others = [t for t in tables if t is not table and t.page == page and t.bbox.top > box.bottom - 1]
    if below or others:
        return ""
    on_next = [line for line in lines if line.page == page + 1]
    after = min((t for t in tables if t.page == page + 1), key=lambda t: t.bbox.top, default=None)
    first = min((line.bbox.top for line in on_next), default=None)
    if after is not None and (first is None or after.bbox.top < first):
        known = any(after.bbox == t.bbox and after.page == t.page for t in understood)
        return "" if known or after.rotation else " ".join(c.text for c in after.cells if c.row == 0 and c.text)
    lead = [line for line in on_next if first is not None and line.bbox.top < first + line.bbox.height]
    beside = [
        a for a in lead for b in lead if a.bbox.x1 < b.bbox.x0 and box.x0 - 5 < a.bbox.x0 and b.bbox.x1 < box.x1 + 5
    ]
    return " ".join(dict.fromkeys(line.text for line in lead)) if beside else ""
