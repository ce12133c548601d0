"""A small extraction made by hand, for tests of what comes after reading."""

from __future__ import annotations

import os

from report_extract.core.geometry import BBox
from report_extract.core.model import Cell, Check, Dataset, Extraction, Field, Finding, Identity, Line, Reading, Table

FUZZ = "REPORT_EXTRACT_FUZZ"  # how many times as many examples as in `make test`: see ``benchmarks.fuzz``


def many(examples: int) -> int:
    """How many examples of what strangers may send are tried."""
    return examples * int(os.environ.get(FUZZ, "1"))


FIELDS = (
    Field("department", "name", "部等名", "Department"),
    Field("internal_use", "count", "目的外利用", "Use for other purposes"),
    Field("external_provision", "count", "外部提供", "External provision"),
    Field("subtotal", "count", "小計", "Subtotal"),
    Field("prior_subtotal", "count", "前年度の小計", "Subtotal of the year before", prior_of="subtotal"),
    Field("row_type", "row_type"),
)


def cell(text: str, row: int = 0, col: int = 0, by: str = "pdfium", page: int = 1) -> Cell:
    """A cell in a grid of 60 x 20 points."""
    box = BBox(60.0 * col, 20.0 * row, 60.0 * col + 60, 20.0 * row + 20)
    return Cell(page, box, row, col, readings=(Reading(text, by),))


def extraction(document: str = "sample", *rows: tuple[str, ...]) -> Extraction:
    """Counts of two departments and their total; or the rows given."""
    rows = rows or (
        ("総務部", "1件", "2件", "3件", "-", "detail"),
        ("消防本部", "0件", "１３件", "13件", "5件", "detail"),
        ("合計", "1件", "15件", "16件", "5件", "total"),
    )
    cells = [[cell(text, r, c) for c, text in enumerate(row)] for r, row in enumerate(rows)]
    dataset = Dataset(
        "department_counts",
        FIELDS,
        tuple({f.name: c for f, c in zip(FIELDS, row, strict=True)} for row in cells),
        "部等別実施件数",
    )
    table = Table(1, BBox(0, 0, 360, 60), 0, tuple(c for row in cells for c in row))
    identity = Identity(cell("072044"), cell("いわき市"), cell("2024"))
    return Extraction(
        document,
        f"in/{document}.pdf",
        "0" * 64,
        1,
        "personal-data-use",
        identity,
        (table,),
        (Line(1, BBox(0, 100, 200, 110), "※ 注記"),),
        (dataset,),
        (Check("department.row_sum", "", "", "", "pass", "", (("department_counts", 0, "subtotal"),)),),
    )


def doubtful(document: str = "doubtful") -> Extraction:
    """The same with an unsure cell, a repaired one and a finding."""
    from dataclasses import replace

    sample = extraction(document)
    rows = [dict(row) for row in sample.datasets[0].rows]
    rows[0]["subtotal"] = cell("8", by="rapidocr").doubted("readings-differ", "8", "3")
    rows[1]["subtotal"] = cell("18", by="rapidocr").read("13", "equation", note="0 + 13 = 13")
    dataset = replace(sample.datasets[0], rows=tuple(rows))
    return replace(sample, datasets=(dataset,), findings=(Finding("missing-table", ("consultations",)),))
