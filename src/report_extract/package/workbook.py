"""The package's CSV files once more as a workbook (one sheet a dataset) and as Parquet."""

from __future__ import annotations

import re
import shutil
import unicodedata
import zipfile
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from ..core.errors import ExportError
from ..core.extras import require
from ..text.dates import era_year
from .inert import fitting
from .schema import DOCUMENTS, FILES
from .stored import resources, typed_rows

_SHEET_NAME = 31  # Excel's limit on a sheet's name
_SHEET_ROWS = 1_048_576
_SAMPLE = 200  # rows by which a column's width is told
_NARROWEST, _WIDEST = 6, 50  # half-width letters
_ERA_TITLE = next(field.title for field in DOCUMENTS if field.name == "fiscal_year_era")
_A4 = 9  # of ECMA-376, 18.3.1.63
_TIME = datetime(1980, 1, 1)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_FOLDERS = {"municipality_code": "city", "fiscal_year": "year"}
_PARTED_BY = ("municipality_code", "fiscal_year")


def write_workbook(directory: Path) -> Path:
    """``report.xlsx`` with one sheet a resource; text that starts with ``=`` stays text."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    used: set[str] = set()
    described = list(resources(directory))
    # The report's own tables first, then what is said of them; cells and their readings, which are many, last.
    order = {name: at for at, name in enumerate(FILES)} | {"cells": len(FILES), "readings": len(FILES) + 1}
    for resource, path in sorted(described, key=lambda one: order.get(one[0]["name"], -1)):
        _write_sheet(book.create_sheet(_sheet_name(resource["name"], used)), resource, path)
    target = directory / "report.xlsx"
    beside = target.with_name(".report.xlsx.part")
    book.properties.created = book.properties.modified = _TIME
    book.save(beside)
    _timeless(beside)
    beside.replace(target)
    return target


def _write_sheet(sheet: Any, resource: dict[str, Any], path: Path) -> None:
    """One resource, set up to be read and printed: widths, a bold heading that stays, a filter, A4 landscape."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    names = [f["name"] for f in resource["schema"]["fields"]]
    # 和暦 beside 西暦, where the file itself does not say it.
    year = names.index("fiscal_year") + 1 if "fiscal_year" in names and "fiscal_year_era" not in names else 0
    titles = _with_era([str(f["title"]) for f in resource["schema"]["fields"]], year, _ERA_TITLE)
    sample = [titles, *(_with_era(row, year) for row in islice(typed_rows(resource, path), _SAMPLE))]
    for number, column in enumerate(zip(*sample, strict=True), 1):
        width = max(_width(value) for value in column)
        sheet.column_dimensions[get_column_letter(number)].width = min(max(width, _NARROWEST), _WIDEST) + 2
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    sheet.oddFooter.center.text = "&A  &P / &N"
    heading = [_cell(sheet, title) for title in titles]
    for cell in heading:
        cell.font = Font(bold=True)
    sheet.append(heading)
    count = 1
    for count, row in enumerate(typed_rows(resource, path), 2):
        if count > _SHEET_ROWS:
            raise ExportError(f"{path.name}: more rows than a sheet holds", "use --format parquet")
        sheet.append([_cell(sheet, value) for value in _with_era(row, year)])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(titles))}{count}"


def _with_era(row: list[Any], after: int, title: str = "") -> list[Any]:
    """A row with its fiscal year in the Japanese era behind that in the Western calendar; ``after`` 0 leaves it."""
    if not after:
        return row
    value = row[after - 1]
    return [*row[:after], title or (era_year(value) if isinstance(value, int) else None), *row[after:]]


def _width(value: Any) -> int:
    """How wide a value is in a sheet, in half-width letters."""
    text = "" if value is None else str(value)[: _WIDEST + 1]
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def _sheet_name(name: str, used: set[str]) -> str:
    """A name that no other sheet has and that a workbook allows; it is added to ``used``."""
    name = "".join("_" if c in "[]:*?/\\'" or not c.isprintable() else c for c in name) or "_"
    cut = name[:_SHEET_NAME]
    numbers = iter(range(2, 100_000))
    while cut.lower() in used or cut.lower() == "history":  # Excel keeps that name for itself
        tail = f"~{next(numbers)}"
        cut = name[: _SHEET_NAME - len(tail)] + tail
    used.add(cut.lower())
    return cut


def _cell(sheet: Any, value: Any) -> Any:
    """A cell of the workbook; text is text, whatever it begins with, a heading's as well."""
    from openpyxl.cell import WriteOnlyCell

    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value=value)
    cell = WriteOnlyCell(sheet, value="")
    cell.value, cell.data_type = fitting(value), "s"
    return cell


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
