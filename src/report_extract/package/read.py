"""A written data package -> extractions again: what `check`, `explain` and `panel` work on.

The values are those of the CSV files as they are now, edited or not; boxes, sources and readings come from
cells.csv and readings.csv, the report's own notes from tables.json.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from ..core.errors import ExportError
from ..core.geometry import BBox
from ..core.model import Cell, Check, Dataset, Extraction, Field, Finding, Identity, Line, Reading
from ..profile.load import Profile, used
from ..profile.spec import OUTER_FIELDS
from .datapackage import field_of
from .inert import profile_path
from .place import inside
from .schema import FILES
from .stored import Record, reading, records, resources

Place = tuple[str, int, str]

_READERS = {"text": "pdfium", "ocr": "rapidocr", "inferred": "heading", "correction": "review"}
_OUTER = frozenset(OUTER_FIELDS)


def load_package(directory: Path) -> list[Extraction]:
    """The extractions that a package holds.

    Raises:
        ExportError: there is no package in ``directory``.
    """
    with reading(directory):
        if not (directory / "documents.csv").is_file():
            raise ExportError(f"{directory}: no data package", "give the folder that `report-extract run` wrote")
        return _loaded(directory)


def _loaded(directory: Path) -> list[Extraction]:
    cells = _cells(directory)
    lines = _lines(directory)
    checks = _checks(directory)
    datasets = _datasets(directory, cells)
    return [
        Extraction(
            document=row["document"],
            path=row["path"],
            sha256=row["sha256"],
            pages=int(row["pages"] or 0),
            profile=row["profile"],
            profile_toml=profile_text(directory, row["profile"]),
            identity=_identity(row, number, cells),
            lines=tuple(lines[row["document"]]),
            datasets=tuple(datasets[row["document"]]),
            checks=tuple(checks[row["document"]]),
            error=row["message"] if row["status"] == "failed" else "",
        )
        for number, row in enumerate(records(directory, "documents"))
    ]


def profile_text(directory: Path, name: str) -> str:
    """The TOML of a profile that is not built in, as the package keeps it; "" for one that is."""
    path = inside(directory, profile_path(Path(), name).as_posix())
    return path.read_text(encoding="utf-8") if name and path and path.is_file() else ""


def _cells(directory: Path) -> dict[Place, Cell]:
    """Every emitted value's cell by its place."""
    history: dict[Place, list[Reading]] = defaultdict(list)
    for row in records(directory, "readings"):
        reading = Reading(row["text"], row["by"], float(row["confidence"]), note=row["note"])
        history[_place(row)].append(reading)
    cells = {}
    for row in records(directory, "cells"):
        box = BBox(*(float(row[edge] or 0) for edge in ("x0", "top", "x1", "bottom")))
        first = Reading(row["raw"], _READERS.get(row["source"], "pdfium"), float(row["confidence"]))
        cell = Cell(int(row["page"] or 0), box, readings=tuple(history[_place(row)]) or (first,))
        if row["value"] != cell.text and not history[_place(row)]:
            cell = cell.read(row["value"], cell.readings[-1].by, cell.confidence)
        if row["status"] == "review":
            cell = replace(cell, doubts=(Finding("flagged", (row["reason"],), cell.page, cell.bbox),))
        cells[_place(row)] = cell
    return cells


def _place(row: Record) -> Place:
    number = int(row["row"])
    return (
        _heading(row["document"], row["dataset"], row["field"])
        if number < 0
        else (row["dataset"], number, row["field"])
    )


def _heading(document: str, dataset: str, field: str) -> Place:
    """The place of the heading of a column: each document has its own, all of them on row -1."""
    return f"{document}:{dataset}", -1, field


def _identity(row: Record, number: int, cells: dict[Place, Cell]) -> Identity:
    def cell(field: str) -> Cell | None:
        return cells.get(("documents", number, field))

    return Identity(cell("municipality_code"), cell("municipality"), cell("fiscal_year"))


def _datasets(directory: Path, cells: dict[Place, Cell]) -> dict[str, list[Dataset]]:
    """document -> its datasets, typed as the profile it was made with says."""
    profiles = {row["document"]: row["profile"] for row in records(directory, "documents")}
    known = {name: used(name, profile_text(directory, name)) for name in set(profiles.values()) if name}
    described = _described(directory)
    found: dict[str, list[Dataset]] = defaultdict(list)
    for resource, _ in sorted(resources(directory), key=lambda one: (len(one[1].parts), one[1])):
        name = resource["name"]
        if name in FILES:
            continue
        rows: dict[str, list[dict[str, Cell]]] = defaultdict(list)
        for number, row in enumerate(records(directory, resource["path"].removesuffix(".csv"))):
            columns = [column for column in row if column not in _OUTER]
            # A row that has no cell for a column never had one: an optional column of another report.
            rows[row["document"]].append(
                {
                    column: _as_written(cells[name, number, column], row[column])
                    for column in columns
                    if (name, number, column) in cells
                }
            )
        for document, same in rows.items():
            fields = _fields(known.get(profiles.get(document, "")), name, same, described.get(name, {}))
            heads = {f.name: head for f in fields if (head := cells.get(_heading(document, name, f.name)))}
            found[document].append(Dataset(name, fields, tuple(same), headings=heads))
    return found


def _as_written(cell: Cell, value: str) -> Cell:
    """The cell with the value that now stands in the CSV, where a person has changed it there."""
    return cell if value == cell.text or value == "" else cell.read(value, cell.readings[-1].by)


def _fields(
    profile: Profile | None, name: str, rows: list[dict[str, Cell]], described: dict[str, Field]
) -> tuple[Field, ...]:
    """The columns that any row has: as the profile says, else as the package describes them."""
    present = {column: None for row in rows for column in row}
    spec = profile.get(name) if profile else None
    known = {f.name: f for f in spec.emitted(present)} if spec else {}
    return tuple(known.get(column, described.get(column, Field(column))) for column in present)


def _described(directory: Path) -> dict[str, dict[str, Field]]:
    """Every resource's columns as datapackage.json describes them."""
    return {r["name"]: {f["name"]: field_of(f) for f in r["schema"]["fields"]} for r, _ in resources(directory)}


def _lines(directory: Path) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = defaultdict(list)
    path = inside(directory, "tables.json")
    content = json.loads(path.read_text(encoding="utf-8")) if path and path.is_file() else {}
    for line in content.get("lines", ()):
        found[line["document"]].append(
            Line(line["page"], BBox(*line["bbox"]), line["text"], line["rotation"], line["reader"])
        )
    return found


def _checks(directory: Path) -> dict[str, list[Check]]:
    found: dict[str, list[Check]] = defaultdict(list)
    for row in records(directory, "checks"):
        places = tuple(_parsed_place(text) for text in row["cells"].split())
        found[row["document"]].append(
            Check(row["check"], row["scope"], row["expected"], row["actual"], row["status"], row["note"], places)
        )
    return found


def _parsed_place(text: str) -> Place:
    dataset, row, field = text.split(":")
    return dataset, int(row), field
