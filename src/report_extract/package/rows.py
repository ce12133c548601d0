"""Extraction -> the rows of every file, as text. Row numbers start at 0 for each document."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from ..core import messages
from ..core.model import INFORMATIVE, Cell, Dataset, Extraction, Field, Finding, Row, Table
from ..datasets.titles import title_of
from ..text import parse
from ..text.dates import era_year

Record = dict[str, str]
_WORST = ("ok", "repaired", "review")


def document_row(extraction: Extraction, lang: str = "ja") -> Record:
    """The line of documents.csv."""
    who = identity_values(extraction)
    message = extraction.error
    if extraction.status == "unsupported":
        message = messages.say(Finding("no-profile"), lang)
    return {
        "document": extraction.document,
        "path": extraction.path,
        "sha256": extraction.sha256,
        "pages": str(extraction.pages),
        **who,
        "profile": extraction.profile,
        "status": status_of(extraction),
        "message": message,
        "findings": " ".join(messages.say(f, lang) for f in extraction.findings),
        "title": title_of(extraction.lines, extraction.tables),
    }


def identity_values(extraction: Extraction) -> Record:
    """Code, name and fiscal year of the report as text, empty where unknown."""
    who = extraction.identity
    cells = {
        "municipality_code": who.municipality_code,
        "municipality": who.municipality,
        "fiscal_year": who.fiscal_year,
    }
    said = {name: cell.text if cell else "" for name, cell in cells.items()}
    year = said["fiscal_year"]
    return {**said, "fiscal_year_era": era_year(int(year)) if year.isdecimal() else ""}


def emitted(cell: Cell, field: Field) -> tuple[str, str]:
    """A cell's value as emitted, and its status. Text that is no value of the field's type is ``review``."""
    try:
        return parse.printed(cell.text, field.type), cell.status
    except parse.CastError:
        return "", "review"


def dataset_rows(extraction: Extraction, dataset: Dataset) -> Iterator[Record]:
    """The lines of one dataset's file."""
    who = identity_values(extraction)
    fields = {f.name: f for f in dataset.fields}
    told = (extraction.identity.municipality, extraction.identity.municipality_code, extraction.identity.fiscal_year)
    asked = max((c.status for c in told if c), key=_WORST.index, default="ok")
    for row in dataset.rows:
        values = {name: emitted(cell, fields[name]) for name, cell in row.items() if name in fields}
        # What a row counts is doubtful where it is doubtful whose and of which year it is.
        status = max([asked, *(s for _, s in values.values())], key=_WORST.index)
        yield {
            "document": extraction.document,
            **who,
            **{name: value for name, (value, _) in values.items()},
            "status": status,
            "page": str(_page(row)),
        }


def _page(row: Row) -> int:
    return min((cell.page for cell in row.values() if cell.page), default=0)


def observation_rows(extraction: Extraction) -> Iterator[Record]:
    """One line a number of the profile's count tables; ``prior_x`` observes ``x`` of the year before."""
    if not extraction.profile:
        return
    who = identity_values(extraction)
    year = int(who["fiscal_year"]) if who["fiscal_year"] else None
    for dataset in extraction.datasets:
        counts = [f for f in dataset.fields if f.type == "count"]
        keys = [f for f in dataset.fields if f.type in ("name", "text", "integer") and f not in counts]
        for number, row in enumerate(dataset.rows if counts else ()):
            key = "/".join(filter(None, (emitted(row[f.name], f)[0] for f in keys if f.name in row)))
            for field in counts:
                value, status = emitted(row[field.name], field) if field.name in row else ("", "")
                if value == "":
                    continue
                yield {
                    "document": extraction.document,
                    "municipality_code": who["municipality_code"],
                    "fiscal_year": str(year - bool(field.prior_of)) if year else "",
                    "dataset": dataset.name,
                    "key": key,
                    "measure": field.prior_of or field.name,
                    "value": value,
                    "basis_report_year": who["fiscal_year"],
                    "status": status,
                    "row_type": dataset.type_of(number) if dataset.row_type in row else "",
                }


def check_rows(extraction: Extraction, offset: Callable[[str], int]) -> Iterator[Record]:
    """The lines of checks.csv; ``offset`` says how many rows of a dataset stand in its file already."""
    for check in extraction.checks:
        yield {
            "document": extraction.document,
            "check": check.check,
            "scope": check.scope,
            "expected": check.expected,
            "actual": check.actual,
            "status": check.status,
            "note": check.note,
            "cells": " ".join(f"{name}:{row + offset(name)}:{field}" for name, row, field in check.places),
        }


def cell_rows(extraction: Extraction, lang: str, offset: Callable[[str], int]) -> Iterator[Record]:
    """The lines of cells.csv: every emitted value and how sure it is."""
    for name, row, field, cell in emitted_cells(extraction, offset):
        value, status = emitted(cell, field)
        x0, top, x1, bottom = (f"{edge:.2f}" for edge in cell.bbox)
        yield {
            "document": extraction.document,
            "dataset": name,
            "row": str(row),
            "field": field.name,
            "value": value,
            "raw": cell.raw,
            "page": str(cell.page or ""),
            **({"x0": x0, "top": top, "x1": x1, "bottom": bottom} if cell.page else {}),
            "source": cell.source,
            "confidence": f"{cell.confidence:.3f}",
            "status": status,
            "reason": reason(cell, status, lang),
        }


def reading_rows(extraction: Extraction, offset: Callable[[str], int]) -> Iterator[Record]:
    """The lines of readings.csv: the history of every cell that was read more than once, or unsurely."""
    for name, row, field, cell in emitted_cells(extraction, offset):
        if len(cell.readings) == 1 and not cell.readings[0].alternatives and not cell.readings[0].note:
            continue
        for order, reading in enumerate(cell.readings):
            yield {
                "document": extraction.document,
                "dataset": name,
                "row": str(row),
                "field": field.name,
                "order": str(order),
                "by": reading.by,
                "text": reading.text,
                "confidence": f"{reading.confidence:.3f}",
                "alternatives": "|".join(text for text, _ in reading.alternatives),
                "note": reading.note,
            }


def emitted_cells(extraction: Extraction, offset: Callable[[str], int]) -> Iterator[tuple[str, int, Field, Cell]]:
    """Every emitted value: dataset, row in its file, field and cell."""
    who = extraction.identity
    for field, cell in (
        (Field("municipality_code"), who.municipality_code),
        (Field("municipality"), who.municipality),
        (Field("fiscal_year", "integer"), who.fiscal_year),
    ):
        if cell:
            yield "documents", offset("documents"), field, cell
    for dataset in extraction.datasets:
        start = offset(dataset.name)
        for field in dataset.fields:
            if field.name in dataset.headings:
                yield dataset.name, -1, replace(field, type="text"), dataset.headings[field.name]
        for number, row in enumerate(dataset.rows, start):
            for field in dataset.fields:
                if field.name in row:
                    yield dataset.name, number, field, row[field.name]


def status_of(extraction: Extraction) -> str:
    """The document's status: one with a value that is flagged as it is emitted is not ``ok``."""
    return "review" if extraction.status == "ok" and flagged(extraction)[0] else extraction.status


def flagged(extraction: Extraction) -> tuple[int, int]:
    """How many values of a document a person should look at, and how many findings tell of the document."""
    values = sum(emitted(cell, field)[1] == "review" for _, _, field, cell in emitted_cells(extraction, lambda name: 0))
    return values, sum(finding.kind not in INFORMATIVE for finding in extraction.findings)


def reason(cell: Cell, status: str, lang: str) -> str:
    """Why a cell is not simply ``ok``, in words."""
    doubts = [messages.say(d, lang) for d in cell.doubts]
    if status == "review" and not doubts:
        doubts = [messages.say(Finding("uncastable", (cell.text,)), lang)]
    notes = [r.note for r in cell.readings if r.note]
    return " ".join(doubts or notes) if status != "ok" else ""


def table_objects(extraction: Extraction, lang: str = "ja") -> Iterator[dict[str, Any]]:
    """The entries of tables.json."""
    return (table_object(extraction.document, table, lang) for table in extraction.tables)


def table_object(document: str, table: Table, lang: str = "ja") -> dict[str, Any]:
    """One entry of tables.json."""
    return {
        "document": document,
        "page": table.page,
        "bbox": _rounded(table.bbox),
        "rotation": table.rotation,
        "kind": table.kind,
        "header_rows": table.header_rows,
        "n_rows": table.n_rows,
        "n_cols": table.n_cols,
        "cells": [_cell_object(cell) for cell in table.cells],
        "header_cols": table.header_cols,
        "caption": table.caption,
        "unit": table.unit,
        "notes": list(table.notes),
        "parts": [{"page": page, "bbox": _rounded(box)} for page, box in table.parts],
        "confidence": round(table.confidence, 3),
        "status": table.status,
        "reasons": [messages.say(doubt, lang) for doubt in table.doubts],
    }


def unplaced_objects(extraction: Extraction) -> Iterator[dict[str, Any]]:
    """The words inside a table that ended in none of its cells."""
    for table in extraction.tables:
        for doubt in table.doubts:
            if doubt.kind == "unplaced" and doubt.bbox:
                yield {
                    "document": extraction.document,
                    "page": doubt.page,
                    "bbox": _rounded(doubt.bbox),
                    "text": doubt.values[0],
                }


def line_objects(extraction: Extraction) -> Iterator[dict[str, Any]]:
    """The text outside all tables, which ``check`` needs again for the report's own notes."""
    for line in extraction.lines:
        yield {
            "document": extraction.document,
            "page": line.page,
            "bbox": _rounded(line.bbox),
            "rotation": line.rotation,
            "reader": line.reader,
            "text": line.text,
        }


def _cell_object(cell: Cell) -> dict[str, Any]:
    return {
        "row": cell.row,
        "col": cell.col,
        "row_span": cell.row_span,
        "col_span": cell.col_span,
        "text": cell.text,
        "bbox": _rounded(cell.bbox),
        "source": cell.source,
        "confidence": round(cell.confidence, 3),
        "page": cell.page,
    }


def _rounded(box: tuple[float, ...]) -> list[float]:
    return [round(float(edge), 2) for edge in box]


def as_json(value: Any) -> str:
    """Compact JSON, the same bytes for the same value."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
