"""The package's CSV files once more as a workbook (one sheet a dataset) and as Parquet."""

from __future__ import annotations

import csv
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from ..core.errors import ExportError
from ..core.extras import require

_SHEET_NAME = 31  # Excel's limit on a sheet's name
_SHEET_ROWS = 1_048_576
_TIME = datetime(1980, 1, 1)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_FOLDERS = {"municipality_code": "city", "fiscal_year": "year"}
_PARTED_BY = ("municipality_code", "fiscal_year")


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
    beside = target.with_name(".report.xlsx.part")
    book.properties.created = book.properties.modified = _TIME
    book.save(beside)
    _timeless(beside)
    beside.replace(target)
    return target


def _timeless(path: Path) -> None:
    """Write a ZIP again without the times of its files: the same data gives the same bytes."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(path.with_suffix(".again"), "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            with old.open(member) as content, new.open(zipfile.ZipInfo(member.filename), "w", force_zip64=True) as copy:
                if member.filename == "docProps/core.xml":  # openpyxl puts the time of saving there
                    copy.write(_MODIFIED.sub(rb"\g<1>" + _TIME.isoformat().encode() + rb"Z\g<2>", content.read()))
                else:
                    shutil.copyfileobj(content, copy)
    path.with_suffix(".again").replace(path)


def _without_quote(text: str) -> str:
    """A sheet knows text from formulas, so the CSV's protecting apostrophe goes."""
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in "=+-@" else text


def write_parquet(directory: Path) -> Path:
    """``parquet/``: every CSV typed, written in batches, so that memory stays flat.

    A package of one municipality and year has a file a resource. In one of more, what tells these two is
    parted by them: ``parquet/<resource>/city=072044/year=2024/part-0.parquet``. The files keep all their columns,
    because readers take a folder's ``072044`` for the number 72044.

    Returns:
        The folder.

    Raises:
        ExportError: there is no package in ``directory``.
    """
    require("pyarrow", "parquet", "Parquet")
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder, beside = directory / "parquet", directory / ".parquet.part"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir()
    types = {"integer": pa.int64(), "number": pa.float64()}
    described = list(resources(directory))
    parted = _several(described)
    for resource, path in described:
        fields = resource["schema"]["fields"]
        schema = pa.schema([(f["name"], types.get(f["type"], pa.string())) for f in fields])
        record_batches = (
            pa.record_batch([list(column) for column in zip(*batch, strict=True)], schema=schema)
            for batch in batches(typed_rows(resource, path), 20_000)
        )
        if parted and set(_PARTED_BY) <= set(schema.names):
            _write_parted(record_batches, schema, beside / path.stem)
            continue
        with pq.ParquetWriter(beside / f"{path.stem}.parquet", schema) as writer:
            for batch in record_batches:
                writer.write_batch(batch)
    shutil.rmtree(folder, ignore_errors=True)
    beside.replace(folder)
    return folder


def _several(described: list[tuple[dict[str, Any], Path]]) -> bool:
    """Are there reports of more than one municipality or year?"""
    resource, path = next(one for one in described if one[0]["name"] == "documents")
    at = [next(i for i, f in enumerate(resource["schema"]["fields"]) if f["name"] == name) for name in _PARTED_BY]
    return len({tuple(row[i] for i in at) for row in typed_rows(resource, path)}) > 1


def _write_parted(batches: Iterator[Any], schema: Any, folder: Path) -> None:
    import pyarrow as pa
    import pyarrow.dataset as pd

    by = [pa.field(_FOLDERS[name], schema.field(name).type) for name in _PARTED_BY]
    whole = pa.schema([*schema, *by])
    pd.write_dataset(
        (pa.record_batch([*b.columns, *(b.column(name) for name in _PARTED_BY)], schema=whole) for b in batches),
        folder,
        schema=whole,
        format="parquet",
        partitioning=pd.partitioning(pa.schema(by), flavor="hive"),
        basename_template="part-{i}.parquet",
        use_threads=False,  # the order of rows, and with it the bytes, stay the same
    )


def batches(rows: Iterator[list[Any]], size: int) -> Iterator[list[list[Any]]]:
    """The rows in lists of ``size``, the last one shorter: memory stays flat."""
    batch: list[list[Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
