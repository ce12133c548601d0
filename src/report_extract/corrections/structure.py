"""What people said of tables: where they are, how they are divided, what they are called.

Such an entry of corrections.jsonl has ``"kind": "table"`` and says all of one table that a person mended; a later
entry about the same place of the same input holds instead of it. A grid is kept as lines in points, so that it is
the same whatever finds tables next year.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from ..core.geometry import ROTATIONS, BBox, overlap
from ..core.model import Cell, Dataset, Extraction, Field, Finding, Page, Row, Table
from ..profile.spec import DatasetSpec, Profile
from ..tables.by_hand import grid_by_hand
from .store import in_force

KIND = "table"
ROW_TYPE = "row_type"
SAME = 0.5  # of the smaller area: entries that share more speak of one place
MOST_LINES = 2_000
MOST_TEXT = 1_000


@dataclass(frozen=True, slots=True)
class TableByHand:
    """What a person said of one table.

    Attributes:
        sha256, page, area: the input, the page (from 1) and the place, in points as displayed.
        found: False where no table is.
        rotation: how the table lies on the page.
        xs, ys: column and row edges in points of the page turned upright; empty: as they were found.
        merges: cells of several places: first row, first column, row after the last, column after the last.
        header_rows: how many rows of headings lead it; None: as found.
        total_rows: the rows that sum up others, from 0; None: as found.
        unit, caption: as printed; None: as found.
        joins_next: whether the first table of the next page goes on it; None: as found.
        dataset: the dataset it is; empty: whichever fits.
        columns: of that dataset, the field of a column, by the column's number from 0.
        id, time, by, note: of the entry.
        layout: the name of the layout that said it, where no person did of this very table.
    """

    sha256: str
    page: int
    area: BBox
    found: bool = True
    rotation: int = 0
    xs: tuple[float, ...] = ()
    ys: tuple[float, ...] = ()
    merges: tuple[tuple[int, int, int, int], ...] = ()
    header_rows: int | None = None
    total_rows: tuple[int, ...] | None = None
    unit: str | None = None
    caption: str | None = None
    joins_next: bool | None = None
    dataset: str = ""
    columns: tuple[tuple[int, str], ...] = ()
    id: str = ""
    time: str = ""
    by: str = ""
    note: str = ""
    layout: str = ""


def parsed(entry: Mapping[str, Any]) -> TableByHand:
    """An entry of corrections.jsonl, or of a request, as what it says.

    Raises:
        ValueError: it is no such entry; the message says what is wrong.
    """
    try:
        told = TableByHand(
            sha256=_text(entry["sha256"]),
            page=_whole(entry["page"], 1),
            area=BBox(*_numbers(entry["area"])),
            found=bool(entry.get("found", True)),
            rotation=int(entry.get("rotation", 0)),
            xs=_numbers(entry.get("xs", ())),
            ys=_numbers(entry.get("ys", ())),
            # That each has four numbers is checked below, with all else that a stranger's line may lack.
            merges=tuple((*map(_whole, merge),) for merge in entry.get("merges", ())),  # type: ignore[misc]
            header_rows=_maybe(_whole, entry.get("header_rows")),
            total_rows=_maybe(lambda rows: tuple(map(_whole, rows)), entry.get("total_rows")),
            unit=_maybe(_text, entry.get("unit")),
            caption=_maybe(_text, entry.get("caption")),
            joins_next=_maybe(bool, entry.get("joins_next")),
            dataset=_text(entry.get("dataset", "")),
            columns=tuple((_whole(col), _text(name)) for col, name in entry.get("columns", ())),
            **{name: _text(entry.get(name, "")) for name in ("id", "time", "by", "note", "layout")},
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a table: {error}") from error
    _check(told)
    return told


def _check(told: TableByHand) -> None:
    if told.area.width <= 0 or told.area.height <= 0:
        raise ValueError("the area is empty")
    if told.rotation not in ROTATIONS:
        raise ValueError("a table is turned by 0, 90, 180 or 270 degrees")
    if bool(told.xs) != bool(told.ys):
        raise ValueError("a grid has both column and row edges")
    for edges in (told.xs, told.ys):
        if edges and (not 2 <= len(edges) <= MOST_LINES or any(b <= a for a, b in pairwise(edges))):
            raise ValueError("edges are two or more, in ascending order")
    if any(len(merge) != 4 for merge in told.merges):
        raise ValueError("a merged cell has four numbers")
    places: set[tuple[int, int]] = set()
    for r0, c0, r1, c1 in told.merges:
        own = {(r, c) for r in range(r0, min(r1, MOST_LINES)) for c in range(c0, min(c1, MOST_LINES))}
        if not (r0 < r1 < max(len(told.ys), 1) and c0 < c1 < max(len(told.xs), 1)) or own & places:
            raise ValueError("merged cells lie on the grid and apart from one another")
        places |= own


def _numbers(values: Any) -> tuple[float, ...]:
    numbers = tuple(float(v) for v in values)
    if len(numbers) > MOST_LINES or not all(math.isfinite(n) and abs(n) < 1e6 for n in numbers):
        raise ValueError("edges are finite numbers of points")
    return numbers


def _whole(value: Any, least: int = 0) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value < 1_000_000:
        raise ValueError(f"{value!r:.40} is no such number")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > MOST_TEXT:
        raise ValueError("a text of up to 1,000 letters is wanted")
    return value


def _maybe(to: Any, value: Any) -> Any:
    return None if value is None else to(value)


def as_entry(told: TableByHand) -> dict[str, Any]:
    """The entry as it stands in corrections.jsonl; what was not said is left out."""
    said = {f.name: getattr(told, f.name) for f in fields(told)}
    kept = {name: value for name, value in said.items() if value not in (None, "", ())}
    return {"kind": KIND, **kept, "area": list(told.area)}


def dumps(told: TableByHand) -> str:
    """The entry as one line of JSON."""
    return json.dumps(as_entry(told), ensure_ascii=False, sort_keys=True)


def mended(typed: Path) -> dict[str, tuple[str, ...]]:
    """What holds of tables: the hash of every input of which something was said -> the entries, as lines of JSON.

    Args:
        typed: corrections.jsonl; it need not be there.
    """
    found: dict[str, list[str]] = {}
    for _, entry in in_force(typed):
        if isinstance(entry, dict) and entry.get("kind") == KIND:
            try:
                told = parsed(entry)
            except ValueError:
                continue
            found.setdefault(told.sha256, []).append(dumps(told))
    return {sha256: tuple(lines) for sha256, lines in found.items()}


def load_tables(lines: Iterable[str]) -> list[TableByHand]:
    """What lines of JSON say: of each place the last word, in the order in which they were said.

    Raises:
        ValueError: one is no such entry.
    """
    held: list[TableByHand] = []
    for line in lines:
        told = parsed(json.loads(line))
        held = [*(h for h in held if not same_place(h, told)), told]
    return held


def said_of(read: Extraction) -> list[TableByHand]:
    """What was said of an extraction's tables."""
    return load_tables(read.mended)


def same_place(one: TableByHand, other: TableByHand) -> bool:
    """Do two entries speak of one table?"""
    return one.page == other.page and overlap(one.area, other.area) > SAME


# --- Applied ------------------------------------------------------------------------------------------------------


def mended_tables(page: Page, found: Sequence[Table], told: Iterable[TableByHand]) -> list[Table]:
    """The tables of a page, those that a person spoke of as the person said.

    What was found on the place of a table by hand goes; tables beside it stay as they are.
    """
    here = [t for t in told if t.page == page.number and (t.xs or not t.found)]
    if not here:
        return list(found)
    kept = [table for table in found if not any(overlap(table.bbox, t.area) > 0.3 for t in here)]
    drawn = [drawn_table(page, t) for t in here if t.found]
    return sorted([*kept, *drawn], key=lambda table: (table.bbox.top, table.bbox.x0))


def drawn_table(page: Page, told: TableByHand) -> Table:
    """The table that a person's lines make."""
    table = grid_by_hand(page, told.rotation, told.xs, told.ys, told.merges)
    return replace(table, header_rows=told.header_rows or 0)


def described(tables: Sequence[Table], told: Sequence[TableByHand]) -> list[Table]:
    """The tables with the headings, unit and caption that a person gave them."""
    return [_described(table, of_table(table, told)) for table in tables]


def of_table(table: Table, told: Sequence[TableByHand]) -> TableByHand | None:
    """What was said of a table; of one that goes on over pages, of its first part."""
    page, box = table.parts[0] if table.parts else (table.page, table.bbox)
    return next((t for t in told if t.found and t.page == page and overlap(box, t.area) > SAME), None)


def _described(table: Table, told: TableByHand | None) -> Table:
    if told is None:
        return table
    said = {name: getattr(told, name) for name in ("header_rows", "unit", "caption")}
    return replace(table, **{name: value for name, value in said.items() if value is not None})


def stale(tables: Sequence[Table], told: Sequence[TableByHand]) -> list[Finding]:
    """A finding for each entry about a table that is no longer there."""
    boxes = [(page, box) for t in tables for page, box in (*t.parts, (t.page, t.bbox))]
    return [
        Finding("stale-table", (), t.page, t.area)
        for t in told
        if t.found and not any(page == t.page and overlap(box, t.area) > SAME for page, box in boxes)
    ]


def joins(told: Sequence[TableByHand]) -> Mapping[tuple[int, BBox], bool]:
    """Which places a person said are gone on with on the next page, and which are not."""
    return {(t.page, t.area): t.joins_next for t in told if t.joins_next is not None}

def profile_said(told: Iterable[TableByHand], profiles: Iterable[Profile]) -> Profile | None:
    """The profile whose datasets a person said that tables are, whatever their headings look like; None if none."""
    named = {t.dataset for t in told if t.dataset}
    counted = [(sum(d.name in named for d in profile.datasets), profile) for profile in profiles]
    count, profile = max(counted, key=lambda one: one[0], default=(0, None))
    return profile if count else None


def headed(tables: Sequence[Table], told: Sequence[TableByHand], profile: Profile) -> list[Table]:
    """The tables as a profile's own headings would name their columns, where a person said which field is which.

    So that everything after goes the way that a report goes which prints these headings.
    """
    return [_headed(table, of_table(table, told), profile) for table in tables]


def _headed(table: Table, told: TableByHand | None, profile: Profile) -> Table:
    spec = profile.get(told.dataset) if told and told.dataset else None
    if told is None or spec is None:
        return table
    titles = {col: heading for col, name in told.columns if (heading := heading_of(spec, name))}
    head = max(1, table.header_rows)
    cells = []
    for cell in table.cells:
        if cell.row < head and cell.col in titles and cell.col_span == 1:
            last = cell.row + cell.row_span >= head
            cell = cell.read(titles[cell.col] if last else "", "review", note=told.time)
        cells.append(cell)
    caption = spec.captions[0] if spec.captions else spec.title
    return replace(table, cells=tuple(cells), caption=table.caption or caption)


def heading_of(spec: DatasetSpec, name: str) -> str:
    """How a report heads the column of a field; "" where there is no such field."""
    field = spec.get(name)
    if field is None:
        return ""
    base = spec.get(field.prior_of) if field.prior_of else None
    if base is not None:
        return f"前年度{base.headings[0] if base.headings else base.title}"
    return field.headings[0] if field.headings else field.title


def with_totals(
    datasets: Sequence[Dataset], tables: Sequence[Table], told: Sequence[TableByHand]
) -> tuple[Dataset, ...]:
    """The datasets with the total rows that a person named; of the other rows of such a table none is one."""
    named = [(table, said) for table in tables if (said := of_table(table, told)) and said.total_rows is not None]
    if not named:
        return tuple(datasets)
    totals = {_spot(c) for table, said in named for c in table.cells if c.row in (said.total_rows or ())}
    others = {_spot(c) for table, _ in named for c in table.cells} - totals
    return tuple(_with_totals(dataset, totals, others) for dataset in datasets)


def _spot(cell: Cell) -> tuple[int, int, int]:
    """Where a cell stands, to the point."""
    return cell.page, round(cell.bbox.x0), round(cell.bbox.top)


def _with_totals(dataset: Dataset, totals: Set[tuple[int, int, int]], others: Set[tuple[int, int, int]]) -> Dataset:
    field = dataset.row_type or ROW_TYPE
    rows: list[Row] = []
    for number, row in enumerate(dataset.rows):
        spots = {_spot(cell) for name, cell in row.items() if name != field and cell.page}
        summed = dataset.type_of(number) in ("total", "subtotal")
        kind = "total" if spots & totals else "detail" if spots & others and summed else ""
        if kind:
            first = next(iter(row.values()))
            row = {**row, field: row.get(field, Cell(first.page, first.bbox)).read(kind, "review")}
        rows.append(row)
    fields = dataset.fields
    if not dataset.row_type and any(field in row for row in rows):
        fields = (*fields, Field(field, "row_type", "行の種類", "Kind of row"))
    return replace(dataset, fields=fields, rows=tuple(rows))
