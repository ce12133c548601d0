"""The package's CSV files once more as a workbook (one sheet a dataset) and as Parquet."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import ExportError

_SHEET_NAME = 31  # Excel's limit on a sheet's name
_SHEET_ROWS = 1_048_576


def resources(directory: Path) -> Iterator[tuple[dict[str, Any], Path]]:
    """The resources of the package in ``directory`` with the path of each.

    Raises:
        ExportError: there is no package there.
    """
    try:
        package = json.loads((directory / "datapackage.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ExportError(f"{directory}: no data package", "give the folder that `run` wrote") from error
    for resource in package["resources"]:
        yield resource, directory / resource["path"]


def typed_rows(resource: dict[str, Any], path: Path) -> Iterator[list[Any]]:
    """The rows of one CSV with integers and numbers as such, without its header."""
    casts = [{"integer": int, "number": float}.get(f["type"], str) for f in resource["schema"]["fields"]]
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        next(reader, None)
        for row in reader:
            yield [None if value == "" else to(value) for value, to in zip(row, casts, strict=True)]


def write_workbook(directory: Path) -> Path:
    """``report.xlsx`` with one sheet a resource; text that starts with ``=`` stays text."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    used: set[str] = set()
    for resource, path in resources(directory):
        name = resource["name"][:_SHEET_NAME]
        for number in range(2, 1000):
            if name.lower() not in used:
                break
            name = f"{resource['name'][: _SHEET_NAME - 4]}~{number}"
        used.add(name.lower())
        sheet = book.create_sheet("".join("_" if c in "[]:*?/\\" else c for c in name))
        sheet.append([f["title"] for f in resource["schema"]["fields"]])
        for count, row in enumerate(typed_rows(resource, path), 2):
            if count > _SHEET_ROWS:
                raise ExportError(f"{path.name}: more rows than a sheet holds", "use --format parquet")
            cells = []
            for value in row:
                cell = WriteOnlyCell(sheet, value=value if not isinstance(value, str) else "")
                if isinstance(value, str):
                    cell.value, cell.data_type = _without_quote(value), "s"
                cells.append(cell)
            sheet.append(cells)
    target = directory / "report.xlsx"
    book.save(target)
    return target


def _without_quote(text: str) -> str:
    """A sheet knows text from formulas, so the CSV's protecting apostrophe goes."""
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in "=+-@" else text


def write_parquet(directory: Path) -> Path:
    """``parquet/<resource>.parquet``, typed; written in batches, so that memory stays flat."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = directory / "parquet"
    folder.mkdir(exist_ok=True)
    types = {"integer": pa.int64(), "number": pa.float64()}
    for resource, path in resources(directory):
        fields = resource["schema"]["fields"]
        schema = pa.schema([(f["name"], types.get(f["type"], pa.string())) for f in fields])
        with pq.ParquetWriter(folder / f"{path.stem}.parquet", schema) as writer:
            for batch in _batches(typed_rows(resource, path), 20_000):
                columns = [list(column) for column in zip(*batch, strict=True)]
                writer.write_table(pa.table(columns, schema=schema))
    return folder


def _batches(rows: Iterator[list[Any]], size: int) -> Iterator[list[list[Any]]]:
    batch: list[list[Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
