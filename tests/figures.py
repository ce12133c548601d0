"""Reports typed out for tests of arithmetic: Iwaki's R6 figures, and any others, as datasets and lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from report_extract.core.geometry import BBox
from report_extract.core.model import Cell, Dataset, Field, Line, Reading
from report_extract.profile.load import load

DEPARTMENTS = """総合政策部 1 1 2 3|危機管理部 0 2 2 2|総務部 2 0 2 1|財政部 22 1 23 22|市民協働部 19 28 47 45
生活環境部 0 1 1 2
保健福祉部 20 199 219 126|こどもみらい部 0 0 0 4|農林水産部 0 1 1 2|土木部 1 1 2 2|都市建設部 1 0 1 2|農業委員会 0 0 0 1
教育委員会 1 0 1 2|消防本部 0 13 13 5|水道局 0 71 71 39|医療センター 0 16 16 14|合計 67 334 401 272"""
BASES = """detail 1 - 法令に基づく場合 230 145|breakdown - - 刑事事件 31 54|breakdown - - 民事事件 2 3
breakdown - - その他の法 197 88
detail 2 1 本人同意、本人提供 97 63|detail 2 2 所掌事務、業務の遂行 31 38|detail 2 3 他の行政機関等への提供 27 20
detail 2 4 統計又は学術研究 1 0|detail 2 4 本人の利益 11 8|detail 2 4 その他特別の理由 4 5|total - - 合計 401 279"""
NOTE = "※R5実績について、複数区分に該当する案件があるため「1 部等別実施件数」の合計数とは一致しません。"
BOX = BBox(0, 0, 10, 10)


def cell(text: str, by: str = "pdfium", confidence: float = 1.0, **more: object) -> Cell:
    return Cell(1, BOX, readings=(Reading(text, by, confidence, **more),))  # type: ignore[arg-type]


def dataset(name: str, fields: Sequence[str], rows: Sequence[Sequence[str]], by: str = "pdfium") -> Dataset:
    """A dataset of cells read by ``by``; ``-`` is left out. Fields are ``name:type``, or the profile's own."""
    spec = load("personal-data-use").get(name)
    known = {f.name: f for f in spec.emitted([f.split(":")[0] for f in fields])} if spec else {}
    made = tuple(known.get(f.split(":")[0], Field(f.split(":")[0], f.split(":")[1])) for f in fields)
    confidence = 1.0 if by == "pdfium" else 0.9
    return Dataset(
        name,
        made,
        tuple({f.name: cell(t, by, confidence) for f, t in zip(made, row, strict=True) if t != "-"} for row in rows),
    )


def departments(by: str = "pdfium") -> Dataset:
    rows = [line.split() for line in DEPARTMENTS.replace("\n", "|").split("|")]
    rows = [[*row, "total" if row[0] == "合計" else "detail"] for row in rows]
    counts = [f"{n}:count" for n in ("internal_use", "external_provision", "subtotal", "prior_subtotal")]
    return dataset("department_counts", ["department:name", *counts, "row_type:row_type"], rows, by)


def bases(by: str = "pdfium") -> Dataset:
    rows = [line.split() for line in BASES.replace("\n", "|").split("|")]
    fields = [
        "row_type:row_type",
        "paragraph:integer",
        "item:integer",
        "basis:text",
        "count:count",
        "prior_count:count",
    ]
    return dataset("legal_basis_counts", fields, rows, by)


def cases(numbers: Sequence[str], by: str = "pdfium", use: str = "internal_use") -> Dataset:
    fields = ["use_type:choice", "paragraph:integer", "item:integer", "number:integer", "project:text"]
    return dataset("consultations", fields, [[use, "2", "2", n, f"事業{i}"] for i, n in enumerate(numbers)], by)


def lines(*texts: str) -> list[Line]:
    return [Line(1, BBox(50, 20.0 + 40 * i, 300, 32.0 + 40 * i), text) for i, text in enumerate(texts)]


def spoilt(data: Dataset, row: int, field: str, text: str, **more: object) -> Dataset:
    """The dataset with one cell's text replaced."""
    old = data.rows[row][field]
    new = replace(old, readings=(replace(old.readings[0], text=text, **more),))  # type: ignore[arg-type]
    rows = [{**r, field: new} if i == row else r for i, r in enumerate(data.rows)]
    return replace(data, rows=tuple(rows))
