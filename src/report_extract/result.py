"""What a run gives a Python caller: data frames, tables, and the package written from them."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from .checks.across_years import CrossYearChecks
from .core.geometry import BBox
from .core.messages import say
from .core.model import INFORMATIVE, Extraction, Field, Table
from .package import rows
from .package.schema import FILES, contract_datasets, dataset_columns, merged_fields
from .package.write import write_package
from .pipeline import Options, extract_one, read_tables
from .readers import open_document

if TYPE_CHECKING:
    import pandas as pd


class Result:
    """One or several extractions, seen as data frames.

    Attributes:
        extractions: one an input, with every reading of every cell.
    """

    def __init__(self, extractions: Iterable[Extraction], lang: str = "ja") -> None:
        self.extractions = tuple(CrossYearChecks(tuple(extractions)))
        self._lang = lang

    @cached_property
    def documents(self) -> pd.DataFrame:
        """documents.csv: one row an input."""
        return _frame((rows.document_row(e, self._lang) for e in self.extractions), FILES["documents"][1])

    @cached_property
    def datasets(self) -> dict[str, pd.DataFrame]:
        """Every dataset by name, the contract's always among them; ``observations`` too."""
        named = {d.name: [d] for d in contract_datasets()}
        for dataset in (d for e in self.extractions for d in e.datasets):
            named.setdefault(dataset.name, []).append(dataset)
        frames = {
            name: _frame(
                (r for e in self.extractions for d in e.datasets if d.name == name for r in rows.dataset_rows(e, d)),
                dataset_columns(merged_fields(same)),
            )
            for name, same in named.items()
        }
        observed = (r for e in self.extractions for r in rows.observation_rows(e))
        return {**frames, "observations": _frame(observed, FILES["observations"][1])}

    @cached_property
    def checks(self) -> pd.DataFrame:
        """checks.csv: one row a consistency check."""
        return _frame(self._offset_rows("checks"), FILES["checks"][1])

    @cached_property
    def cells(self) -> pd.DataFrame:
        """cells.csv: one row an emitted value."""
        return _frame(self._offset_rows("cells"), FILES["cells"][1])

    @property
    def tables(self) -> list[Table]:
        """Every table found, in reading order."""
        return [table for extraction in self.extractions for table in extraction.tables]

    def write(self, directory: str | PathLike[str]) -> None:
        """Write the data package into ``directory``.

        Raises:
            ExportError: the folder cannot be written.
        """
        write_package(self.extractions, Path(directory), contract_datasets(), lang=self._lang)

    def _offset_rows(self, file: str) -> Iterator[rows.Record]:
        before: dict[str, int] = {}

        def offset(name: str) -> int:
            return before.get(name, 0)

        for extraction in self.extractions:
            if file == "checks":
                yield from rows.check_rows(extraction, offset)
            else:
                yield from rows.cell_rows(extraction, self._lang, offset)
            before["documents"] = offset("documents") + 1
            for dataset in extraction.datasets:
                before[dataset.name] = offset(dataset.name) + len(dataset.rows)


def _frame(records: Iterable[rows.Record], fields: Iterable[Field]) -> pd.DataFrame:
    import pandas as pd

    whole, broken = pd.Int64Dtype, pd.Float64Dtype
    dtypes = {"count": whole, "integer": whole, "number": broken, "percent": broken}
    fields = list(fields)
    frame = pd.DataFrame(list(records), columns=[f.name for f in fields], dtype="object")
    for field in fields:
        column = frame[field.name].where(frame[field.name] != "", None)
        dtype = dtypes.get(field.type)
        frame[field.name] = pd.to_numeric(column).astype(dtype()) if dtype else column.fillna("")
    return frame


def extract(
    path: str | PathLike[str],
    *more: str | PathLike[str],
    profile: str = "",
    ocr: str = "auto",
    lang: str = "ja",
) -> Result:
    """Extract reports: find their tables, recover, name, check.

    Args:
        path, more: PDFs, images of pages or OCR text files.
        profile: a built-in profile's name or a TOML file; whichever fits by default.
        ocr: "auto", "never" or "always".
        lang: the language of findings, "ja" or "en".

    Returns:
        A ``Result``; ``result.write("out/")`` writes the data package.

    Raises:
        InputError: a file cannot be read; the message says why and what to do.
    """
    options = Options(profile=profile, ocr=ocr)
    return Result((extract_one(Path(p), options=options) for p in (path, *more)), lang)


def extract_tables(
    path: str | PathLike[str],
    pages: Iterable[int] | None = None,
    ocr: str = "auto",
    area: Sequence[float] | None = None,
    columns: Iterable[float] | None = None,
) -> list[Table]:
    """All tables of any PDF, upright and in reading order; no profile needed. Warns of pages that cannot be read.

    Args:
        path: a PDF, an image of a page or an OCR text file.
        pages: page numbers from 1; all by default.
        ocr: "auto", "never" or "always".
        area: x0, top, x1, bottom of the part of each page to look at, in points from its top left.
        columns: x of the edges between the columns of the one table there, where you would rather give them.

    Raises:
        InputError: the file cannot be read.
    """
    options = Options(
        ocr=ocr,
        pages=None if pages is None else tuple(pages),
        area=None if area is None else BBox(*area),
        columns=None if columns is None else tuple(columns),
    )
    with open_document(Path(path)) as document:
        tables, _, findings = read_tables(document, options)
    for finding in findings:
        if finding.kind not in INFORMATIVE:
            warnings.warn(say(finding), stacklevel=2)
    return tables
